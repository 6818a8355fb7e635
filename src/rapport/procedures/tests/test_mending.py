"""A connected system that does not take a call: it is kept and made again, or other steps are taken, each effect once."""

import datetime as dt

import pytest

from rapport.procedures.contracts import (
    SYSTEM_BACK,
    TIMED_OUT,
    ActionResult,
    Affirm,
    Call,
    Ended,
    HandOver,
    Identify,
    Mend,
    Park,
    Say,
    StartProcedure,
    WaitFor,
    Wake,
    Withdraw,
)
from rapport.procedures.logic.book import ProcedureBook
from rapport.procedures.logic.differing import compare
from rapport.procedures.logic.flow import describe
from rapport.procedures.logic.formatting import format_definition
from rapport.procedures.logic.parsing import InvalidDefinition, parse_definition
from rapport.procedures.logic.phrases import list_wordings
from rapport.procedures.logic.policy import judge
from rapport.procedures.logic.proposals import Proposal
from rapport.procedures.logic.state import state_from_json, state_to_json
from rapport.procedures.tests.shop import Driver

DIAL = """
procedure: dial
version: 1
identify: none
title: {en: Call me}
slots:
  phone: {type: text, ask: {en: "On which number?"}}
confirm:
  lines: [{en: "Call {phone}"}]
do:
  - action: shop.plan_call
    with: {phone: phone}
    as: planned
    AGAIN
    OTHERWISE
  - action: shop.note
    with: {planned: "planned == null ? 'no' : 'yes'"}
done:
  - when: planned == null
    say: {en: "A colleague calls you on {phone}."}
  - {en: "Planned."}
"""
AGAIN = 'again: {within: "2 hours"}'
OTHERWISE = """otherwise:
      - say: {en: "The calendar is away."}
      - action: desk.open_case
        with: {phone: phone}
        as: case"""
AWAY = ActionResult("", False, {}, "unavailable")
UNSURE = ActionResult("", False, {"is_unsure": True}, "unavailable")
DONE = ActionResult("", True, {"id": 7})


def source(again: str = "", otherwise: str = "") -> str:
    return DIAL.replace("AGAIN", again).replace("OTHERWISE", otherwise)


def driver(text: str, *results: ActionResult) -> Driver:
    definition = parse_definition(text)
    return Driver(book=ProcedureBook([definition]), results={"shop.plan_call": list(results)})


def agreed(text: str, *results: ActionResult) -> Driver:
    talk = driver(text, *results)
    talk.send(StartProcedure("dial"))
    talk.send(Say("123456"))
    talk.send(Affirm())
    return talk


def ways(talk: Driver) -> list[str]:
    return [effect.way for effect in talk.effects if isinstance(effect, Mend)]


def test_other_steps_are_taken_when_the_system_is_away() -> None:
    talk = agreed(source(otherwise=OTHERWISE), AWAY)
    assert [call.action for call in talk.calls] == ["shop.plan_call", "desk.open_case", "shop.note"]
    assert [call.key for call in talk.calls] == ["conv-1:0", "conv-1:2", "conv-1:3"]
    assert talk.calls[0].gives_up
    assert talk.calls[2].arguments == {"planned": "no"}
    assert talk.told == ["The calendar is away.", "A colleague calls you on 123456."]
    assert ways(talk) == ["otherwise"]
    assert talk.one(Ended).outcome == "done"


def test_other_steps_are_not_taken_where_the_call_may_have_been_carried_out() -> None:
    talk = agreed(source(otherwise=OTHERWISE), UNSURE)
    assert [call.action for call in talk.calls] == ["shop.plan_call"]
    assert talk.one(HandOver).reason == "system_unavailable"
    assert ways(talk) == ["person"]


def test_nothing_is_done_otherwise_after_a_refusal_or_a_result() -> None:
    refused = agreed(source(AGAIN, OTHERWISE), ActionResult("", False, {}, "no_time"))
    assert [call.action for call in refused.calls] == ["shop.plan_call"]
    assert refused.one(HandOver).reason == "refused_by_system"
    done = agreed(source(AGAIN, OTHERWISE), DONE)
    assert [call.action for call in done.calls] == ["shop.plan_call", "shop.note"]
    assert done.told == ["Planned."]
    assert not ways(refused) + ways(done)


