"""Look-ups during the dialogue, limits across runs, and the policy that asks for both anew."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from rapport.procedures.contracts import (
    Affirm,
    Confirm,
    Fill,
    HandOver,
    Identify,
    Need,
    Option,
    Say,
    StartProcedure,
)
from rapport.procedures.logic.book import ProcedureBook
from rapport.procedures.logic.parsing import check_definition, parse_definition
from rapport.procedures.logic.policy import judge
from rapport.procedures.logic.proposals import Proposal
from rapport.procedures.tests.shop import CUSTOMER, Driver

METER = """
procedure: report_meter
version: 1
identify: verified_customer
title: {en: Report a meter}
slots:
  meter: {type: number, ask: {en: "Which meter?"}}
  tariff:
    type: choice
    when: "contract.may_choose"
    options:
      - {value: day, title: {en: Day}}
      - {value: night, title: {en: Night}}
    ask: {en: "Which tariff, {contract.name}?"}
  reading: {type: number, where: "reading >= contract.last", ask: {en: "The last was {contract.last}. What now?"}}
lookups:
  contract:
    action: grid.get_contract
    with: {meter: meter, customer_id: customer.id}
    none: {en: "Meter {meter} is not one of yours."}
  price:
    action: grid.get_price
    with: {plan: "contract.plan"}
    when: "contract.plan != 'free'"
let: {used: "reading - contract.last"}
rules:
  - {name: believable, check: "used < 1000", slot: reading, say: {en: "{used} is too much."}}
confirm:
  lines:
    - {en: "Used {used}"}
    - {when: "price.each > 0", say: {en: "at {price.each}"}}
do:
  - {action: grid.report, with: {meter: meter, reading: reading}}
done: {en: "Noted {reading}."}
"""

ANSWERS: dict[str, dict[str, Any]] = {
    "grid.get_contract": {"name": "Ada", "last": 100, "plan": "basic", "may_choose": True},
    "grid.get_price": {"each": 0.5},
}


def meter(**changes: Any) -> Driver:
    answers = {**ANSWERS, **changes}
    found = {name: data for name, data in answers.items() if data is not None}
    return Driver(ProcedureBook([parse_definition(METER)]), answers=found)


def asked_of(driver: Driver) -> list[tuple[str, dict[str, Any]]]:
    return [(need.type, need.of) for need in driver.needs if need.type.startswith("action:")]


def test_what_depends_on_an_answer_is_asked_after_it_was_looked_up() -> None:
    driver = meter()
    driver.send(StartProcedure("report_meter"))
    assert (driver.asked.slot, driver.needs) == ("meter", [])
    driver.send(Fill({"meter": ("7",)}))
    assert driver.asked.prompt == "Which tariff, Ada?"
    assert asked_of(driver) == [
        ("action:grid.get_contract", {"meter": 7.0, "customer_id": "c1"}),
        ("action:grid.get_price", {"plan": "basic"}),
    ]
    driver.send(Fill({"tariff": ("day",)}))
    assert driver.asked.prompt == "The last was 100. What now?"
    driver.send(Say("90"))
    assert driver.asked.problem != ""
    driver.send(Say("150"))
    assert driver.one(Confirm).lines == ("Used 50", "at 0.5")
    driver.send(Affirm())
    assert driver.calls[0].arguments == {"meter": 7.0, "reading": 150.0}
    assert len(driver.needs) == 2, "what was looked up is kept over the turns"


def test_what_is_looked_up_follows_a_correction() -> None:
    driver = meter()
    driver.send(StartProcedure("report_meter"))
    driver.send(Fill({"meter": ("7",)}))
    driver.answers["grid.get_contract"] = {"name": "Bo", "last": 5, "plan": "free", "may_choose": False}
    driver.send(Fill({"meter": ("8",)}))
    assert driver.asked.prompt == "The last was 5. What now?"
    assert driver.state.stack[-1].looked_up["contract"]["data"]["name"] == "Bo"
    assert "price" not in driver.state.stack[-1].looked_up
    driver.send(Say("9"))
    assert driver.one(Confirm).lines == ("Used 4",), "a condition on what was not looked up does not hold"


def test_nothing_found_ends_with_its_words() -> None:
    driver = meter(**{"grid.get_contract": None})
    driver.send(StartProcedure("report_meter"))
    driver.send(Fill({"meter": ("7",)}))
    assert (driver.told, driver.ended) == (["Meter 7 is not one of yours."], [("report_meter", "refused")])


def test_nothing_found_without_words_is_null_and_a_rule_can_ask_again() -> None:
    source = METER.replace('    none: {en: "Meter {meter} is not one of yours."}\n', "").replace(
        "rules:",
        'rules:\n  - {name: known, check: "contract != null", slot: meter, say: {en: "I do not know it."}}',
    )
    driver = Driver(ProcedureBook([parse_definition(source)]))
    driver.send(StartProcedure("report_meter"))
    driver.send(Fill({"meter": ("7",)}))
    assert (driver.asked.slot, driver.asked.problem) == ("meter", "I do not know it.")
    driver.answers = ANSWERS
    driver.send(Fill({"meter": ("8",)}))
    assert driver.asked.slot == "tariff"


def test_a_system_that_is_away_hands_over() -> None:
    driver = meter()
    driver.send(StartProcedure("report_meter"))
    driver.is_down = True
    driver.send(Fill({"meter": ("7",)}))
    assert driver.one(HandOver).reason == "system_unavailable"


@pytest.mark.parametrize(
    ("arguments", "contract", "rule"),
    [
        ({"meter": 7, "reading": 150}, ANSWERS["grid.get_contract"], ""),
        ({"meter": 7, "reading": 90}, ANSWERS["grid.get_contract"], "reading.where"),
        ({"meter": 7, "reading": 1150}, ANSWERS["grid.get_contract"], "believable"),
        ({"meter": 7, "reading": 150}, None, "contract.found"),
    ],
)
def test_the_policy_looks_up_for_itself(
    arguments: dict[str, Any], contract: dict[str, Any] | None, rule: str
) -> None:
    driver = meter(**{"grid.get_contract": contract})
    proposal = Proposal("grid.report", arguments, True, facts={"tariff": ("day",)})
    verdict = judge(driver.book, proposal, driver.world, driver.look_up)
    assert (verdict.rule, verdict.is_permitted) == (rule, not rule)


VOUCHER = """
procedure: voucher
version: 1
identify: verified_customer
title: {en: Voucher}
limits:
  - {name: yearly, count: 1, within: 365 days, say: {en: "Once a year only."}}
  - {name: per_order, count: 2, within: 30 days, of: order.id, then: person, say: {en: "Someone looks at {order.id}."}}
