"""Branches, loops, words and people between the actions."""

from typing import Any

import pytest

from rapport.procedures.contracts import (
    ActionResult,
    Affirm,
    Call,
    Confirm,
    Ended,
    Fill,
    HandOver,
    Say,
    StartProcedure,
    Tell,
)
from rapport.procedures.logic.book import ProcedureBook
from rapport.procedures.logic.parsing import parse_definition
from rapport.procedures.logic.policy import judge
from rapport.procedures.logic.proposals import Proposal
from rapport.procedures.logic.steps import lay_out
from rapport.procedures.tests.shop import Driver

BRANCHES = """
procedure: complain
version: 1
identify: none
title: {en: Complain}
slots:
  amount: {type: number, ask: {en: "How much?"}}
confirm:
  lines: [{en: "Complain about {amount}"}]
do:
  - {action: shop.note, with: {amount: amount}, as: note}
  - if: "amount > 10"
    then:
      - say: {en: "That is much."}
      - if: "note.is_known"
        then:
          - {action: shop.refund, with: {amount: amount}, as: paid}
        else:
          - {action: shop.ask_bank, with: {}, as: paid}
      - {action: shop.apologise, with: {}}
    else:
      - {action: shop.voucher, with: {}, when: "amount > 1"}
  - {action: shop.close, with: {paid: paid.refund}, when: "amount > 10"}
done: {en: "Closed."}
"""


def talk(source: str, **results: ActionResult | list[ActionResult]) -> Driver:
    planned = {
        f"shop.{name}": found if isinstance(found, list) else [found] for name, found in results.items()
    }
    return Driver(ProcedureBook([parse_definition(source)]), results=planned)


def ok(**data: object) -> ActionResult:
    return ActionResult("", True, dict(data))


def refused(code: str = "odd") -> ActionResult:
    return ActionResult("", False, code=code)


def complain(amount: str, *, is_known: bool = True) -> Driver:
    driver = talk(BRANCHES, note=ok(is_known=is_known), refund=ok(refund=7), ask_bank=ok(refund=1))
    driver.send(StartProcedure("complain"))
    driver.send(Say(amount))
    driver.send(Affirm())
    return driver


@pytest.mark.parametrize(
    ("amount", "is_known", "keys"),
    [
        ("20", True, {"note": 0, "refund": 4, "apologise": 6, "close": 8}),
        ("20", False, {"note": 0, "ask_bank": 5, "apologise": 6, "close": 8}),
        ("5", True, {"note": 0, "voucher": 7}),
        ("1", True, {"note": 0}),
    ],
)
def test_a_branch_takes_its_steps_and_no_others(amount: str, is_known: bool, keys: dict[str, int]) -> None:
    driver = complain(amount, is_known=is_known)
    assert [(call.action, call.key) for call in driver.calls] == [
        (f"shop.{name}", f"conv-1:{number}") for name, number in keys.items()
    ]
    assert driver.ended == [("complain", "done")]


def test_words_between_are_told_in_their_order() -> None:
    driver = complain("20")
    assert driver.told == ["That is much.", "Closed."]
    assert driver.calls[-1] == Call("shop.close", {"paid": 7.0}, "conv-1:8")


def test_the_confirmation_lists_what_is_known_to_run_and_what_may() -> None:
    driver = talk(BRANCHES)
    driver.send(StartProcedure("complain"))
    driver.send(Say("20"))
    assert driver.one(Confirm).facts == {
        "actions": [
            {"action": "shop.note", "arguments": {"amount": 20.0}},
            {"action": "shop.refund", "arguments": {"amount": 20.0}},
            {"action": "shop.ask_bank", "arguments": {}},
            {"action": "shop.apologise", "arguments": {}},
            {"action": "shop.close", "arguments": {"paid": None}},
        ]
    }


def test_a_condition_that_cannot_be_told_brings_a_person() -> None:
    driver = talk(BRANCHES, note=ok())
    for given in (StartProcedure("complain"), Say("20"), Affirm()):
        driver.send(given)
    assert driver.one(HandOver).reason == "partly_done"
    assert [call.action for call in driver.calls] == ["shop.note"]


def test_steps_are_numbered_as_they_stand_in_the_document() -> None:
    places = lay_out(parse_definition(BRANCHES).steps)
    assert [place.index for place in places] == list(range(9))
    assert [".".join(map(str, place.path)) for place in places] == [
        "do.0", "do.1", "do.1.then.0", "do.1.then.1", "do.1.then.1.then.0", "do.1.then.1.else.0",
        "do.1.then.2", "do.1.else.0", "do.2",
    ]  # fmt: skip
    assert [place.after for place in places] == [1, 8, 3, 6, 6, 6, 8, 8, 9]
    assert places[5].guards == (("amount > 10", True), ("note.is_known", False))


