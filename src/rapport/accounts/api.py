"""What other packages may ask of accounts."""

from __future__ import annotations

from rapport.accounts.access import StaffRequest, require
from rapport.accounts.administration import (
    ROLES,
    StaffChange,
    add_account,
    change_account,
    find_account,
    issue_token,
    list_accounts,
    list_tokens,
)
from rapport.accounts.audit import list_audit, list_audit_kinds
from rapport.accounts.queries import (
    count_available_agents,
    find_staff,
    find_staff_by_token,
    find_team,
    forget_tokens,
    list_staff,
    list_teams,
    staff_of,
)
from rapport.accounts.services import create_staff, create_team, create_token, record_audit, revoke_token

__all__ = [
    "ROLES",
    "StaffChange",
    "StaffRequest",
    "add_account",
    "change_account",
    "count_available_agents",
    "create_staff",
    "create_team",
    "create_token",
    "find_account",
    "find_staff",
    "find_staff_by_token",
    "find_team",
    "forget_tokens",
    "issue_token",
    "list_accounts",
    "list_audit",
    "list_audit_kinds",
    "list_staff",
    "list_teams",
    "list_tokens",
    "record_audit",
    "require",
    "revoke_token",
    "staff_of",
]
