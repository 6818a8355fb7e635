"""Instructions that people wrote for people, as definitions: each loads without a problem and runs to its end.

What the language could not say is listed in `docs/explanation/what-procedures-can-say.md`.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
import yaml

from rapport.procedures.api import ProcedureBook, check_definition, parse_definition
from rapport.procedures.contracts import (
    ActionResult,
    Affirm,
    Ask,
    Confirm,
    Fill,
    HandOver,
    Option,
    StartProcedure,
)
from rapport.procedures.tests.shop import CUSTOMER, METHODS, ORDERS, Driver

SOURCES = {
    source["procedure"]: source
    for source in yaml.safe_load_all(
        (Path(__file__).parent / "support" / "written_policies.yaml").read_text(encoding="utf-8")
    )
    if source
}
ORDER, ITEMS = {"order": "#W1"}, {"order": "#W1", "items": "l1"}
HERE = {"address1": "Short Street 2", "city": "Brno", "country": "CZ", "zip": "60200"}
CASES: list[tuple[str, str, dict[str, Any], dict[str, Any], list[str], str]] = [
    # procedure, level of the customer, answers, what the system says, calls, outcome
    ("refund_for_defect", "guest", {**ITEMS, "fault": "torn", "refund_to": "visa"}, {}, ["store.refund"], "done"),
    ("add_to_refund", "guest", ITEMS, {"state": "open", "id": "R1"}, ["store.find_refund", "store.extend_refund"], "done"),
    ("add_to_refund", "guest", ITEMS, {"state": "paid", "id": "R1"}, ["store.find_refund"], "done"),
    ("state_of_refund", "guest", ORDER, {"state": "none"}, ["store.find_refund"], "done"),
    ("return_stained", "gold", {**ORDER, "way": "mail"}, {}, ["store.return_order"], "done"),
    ("return_stained", "guest", {**ORDER, "days": "120"}, {}, [], "refused"),
    ("return_stained", "silver", {**ORDER, "days": "120", "way": "shop"}, {}, ["store.return_order"], "done"),
    ("return_wrong_colour", "guest", {**ITEMS, "has_receipt": "no"}, {}, [], "refused"),
    ("return_wrong_colour", "silver", ITEMS, {}, ["store.return_items"], "done"),
    ("swap_size", "guest", {**ITEMS, "replacements[0]": "headphones-blue"}, {}, ["store.exchange"], "done"),
    ("unknown_fee", "guest", {**ORDER, "amount": "12"}, {"is_ours": True}, ["store.check_fee", "store.give_back"], "done"),
    ("unknown_fee", "guest", {**ORDER, "amount": "12"}, {"is_ours": False}, ["store.check_fee"], "done"),
    ("late_delivery", "guest", {**ORDER, "waited": "5"}, {}, ["store.hurry"], "done"),
    ("late_delivery", "guest", {**ORDER, "waited": "31"}, {}, [], "handed_over"),
    ("pay_otherwise", "guest", {"method": "gift"}, {}, ["store.set_payment"], "done"),
    ("charged_twice", "guest", {**ORDER, "expected": "1"}, {"pieces": 2.0}, ["store.count_pieces", "store.give_back_pieces"], "done"),
    ("charged_twice", "guest", {**ORDER, "expected": "2"}, {"pieces": 2.0}, ["store.count_pieces"], "done"),
    ("faster_shipping", "guest", {"pay_with": "visa"}, {}, ["store.charge", "store.set_shipping"], "done"),
    ("cancel_or_send_back", "guest", {"order": "#W2"}, {}, ["store.cancel"], "done"),
    ("cancel_or_send_back", "guest", ORDER, {}, ["store.send_label"], "done"),
    ("forgotten_user_name", "guest", {}, {"user_name": "ada"}, ["store.read_account"], "done"),
    ("new_password", "guest", {}, {}, ["store.send_password_link"], "done"),
    ("reset_second_factor", "guest", {"has_mailbox": "yes"}, {}, ["store.reset_factor"], "done"),
    ("reset_second_factor", "guest", {"has_mailbox": "no", "pin": "1234"}, {"is_right": False}, ["store.check_pin"], "done"),
    ("card_not_accepted", "guest", {"again": "no", "signed_out": "yes"}, {}, ["store.note"], "done"),
    ("card_not_accepted", "guest", {"again": "no", "signed_out": "no", "expired": "no"}, {}, [], "handed_over"),
    ("cart_stays_empty", "guest", {"again": "yes"}, {}, ["store.note"], "done"),
    ("is_my_subscription_active", "guest", {}, {"is_active": False, "due": 99.0}, ["store.read_subscription"], "done"),
    ("pay_subscription", "guest", {"pay_with": "visa"}, {}, ["store.pay"], "done"),
    ("more_time_to_pay", "silver", {"days": "14", "had_one": "yes"}, {}, [], "refused"),
    ("more_time_to_pay", "gold", {"days": "14"}, {}, ["store.extend"], "done"),
    ("dispute_a_bill", "guest", {"amount": "40", "why": "not mine"}, {}, ["store.dispute"], "done"),
    ("dispute_a_bill", "guest", {"amount": "400", "why": "not mine"}, {}, [], "handed_over"),
    ("parcel_lacks_something", "guest", {**ITEMS, "waited": "1"}, {}, [], "refused"),
    ("parcel_lacks_something", "guest", {**ITEMS, "waited": "4", "address": HERE}, {}, ["store.send_again"], "done"),
    ("shipping_too_dear", "gold", {**ORDER, "paid": "9"}, {}, ["store.give_back"], "done"),
    ("new_telephone", "guest", {"phone": "+420 555 010 010"}, {}, ["store.set_phone"], "done"),
    ("code_refused", "gold", {"code": "SAVE", "days": "30"}, {"is_ours": False}, ["store.check_code"], "done"),
    ("return_in_time", "guest", {}, {}, [], "refused"),
    ("return_in_time", "silver", ORDER, {}, ["store.return_order"], "done"),
    ("torn_with_picture", "guest", {**ITEMS, "photos": "p1", "worth": "50"}, {}, ["store.give_back"], "done"),
    ("torn_with_picture", "guest", {"order": "#W3", "items": "l2", "photos": "p1", "worth": "500"}, {}, [], "handed_over"),
    ("yearly_code", "gold", {}, {}, ["store.send_code"], "done"),
    ("yearly_code", "had_one", {}, {}, [], "refused"),
    ("change_plan", "guest", {"number": "S1", "keep": "yes"}, {"has_gift": True, "name": "Plus"}, [], "refused"),
    ("change_plan", "guest", {"number": "S1", "start": "2027-02-01"}, {"has_gift": False, "id": "p", "notice": 30.0}, ["store.change_plan"], "done"),
    ("change_plan", "guest", {"number": "S9"}, {}, [], "refused"),
    ("address_for_a_customer", "staff", {"who": ["young", "7"], "address": HERE}, {}, ["store.set_address"], "done"),
    ("end_contract", "guest", {}, {}, ["crm.end"], "done"),
    ("find_a_shirt", "guest", {"shirt": ["__attribute__:colour=red", "l-red"]}, {"price": 9.0}, ["store.read_shirt"], "done"),
]  # fmt: skip

# The world that the instructions above speak of.
NOW = dt.datetime(2026, 12, 20, 9, 0, tzinfo=dt.UTC)
PHOTO = Option("p1", "hole.jpg", data={"id": "p1", "name": "hole.jpg", "media_type": "image/jpeg"})
PEOPLE = (
    Option("7", "Ada Young", data={"name": "Ada Young"}),
    Option("8", "Bo Young", data={"name": "Bo Young"}),
)
RECORDS = {
    "crm.contract": (
        Option("k1", "Cleaning", data={"ends_at": "2027-03-31"}),
        Option("k2", "Garden", data={"ends_at": "2026-12-31"}),
    ),
    "store.shirt": tuple(
        Option(f"{size}-{colour}", f"{colour} {size}", data={"in_stock": size != "xl"}, attributes={"size": size, "colour": colour})
        for size in ("s", "m", "l", "xl")
        for colour in ("red", "blue", "green", "white", "black")
    ),
}  # fmt: skip


def actions_of(source: dict[str, Any]) -> set[str]:
    return {step["action"] for step in (*source["do"], *source.get("lookups", {}).values())}


@pytest.mark.parametrize("name", sorted(SOURCES))
def test_each_is_without_a_problem(name: str) -> None:
    assert check_definition(SOURCES[name], set(SOURCES), actions_of(SOURCES[name])) == ()


def test_there_are_enough_of_them_and_each_is_run() -> None:
    assert len(SOURCES) >= 20
    assert {case[0] for case in CASES} == set(SOURCES)


@pytest.mark.parametrize(("name", "level", "answers", "says", "calls", "outcome"), CASES)
def test_each_runs_to_its_end(
    name: str, level: str, answers: dict[str, Any], says: dict[str, Any], calls: list[str], outcome: str
) -> None:
    driver = Driver(
        ProcedureBook([parse_definition(SOURCES[name])]),
        customer={**CUSTOMER, "level": level, "due": 99.0},
        orders=ORDERS,
        methods=METHODS,
        results={action: [ActionResult("", True, says)] for action in actions_of(SOURCES[name])},
        answers=dict.fromkeys(actions_of(SOURCES[name]), says) if says else {},
        runs={"once_a_year": int(level == "had_one")},
        records=RECORDS,
        customers=PEOPLE,
        now=NOW,
    )
    driver.send(StartProcedure(name))
    left = {slot: answer if isinstance(answer, list) else [answer] for slot, answer in answers.items()}
    for _ in range(12):
        question = next((e for e in driver.effects if isinstance(e, Ask)), None)
        if any(isinstance(e, Confirm) for e in driver.effects):
            driver.send(Affirm())
        elif question is None:
            break
        else:
            driver.files = (PHOTO,) if question.kind == "file" else ()
            driver.send(Fill(filled(question.slot, left[question.slot].pop(0))))
    assert not any(left.values()), "each answer was asked for"
    assert [call.action for call in driver.calls] == calls
    is_handed_over = any(isinstance(e, HandOver) for e in driver.effects)
    assert (driver.ended[-1][1], is_handed_over) == (outcome, outcome == "handed_over")


def filled(slot: str, answer: Any) -> dict[str, tuple[str, ...]]:
    if isinstance(answer, dict):
        return {f"{slot}.{field}": (value,) for field, value in answer.items()}
    return {slot: (answer,)}
