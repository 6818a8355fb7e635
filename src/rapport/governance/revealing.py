"""Who may see what a placeholder stands for: the mapping is kept sealed, each look is on record."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import PermissionDenied

from rapport.accounts.api import record_audit
from rapport.accounts.contracts import Permission, Staff
from rapport.governance.personal_data import sealing
from rapport.governance.personal_data.redacting import restore


def seal_mapping(mapping: dict[str, str]) -> str:
    """The mapping of a pseudonymised text, encrypted with the installation's key, fit to be stored beside it."""
    return sealing.seal(mapping, _key())


def reveal(text: str, sealed: str, *, staff: Staff, subject: str, reason: str = "") -> str:
    """The text with its placeholders put back, for staff who may protect data; the look goes to the audit log.

    Args:
        text: with placeholders, as stored.
        sealed: from `seal_mapping`.
        staff: who asks.
        subject: what is looked at, as ``conversation:17``.
        reason: why, in their words.
    Raises: PermissionDenied: without `protect_data`. InvalidInput: the mapping was changed.
    """
    if Permission.PROTECT_DATA not in staff.permissions:
        record_audit("personal_data_refused", actor_id=staff.id, subject=subject)
        raise PermissionDenied
    mapping = sealing.unseal(sealed, _key())
    detail = {"placeholders": sorted(place for place in mapping if place in text), "reason": reason[:500]}
    record_audit("personal_data_revealed", actor_id=staff.id, subject=subject, detail=detail)
    return restore(text, mapping)


def _key() -> bytes:
    return str(settings.SECRET_KEY).encode()
