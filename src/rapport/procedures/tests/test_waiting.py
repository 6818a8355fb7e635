"""Waiting for a moment, an event or a person's decision, and going on weeks later."""

import datetime as dt

import pytest

from rapport.procedures.contracts import (
    APPROVED,
    NEEDS_APPROVAL,
    REJECTED,
    TIMED_OUT,
    ActionResult,
    Affirm,
    Call,
    Cancel,
    DialogueState,
    Ended,
    HandOver,
    Park,
    Resume,
    Say,
    StartProcedure,
    Tell,
    WaitFor,
    Wake,
)
from rapport.procedures.logic.book import ProcedureBook
from rapport.procedures.logic.parsing import parse_definition
from rapport.procedures.tests.procedures import STATUS
from rapport.procedures.tests.shop import Driver

REPAIR = """
procedure: repair
version: 1
identify: none
title: {en: Repair, de: Reparatur}
slots:
  what: {type: text, ask: {en: "What is broken?"}}
confirm:
  lines: [{en: "Repair {what}"}]
do:
  - action: shop.open_case
    with: {what: what}
    as: opened
  - wait: {for: "14 days", event: parcel.returned, of: opened.what}
    as: parcel
    say: {en: "Send it in; I'll wait two weeks."}
  - approve: {team: care, title: {en: "Repair {what}", de: "Reparatur {what}"}, expires: "2 days",
              reason: {en: "It is dear."}}
    as: decision
    say: {en: "A colleague looks at it."}
    rejected: {en: "Not this time: {decision.reason}."}
  - action: shop.repair
    with: {what: what, came: parcel.event}
    amount: "40"
done: {en: "Repaired by {decision.by}."}
"""


def driver(*sources: str) -> Driver:
    return Driver(ProcedureBook([parse_definition(source) for source in (sources or (REPAIR,))]))


def waiting_for_parcel() -> Driver:
    talk = driver()
    for given in (StartProcedure("repair"), Say("lamp"), Affirm()):
        talk.send(given)
    return talk


def waiting_for_approval() -> Driver:
    talk = waiting_for_parcel()
    talk.send(Wake("conv-1:1", "parcel.returned", {"weight": 2}))
    return talk


def test_it_steps_aside_and_the_conversation_goes_on() -> None:
    talk = waiting_for_parcel()
    assert talk.effects == [
        Tell("Send it in; I'll wait two weeks."),
        Park(
            "conv-1",
            "repair",
            WaitFor(
                "event",
                "conv-1:1",
                "2026-05-18T12:00:00+00:00",
                "parcel.returned",
                "lamp",
                "2026-05-04T12:00:00+00:00",
            ),
        ),
    ]
    assert talk.state.stack == ()
    assert [frame.status for frame in talk.state.waiting] == ["waiting"]
    talk.send(StartProcedure("repair"))
    assert talk.asked.slot == "what"
    assert [frame.instance for frame in talk.state.stack] == ["conv-2"]


def test_an_event_goes_on_with_it_and_an_approval_is_asked_for() -> None:
    talk = waiting_for_approval()
    assert talk.effects == [
        Tell("A colleague looks at it."),
        Park(
            "conv-1",
            "repair",
            WaitFor(
                "approval",
                "conv-1:2",
                "2026-05-06T12:00:00+00:00",
                team="care",
                title="Repair lamp",
                facts={
                    "actions": [
                        {
                            "action": "shop.repair",
                            "arguments": {"what": "lamp", "came": "parcel.returned"},
                            "amount": 40,
                        }
                    ],
                    "titles": {"en": "Repair lamp", "de": "Reparatur lamp"},
                    "reasons": {"en": "It is dear."},
                },
            ),
        ),
    ]


def test_a_yes_lets_it_finish() -> None:
    talk = waiting_for_approval()
    talk.send(Wake("conv-1:2", APPROVED, {"by": "Eva", "reason": ""}))
    assert talk.calls == [
        Call("shop.open_case", {"what": "lamp"}, "conv-1:0"),
        Call("shop.repair", {"what": "lamp", "came": "parcel.returned"}, "conv-1:3", 40.0),
    ]
    assert talk.effects == [Tell("Repaired by Eva."), Ended("repair", "conv-1", "done")]
    assert talk.state.waiting == ()


def test_time_ends_a_wait_for_an_event() -> None:
    talk = waiting_for_parcel()
    talk.send(Wake("conv-1:1", TIMED_OUT))
    assert talk.state.waiting[0].results["parcel"] == {"event": "timeout", "data": {}}
    assert talk.one(Park).wait.kind == "approval"