def test_a_call_is_kept_and_made_again_as_it_was() -> None:
    talk = agreed(source(AGAIN), AWAY, UNSURE, DONE)
    assert talk.told == [
        "Our system isn't answering. I've kept your request, will do it as soon as it answers, and tell you here."
    ]
    until = (talk.now + dt.timedelta(hours=2)).isoformat()
    facts = {"tries": 1, "action": "shop.plan_call", "arguments": {"phone": "123456"}}
    waits = WaitFor("event", "conv-1:0~again", until, SYSTEM_BACK, "shop", facts=facts)
    assert talk.one(Park).wait == waits
    assert not talk.state.stack
    talk.state = state_from_json(state_to_json(talk.state))
    talk.send(Wake("conv-1:0~again", SYSTEM_BACK))
    assert talk.told == []
    assert talk.one(Park).wait.until == until
    assert talk.one(Park).wait.facts["tries"] == 2
    talk.send(Wake("conv-1:0~again", SYSTEM_BACK))
    assert talk.told == ["Our system is answering again.", "Planned."]
    assert ways(talk) == ["done"]
    made = [call for call in talk.calls if call.action == "shop.plan_call"]
    assert made == [Call("shop.plan_call", {"phone": "123456"}, "conv-1:0")] * 3


def test_when_the_time_is_over_it_is_tried_once_more_and_a_person_takes_over() -> None:
    talk = agreed(source(AGAIN), AWAY, AWAY)
    talk.now += dt.timedelta(hours=2)
    talk.send(Wake("conv-1:0~again", TIMED_OUT))
    assert [call.action for call in talk.calls] == ["shop.plan_call"] * 2
    assert talk.one(HandOver).text.startswith("I'm sorry, our system still isn't answering.")
    assert ways(talk) == ["person"]
    assert not talk.state.waiting
    talk.send(Wake("conv-1:0~again", SYSTEM_BACK))
    assert len(talk.calls) == 2


def test_when_the_time_is_over_other_steps_are_taken_where_there_are_any() -> None:
    talk = agreed(source(AGAIN, OTHERWISE), AWAY, AWAY)
    assert not talk.calls[0].gives_up
    talk.now += dt.timedelta(hours=2)
    talk.send(Wake("conv-1:0~again", TIMED_OUT))
    assert [call.gives_up for call in talk.calls[:2]] == [False, True]
    assert talk.calls[2].action == "desk.open_case"
    assert ways(talk) == ["otherwise"]


def test_own_words_say_what_happens() -> None:
    talk = agreed(source('again: {within: "2 hours", say: {en: "By noon, {phone}."}}'), AWAY)
    assert talk.told == ["By noon, 123456."]


def test_a_kept_call_can_be_withdrawn_unless_it_may_have_been_carried_out() -> None:
    talk = agreed(source(AGAIN), AWAY)
    talk.send(Withdraw("conv-1"))
    assert talk.one(Ended).outcome == "cancelled"
    assert ways(talk) == ["cancelled"]
    unsure = agreed(source(AGAIN), UNSURE)
    unsure.send(Withdraw("conv-1"))
    assert unsure.one(HandOver).reason == "partly_done"
    assert unsure.one(HandOver).text.startswith("I can't tell for sure")


CANCEL = """
procedure: cancel
version: 1
identify: verified_customer
title: {en: Cancel}
slots:
  order: {type: shop.order, ask: {en: "Which order?"}, where: "order.status == 'pending'", none: {en: "None."}}
confirm:
  lines: [{en: "Cancel {order.id}"}]
do:
  - action: shop.cancel_order
    with: {order_id: order.id}
    again: {within: "2 hours"}
done: {en: "Cancelled {order.id}."}
"""


def _asked_to_agree() -> Driver:
    talk = Driver(book=ProcedureBook([parse_definition(CANCEL)]))
    talk.orders = tuple(o for o in talk.orders if o.data["status"] == "pending")[:1]
    talk.send(StartProcedure("cancel"))
    assert talk.state.stack[-1].status == "confirming", talk.effects
    return talk


