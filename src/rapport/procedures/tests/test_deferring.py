"""A system that is away while a procedure asks: what was said is kept where calls are, and taken up when it answers."""

from __future__ import annotations

import datetime as dt

import pytest

from rapport.procedures.contracts import (
    SYSTEM_BACK,
    TIMED_OUT,
    Affirm,
    Ask,
    Confirm,
    Ended,
    Fill,
    HandOver,
    Identify,
    Mend,
    Park,
    Resume,
    Say,
    StartProcedure,
    Wake,
    Withdraw,
)
from rapport.procedures.logic.book import ProcedureBook
from rapport.procedures.logic.parsing import parse_definition
from rapport.procedures.tests.shop import Driver

CANCEL = """
procedure: cancel
version: 1
identify: verified_customer
title: {en: Cancel}
slots:
  order: {type: shop.order, ask: {en: "Which order?"}, none: {en: "None."}}
  reason: {type: text, ask: {en: "Why?"}}
confirm:
  lines: [{en: "Cancel {order.id}: {reason}"}]
do:
  - action: shop.cancel_order
    with: {order_id: order.id}
    again: {within: "2 hours"}
done: {en: "Cancelled {order.id}."}
"""
OTHER = """
procedure: hours
version: 1
identify: none
title: {en: Hours}
slots:
  order: {type: shop.order, ask: {en: "Of which order?"}, none: {en: "None."}}
done: {en: "At nine."}
"""
KEPT = "Our system isn't answering right now. I'll go on here as soon as it does; or ask for a person."
BACK = "Our system is answering again."


def talk(source: str = CANCEL) -> Driver:
    return Driver(book=ProcedureBook([parse_definition(source), parse_definition(OTHER)]))


def down(driver: Driver, *, is_silent: bool = False) -> Driver:
    driver.is_down, driver.is_silent = True, is_silent
    return driver


def up(driver: Driver) -> Driver:
    driver.is_down = driver.is_silent = False
    return driver


def ways(driver: Driver) -> list[str]:
    return [effect.way for effect in driver.effects if isinstance(effect, Mend)]


def wake(driver: Driver, event: str = SYSTEM_BACK) -> None:
    (frame,) = driver.state.waiting
    assert frame.waiting is not None
    driver.send(Wake(frame.waiting.key, event))


@pytest.mark.parametrize("is_silent", [True, False])
def test_what_is_asked_for_is_begun_when_the_system_answers(is_silent: bool) -> None:
    driver = down(talk(), is_silent=is_silent)
    driver.send(StartProcedure("cancel", "cancel W2"))
    assert driver.told == [KEPT]
    assert ways(driver) == ["kept"]
    awaited = driver.one(Park).wait
    assert (awaited.event, awaited.subject) == (SYSTEM_BACK, "shop")
    assert awaited.until == (driver.now + dt.timedelta(hours=2)).isoformat()
    assert not driver.state.stack
    assert driver.resting() == []
    wake(down(driver, is_silent=is_silent))
    assert (driver.effects, len(driver.state.waiting)) == ([], 1)
    awaited = driver.state.waiting[0].waiting
    assert awaited is not None
    assert awaited.facts == {"tries": 2}, "asked again after a longer pause"
    wake(up(driver))
    assert driver.told == [BACK]
    assert ways(driver) == ["done"]
    assert driver.values("order") == ("#W2",)
    assert driver.asked.slot == "reason"
    assert driver.state.stack[-1].kept is None


@pytest.mark.parametrize("is_silent", [True, False])
def test_what_is_asked_for_twice_in_the_same_words_is_kept_once(is_silent: bool) -> None:
    driver = down(talk(), is_silent=is_silent)
    driver.send(StartProcedure("cancel", "cancel my order"))
    driver.send(StartProcedure("cancel", " cancel my order"))
    assert (driver.told, ways(driver), len(driver.state.waiting)) == ([KEPT], [], 1)
    driver.send(StartProcedure("cancel", "cancel W1 too"))
    assert (driver.told, ways(driver), len(driver.state.waiting)) == ([KEPT], ["kept"], 2)


