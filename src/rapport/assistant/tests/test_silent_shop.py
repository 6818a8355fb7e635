"""A procedure that goes on while the shop keeps silent about its customer: nothing is refused for that."""

from __future__ import annotations

from typing import Any

import pytest

from rapport.assistant.driver import Driver, Run
from rapport.assistant.reading import EngineReader
from rapport.connectors.contracts import Principal
from rapport.procedures.api import ProcedureBook, parse_definition
from rapport.procedures.contracts import (
    APPROVED,
    Affirm,
    DialogueState,
    Ended,
    HandOver,
    StartProcedure,
    Wake,
)
from rapport.testing.scripted_engine import ScriptedEngine

SOURCE = """
procedure: new_phone
version: 1
identify: verified_customer
title: {en: New phone}
confirm: {lines: [{en: "Change it"}]}
do:
  - approve: {title: {en: "May it be changed?"}}
  - {action: shop.change_phone, with: {phone: "'42'"}}
"""
pytestmark = pytest.mark.django_db


def driver(**facts: Any) -> Driver:
    known = {"principal": Principal("c1", "hmac"), "customer": {"id": "c1"}}
    book = ProcedureBook([parse_definition(SOURCE)])
    return Driver(
        book=book,
        reader=EngineReader(ScriptedEngine(), "en"),
        language="en",
        conversation_id=1,
        **(known | facts),
    )


def woken(**facts: Any) -> Run:
    parked = driver().run(DialogueState(seed="c"), [StartProcedure("new_phone"), Affirm()])
    (frame,) = parked.state.waiting
    assert frame.waiting is not None
    return driver(principal=None, customer=None, **facts).run(
        parked.state, [Wake(frame.waiting.key, APPROVED)]
    )


def test_a_shop_that_keeps_silent_brings_a_person_and_the_job_tries_again() -> None:
    run = woken(is_shop_silent=True)
    assert [e.reason for e in run.effects if isinstance(e, HandOver)] == ["system_unavailable"]
    assert [r.code for _, r in run.calls] == []


def test_a_customer_who_is_not_verified_any_more_is_refused() -> None:
    run = woken()
    assert [e.outcome for e in run.effects if isinstance(e, Ended)] == ["refused"]
    assert [t.name for t in run.trace if not t.held] == ["new_phone/identified"]
