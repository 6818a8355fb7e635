"""Confirming, calling and the ways it can end."""

import pytest

from rapport.procedures.contracts import (
    ActionResult,
    Affirm,
    Call,
    Cancel,
    Confirm,
    Ended,
    Fill,
    HandOver,
    Resume,
    RuleTrace,
    Say,
    StartProcedure,
    Tell,
)
from rapport.procedures.logic.book import ProcedureBook
from rapport.procedures.logic.parsing import parse_definition
from rapport.procedures.tests.procedures import CANCEL, RETURN, STATUS, book
from rapport.procedures.tests.shop import Driver

ALL_SAID = "return the headphones to my gift, changed my mind"


def at_confirmation() -> Driver:
    driver = Driver(book())
    driver.send(StartProcedure("return_items", ALL_SAID))
    return driver


def failing(code: str, message: str = "") -> ActionResult:
    return ActionResult("", ok=False, code=code, message=message)


def test_yes_calls_once_and_tells_the_outcome() -> None:
    driver = at_confirmation()
    driver.send(Affirm())
    arguments = {"order_id": "#W1", "item_ids": ["l1"], "payment_method_id": "gift"}
    assert driver.calls == [Call("shop.return_items", arguments, "conv-1:0")]
    assert driver.effects == [
        Tell("Done. $120.00 go to Gift card."),
        Ended("return_items", "conv-1", "done", ("order_status",)),
    ]
    assert driver.state.stack == ()
    assert driver.state.finished[0].status == "done"
    assert driver.state.finished[0].results == {"result": {"ok": True, **arguments}}
    driver.send(Affirm())
    assert len(driver.calls) == 1


def test_nothing_is_called_without_a_yes() -> None:
    driver = at_confirmation()
    for given in (Resume(), Say("hm"), Fill({"order": ("#W1",)}), Cancel()):
        driver.send(given)
    assert driver.calls == []


def test_each_action_has_its_own_key_and_sees_the_results_before_it() -> None:
    driver = Driver(book(), results={"shop.cancel_order": [ActionResult("", True, {"refund": 30})]})
    driver.send(StartProcedure("cancel_order"))
    driver.send(Say("twice"))
    assert driver.one(Confirm).facts == {
        "actions": [
            {"action": "shop.cancel_order", "arguments": {"order_id": "#W2"}},
            {"action": "shop.tell_warehouse", "arguments": {"refund": None}},
        ]
    }
    driver.send(Affirm())
    assert driver.calls == [
        Call("shop.cancel_order", {"order_id": "#W2"}, "conv-1:0"),
        Call("shop.tell_warehouse", {"refund": 30.0}, "conv-1:1"),
    ]
    assert driver.told == ["Cancelled #W2."]


def test_an_action_whose_condition_does_not_hold_is_left_out() -> None:
    driver = Driver(book(), results={"shop.cancel_order": [ActionResult("", True, {"refund": 0})]})
    driver.send(StartProcedure("cancel_order"))
    driver.send(Say("twice"))
    driver.send(Affirm())
    assert [call.action for call in driver.calls] == ["shop.cancel_order"]
    assert driver.ended == [("cancel_order", "done")]


def test_a_refusal_of_the_system_is_worded_by_its_code() -> None:
    driver = at_confirmation()
    driver.results = {"shop.return_items": [failing("already_requested")]}
    driver.send(Affirm())
    assert driver.effects == [
        Tell("A return of #W1 is already under way."),
        Ended("return_items", "conv-1", "refused"),
    ]


@pytest.mark.parametrize(
    ("code", "message"), [("odd", "Order is locked"), ("odd", ""), ("rule:as_proposed", "")]
)
def test_a_refusal_nobody_has_words_for_brings_a_person_and_shows_nothing_of_the_system(
    code: str, message: str
) -> None:
    driver = at_confirmation()
    driver.results = {"shop.return_items": [failing(code, message)]}
    driver.language = "cs"
    driver.send(Affirm())
    assert driver.effects == [
        Tell("To se bohužel nepodařilo."),
        Ended("return_items", "conv-1", "refused"),
        HandOver("refused_by_system", "Podívá se na to kolega a ozve se vám tady."),
    ]


def test_an_outage_brings_a_person() -> None:
    for code in ("unavailable", "unknown"):
        driver = at_confirmation()
        driver.results = {"shop.return_items": [failing(code)]}
        driver.send(Affirm())
        assert driver.ended == [("return_items", "failed")]
        assert driver.one(HandOver).reason == "system_unavailable"
        assert driver.resting() == [HandOver]


