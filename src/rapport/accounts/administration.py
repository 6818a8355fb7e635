"""What administrators do to accounts: change them, give them teams, give programs a token."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from rapport.accounts.contracts import StaffAccount, TokenInfo
from rapport.accounts.models import ApiToken, Role, Team, User
from rapport.accounts.queries import staff_of
from rapport.accounts.services import create_staff, digest_of, record_audit
from rapport.kernel.clock import now
from rapport.kernel.errors import InvalidInput, NotFound
from rapport.kernel.ids import StaffId, new_token

ROLES = tuple(Role.values)


@dataclass(frozen=True, slots=True)
class StaffChange:
    """How an account shall be."""

    name: str
    role: str
    is_active: bool
    is_available: bool
    team_ids: tuple[int, ...]
    password: str = ""
    """A new one; empty keeps the present one."""


def list_accounts() -> list[StaffAccount]:
    """Every account, those that may sign in first."""
    return [_account(u) for u in User.objects.order_by("-is_active", "name", "id")]


def find_account(staff_id: int) -> StaffAccount | None:
    """One account, active or not."""
    row = User.objects.filter(pk=staff_id).first()
    return _account(row) if row else None


def _account(row: User) -> StaffAccount:
    return StaffAccount(staff_of(row), row.is_active, row.is_available, row.created_at)


def add_account(email: str, name: str, role: str, password: str, *, actor_id: int) -> StaffId:
    """A new member of staff who may sign in at once. Raises InvalidInput."""
    _check_name_and_role(name, role)
    _check_password(password)
    try:
        with transaction.atomic():
            return StaffId(create_staff(email, name, role, password, actor_id=actor_id).pk)
    except IntegrityError as problem:
        raise InvalidInput(_("There is already an account with this e-mail."), field="email") from problem


@transaction.atomic
def change_account(staff_id: int, change: StaffChange, *, actor_id: int) -> None:
    """Make an account as asked. Nobody takes their own access away, so an administrator always remains.

    Raises InvalidInput, NotFound.
    """
    row = User.objects.select_for_update().filter(pk=staff_id).first()
    if row is None:
        raise NotFound
    _check_name_and_role(change.name, change.role)
    if staff_id == actor_id and (not change.is_active or change.role != row.role):
        raise InvalidInput(
            _("You cannot take away your own access; ask another administrator."), field="role"
        )
    if change.password:
        _check_password(change.password, row)
        row.set_password(change.password)
    row.name, row.role = change.name.strip(), change.role
    row.is_active, row.is_available = change.is_active, change.is_available
    row.save()
    row.teams.set(Team.objects.filter(pk__in=change.team_ids))


def _check_name_and_role(name: str, role: str) -> None:
    if not 0 < len(name.strip()) <= 120:
        raise InvalidInput(_("Give a name of at most 120 characters."), field="name")
    if role not in ROLES:
        raise InvalidInput(_("There is no such role."), field="role")


def _check_password(password: str, user: User | None = None) -> None:
    try:
        validate_password(password, user)
    except ValidationError as problem:
        raise InvalidInput(" ".join(problem.messages), field="password") from problem


def list_tokens() -> list[TokenInfo]:
    """Every API token, live ones first, newest first."""
    rows = ApiToken.objects.select_related("user").order_by("-created_at", "-id")
    return sorted((_token(r) for r in rows), key=lambda token: not token.is_live)


def _token(row: ApiToken) -> TokenInfo:
    is_live = row.revoked_at is None and (row.expires_at is None or row.expires_at > now())
    return TokenInfo(
        row.pk,
        row.name,
        row.user.name,
        row.created_at,
        row.expires_at,
        row.revoked_at,
        is_live and row.user.is_active,
    )


@transaction.atomic
def issue_token(staff_id: int, name: str, *, lifetime: dt.timedelta | None, actor_id: int) -> str:
    """A token that acts for a member of staff; the answer is the only time its secret is seen."""
    user = User.objects.filter(pk=staff_id, is_active=True).first()
    if user is None:
        raise InvalidInput(_("There is no such colleague."), field="staff_id")
    if not 0 < len(name.strip()) <= 80:
        raise InvalidInput(_("Give a name of at most 80 characters."), field="name")
    secret = new_token()
    row = ApiToken.objects.create(
        user=user,
        name=name.strip(),
        digest=digest_of(secret),
        expires_at=now() + lifetime if lifetime else None,
    )
    detail = {"name": row.name, "acts_for": user.pk}
    record_audit("token_created", actor_id=actor_id, subject=f"token:{row.pk}", detail=detail)
    return secret
