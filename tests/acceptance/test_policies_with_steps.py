"""Instructions of a handbook that need steps: offers one after another, waits, approvals, the way to another and back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from rapport.procedures.api import Definition, ProcedureBook, check_definition, parse_definition
from rapport.procedures.contracts import (
    APPROVED,
    REJECTED,
    TIMED_OUT,
    ActionResult,
    Affirm,
    Cancel,
    Fill,
    Input,
    Say,
    StartProcedure,
    Undo,
    Wake,
    Withdraw,
)
from rapport.procedures.tests.shop import Driver

SOURCES: dict[str, dict[str, Any]] = {
    source["procedure"]: source
    for source in yaml.safe_load_all(
        (Path(__file__).parent / "support" / "policies_with_steps.yaml").read_text(encoding="utf-8")
    )
    if source
}
CHEAP, DEAR = (
    (Fill({"order": ("#W1",)}), Fill({"items": ("l1",)})),
    (Fill({"order": ("#W3",)}), Fill({"items": ("l2",)})),
)
SEEN = {"ok": True, "user_name": "ada"}
NO = ActionResult("", False, code="not_ours")
CASES: list[tuple[str, tuple[Input, ...], dict[str, list[ActionResult]], list[str], str]] = [
    # procedure, what the customer and the world do, answers, calls, the last words
    ("end_subscription", (Say("dear"), Affirm()), {}, ["give_discount"], "Thank you for staying."),
    ("end_subscription", (Say("dear"), Cancel(), Affirm()), {}, ["give_discount"], "Thank you for staying."),
    ("end_subscription", (Say("dear"), Cancel(), Cancel()), {}, ["end_subscription"], "Your subscription ends."),
    ("forgotten_password", (Fill({"knows_name": ("no",)}),), {}, ["read_account", "send_password_link"], "I have sent you a link."),
    ("forgotten_password", (Fill({"knows_name": ("yes",)}),), {}, ["send_password_link"], "I have sent you a link."),
    ("pay_after_return", (*CHEAP, Affirm(), Wake("conv-1:1", "parcel.returned")), {}, ["send_label", "pay"], "$120.00 is on its way."),
    ("pay_after_return", (*CHEAP, Affirm(), Wake("conv-1:1", TIMED_OUT)), {}, ["send_label"], "You are welcome to ask again."),
    (
        "pay_after_return", (*DEAR, Affirm(), Wake("conv-1:1", "parcel.returned"), Wake("conv-1:4", APPROVED)), {},
        ["send_label", "pay"], "$600.00 is on its way.",
    ),
    (
        "pay_after_return", (*DEAR, Affirm(), Wake("conv-1:1", "parcel.returned"), Wake("conv-1:4", REJECTED)), {},
        ["send_label", "cancel_label"], "What had been done for it has been taken back.",
    ),
    ("pay_after_return", (*CHEAP, Affirm(), Withdraw("conv-1")), {}, ["send_label", "cancel_label"], "What had been done for it has been taken back."),
    ("remind_until_paid", (CHEAP[0], Affirm(), Wake("conv-1:0", "payment.received")), {}, [], "Thank you, it is paid."),
    (
        "remind_until_paid", (CHEAP[0], Affirm(), Wake("conv-1:0", TIMED_OUT), Wake("conv-1:3", TIMED_OUT)), {},
        ["cancel"], "It was not paid, so I cancelled #W1.",
    ),
    (
        "several_refunds", (CHEAP[0], Fill({"items": ("l1", "l2")}), Fill({"fault": ("torn", "stained")}), Affirm()), {},
        ["refund", "refund"], "2 refunds are on their way.",
    ),
    (
        "several_refunds", (CHEAP[0], Fill({"items": ("l1", "l2")}), Fill({"fault": ("torn", "stained")}), Affirm()),
        {"store.refund": [ActionResult("", True), NO]},
        ["refund", "refund", "take_back_refund"], "What had been done for it has been taken back.",
    ),
    (
        "several_refunds",
        (CHEAP[0], Fill({"items": ("l1", "l2")}), Fill({"fault": ("torn", "stained")}), Affirm(), Undo(), Affirm()), {},
        ["refund", "refund", "take_back_refund", "take_back_refund"], "What had been done for it has been taken back.",
    ),
]  # fmt: skip


def read_all() -> list[Definition]:
    return [parse_definition(source) for source in SOURCES.values()]


@pytest.mark.parametrize("name", sorted(SOURCES))
def test_each_is_without_a_problem(name: str) -> None:
    assert check_definition(SOURCES[name], set(SOURCES)) == ()


def test_each_is_run() -> None:
    offered = {"small_discount", "large_discount", "forgotten_user_name"}
    assert {case[0] for case in CASES} | offered == set(SOURCES)


@pytest.mark.parametrize(("name", "inputs", "answers", "calls", "last"), CASES)
def test_each_runs_to_its_end(
    name: str, inputs: tuple[Input, ...], answers: dict[str, list[ActionResult]], calls: list[str], last: str
) -> None:
    actions = {action.action for definition in read_all() for action in definition.actions}
    plain = {action: [ActionResult("", True, SEEN)] * 4 for action in actions}
    driver = Driver(ProcedureBook(read_all()), results={**plain, **{k: list(v) for k, v in answers.items()}})
    driver.send(StartProcedure(name))
    for given in inputs:
        driver.send(given)
    assert [call.action.removeprefix("store.") for call in driver.calls] == calls
    assert driver.told[-1] == last
    assert (driver.state.stack, driver.state.waiting) == ((), ())