def test_a_yes_is_kept_while_the_records_cannot_be_looked_up() -> None:
    talk = _asked_to_agree()
    talk.is_silent = talk.is_down = True
    talk.send(Affirm())
    assert talk.one(Park).wait.key == "conv-1:agreed~again"
    assert talk.calls == []
    talk.send(Wake("conv-1:agreed~again", SYSTEM_BACK))
    assert talk.effects == []
    assert talk.state.waiting
    talk.is_silent = talk.is_down = False
    talk.send(Wake("conv-1:agreed~again", SYSTEM_BACK))
    assert [call.key for call in talk.calls] == ["conv-1:0"]
    assert talk.told[0] == "Our system is answering again."
    assert ways(talk) == ["done"]
    assert talk.one(Ended).outcome == "done"


def test_a_kept_yes_goes_to_a_person_when_its_time_is_over() -> None:
    talk = _asked_to_agree()
    talk.is_silent = talk.is_down = True
    talk.send(Affirm())
    talk.send(Wake("conv-1:agreed~again", TIMED_OUT))
    assert talk.one(Identify).level == "verified_customer"  # whoever drives it hands over: the shop is silent
    assert not talk.state.waiting


def test_a_yes_is_not_kept_where_no_call_is() -> None:
    talk = Driver(
        book=ProcedureBook([parse_definition(CANCEL.replace('    again: {within: "2 hours"}\n', ""))])
    )
    talk.orders = tuple(o for o in talk.orders if o.data["status"] == "pending")[:1]
    talk.send(StartProcedure("cancel"))
    talk.is_silent = talk.is_down = True
    talk.send(Affirm())
    assert talk.one(Identify).level == "verified_customer"


def test_nobody_may_do_otherwise_what_could_be_done() -> None:
    book = ProcedureBook([parse_definition(source(otherwise=OTHERWISE))])
    talk = driver(source(otherwise=OTHERWISE))
    proposal = Proposal("desk.open_case", {"phone": "123456"}, True, facts={"phone": ("123456",)})
    verdict = judge(book, proposal, talk.world, talk.look_up)
    assert (verdict.is_permitted, verdict.rule) == (False, "no_procedure")


@pytest.mark.parametrize(
    ("again", "otherwise", "problem"),
    [
        ('again: {within: "soon"}', "", "line 14, column 13: do.0.again.within: 'soon' is no duration"),
        ("again: {}", "", "do.0.again.within"),
        ('again: {within: "1 hour", often: 3}', "", "do.0.again.often"),
        ("", "otherwise: [{}]", "do.0.otherwise.0: is no step"),
        ("", "otherwise: [{say: {en: '{nothing}'}}]", "do.0.otherwise.0.say.en"),
        ("each: '[1]'", "otherwise: [{say: {en: No}}]", "do.0.otherwise: cannot go together with 'each'"),
        ("", "otherwise: [{wait: {event: system_back}}]", "'system_back' is no name of an event"),
    ],
)
def test_mistakes_are_named(again: str, otherwise: str, problem: str) -> None:
    with pytest.raises(InvalidDefinition) as found:
        parse_definition(source(again, otherwise))
    assert problem in str(found.value)


def test_it_is_shown_compared_formatted_and_named() -> None:
    text = source('again: {within: "2 hours", say: {en: "Later."}}', OTHERWISE)
    flow = "\n".join(describe(parse_definition(text)))
    assert "when the system is away: kept and made again within 2 hours" in flow
    assert "when it is still away then:" in flow
    wordings = list_wordings(parse_definition(text))
    assert wordings["do.0.again.say"] == {"en": "Later."}
    assert wordings["do.0.otherwise.0.say"] == {"en": "The calendar is away."}
    changed = compare(text, text.replace("2 hours", "3 hours"))
    assert [(d.what, d.kind) for d in changed] == [("do.0 shop.plan_call", "changed")]
    assert "again within 3 hours" in changed[0].after
    assert parse_definition(format_definition(text)) == parse_definition(text)