def test_a_failure_after_something_was_done_brings_a_person() -> None:
    driver = Driver(
        book(),
        results={
            "shop.cancel_order": [ActionResult("", True, {"refund": 30})],
            "shop.tell_warehouse": [failing("closed")],
        },
    )
    driver.send(StartProcedure("cancel_order"))
    driver.send(Say("twice"))
    driver.send(Affirm())
    assert driver.told == ["Unfortunately that wasn't possible."]
    assert driver.one(HandOver).reason == "partly_done"


def test_an_argument_that_cannot_be_computed_stops_before_anything_is_done() -> None:
    driver = Driver(book(), results={"shop.cancel_order": [ActionResult("", True, {})]})
    driver.send(StartProcedure("cancel_order"))
    driver.send(Say("twice"))
    driver.send(Affirm())
    assert driver.one(HandOver).reason == "partly_done"
    source = RETURN.replace("payment_method_id: refund_to.id", "payment_method_id: refund_to.nothing")
    driver = Driver(ProcedureBook([parse_definition(source)]))
    driver.send(StartProcedure("return_items", ALL_SAID))
    assert driver.one(HandOver).reason == "rule_error"
    assert driver.calls == []


def test_a_result_with_an_unknown_key_is_ignored_and_the_call_repeated() -> None:
    driver = at_confirmation()
    step = driver.step(Affirm())
    assert step.call is not None
    state = driver.state
    for key in ("conv-1:7", "other-1:0", ""):
        again = driver.step(ActionResult(key, True, {}))
        assert again.call == step.call
        assert driver.state == state
    done = driver.step(ActionResult(step.call.key, True, {}))
    assert isinstance(done.effects[-1], Ended)
    assert driver.step(ActionResult(step.call.key, True, {})).effects == ()


def test_a_call_that_is_out_survives_a_restart_and_every_other_input() -> None:
    driver = at_confirmation()
    call = driver.step(Affirm()).call
    state = driver.state
    for given in (Resume(), Affirm(), Cancel(), Say("hello?"), Fill({"order": ("#W3",)})):
        assert driver.step(given).call == call
        assert driver.state == state


def test_rules_are_checked_as_soon_as_their_slots_are_known() -> None:
    driver = Driver(book())
    driver.send(StartProcedure("return_items", "W3"))
    driver.send(Fill({"items": ("l2",)}))
    assert driver.told == ["Returns over $600.00 are not possible."]
    assert driver.ended == [("return_items", "refused")]
    assert driver.trace == [RuleTrace("not_too_dear", "total <= 500", held=False, values={"total": 600.0})]


def test_every_rule_leaves_a_trace_at_the_yes() -> None:
    driver = at_confirmation()
    driver.send(Affirm())
    assert driver.trace == [
        RuleTrace("not_too_dear", "total <= 500", held=True, values={"total": 120.0}),
        RuleTrace("our_mistake", "reason == 'damaged'", held=False, values={"reason": "unwanted"}),
    ]


def test_a_rule_may_ask_its_slot_again_without_the_value_turned_down() -> None:
    driver = Driver(book())
    driver.send(StartProcedure("exchange_items", "headphones of W1 for blue"))
    driver.methods = (
        *driver.methods[:1],
        type(driver.methods[1])("gift", "Gift card", data={"kind": "gift_card", "balance": 5.0}),
        *driver.methods[2:],
    )
    driver.send(Fill({"pay_with": ("gift",)}))
    assert driver.asked.slot == "pay_with"
    assert driver.asked.problem == "That card holds only $5.00."
    assert [option.value for option in driver.asked.options] == ["visa", "paypal"]
    assert driver.state.stack[-1].attempts == {"pay_with": 1}
    assert driver.trace[0].values == {
        "pay_with.kind": "gift_card",
        "pay_with.balance": 5.0,
        "difference": 10.0,
    }
    driver.send(Fill({"pay_with": ("visa",)}))
    assert driver.resting() == [Confirm]


def test_a_rule_that_turns_down_the_only_value_ends_the_procedure() -> None:
    driver = Driver(book())
    driver.methods = (
        type(driver.methods[1])("gift", "Gift card", data={"kind": "gift_card", "balance": 5.0}),
    )
    driver.send(StartProcedure("exchange_items", "headphones of W1 for blue"))
    assert driver.told == ["That card holds only $5.00."]
    assert driver.ended == [("exchange_items", "refused")]


def test_a_rule_that_cannot_be_evaluated_never_lets_anything_happen() -> None:
    source = RETURN.replace("total <= 500", "order.limit >= total")
    driver = Driver(ProcedureBook([parse_definition(source)]))
    driver.send(StartProcedure("return_items", ALL_SAID))
    assert driver.ended == [("return_items", "failed")]
    assert driver.one(HandOver).reason == "rule_error"
    assert driver.trace == [
        RuleTrace(
            "not_too_dear", "order.limit >= total", held=False, values={"order.limit": None, "total": 120.0}
        )
    ]
    assert driver.calls == []


