"""Who calls the application API and what they may do."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Path
from ninja.security import APIKeyHeader

from rapport.accounts import api as accounts
from rapport.accounts.contracts import Permission, Staff
from rapport.channels.errors import NotSignedIn
from rapport.channels.http import MAX_NUMBER
from rapport.conversations import api as conversations
from rapport.conversations.contracts import ConversationInfo
from rapport.kernel.errors import NotFound, NotPermitted
from rapport.kernel.ids import ACCOUNT_ID

Account = Annotated[int, Path(ge=1, le=MAX_NUMBER)]
Number = Annotated[int, Path(ge=1, le=MAX_NUMBER)]

READERS = frozenset({Permission.ANSWER, Permission.SUPERVISE})
"""Either lets a program read conversations."""


class TokenAuth(APIKeyHeader):
    """A member of staff's API token, in ``api_access_token`` or as a bearer token."""

    param_name = "api_access_token"

    def _get_key(self, request: HttpRequest) -> str | None:
        # Some servers drop header names with underscores; the same name with hyphens reads the same here.
        given = request.META.get("HTTP_API_ACCESS_TOKEN")
        if given:
            return str(given)
        kind, _, token = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
        return token.strip() if kind.lower() == "bearer" else None

    def authenticate(self, _: HttpRequest, key: str | None) -> Staff:
        staff = accounts.find_staff_by_token(key) if key and len(key) < 300 else None
        if staff is None:
            raise NotSignedIn("The API access token is missing, wrong, expired or revoked.")
        return staff


def staff_of(request: HttpRequest) -> Staff:
    """Who calls."""
    staff: Staff = request.auth  # type: ignore[attr-defined]  # set by TokenAuth
    return staff


def staff_by_token(request: HttpRequest, account_id: int) -> Staff:
    """Who calls an address of another package. Raises NotSignedIn, NotFound."""
    auth = TokenAuth()
    staff = auth.authenticate(request, auth._get_key(request) or "")  # noqa: SLF001 - of this module
    check_account(account_id)
    return staff


def check_account(account_id: int) -> None:
    """One installation serves one organisation. Raises NotFound for any other account."""
    if account_id != ACCOUNT_ID:
        raise NotFound("There is no such account here.", account_id=account_id)


def check_may(request: HttpRequest, account_id: int, *any_of: Permission) -> Staff:
    """The caller, who holds at least one of these permissions. Raises NotPermitted, NotFound."""
    check_account(account_id)
    staff = staff_of(request)
    if not staff.permissions.intersection(any_of):
        raise NotPermitted(needs=[p.value for p in any_of])
    return staff


def access_conversation(
    request: HttpRequest, account_id: int, number: int, *any_of: Permission
) -> ConversationInfo:
    """A conversation on behalf of staff. Raises NotPermitted, NotFound."""
    check_may(request, account_id, *any_of)
    found = conversations.find_conversation_by_number(number)
    if found is None:
        raise NotFound("There is no conversation with this number.", id=number)
    return found


def pick(values: dict[str, Any], *names: str) -> dict[str, Any]:
    """The named values that were given."""
    return {name: values[name] for name in names if values.get(name) is not None}
