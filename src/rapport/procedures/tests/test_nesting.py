"""Procedures that run other procedures."""

import pytest

from rapport.procedures.contracts import (
    APPROVED,
    REJECTED,
    ActionResult,
    Affirm,
    Call,
    Cancel,
    Confirm,
    Deny,
    Ended,
    Fill,
    HandOver,
    Park,
    Say,
    StartProcedure,
    Tell,
    Wake,
)
from rapport.procedures.logic.book import ProcedureBook
from rapport.procedures.logic.parsing import parse_definition
from rapport.procedures.tests.procedures import RETURN, STATUS
from rapport.procedures.tests.shop import Driver

OUTER = """
procedure: move_house
version: 1
identify: verified_customer
title: {en: Move house}
slots:
  order: {type: shop.order, where: "order.status == 'delivered'", ask: {en: "Which order?"}}
confirm:
  lines: [{en: "Move {order.id}"}]
do:
  - {action: shop.move, with: {order_id: order.id}, undo: {action: shop.move_back, with: {order_id: order.id}}}
  - run: return_items
    with: {order: order, items: "order.items.filter(i, i.price > 100).map(i, i.id)", reason: "'unwanted'"}
    as: sent
  - {action: shop.tell, with: {how: sent.outcome, why: sent.slots.reason, method: sent.results.result.payment_method_id}}
done: {en: "Moved; {sent.slots.items.0.title} goes back."}
"""

CHILD = RETURN.replace("offer: [order_status]\n", "").replace(
    "    as: result\n", "    as: result\n    undo: {action: shop.keep, with: {order_id: order.id}}\n"
)


def moving(*sources: str) -> Driver:
    found = [parse_definition(source) for source in (sources or (OUTER, CHILD, STATUS))]
    driver = Driver(ProcedureBook(found))
    driver.send(StartProcedure("move_house", "W1"))
    driver.send(Affirm())
    return driver


def test_the_other_asks_only_what_it_was_not_given() -> None:
    driver = moving()
    assert driver.asked.slot == "refund_to"
    inner = driver.state.stack[-1]
    assert (inner.procedure, inner.parent, inner.instance) == ("return_items", "conv-1", "conv-2")
    assert driver.values("order") == ("#W1",)
    assert driver.values("items") == ("l1",)
    assert driver.values("reason") == ()
    driver.send(Fill({"refund_to": ("gift",)}))
    assert driver.one(Confirm).lines == ("Return Headphones, black from #W1", "Refund $120.00 to Gift card")
    assert driver.values("reason") == ("unwanted",)


def test_what_it_came_to_is_read_by_the_one_that_ran_it() -> None:
    driver = moving()
    driver.send(Fill({"refund_to": ("gift",)}))
    driver.send(Affirm())
    assert [(call.action, call.key) for call in driver.calls] == [
        ("shop.move", "conv-1:0"),
        ("shop.return_items", "conv-2:0"),
        ("shop.tell", "conv-1:2"),
    ]
    assert driver.calls[-1].arguments == {"how": "done", "why": "unwanted", "method": "gift"}
    assert driver.effects == [
        Tell("Done. $120.00 go to Gift card."),
        Ended("return_items", "conv-2", "done"),
        Tell("Moved; Headphones, black goes back."),
        Ended("move_house", "conv-1", "done"),
    ]


def test_a_value_that_is_not_possible_is_asked() -> None:
    driver = moving(OUTER.replace("order: order, items", "order: \"'#W2'\", items"), CHILD)
    assert driver.asked.slot == "order"


def test_one_that_is_needed_and_refused_takes_back_what_was_done() -> None:
    driver = moving()
    driver.results = {"shop.return_items": [ActionResult("", False, code="already_requested")]}
    driver.send(Fill({"refund_to": ("gift",)}))
    driver.send(Affirm())
    assert driver.calls[-1] == Call("shop.move_back", {"order_id": "#W1"}, "conv-1:0~undo")
    assert driver.effects == [
        Tell("A return of #W1 is already under way."),
        Ended("return_items", "conv-2", "refused"),
        Tell("What had been done for it has been taken back."),
        Ended("move_house", "conv-1", "refused"),
    ]


def test_cancelling_the_inner_one_cancels_the_outer_one() -> None:
    driver = moving()
    driver.send(Cancel())
    assert driver.calls[-1].action == "shop.move_back"
    assert driver.told == ["All right, I've stopped.", "What had been done for it has been taken back."]
    assert driver.ended == [("return_items", "cancelled"), ("move_house", "cancelled")]