slots:
  order: {type: shop.order, ask: {en: "Which order?"}}
confirm: {lines: [{en: "A voucher for {order.id}"}]}
do:
  - {action: shop.give_voucher, with: {order_id: order.id}}
done: {en: "There it is."}
"""


def voucher(**runs: int) -> Driver:
    return Driver(ProcedureBook([parse_definition(VOUCHER)]), runs=runs)


def test_a_limit_of_the_customer_is_told_before_anything_is_asked() -> None:
    driver = voucher(yearly=1)
    driver.send(StartProcedure("voucher"))
    assert (driver.told, driver.ended) == (["Once a year only."], [("voucher", "refused")])
    assert [need.of for need in driver.needs] == [
        {"procedure": "voucher", "limit": "yearly", "within_s": 31_536_000.0, "subject": "c1"}
    ]
    assert [(t.name, t.held, t.values["runs"]) for t in driver.trace] == [("yearly", False, 1)]


def test_a_limit_of_a_value_counts_as_soon_as_it_is_known() -> None:
    driver = voucher(per_order=2)
    driver.send(StartProcedure("voucher"))
    assert driver.asked.slot == "order"
    driver.send(Fill({"order": ("#W1",)}))
    handover = driver.one(HandOver)
    assert (handover.reason, handover.text) == ("per_order", "Someone looks at #W1.")
    assert driver.needs[-1].of["subject"] == "#W1"


def test_below_its_limits_it_is_done() -> None:
    driver = voucher(per_order=1)
    for given in (StartProcedure("voucher"), Fill({"order": ("#W1",)}), Affirm()):
        driver.send(given)
    assert (driver.told, driver.ended) == (["There it is."], [("voucher", "done")])
    assert len([need for need in driver.needs if need.type == "rapport.runs"]) == 2, "counted once each"


@pytest.mark.parametrize(
    ("runs", "rule"), [({}, ""), ({"yearly": 1}, "limit:yearly"), ({"per_order": 3}, "limit:per_order")]
)
def test_the_policy_counts_for_itself(runs: dict[str, int], rule: str) -> None:
    driver = voucher(**runs)
    verdict = judge(
        driver.book, Proposal("shop.give_voucher", {"order_id": "#W1"}, True), driver.world, driver.look_up
    )
    assert (verdict.rule, verdict.name) == (rule, f"voucher/{rule}" if rule else "voucher/")


def test_a_limit_whose_subject_is_unknown_is_not_passed() -> None:
    driver = replace(voucher(), customer={key: value for key, value in CUSTOMER.items() if key != "id"})
    driver.send(StartProcedure("voucher"))
    assert driver.one(HandOver).reason == "rule_error"


BROKEN = """
procedure: wrong
version: 1
identify: none
title: {en: Wrong}
limits:
  - {name: a, count: 0, within: soon, then: shout, say: {en: "{b}"}}
  - {name: a, count: 1, within: 2 hours, of: none_such, say: {en: "No."}}