def test_a_person_must_decide_where_the_definition_says_so() -> None:
    driver = Driver(book())
    driver.send(StartProcedure("return_items", "return the headphones to my gift, it is broken"))
    assert driver.effects == [
        Ended("return_items", "conv-1", "handed_over"),
        HandOver("our_mistake", "I'm sorry about Headphones, black.", "care"),
    ]
    assert driver.calls == []


def test_a_condition_for_a_person_that_cannot_be_evaluated_brings_one() -> None:
    source = RETURN.replace("reason == 'damaged'", "order.age > 3")
    driver = Driver(ProcedureBook([parse_definition(source)]))
    driver.send(StartProcedure("return_items", ALL_SAID))
    assert driver.one(HandOver).reason == "rule_error"


def test_a_procedure_that_changes_nothing_acts_at_once() -> None:
    driver = Driver(book(), results={"shop.get_order": [ActionResult("", True, {"status": "on its way"})]})
    driver.send(StartProcedure("order_status", "where is W2"))
    assert driver.effects == [Tell("#W2 is on its way."), Ended("order_status", "conv-1", "done")]
    assert driver.calls == [Call("shop.get_order", {"order_id": "#W2"}, "conv-1:0")]


def test_the_first_outcome_that_holds_is_told_and_one_that_does_not_fit_is_passed_over() -> None:
    done = """done:
  - {when: "result.parcels[0].late", say: {en: "Late."}}
  - {when: "result.status == 'x'", say: {en: "X."}}
  - {say: {en: "Else."}}
"""
    source = STATUS[: STATUS.index("done:")] + done
    driver = Driver(ProcedureBook([parse_definition(source)]))
    driver.results = {"shop.get_order": [ActionResult("", True, {"status": "x"}), ActionResult("", True, {})]}
    driver.send(StartProcedure("order_status", "W2"))
    assert driver.told == ["X."]
    driver.send(StartProcedure("order_status", "W2"))
    assert driver.told == ["Else."]


def test_data_that_cannot_be_looked_up_brings_a_person() -> None:
    driver = Driver(book(), is_down=True)
    driver.send(StartProcedure("return_items"))
    assert driver.ended == [("return_items", "failed")]
    assert driver.one(HandOver) == HandOver(
        "system_unavailable",
        "I'm sorry, our system isn't answering right now. A colleague will take care of this for you.",
    )
    assert driver.state.stack == ()


def test_a_running_procedure_keeps_its_version() -> None:
    old = parse_definition(CANCEL)
    new = parse_definition(
        CANCEL.replace("version: 1", "version: 2").replace("Cancel {order.id}", "NEW {order.id}")
    )
    driver = Driver(ProcedureBook([old]))
    driver.send(StartProcedure("cancel_order"))
    driver.book = ProcedureBook([new], older=[old])
    driver.send(Say("x"))
    assert driver.one(Confirm).lines == ("Cancel #W2 (x)",)
    driver.send(Cancel())
    driver.send(StartProcedure("cancel_order"))
    driver.send(Say("x"))
    assert driver.one(Confirm).lines == ("NEW #W2 (x)",)
    driver.book = ProcedureBook([old])
    driver.send(Affirm())
    assert driver.one(HandOver).reason == "definition_missing"
    assert driver.calls == []


REPORT = """
procedure: report_damage
version: 1
title: {en: Report}
identify: none
slots:
  note: {type: text, ask: {en: "What happened?"}}
human_when:
  - {name: person_decides, when: "%s", after: true, team: care, say: {en: "A colleague decides."}}
confirm:
  lines: [{en: "Report: {note}"}]
do:
  - {action: shop.report_problem, with: {description: note}}
done: {en: "Registered."}
"""


def test_a_report_is_registered_before_a_person_takes_over() -> None:
    driver = Driver(ProcedureBook([parse_definition(REPORT % "true")]))
    driver.send(StartProcedure("report_damage"))
    driver.send(Say("It smokes."))
    driver.send(Affirm())
    assert [c.action for c in driver.calls] == ["shop.report_problem"]
    assert driver.effects == [
        Tell("Registered."),
        Ended("report_damage", "conv-1", "done"),
        HandOver("person_decides", "A colleague decides.", "care"),
    ]


def test_a_person_comes_too_when_the_condition_cannot_be_told() -> None:
    driver = Driver(ProcedureBook([parse_definition(REPORT % "note.missing == 1")]))
    driver.send(StartProcedure("report_damage"))
    driver.send(Say("It smokes."))
    driver.send(Affirm())
    assert any(isinstance(e, HandOver) for e in driver.effects)
