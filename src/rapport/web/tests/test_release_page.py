"""The report of the release gate: titles and words in the reader's language, no names of the machinery."""

from __future__ import annotations

import pytest
from django.test import Client

from rapport.accounts import api as accounts
from rapport.kernel.clock import now
from rapport.procedures.models import Rehearsal

SOURCE = """procedure: opening_hours
version: 1
title: {en: Opening hours, de: Öffnungszeiten}
identify: none
done: {en: "From nine to five."}
"""
REPORT = {
    "cases": [],
    "simulation": {
        "k": 1,
        "conversations": 4,
        "failures": 1,
        "pass": [0.75],
        "personas": {"changes_mind": [0.5], "our_own": [1.0]},
        "languages": {"cs": [0.5]},
        "not_applicable": ["forbidden"],
        "first_failure": {"persona": "changes_mind", "language": "cs", "problems": [], "transcript": []},
    },
}


@pytest.mark.django_db
def test_the_gate_speaks_of_titles_in_the_readers_language() -> None:
    client = Client(headers={"accept-language": "de"})
    client.force_login(accounts.create_staff("admin@example.com", "Robin Keller", "administrator"))
    row = Rehearsal.objects.create(procedure="opening_hours", source=SOURCE, report=REPORT, finished_at=now())
    page = client.get(f"/settings/procedures/rehearsals/{row.pk}").content.decode()
    assert page.count("Öffnungszeiten") == 2
    assert '<th scope="row">Überlegt es sich anders</th>' in page
    assert '<th scope="row">Čeština</th>' in page
    assert '<th scope="row">our_own</th>' in page
    assert "Überlegt es sich anders, Čeština" in page
    assert "Versucht Unerlaubtes" in page
    assert not {"changes_mind", "forbidden"} & set(page.replace("<", " ").replace(">", " ").split())
