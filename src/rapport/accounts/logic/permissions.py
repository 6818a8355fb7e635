"""Which role may do what."""

from __future__ import annotations

from rapport.accounts.contracts import Permission

_ALL = frozenset(Permission)
ROLE_PERMISSIONS: dict[str, frozenset[Permission]] = {
    "administrator": _ALL,
    "supervisor": frozenset(
        {
            Permission.ANSWER,
            Permission.SUPERVISE,
            Permission.APPROVE,
            Permission.EDIT_PROCEDURES,
            Permission.WRITE_KNOWLEDGE,
            Permission.READ_REPORTS,
        }
    ),
    "agent": frozenset({Permission.ANSWER}),
    "analyst": frozenset({Permission.SUPERVISE, Permission.READ_REPORTS}),
    "marketer": frozenset({Permission.READ_REPORTS}),
    "dpo": frozenset({Permission.SUPERVISE, Permission.READ_REPORTS, Permission.PROTECT_DATA}),
}


def permissions_of(role: str) -> frozenset[Permission]:
    """The powers of a role; an unknown role has none."""
    return ROLE_PERMISSIONS.get(role, frozenset())
