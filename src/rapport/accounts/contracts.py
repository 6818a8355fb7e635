"""Frozen values about staff."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from rapport.kernel.ids import StaffId, TeamId


class Permission(enum.StrEnum):
    """One power a role may have."""

    ANSWER = "answer"
    """See and answer conversations."""
    SUPERVISE = "supervise"
    """See everybody's work, reassign, read decisions."""
    CONFIGURE = "configure"
    """Change settings, inboxes, procedures, tokens."""
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