slots:
  phone: {type: text, where: "account != null", ask: {en: "{account.name}?"}}
lookups:
  account: {action: crm.find, with: {phone: phone, id: later.id}}
  later: {action: crm.more, with: {id: x}, when: "account.id", none: {en: "{phone} {now} {other}"}}
  used: {action: crm.find}
let: {x: "later.y", used: "1"}
do: [{action: crm.note, with: {}}]
"""


def test_mistakes_in_lookups_and_limits_are_named() -> None:
    found = [
        (p.line, p.path, p.message.split(";")[0]) for p in check_definition(BROKEN, actions=["crm.find"])
    ]
    assert found == [
        (7, "limits.0.of", "runs of a customer are counted only with 'identify: verified_customer'"),
        (7, "limits.0.count", "say how often at most: a whole number from 1"),
        (7, "limits.0.within", "must be a duration such as '30 minutes', '2 hours', '3 days' or '4 weeks'"),
        (7, "limits.0.then", "unknown 'shout'"),
        (7, "limits.0.say.en", "'b' does not exist"),
        (8, "limits.1.name", "there is another limit 'a'"),
        (8, "limits.1.of", "'none_such' does not exist"),
        (10, "slots.phone.where", "'account' is looked up by 'phone' itself"),
        (10, "slots.phone.ask.en", "'account' needs 'phone', a slot that is asked later"),
        (12, "lookups.account.with.id", "'later' is not looked up before 'account'"),
        (13, "lookups.later.action", "there is no action 'crm.more'"),
        (13, "lookups.later.with.id", "'later' is not looked up before 'later'"),
        (13, "lookups.later.none.en", "'other' does not exist"),
        (14, "lookups.used", "'used' is already the name of something else"),
        (14, "lookups.used.with", "its arguments are missing: 'with' names each as an expression ({} when it has none)"),
        (15, "let.x", "'x' is computed from itself"),
        (16, "do.0.action", "there is no action 'crm.note'"),
    ]  # fmt: skip


def test_a_slot_of_any_system_is_looked_up_there() -> None:
    source = METER.replace("meter: {type: number,", "meter: {type: grid.meter,").replace(
        "{meter: meter, customer_id", "{meter: meter.id, customer_id"
    ).replace("{meter: meter, reading", "{meter: meter.id, reading")  # fmt: skip
    driver = Driver(
        ProcedureBook([parse_definition(source)]),
        answers=ANSWERS,
        records={"grid.meter": (Option("m7", "Cellar"), Option("m8", "Attic"))},
    )
    driver.send(StartProcedure("report_meter", "the one in the attic"))
    assert driver.values("meter") == ("m8",)
    assert driver.needs[0] == Need("grid.meter()", "grid.meter", {})
    known = check_definition(source, types=["grid.contract"])
    assert [(p.path, p.message) for p in known] == [
        ("slots.meter.type", "no connected system has records 'grid.meter'; known: grid.contract")
    ]


def test_nothing_is_counted_for_a_customer_nobody_knows() -> None:
    driver = voucher(yearly=1)
    driver.customer = None
    driver.send(StartProcedure("voucher"))
    assert (driver.needs, driver.resting()) == ([], [Identify])
