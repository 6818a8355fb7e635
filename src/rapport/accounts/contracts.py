"""Frozen values about staff."""

from __future__ import annotations

import datetime as dt
import enum
from dataclasses import dataclass, field
from typing import Any

from rapport.kernel.ids import StaffId, TeamId


class Permission(enum.StrEnum):
    """One power a role may have."""

    ANSWER = "answer"
    """See and answer conversations."""
    SUPERVISE = "supervise"
    """See everybody's work, reassign, read decisions."""
    CONFIGURE = "configure"
    """Change settings, inboxes, procedures, tokens."""
    EDIT_PROCEDURES = "edit_procedures"
    """Draft procedures, try and test them; to publish them takes CONFIGURE."""
    APPROVE = "approve"
    """Say yes or no to what procedures may not do alone."""
    WRITE_KNOWLEDGE = "write_knowledge"
    """Edit articles."""
    READ_REPORTS = "read_reports"
    """See reports."""
    PROTECT_DATA = "protect_data"
    """Consents, erasure, appeals, audit log."""


@dataclass(frozen=True, slots=True)
class Staff:
    """A member of staff, as other packages see them."""

    id: StaffId
    name: str
    email: str
    role: str
    permissions: frozenset[Permission]
    team_ids: tuple[TeamId, ...] = ()


@dataclass(frozen=True, slots=True)
class TeamInfo:
    """A team, as other packages see it."""

    id: TeamId
    key: str
    name: str


@dataclass(frozen=True, slots=True)
class StaffAccount:
    """An account with what administrators may change of it."""

    staff: Staff
    is_active: bool
    """May sign in, and their tokens work."""
    is_available: bool
    """New conversations may be assigned."""
    created_at: dt.datetime


@dataclass(frozen=True, slots=True)
class TokenInfo:
    """An API token without its secret."""

    id: int
    name: str
    staff_name: str
    created_at: dt.datetime
    expires_at: dt.datetime | None
    revoked_at: dt.datetime | None
    is_live: bool
    """Neither revoked nor expired, and its member of staff is active."""


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Which entries of the audit log are wanted; empty values ask for everything."""

    kind: str = ""
    actor_id: int | None = None
    since: dt.datetime | None = None
    until: dt.datetime | None = None
    """Exclusive."""


@dataclass(frozen=True, slots=True)
class AuditLine:
    """One entry of the audit log."""

    id: int
    at: dt.datetime
    kind: str
    actor_name: str
    """Empty for the system, and for accounts that were removed."""
    subject: str
    ip_address: str
    detail: dict[str, Any] = field(default_factory=dict)
