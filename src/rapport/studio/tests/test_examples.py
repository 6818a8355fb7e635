"""Drafts that use other systems than the sandbox's shop can be tried, kept as a test case and published."""

from __future__ import annotations

import pytest
from django.test import Client

from rapport.accounts import api as accounts
from rapport.connectors import api as connectors
from rapport.connectors.contracts import ActionEffect
from rapport.procedures import api as procedures

pytestmark = pytest.mark.django_db

TICKETS = """
procedure: send_ticket
version: 1
title: {en: Send a ticket}
identify: none
slots:
  subject: {type: text, ask: {en: "What about?"}}
do:
  - {action: crm.create_ticket, with: {subject: subject}, as: ticket}
done: {en: "Your ticket is {ticket.number}."}
"""
CREATE = connectors.DeclaredAction(
    "crm.create_ticket",
    "Create a ticket",
    ActionEffect.WRITE,
    {"method": "POST", "path": "/tickets"},
    is_personal=False,
    outputs=(connectors.OutputMap("number"), connectors.OutputMap("history", many=True)),
)


@pytest.fixture(autouse=True)
def _declared(monkeypatch: pytest.MonkeyPatch) -> None:
    found = {"crm": {CREATE.name: CREATE}}
    monkeypatch.setattr(connectors, "list_declared", lambda key: found.get(key, {}))


def test_what_a_system_would_answer_is_filled_in_from_its_declaration() -> None:
    given, added = procedures.with_examples(TICKETS, {"tone": "informal"})
    assert added == ("crm.create_ticket",)
    records = [{"id": "1", "title": "Example 1"}, {"id": "2", "title": "Example 2"}]
    data = {"number": "number", "history": records}
    assert given == {"tone": "informal", "results": {"crm.create_ticket": {"ok": True, "data": data}}}


def test_what_a_test_case_says_stays_and_the_sandbox_keeps_its_shop() -> None:
    own = {"results": {"crm.create_ticket": {"ok": False, "code": "too_many"}}}
    assert procedures.with_examples(TICKETS, own) == (own, ())
    assert procedures.with_examples(TICKETS.replace("crm.create_ticket", "shop.cancel_order"), {}) == ({}, ())


def test_kinds_of_records_are_listed_only_where_a_slot_has_one(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(connectors, "list_record_types", lambda: asked.append("once") or ("crm.ticket",))
    procedures.with_examples(TICKETS, {})
    assert asked == []
    given, added = procedures.with_examples(TICKETS.replace("type: text", "type: crm.ticket"), {})
    assert (asked, added) == (["once"], ("crm.create_ticket", "crm.ticket"))
    assert given["records"] == {
        "crm.ticket": [{"id": "1", "title": "Example 1"}, {"id": "2", "title": "Example 2"}]
    }


@pytest.mark.parametrize("slots", ["[a, b]", "a", "{a: b}"])
def test_slots_that_are_none_have_no_examples(slots: str) -> None:
    assert procedures.with_examples(f"procedure: x\nslots: {slots}\n", {}) == ({}, ())


def test_a_conversation_with_examples_is_kept_as_a_case_that_passes() -> None:
    user = accounts.create_staff("e@example.com", "Robin", "administrator", "a-long-enough-secret")
    browser = Client()
    browser.force_login(user)
    procedures.publish(TICKETS, actor_id=user.pk)
    edit = "/settings/procedures/send_ticket/edit"
    moves = '[{"write": "a lamp"}]'
    page = browser.post(f"{edit}/preview", {"moves": moves}).content.decode()
    assert "Your ticket is number." in page
    assert "Examples stand for what crm.create_ticket would answer." in page
    assert browser.post(f"{edit}/keep", {"moves": moves, "name": "a ticket"}).status_code == 204
    assert "The one case passes" in browser.get(f"{edit}/cases").content.decode()
