"""Who sees what stands behind a placeholder, and what is on record afterwards."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied

from rapport.accounts.api import create_staff, list_audit, staff_of
from rapport.accounts.contracts import AuditFilter
from rapport.governance import api as governance

pytestmark = pytest.mark.django_db


def staff(role):
    return staff_of(create_staff(f"{role}@example.com", role, role))


def test_the_data_protection_officer_sees_it_and_the_look_is_on_record():
    masked = governance.pseudonymise("Write to anna@example.com")
    sealed = governance.seal_mapping(masked.mapping)
    dpo = staff("dpo")
    shown = governance.reveal(masked.text, sealed, staff=dpo, subject="conversation:1", reason="request 12")
    assert shown == "Write to anna@example.com"
    entry = _last_entry()
    assert (entry.kind, entry.subject) == ("personal_data_revealed", "conversation:1")
    assert "anna@example.com" not in str(entry)


def test_an_agent_does_not_and_the_attempt_is_on_record():
    sealed = governance.seal_mapping({"[email 1]": "anna@example.com"})
    with pytest.raises(PermissionDenied):
        governance.reveal("[email 1]", sealed, staff=staff("agent"), subject="conversation:1")
    assert _last_entry().kind == "personal_data_refused"


def _last_entry():
    lines, _ = list_audit(AuditFilter())
    return next(line for line in lines if line.kind.startswith("personal_data"))
