"""Settings › Dispositions."""

from __future__ import annotations

import pytest
from django.test import Client

from rapport.accounts.api import create_staff
from rapport.accounts.models import AuditEntry
from rapport.conversations import api as conversations
from rapport.conversations.contracts import DispositionRules, RootCause

pytestmark = pytest.mark.django_db
PATH = "/settings/dispositions/"


def _browser(role):
    client = Client()
    client.force_login(create_staff(f"{role}@example.com", role.title(), role))
    return client


def test_the_list_is_written_and_on_record():
    browser = _browser("administrator")
    given = {
        "is_required": "1",
        "key": ["transport", "other", ""],
        "title": ["Damaged <in> transit", "Other", ""],
        "when": ["slot report_damage.problem = damaged\nprocedure report_damage", "", "left over"],
    }
    assert browser.post(PATH, given).status_code == 302
    grounds = ("slot report_damage.problem = damaged", "procedure report_damage")
    assert conversations.find_rules() == DispositionRules(
        True, (RootCause("transport", "Damaged <in> transit", grounds), RootCause("other", "Other"))
    )
    entry = AuditEntry.objects.get(kind="settings_changed", subject="dispositions")
    assert entry.detail["before"] == {"is_required": False, "causes": {}}
    page = browser.get(PATH).content.decode()
    assert 'value="Damaged &lt;in&gt; transit"' in page
    assert page.count('name="key"') == 5
    browser.post(PATH, {"key": ["other"], "title": ["Other"], "when": [""]})
    assert conversations.find_rules() == DispositionRules(False, (RootCause("other", "Other"),))


def test_a_mistake_is_shown_and_nothing_stored():
    browser = _browser("administrator")
    answer = browser.post(PATH, {"key": ["a"], "title": ["A"], "when": ["when it rains"]})
    assert answer.status_code == 422
    assert "when it rains" in answer.content.decode()
    assert conversations.find_rules() == DispositionRules()


def test_only_administrators_change_it():
    browser = _browser("supervisor")
    assert (browser.get(PATH).status_code, browser.post(PATH, {}).status_code) == (403, 403)
