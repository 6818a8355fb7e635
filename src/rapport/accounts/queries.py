"""Reads about staff."""

from __future__ import annotations

import time

from django.db.models import Q

from rapport.accounts.contracts import Permission, Staff, TeamInfo
from rapport.accounts.logic.permissions import permissions_of
from rapport.accounts.models import ApiToken, Team, User
from rapport.accounts.services import digest_of
from rapport.kernel.clock import now
from rapport.kernel.ids import StaffId, TeamId

TOKEN_CACHE_S = 10.0
"""How long a revoked token may still work in another process [s]."""
_token_cache: dict[str, tuple[float, Staff]] = {}


def staff_of(user: User) -> Staff:
    """The outward value of a staff row."""
    return Staff(
        id=StaffId(user.pk),
        name=user.name,
        email=user.email,
        role=user.role,
        permissions=permissions_of(user.role),
        team_ids=tuple(TeamId(t) for t in user.teams.values_list("pk", flat=True)),
    )


def find_staff(staff_id: int) -> Staff | None:
    """One active member of staff."""
    user = User.objects.filter(pk=staff_id, is_active=True).first()
    return staff_of(user) if user else None


def find_staff_by_token(token: str) -> Staff | None:
    """Whom an API token acts for; cached for a few seconds per process."""
    digest = digest_of(token)
    cached = _token_cache.get(digest)
    if cached and cached[0] > time.monotonic():
        return cached[1]
    row = (
        ApiToken.objects.filter(digest=digest, revoked_at=None, user__is_active=True)
        .filter(Q(expires_at=None) | Q(expires_at__gt=now()))
        .select_related("user")
        .first()
    )
    if row is None:
        _token_cache.pop(digest, None)
        return None
    if len(_token_cache) > 1000:
        _token_cache.clear()
    staff = staff_of(row.user)
    _token_cache[digest] = (time.monotonic() + TOKEN_CACHE_S, staff)
    return staff


def forget_tokens() -> None:
    """Ask the database again at the next request, so that a revoked token stops here at once."""
    _token_cache.clear()


def list_staff() -> list[Staff]:
    """Every active member of staff, by name."""
    return [
        staff_of(u) for u in User.objects.filter(is_active=True).order_by("name").prefetch_related("teams")
    ]


def list_teams() -> list[TeamInfo]:
    """Every team, by name."""
    return [TeamInfo(TeamId(t.pk), t.key, t.name) for t in Team.objects.order_by("name")]


def find_team(key: str) -> TeamInfo | None:
    """A team by its key."""
    team = Team.objects.filter(key=key).first()
    return TeamInfo(TeamId(team.pk), team.key, team.name) if team else None


def count_available_agents() -> int:
    """How many people could take a conversation now."""
    roles = [r for r in ("agent", "supervisor", "administrator") if Permission.ANSWER in permissions_of(r)]
    return User.objects.filter(is_active=True, is_available=True, role__in=roles).count()