def test_a_no_after_something_was_done_that_nothing_takes_back_brings_a_person() -> None:
    talk = waiting_for_approval()
    talk.send(Wake("conv-1:2", REJECTED, {"by": "Eva", "reason": "too dear"}))
    assert talk.told == ["Not this time: too dear."]
    assert talk.ended == [("repair", "failed")]
    assert talk.one(HandOver).reason == "partly_done"


@pytest.mark.parametrize(
    "news",
    [
        Wake("conv-1:7", "parcel.returned"),
        Wake("conv-1:1", "parcel.sent"),
        Wake("conv-1:1", APPROVED),
        Wake("", ""),
    ],
)
def test_other_news_changes_nothing(news: Wake) -> None:
    talk = waiting_for_parcel()
    before = talk.state
    assert talk.send(news) == []
    assert talk.state == before


def test_the_same_news_twice_counts_once() -> None:
    talk = waiting_for_approval()
    before = talk.state
    assert talk.send(Wake("conv-1:1", "parcel.returned", {"weight": 2})) == []
    assert talk.state == before
    talk.send(Wake("conv-1:2", APPROVED, {"by": "Eva"}))
    assert talk.send(Wake("conv-1:2", REJECTED)) == []
    assert talk.send(Wake("conv-1:2", APPROVED)) == []
    assert len(talk.calls) == 2


def test_an_approval_is_given_by_a_yes_only() -> None:
    talk = waiting_for_approval()
    before = talk.state
    for event in ("parcel.returned", "approve", ""):
        assert talk.send(Wake("conv-1:2", event)) == []
    for given in (Affirm(), Say("yes"), Resume(), ActionResult("conv-1:2", True, {})):
        talk.send(given)
    assert talk.state == before


def test_waking_interrupts_what_is_open_and_returns_to_it() -> None:
    talk = driver(REPAIR, STATUS)
    for given in (StartProcedure("repair"), Say("lamp"), Affirm(), StartProcedure("order_status")):
        talk.send(given)
    assert talk.asked.slot == "order"
    asked = talk.state.stack[-1].questions
    talk.send(Wake("conv-1:1", TIMED_OUT))
    assert talk.told == ["A colleague looks at it.", "Back to “Order status”."]
    assert talk.asked.slot == "order"
    assert talk.state.stack[-1].questions == asked
    assert [frame.procedure for frame in talk.state.waiting] == ["repair"]


def test_a_version_that_is_gone_brings_a_person() -> None:
    talk = waiting_for_parcel()
    talk.book = ProcedureBook([parse_definition(REPAIR.replace("version: 1", "version: 2"))])
    talk.send(Wake("conv-1:1", TIMED_OUT))
    assert talk.one(HandOver).reason == "definition_missing"
    assert talk.ended == [("repair", "failed")]
    assert talk.state.waiting == ()


def test_a_waiting_one_keeps_its_version() -> None:
    old, new = parse_definition(REPAIR), parse_definition(REPAIR.replace("version: 1", "version: 2"))
    talk = waiting_for_parcel()
    talk.book = ProcedureBook([new], older=[old])
    talk.send(Wake("conv-1:1", TIMED_OUT))
    assert talk.state.waiting[0].version == 1


def test_a_moment_that_has_passed_is_not_waited_for() -> None:
    source = REPAIR.replace(
        '{for: "14 days", event: parcel.returned, of: opened.what}', "{until: \"'2026-05-01'\"}"
    )
    talk = driver(source)
    for given in (StartProcedure("repair"), Say("lamp"), Affirm()):
        talk.send(given)
    assert talk.one(Park).wait.kind == "approval"
    assert talk.state.waiting[0].results["parcel"] == {"event": "timeout", "data": {}}


def test_without_a_clock_nothing_is_waited_for_and_a_person_comes() -> None:
    talk = driver()
    talk.now = None
    for given in (StartProcedure("repair"), Say("lamp"), Affirm()):
        talk.send(given)
    assert talk.one(HandOver).reason == "partly_done"


LIMITED = """
procedure: credit
version: 1
identify: none
title: {en: Credit}
slots:
  amount: {type: number, ask: {en: "How much?"}}
confirm:
  lines: [{en: "Credit {amount}"}]
do:
  - action: shop.credit
    with: {amount: amount, at: "string(now)"}
    amount: amount
    failed: {rejected: {en: "Too much."}}
"""


