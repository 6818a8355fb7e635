"""The check of identity as a machine of its own: what is asked, what is checked, by the ways an inbox takes."""

from __future__ import annotations

from typing import Any

import pytest

from rapport.assistant.logic.identification import (
    DEFAULT_METHODS,
    AskEmail,
    AskOrderEmail,
    CheckEmail,
    CheckNameZip,
    CheckOrderEmail,
    CheckOrderZip,
    Demand,
    Identification,
    Locked,
    Method,
    asked_facts,
    failed,
    fill_order,
    known_methods,
    name_and_zip,
    proceed,
)
from rapport.procedures.contracts import Ask, Fill, Option

RETAIL: tuple[Method, ...] = ("name_zip", "email_only")
ADA = {"first_name": "Ada", "last_name": "Novak", "zip": "60200"}


@pytest.mark.parametrize(
    ("methods", "said", "demand"),
    [
        (DEFAULT_METHODS, {"email": "Ada@Example.com"}, AskOrderEmail()),
        (DEFAULT_METHODS, {"email": "ada@example.com", "order_id": "w1234"}, CheckOrderEmail("#W1234", "ada@example.com")),
        (DEFAULT_METHODS, ADA, AskOrderEmail()),
        (DEFAULT_METHODS, {"method": "email_code"}, AskEmail()),
        (RETAIL, {}, AskOrderEmail()),
        (RETAIL, ADA, CheckNameZip("Ada", "Novak", "60200")),
        (RETAIL, {"first_name": "Ada", "zip": "60200"}, AskOrderEmail()),
        (RETAIL, {"email": "ada@example.com"}, CheckEmail("ada@example.com")),
        (RETAIL, {"method": "email_code"}, AskOrderEmail()),
        (("email_code",), {}, AskEmail()),
    ],
)  # fmt: skip
def test_facts_are_checked_as_soon_as_a_way_the_inbox_takes_allows_it(
    methods: tuple[Method, ...], said: dict[str, Any], demand: Demand
) -> None:
    assert proceed(Identification(), said, methods)[1] == demand


def test_one_form_asks_for_all_that_can_be_stated() -> None:
    assert asked_facts(DEFAULT_METHODS) == ("order_id", "email")
    assert asked_facts(RETAIL) == ("email", "first_name", "last_name", "zip")


def test_wrong_facts_are_forgotten_and_five_of_them_lock() -> None:
    state = Identification()
    for attempt in range(1, 6):
        state, demand = proceed(state, ADA, RETAIL)
        assert demand == CheckNameZip("Ada", "Novak", "60200")
        state, demand = failed(state)
        assert (state.first_name, state.attempts) == ("", attempt)
    assert demand == Locked()
    assert proceed(state, ADA, RETAIL)[1] == Locked()


def test_an_order_and_its_postal_code_are_checked_where_the_inbox_takes_them() -> None:
    said = {"order_id": "1234567", "zip": "602 00"}
    assert proceed(Identification(), said, ("order_zip",))[1] == CheckOrderZip("#W1234567", "602 00")
    assert proceed(Identification(), said, RETAIL)[1] == AskOrderEmail()
    assert asked_facts(("order_zip",)) == ("order_id", "zip")
    state, demand = proceed(Identification(), {"order_id": "1234567"}, ("order_zip", "order_email"))
    assert (state.order_id, demand) == ("#W1234567", AskOrderEmail())
    assert proceed(state, {"zip": "60200"}, ("order_zip",))[1] == CheckOrderZip("#W1234567", "60200")


def test_the_order_that_proved_the_customer_is_the_one_meant_however_it_was_written() -> None:
    ask = Ask("order", "Which?", "choice", options=(Option("#W1234567", "One"), Option("#W7654321", "Two")))
    for written in ("#W1234567", "w1234567", "1234567"):
        assert fill_order([ask], written) == Fill({"order": ("#W1234567",)})
    assert fill_order([ask], "9999999") is None


def test_settings_that_name_no_known_way_leave_the_usual_ones() -> None:
    assert known_methods(["name_zip", "magic"]) == ("name_zip",)
    assert known_methods(["magic"]) == known_methods(None) == DEFAULT_METHODS


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("I'm Ada Novak, zip 60200", ADA),
        ("My name is Ada Novak and I live in 602 00.", {**ADA, "zip": "602 00"}),
        ("Ada Novak 60200", ADA),
        ("Return the lamp from #W60200", {}),
        ("My Name 60200", {}),
        ("ada@example.com", {}),
    ],
)
def test_name_and_postal_code_are_read_from_words(text: str, found: dict[str, str]) -> None:
    assert name_and_zip(text) == found
