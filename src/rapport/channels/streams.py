"""Which topics of live updates a program or a customer may hear."""

from __future__ import annotations

from collections.abc import Mapping

from rapport.accounts import api as accounts
from rapport.accounts.contracts import Permission
from rapport.channels.dialogue import access_own_conversation, access_public_conversation
from rapport.channels.errors import NotSignedIn
from rapport.channels.sessions import access_session
from rapport.kernel.errors import NotFound
from rapport.kernel.ids import ACCOUNT_ID

NOTHING: frozenset[str] = frozenset()


def stream_topics_of_token(token: str, params: Mapping[str, str]) -> frozenset[str]:
    """An API token of staff who answer hears the desk of this installation's account."""
    staff = accounts.find_staff_by_token(token) if token else None
    is_here = params.get("account") == str(ACCOUNT_ID)
    return frozenset({"desk"}) if is_here and staff and Permission.ANSWER in staff.permissions else NOTHING


def stream_topics_of_widget(authorization: str, query: Mapping[str, str]) -> frozenset[str]:
    """A customer's session hears the one conversation it names, if it is theirs."""
    token = authorization.removeprefix("Bearer ").strip()
    number = query.get("conversation", "")
    if not (token and _is_number(number)):
        return NOTHING
    try:
        conversation = access_own_conversation(access_session(token), int(number))
    except (NotSignedIn, NotFound):
        return NOTHING
    return frozenset({f"conversation:{conversation.id}"})


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 19


def stream_topics_of_contact(params: Mapping[str, str]) -> frozenset[str]:
    """Whoever holds the contact's secret id hears its conversation."""
    number = params.get("conversation", "")
    if not _is_number(number):
        return NOTHING
    try:
        conversation = access_public_conversation(
            params.get("inbox", ""), params.get("source", ""), int(number)
        )
    except NotFound:
        return NOTHING
    return frozenset({f"conversation:{conversation.id}"})