@pytest.mark.parametrize("is_silent", [True, False])
@pytest.mark.parametrize("answer", [Fill({"order": ("#W2",)}), Say("W2")])
def test_an_answer_is_taken_up_as_if_it_were_said_then(answer: Fill | Say, is_silent: bool) -> None:
    driver = talk()
    driver.send(StartProcedure("cancel"))
    down(driver, is_silent=is_silent).send(answer)
    assert driver.told == [KEPT]
    wake(up(driver))
    assert driver.told == [BACK]
    assert driver.values("order") == ("#W2",)
    driver.send(Say("no longer needed"))
    assert driver.one(Confirm).lines == ("Cancel #W2: no longer needed",)


def test_a_correction_of_the_summary_is_kept_and_agreed_to_anew() -> None:
    driver = talk()
    driver.send(StartProcedure("cancel"))
    driver.send(Fill({"order": ("#W2",)}))
    driver.send(Say("no longer needed"))
    down(driver).send(Fill({"order": ("#W1",)}))
    assert driver.told == [KEPT]
    wake(up(driver))
    assert driver.one(Confirm).lines == ("Cancel #W1: no longer needed",)
    driver.send(Affirm())
    assert driver.calls[-1].arguments == {"order_id": "#W1"}


def test_the_same_is_kept_again_under_another_name() -> None:
    driver = talk()
    driver.send(StartProcedure("cancel"))
    down(driver).send(Resume())
    first = driver.one(Park).wait.key
    wake(up(driver))
    assert isinstance(driver.asked, Ask)
    driver.now += dt.timedelta(minutes=1)
    down(driver).send(Fill({"order": ("#W2",)}))
    assert driver.one(Park).wait.key != first


def test_when_its_time_is_over_a_person_takes_over() -> None:
    driver = down(talk())
    driver.send(StartProcedure("cancel"))
    driver.now += dt.timedelta(hours=2)
    wake(driver, TIMED_OUT)
    assert driver.one(HandOver).reason == "system_unavailable"
    assert driver.one(HandOver).text.startswith("I'm sorry, our system still isn't answering.")
    assert (driver.told, ways(driver)) == ([], ["person"])
    assert driver.ended == [("cancel", "failed")]
    assert not driver.state.waiting + driver.state.stack


def test_a_verified_customer_whose_shop_stays_silent_is_left_to_a_person_in_the_end() -> None:
    driver = down(talk(), is_silent=True)
    driver.send(StartProcedure("cancel"))
    wake(driver, TIMED_OUT)
    assert driver.one(HandOver).reason == "system_unavailable"
    assert driver.resting() == [HandOver]


def test_when_its_time_is_over_and_the_system_answers_it_goes_on() -> None:
    driver = down(talk())
    driver.send(StartProcedure("cancel"))
    wake(up(driver), TIMED_OUT)
    assert (driver.told, driver.asked.slot) == ([], "order")


def test_what_is_kept_can_be_withdrawn() -> None:
    driver = down(talk())
    driver.send(StartProcedure("cancel"))
    driver.send(Withdraw("conv-1"))
    assert driver.one(Ended).outcome == "cancelled"
    assert ways(driver) == ["cancelled"]


def test_a_person_takes_over_where_no_call_is_kept_or_something_else_is_open() -> None:
    plain = down(talk(CANCEL.replace('    again: {within: "2 hours"}\n', "")))
    plain.send(StartProcedure("cancel"))
    assert plain.resting() == [HandOver]
    queued = talk()
    queued.book = ProcedureBook(
        [parse_definition(CANCEL), parse_definition(CANCEL.replace("cancel", "call_off"))]
    )
    queued.send(StartProcedure("cancel"))
    queued.send(Fill({"order": ("#W2",)}))
    queued.send(StartProcedure("call_off"))
    assert queued.state.queue
    down(queued).send(Fill({"order": ("#W1",)}))
    assert queued.one(HandOver).reason == "system_unavailable"


def test_who_is_not_known_is_asked_for_it() -> None:
    driver = talk()
    driver.customer = None
    down(driver).send(StartProcedure("cancel"))
    assert driver.resting() == [Identify]
