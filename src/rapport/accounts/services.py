"""Writes about staff: accounts, tokens, sign-in bookkeeping, the audit log."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from rapport.accounts.models import ApiToken, AuditEntry, Team, User
from rapport.kernel.clock import now
from rapport.kernel.ids import StaffId, new_token

MAX_FAILURES = 5
FAILURE_WINDOW = dt.timedelta(minutes=15)


def digest_of(token: str) -> str:
    """The stored form of an API token."""
    return hashlib.sha256(token.encode()).hexdigest()


def record_audit(
    kind: str,
    *,
    actor_id: StaffId | int | None,
    subject: str = "",
    detail: Mapping[str, Any] | None = None,
    ip_address: str = "",
) -> None:
    """Append one entry to the audit log, in the caller's transaction."""
    AuditEntry.objects.create(
        kind=kind, actor_id=actor_id, subject=subject, detail=dict(detail or {}), ip_address=ip_address[:45]
    )


@transaction.atomic
def create_staff(
    email: str, name: str, role: str, password: str | None = None, *, actor_id: int | None = None
) -> User:
    """A new member of staff, on record."""
    user = User.objects.create_user(email, password, name=name, role=role)
    record_audit("staff_created", actor_id=actor_id, subject=f"staff:{user.pk}", detail={"role": role})
    return user


@transaction.atomic
def create_team(key: str, name: str, member_ids: tuple[int, ...] = ()) -> Team:
    """A team with its first members; an existing one is extended."""
    team, _ = Team.objects.get_or_create(key=key, defaults={"name": name})
    team.members.add(*member_ids)
    return team


@transaction.atomic
def create_token(user: User, name: str, *, token: str | None = None) -> str:
    """Make an API token and return it; it cannot be read again."""
    secret = token or new_token()
    ApiToken.objects.get_or_create(digest=digest_of(secret), defaults={"user": user, "name": name})
    record_audit("token_created", actor_id=user.pk, subject=f"staff:{user.pk}", detail={"name": name})
    return secret


@transaction.atomic
def revoke_token(token_id: int, *, actor_id: int) -> None:
    """End a token's life at once."""
    ApiToken.objects.filter(pk=token_id, revoked_at=None).update(revoked_at=now())
    record_audit("token_revoked", actor_id=actor_id, subject=f"token:{token_id}")


def is_locked_out(email: str, ip_address: str) -> bool:
    """Whether too many sign-ins failed lately for this account or from this address."""
    recent = AuditEntry.objects.filter(kind="sign_in_failed", at__gt=now() - FAILURE_WINDOW)
    if recent.filter(subject=account_subject(email)).count() >= MAX_FAILURES:
        return True
    return bool(ip_address) and recent.filter(ip_address=ip_address).count() >= MAX_FAILURES * 4


def account_subject(email: str) -> str:
    """How the audit log names an account that someone tried, without keeping the address typed."""
    return "account:" + hashlib.sha256(email.strip().lower().encode()).hexdigest()[:16]