def test_one_that_is_not_needed_may_end_in_any_way() -> None:
    driver = moving(
        OUTER.replace("    as: sent\n", "    as: sent\n    required: false\n").replace(
            ", method: sent.results.result.payment_method_id", ""
        ),
        CHILD,
    )
    driver.send(Cancel())
    assert driver.calls[-1] == Call("shop.tell", {"how": "cancelled", "why": None}, "conv-1:2")
    assert driver.ended[-1] == ("move_house", "done")


def test_a_later_refusal_takes_back_what_the_inner_one_did_too() -> None:
    driver = moving()
    driver.results = {"shop.tell": [ActionResult("", False, code="no", message="closed")]}
    driver.send(Fill({"refund_to": ("gift",)}))
    driver.send(Affirm())
    assert [call.key for call in driver.calls[-3:]] == ["conv-1:2", "conv-2:0~undo", "conv-1:0~undo"]
    assert driver.ended == [("return_items", "done"), ("move_house", "refused")]


def test_a_person_in_the_inner_one_ends_both() -> None:
    driver = moving(OUTER.replace("'unwanted'", "'damaged'"), CHILD)
    driver.send(Fill({"refund_to": ("gift",)}))
    assert driver.one(HandOver).reason == "our_mistake"
    assert driver.ended == [("return_items", "handed_over"), ("move_house", "handed_over")]
    assert driver.state.stack == ()


def test_both_wait_and_both_go_on() -> None:
    child = CHILD.replace("do:\n", 'do:\n  - approve: {title: {en: "Return {items}"}}\n')
    driver = moving(OUTER, child)
    driver.send(Fill({"refund_to": ("gift",)}))
    driver.send(Affirm())
    assert driver.one(Park).wait.key == "conv-2:0"
    assert [(f.instance, f.status, f.waiting is None) for f in driver.state.waiting] == [
        ("conv-1", "waiting", True),
        ("conv-2", "waiting", False),
    ]
    assert driver.state.stack == ()
    driver.send(Wake("conv-2:0", APPROVED, {}))
    assert driver.ended == [("return_items", "done"), ("move_house", "done")]
    driver = moving(OUTER, child)
    driver.send(Fill({"refund_to": ("gift",)}))
    driver.send(Affirm())
    driver.send(Wake("conv-2:0", REJECTED, {}))
    assert driver.ended == [("return_items", "refused"), ("move_house", "refused")]
    assert driver.calls[-1].action == "shop.move_back"


def test_asking_again_for_the_outer_one_is_more_words_for_the_inner_one() -> None:
    driver = moving()
    driver.send(StartProcedure("move_house", "gift"))
    assert driver.one(Confirm).question == "Shall I?"
    assert [frame.procedure for frame in driver.state.stack] == ["move_house", "return_items"]


def test_a_question_in_between_returns_to_the_inner_one() -> None:
    driver = moving()
    driver.send(StartProcedure("order_status", "W3"))
    assert driver.told == ["#W3 is —.", "Back to “Return items”."]
    assert driver.asked.slot == "refund_to"


def test_no_and_corrections_belong_to_the_inner_one() -> None:
    driver = moving()
    driver.send(Fill({"refund_to": ("gift",)}))
    driver.send(Deny())
    assert driver.asked.slot == "__change__"
    driver.send(Fill({"__change__": ("refund_to",)}))
    assert driver.asked.slot == "refund_to"


def test_a_procedure_that_does_not_exist_brings_a_person() -> None:
    driver = moving(OUTER)
    assert driver.one(HandOver).reason == "unknown_procedure"
    assert driver.ended == [("move_house", "failed")]


@pytest.mark.parametrize("depth", [1])
def test_two_that_run_each_other_come_to_an_end(depth: int) -> None:
    one = OUTER.replace("run: return_items", "run: b").replace("procedure: move_house", "procedure: a")
    head = "version: 1\nidentify: none\ntitle: {en: X}\n"
    one = f"procedure: a\n{head}do:\n  - run: b\ndone: {{en: A}}\n"
    two = f"procedure: b\n{head}do:\n  - run: a\ndone: {{en: B}}\n"
    driver = Driver(ProcedureBook([parse_definition(one), parse_definition(two)]))
    driver.send(StartProcedure("a", str(depth)))
    assert driver.one(HandOver).reason == "rule_error"
    assert driver.state.stack == ()
    assert len(driver.ended) == 6


def test_the_one_that_runs_goes_on_after_another_version_is_published() -> None:
    driver = moving()
    newer = parse_definition(CHILD.replace("version: 1", "version: 2").replace("Done.", "NEW."))
    driver.book = ProcedureBook([newer, parse_definition(OUTER)], older=[parse_definition(CHILD)])
    driver.send(Fill({"refund_to": ("gift",)}))
    driver.send(Say("visa"))
    driver.send(Affirm())
    assert driver.told[0].startswith("Done.")
    assert driver.ended[-1] == ("move_house", "done")