LOOP = """
procedure: return_each
version: 1
identify: verified_customer
title: {en: Return each}
slots:
  order: {type: shop.order, ask: {en: "Which order?"}}
  items: {type: shop.order_item, of: [order], many: true, ask: {en: "Which items?"}}
  why:
    type: choice
    each: items
    options: [{value: old, title: {en: Old}}, {value: torn, title: {en: Torn}}]
    ask: {en: "Why {item.title}?"}
confirm:
  lines: [{en: "Return {items}"}]
do:
  - action: shop.return_item
    each: items
    when: "item.price > 30"
    with: {order_id: order.id, item_id: item.id, reason: why}
    as: returned
    failed: {too_late: {en: "{item.title} cannot go back any more."}}
  - {action: shop.print, with: {count: "size(returned)", first: "returned[0].reason"}}
done: {en: "{returned|count} returned."}
"""


def return_each(**results: ActionResult | list[ActionResult]) -> Driver:
    driver = talk(LOOP, **results)
    driver.send(StartProcedure("return_each", "W1"))
    driver.send(Fill({"items": ("l1", "l2")}))
    driver.send(Fill({"why[0]": ("old",)}))
    driver.send(Fill({"why[1]": ("torn",)}))
    return driver


def test_an_action_is_done_for_each_value_with_the_answer_given_for_it() -> None:
    driver = return_each()
    planned = [
        {"order_id": "#W1", "item_id": "l1", "reason": "old"},
        {"order_id": "#W1", "item_id": "l2", "reason": "torn"},
    ]
    assert driver.one(Confirm).facts["actions"][:2] == [
        {"action": "shop.return_item", "arguments": arguments} for arguments in planned
    ]
    driver.send(Affirm())
    assert driver.calls == [
        Call("shop.return_item", planned[0], "conv-1:0.0"),
        Call("shop.return_item", planned[1], "conv-1:0.1"),
        Call("shop.print", {"count": 2.0, "first": "old"}, "conv-1:1"),
    ]
    assert driver.told == ["2 returned."]


def test_a_loop_goes_on_where_it_stood_after_a_restart() -> None:
    driver = return_each()
    first = driver.step(Affirm()).call
    assert first is not None
    second = driver.step(ActionResult(first.key, True, {"reason": "old"})).call
    assert second is not None
    assert second.key == "conv-1:0.1"
    assert driver.step(ActionResult(first.key, True, {"reason": "again"})).call == second
    third = driver.step(ActionResult(second.key, True, {"reason": "torn"})).call
    assert third is not None
    assert third.arguments == {"count": 2.0, "first": "old"}


def test_values_that_do_not_count_are_left_out() -> None:
    driver = talk(LOOP.replace("item.price > 30", "item.price > 100"))
    driver.send(StartProcedure("return_each", "W1"))
    driver.send(Fill({"items": ("l1", "l2")}))
    driver.send(Fill({"why": ("old", "torn")}))
    driver.send(Affirm())
    assert [call.key for call in driver.calls] == ["conv-1:0.0", "conv-1:1"]


def test_a_loop_over_nothing_leaves_an_empty_list() -> None:
    source = LOOP.replace("each: items\n    when", 'each: "items.filter(i, i.price > 1000)"\n    when')
    source = source.replace(', first: "returned[0].reason"', "").replace(", reason: why", "")
    driver = talk(source)
    driver.send(StartProcedure("return_each", "W1"))
    driver.send(Fill({"items": ("l1",)}))
    driver.send(Fill({"why[0]": ("old",)}))
    driver.send(Affirm())
    assert driver.calls == [Call("shop.print", {"count": 0.0}, "conv-1:1")]


def test_a_refusal_in_a_loop_names_its_value() -> None:
    driver = return_each(return_item=[ok(), refused("too_late")])
    driver.send(Affirm())
    assert driver.told == ["Lamp, white cannot go back any more."]
    assert driver.one(HandOver).reason == "partly_done"
    driver = return_each(return_item=[refused("too_late")])
    driver.send(Affirm())
    assert driver.effects == [
        Tell("Headphones, black cannot go back any more."),
        Ended("return_each", "conv-1", "refused"),
    ]