def needing_approval() -> Driver:
    talk = driver(LIMITED)
    data = {"team": "money", "title": "Credit of 900", "expires_at": "2026-05-05T00:00:00+00:00"}
    talk.results = {"shop.credit": [ActionResult("", False, data, NEEDS_APPROVAL)]}
    for given in (StartProcedure("credit"), Say("900"), Affirm()):
        talk.send(given)
    return talk


def test_a_call_above_a_limit_waits_for_a_yes() -> None:
    talk = needing_approval()
    wait = talk.one(Park).wait
    assert (wait.kind, wait.key, wait.team, wait.title) == ("approval", "conv-1:0", "money", "Credit of 900")
    assert wait.until == "2026-05-05T00:00:00+00:00"
    assert wait.facts["arguments"] == {"amount": 900.0, "at": "2026-05-04T12:00:00+00:00"}
    assert talk.told == ["A colleague has to approve this first. I'll let you know here."]


def test_the_very_same_call_is_made_when_it_is_approved() -> None:
    talk = needing_approval()
    talk.now = talk.now + dt.timedelta(days=1) if talk.now else None
    talk.send(Wake("conv-1:0", APPROVED, {"by": "Eva"}))
    assert len(talk.calls) == 2
    assert talk.calls[0] == talk.calls[1]
    assert talk.calls[0].amount == 900.0
    assert talk.ended == [("credit", "done")]


@pytest.mark.parametrize(
    ("event", "text"),
    [
        (REJECTED, "Too much."),
        (TIMED_OUT, "I'm sorry, this was not decided in time, so it will not be done."),
    ],
)
def test_a_call_that_is_not_approved_is_not_made(event: str, text: str) -> None:
    talk = needing_approval()
    talk.send(Wake("conv-1:0", event))
    assert talk.told == [text]
    assert talk.ended == [("credit", "refused")]
    assert len(talk.calls) == 1


def test_nothing_is_asked_for_twice_after_cancelling_what_is_open() -> None:
    talk = waiting_for_parcel()
    talk.send(StartProcedure("repair"))
    talk.send(Cancel())
    assert talk.ended == [("repair", "cancelled")]
    assert [frame.instance for frame in talk.state.waiting] == ["conv-1"]


def test_an_unknown_state_of_waiting_is_fresh() -> None:
    assert DialogueState().waiting == ()


TWICE = """
procedure: two_parcels
version: 1
identify: none
title: {en: Two parcels}
do:
  - {wait: {event: parcel.returned}, as: one}
  - {wait: {event: letter.returned}}
  - {wait: {event: parcel.returned}, as: two}
"""


def test_an_event_counts_from_when_the_procedure_began_to_act_and_once_only() -> None:
    talk = driver(TWICE)
    talk.send(StartProcedure("two_parcels"))
    assert talk.now is not None
    assert talk.one(Park).wait.since == talk.now.isoformat()
    began = talk.one(Park).wait.since
    talk.now += dt.timedelta(hours=1)
    talk.send(Wake("conv-1:0", "parcel.returned"))
    assert talk.one(Park).wait.since == began, "a letter may have come while it waited for the parcel"
    heard = talk.now.isoformat()
    talk.now += dt.timedelta(hours=1)
    talk.send(Wake("conv-1:1", "letter.returned"))
    assert talk.one(Park).wait.since == heard, "the first parcel does not count again"


@pytest.mark.parametrize("steps", ["done: {en: X}", "do: [{say: {en: X}}, {say: {en: Y}}, {say: {en: Z}}]"])
@pytest.mark.parametrize("event", [APPROVED, REJECTED, TIMED_OUT])
def test_a_definition_that_was_exchanged_under_the_same_number_brings_a_person(
    steps: str, event: str
) -> None:
    other = REPAIR[: REPAIR.index("do:")] + steps + "\n"
    talk = waiting_for_approval()
    talk.book = ProcedureBook([parse_definition(other)])
    talk.send(Wake("conv-1:2", event))
    assert talk.one(HandOver).reason in ("rule_error", "partly_done")
    talk = needing_approval()
    call = talk.state.waiting[0].call
    talk.book = ProcedureBook([parse_definition(LIMITED[: LIMITED.index("do:")] + steps + "\n")])
    talk.send(Wake("conv-1:0", event))
    assert talk.ended[-1][1] in ("failed", "refused")
    assert [made for made in talk.calls if made != call] == []
