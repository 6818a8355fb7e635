"""A procedure written in YAML uses the actions of a declared system end to end: question, call, record, wording."""

from __future__ import annotations

import pytest
from tests.contract.test_declared_systems import ANA, Case, case

from rapport.assistant.driver import Driver
from rapport.connectors import api as connectors
from rapport.connectors.models import ActionCall
from rapport.procedures import api as procedures
from rapport.procedures.contracts import (
    Affirm,
    Ask,
    Confirm,
    DialogueState,
    Ended,
    Fill,
    HandOver,
    StartProcedure,
    Tell,
)
from rapport.testing.retail.acting import NoReader

__all__ = ["case"]
pytestmark = pytest.mark.django_db

SOURCE = """
procedure: open_ticket
version: 1
title: {en: Open a ticket}
identify: verified_customer
slots:
  subject:
    type: choice
    options:
      - {value: broken, title: {en: Something is broken}}
      - {value: invoice, title: {en: An invoice}}
    ask: {en: "What is it about?"}
confirm:
  lines: [{en: "Ticket: {subject}"}]
  question: {en: "Shall I open it?"}
do:
  - action: crm.create_ticket
    with: {subject: "subject", priority: "2"}
    as: ticket
    failed:
      too_many_open: {en: "You have too many open tickets."}
      tool_error: {en: "You have too many open tickets."}
  - action: crm.list_tickets
    with: {}
    as: mine
done: {en: "Your ticket is {ticket.id}; you have {mine.tickets.0.title}."}
"""


def _run(case: Case) -> tuple[list[object], Driver]:
    names = [a.name for a in connectors.list_actions()]
    assert procedures.check_definition(SOURCE, {"open_ticket"}, names) == ()
    book = procedures.ProcedureBook([procedures.parse_definition(SOURCE)])
    driver = Driver(book, NoReader(), "en", ANA, {"id": "ana_1", "currency": "EUR"}, 7)
    run = driver.run(DialogueState(seed="s"), [StartProcedure("open_ticket")])
    assert [type(e) for e in run.effects] == [Ask]
    run = driver.run(run.state, [Fill({"subject": ("broken",)})])
    assert [type(e) for e in run.effects] == [Confirm]
    assert case.store.tickets() == []
    return list(driver.run(run.state, [Affirm()]).effects), driver


def test_the_action_is_called_once_recorded_and_told(case: Case) -> None:
    effects, _ = _run(case)
    assert [e.text for e in effects if isinstance(e, Tell)] == ["Your ticket is T1; you have broken."]
    assert [e.outcome for e in effects if isinstance(e, Ended)] == ["done"]
    row = ActionCall.objects.get()
    assert (row.action, row.state, row.conversation_id) == ("crm.create_ticket", "done", 7)
    assert case.store.tickets() == [
        {"customer": "ana_1", "subject": "broken", "priority": 2, "reference": row.key, "id": "T1"}
    ]


def test_a_refusal_is_told_in_the_procedure_s_words(case: Case) -> None:
    case.store.mode = "refuse"
    effects, _ = _run(case)
    assert [e.text for e in effects if isinstance(e, Tell)] == ["You have too many open tickets."]
    assert [e.outcome for e in effects if isinstance(e, Ended)] == ["refused"]


def test_a_system_that_does_not_answer_leads_to_a_person(case: Case) -> None:
    case.store.mode = "500"
    effects, _ = _run(case)
    assert [e.reason for e in effects if isinstance(e, HandOver)] == ["system_unavailable"]
    assert ActionCall.objects.get().state == "intended"


PICK = """
procedure: close_ticket
version: 1
title: {en: Close a ticket}
identify: verified_customer
slots:
  ticket: {type: crm.tickets, none: {en: "You have no ticket."}, ask: {en: "Which ticket?"}}
lookups:
  mine: {action: crm.list_tickets, with: {}}
confirm:
  lines: [{en: "Close {ticket}, one of {mine.tickets|count}"}]
do:
  - {action: crm.create_ticket, with: {subject: "'broken'", priority: "'2'"}}
done: {en: "Closed."}
"""


def test_records_of_a_declared_system_are_chosen_and_looked_up(case: Case) -> None:
    types = connectors.list_record_types()
    assert "crm.tickets" in types
    assert procedures.check_definition(PICK, types=types) == ()
    _run(case)
    book = procedures.ProcedureBook([procedures.parse_definition(PICK)])
    driver = Driver(book, NoReader(), "en", ANA, {"id": "ana_1", "currency": "EUR"}, 7)
    run = driver.run(DialogueState(seed="t"), [StartProcedure("close_ticket")])
    confirm = next(e for e in run.effects if isinstance(e, Confirm))
    assert confirm.lines == ("Close broken, one of 1",)