def test_what_is_no_list_is_gone_through_by_nobody() -> None:
    driver = talk(LOOP.replace("each: items\n    when", "each: order.id\n    when"))
    driver.send(StartProcedure("return_each", "W1"))
    driver.send(Fill({"items": ("l1",)}))
    driver.send(Fill({"why[0]": ("old",)}))
    assert driver.one(HandOver).reason == "rule_error"
    assert driver.calls == []


ESCALATE = """
procedure: escalate
version: 1
identify: none
title: {en: Escalate}
do:
  - {action: shop.look, with: {}, as: seen}
  - {person: {team: care, say: {en: "Somebody looks at {seen.what}."}}, when: "seen.is_odd"}
done: {en: "All fine."}
"""


def test_a_person_takes_over_in_the_middle() -> None:
    driver = talk(ESCALATE, look=ok(is_odd=True, what="it"))
    driver.send(StartProcedure("escalate"))
    assert driver.effects == [
        Ended("escalate", "conv-1", "handed_over"),
        HandOver("person", "Somebody looks at it.", "care"),
    ]
    driver = talk(ESCALATE, look=ok(is_odd=False))
    driver.send(StartProcedure("escalate"))
    assert driver.told == ["All fine."]


def test_an_amount_goes_with_the_call_and_must_be_a_number() -> None:
    source = ESCALATE.replace("with: {}, as: seen", 'with: {}, as: seen, amount: "4 + 0.5"')
    driver = talk(source, look=ok(is_odd=False))
    driver.send(StartProcedure("escalate"))
    assert driver.calls == [Call("shop.look", {}, "conv-1:0", 4.5)]
    driver = talk(source.replace('"4 + 0.5"', "\"'much'\""))
    driver.send(StartProcedure("escalate"))
    assert driver.one(HandOver).reason == "rule_error"
    assert driver.calls == []


# ── what the policy permits of them ──


def judged(source: str, action: str, arguments: dict[str, Any], **more: Any) -> tuple[bool, str]:
    driver = talk(source)
    name = source.split("\n")[1].removeprefix("procedure: ")
    proposal = Proposal(action, arguments, True, name, 1, **more)
    verdict = judge(driver.book, proposal, driver.world, driver.look_up)
    return verdict.is_permitted, verdict.rule


@pytest.mark.parametrize(
    ("amount", "is_known", "action", "permitted"),
    [
        (20, True, "shop.refund", True),
        (20, False, "shop.refund", False),
        (20, False, "shop.ask_bank", True),
        (5, True, "shop.refund", False),
        (5, True, "shop.voucher", True),
        (1, True, "shop.voucher", False),
        (20, True, "shop.voucher", False),
    ],
)
def test_a_step_of_a_branch_is_permitted_only_on_its_side(
    amount: int, is_known: bool, action: str, permitted: bool
) -> None:
    arguments = {"amount": float(amount)} if action == "shop.refund" else {}
    facts = {"amount": (amount,)}
    results = {"note": {"is_known": is_known}}
    found = judged(BRANCHES, action, arguments, facts=facts, results=results)
    assert found == (permitted, "" if permitted else "as_proposed")


def test_without_the_result_a_branch_stands_on_nothing_is_permitted() -> None:
    facts = {"amount": (20,)}
    assert judged(BRANCHES, "shop.refund", {"amount": 20.0}, facts=facts) == (False, "rule_error")


@pytest.mark.parametrize(
    ("item", "reason", "order", "found"),
    [
        ("l1", "old", "#W1", (True, "")),
        ("l2", "torn", "#W1", (True, "")),
        ("l1", "lost", "#W1", (False, "why.listed")),
        ("l9", "old", "#W1", (False, "items.listed")),
        ("l1", "old", "#W9", (False, "order.listed")),
    ],
)
def test_a_call_of_a_loop_is_judged_by_the_value_it_names(
    item: str, reason: str, order: str, found: tuple[bool, str]
) -> None:
    arguments = {"order_id": order, "item_id": item, "reason": reason}
    assert judged(LOOP, "shop.return_item", arguments) == found


def test_a_call_of_a_loop_fits_the_answer_for_its_own_value() -> None:
    facts = {"order": ("#W1",), "items": ("l1", "l2"), "why": ("old", "torn")}
    swapped = {"order_id": "#W1", "item_id": "l1", "reason": "torn"}
    assert judged(LOOP, "shop.return_item", swapped, facts=facts) == (False, "as_proposed")
    right = {**swapped, "reason": "old"}
    assert judged(LOOP, "shop.return_item", right, facts=facts) == (True, "")
