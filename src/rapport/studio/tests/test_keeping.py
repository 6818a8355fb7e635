"""What is done when a system is away, in the editor: a group of the action's form, and steps beside it."""

from __future__ import annotations

import pytest
from django.test import Client

from rapport.accounts import api as accounts
from rapport.procedures import api as procedures
from rapport.procedures.logic.parsing import parse_definition
from rapport.procedures.logic.steps import Action, Escalation
from rapport.studio.queries import find_draft

pytestmark = pytest.mark.django_db
EDIT = "/settings/procedures/request_callback/edit"


@pytest.fixture
def browser() -> Client:
    (template,) = [t for t in procedures.list_templates() if t.name == "request_callback"]
    procedures.publish(template.source, cases=template.cases)
    procedures.forget_book()
    user = accounts.create_staff("kim@example.com", "Kim Novák", "administrator", "a-long-enough-secret")
    client = Client()
    client.force_login(user)
    return client


def _action(browser: Client) -> Action:
    draft = find_draft(int(browser.session["_auth_user_id"]), "request_callback")
    assert draft is not None
    step = parse_definition(draft.source).places[0].step
    assert isinstance(step, Action)
    return step


def test_the_flow_says_what_happens_while_the_system_is_away(browser: Client) -> None:
    page = browser.get(EDIT).content.decode()
    assert "kept for 30 minutes while the system is away" in page
    assert "If the system is away" in page
    assert "I couldn&#x27;t book the time" in page


def test_steps_can_be_added_there(browser: Client) -> None:
    browser.get(EDIT)
    answer = browser.post(
        f"{EDIT}/change", {"do": "add", "kind": "say", "into": "do/0/otherwise", "index": "0"}
    )
    assert answer.status_code == 200, answer.content
    assert len(_action(browser).otherwise) == 2
    assert isinstance(_action(browser).otherwise[1], Escalation)


def test_the_form_has_the_time_and_the_words(browser: Client) -> None:
    form = browser.get(f"{EDIT}/form?card=do/0").content.decode()
    assert "Kept while the system is away" in form
    assert "again/within" in form
    assert browser.get(f"{EDIT}/form?card=do/0/otherwise/0").status_code == 200
