"""Every stored model says which personal data it holds, why, for how long, and how it is erased."""

from __future__ import annotations

import pytest
from django.apps import apps

from rapport.kernel.pii import Pii


def _own_models():
    return [m for m in apps.get_models() if m.__module__.startswith("rapport.")]


def test_every_model_carries_a_privacy_mark():
    unmarked = [m.__name__ for m in _own_models() if not isinstance(m.__dict__.get("PII"), Pii)]
    assert unmarked == []


def test_a_model_with_personal_data_has_purpose_retention_and_erasure():
    vague = [
        m.__name__
        for m in _own_models()
        if m.PII.kinds and not (m.PII.purpose and m.PII.retention and m.PII.erasure)
    ]
    assert vague == []


def test_there_are_models_to_check():
    assert len(_own_models()) > 15


@pytest.mark.django_db
def test_migrations_say_what_the_models_say():
    """A changed model without its migration would break the next upgrade."""
    from io import StringIO

    from django.core.management import call_command

    said = StringIO()
    call_command("makemigrations", check_changes=True, dry_run=True, stdout=said, stderr=said)
