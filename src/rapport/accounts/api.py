"""What other packages may ask of accounts."""

from __future__ import annotations

from rapport.accounts.access import StaffRequest, require
from rapport.accounts.queries import (
    count_available_agents,
    find_staff,
    find_staff_by_token,
    find_team,
    list_staff,
    list_teams,
    staff_of,
)
from rapport.accounts.services import create_staff, create_team, create_token, record_audit, revoke_token

__all__ = [
    "StaffRequest",
    "count_available_agents",
    "create_staff",
    "create_team",
    "create_token",
    "find_staff",
    "find_staff_by_token",
    "find_team",
    "list_staff",
    "list_teams",
    "record_audit",
    "require",
    "revoke_token",
    "staff_of",
]
