"""The judge: what a procedure itself would do is permitted, anything else is refused with the rule named."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from rapport.procedures.contracts import World
from rapport.procedures.logic.policy import judge
from rapport.procedures.logic.proposals import Proposal, Verdict
from rapport.procedures.logic.sameness import is_same
from rapport.procedures.tests.procedures import book
from rapport.procedures.tests.shop import CUSTOMER, Driver, PlainReader

RETURN_LAMP = {"order_id": "#W1", "item_ids": ["l2"], "payment_method_id": "visa"}


def judged(
    action: str,
    arguments: dict[str, Any],
    *,
    confirmed: bool = True,
    customer: Any = CUSTOMER,
    reason: str = "unwanted",
) -> Verdict:
    facts = {"reason": (reason,)} if reason else {}
    driver = Driver(book())
    world = World("en", PlainReader(), customer)
    proposal = Proposal(action, arguments, confirmed, facts=facts)
    return judge(driver.book, proposal, world, driver.look_up)


def test_what_the_procedure_would_do_is_permitted() -> None:
    assert judged("shop.return_items", RETURN_LAMP) == Verdict(True, "return_items")


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"order_id": "#W9"}, "order.listed"),
        ({"order_id": "#W2"}, "order.where"),
        ({"item_ids": ["l7"]}, "items.listed"),
        ({"item_ids": ["l2", "l2"]}, "items.listed"),
        ({"item_ids": []}, "items.listed"),
        ({"payment_method_id": "paypal"}, "refund_to.where"),
        ({"payment_method_id": "somebodys"}, "refund_to.listed"),
        ({"payment_method_id": ""}, "refund_to.given"),
    ],
)
def test_a_value_the_procedure_would_not_take_is_refused_by_name(changes: dict[str, Any], rule: str) -> None:
    verdict = judged("shop.return_items", {**RETURN_LAMP, **changes})
    assert (verdict.is_permitted, verdict.rule) == (False, rule)


def test_nothing_is_permitted_without_a_yes_or_a_customer() -> None:
    assert judged("shop.return_items", RETURN_LAMP, confirmed=False).rule == "confirmed"
    assert judged("shop.return_items", RETURN_LAMP, customer=None).rule == "identified"


def test_what_is_asked_but_not_passed_on_must_be_told_and_counts() -> None:
    assert judged("shop.return_items", RETURN_LAMP, reason="").rule == "reason.given"
    assert judged("shop.return_items", RETURN_LAMP, reason="bored").rule == "reason.listed"
    verdict = judged("shop.return_items", RETURN_LAMP, reason="damaged")
    assert (verdict.rule, verdict.text) == ("human:our_mistake", "I'm sorry about Lamp, white.")


def test_a_rule_is_refused_in_its_own_words() -> None:
    arguments = {"order_id": "#W3", "item_ids": ["l2"], "payment_method_id": "visa"}
    verdict = judged("shop.return_items", arguments)
    assert (verdict.name, verdict.text) == (
        "return_items/not_too_dear",
        "Returns over $600.00 are not possible.",
    )


def test_an_action_no_procedure_performs_is_refused() -> None:
    assert judged("shop.give_everything", {}) == Verdict(False, "", "no_procedure")


def test_a_running_instance_is_judged_by_its_own_version() -> None:
    driver = Driver(book())
    definition = driver.book["return_items"]
    stricter = replace(
        definition, version=2, slots=(replace(definition.slots[0], where="false"), *definition.slots[1:])
    )
    books = type(driver.book)([stricter], older=[definition])
    world = World("en", PlainReader(), CUSTOMER)
    proposal = Proposal("shop.return_items", RETURN_LAMP, True, facts={"reason": ("unwanted",)})
    assert not judge(books, proposal, world, driver.look_up).is_permitted
    followed = replace(proposal, procedure="return_items", version=definition.version)
    assert judge(books, followed, world, driver.look_up).is_permitted


@pytest.mark.parametrize(
    ("planned", "proposed", "same"),
    [
        (
            {"id": "1", "n": 2.0, "in": [{"b": 1, "a": ""}]},
            {"in": [{"a": None, "b": 1.0}], "n": 2, "id": "1"},
            True,
        ),
        ({"id": "1", "in": [{"a": 1}]}, {"id": "1", "in": [{"a": 2}]}, False),
        ({"id": "1"}, {"id": "1", "more": "x"}, False),
        ({"address1": "1 Way ", "note": "x"}, {"address1": "1 Way"}, True),
    ],
)
def test_whole_records_are_the_same_by_all_they_hold(planned, proposed, same):
    assert is_same(planned, proposed) is same
