"""Words that are no answer to the open question: a number that is known already, a bare yes to a form."""

import pytest

from rapport.procedures.contracts import Fill, Option, Say, StartProcedure
from rapport.procedures.logic.naming import says_number
from rapport.procedures.tests.procedures import book
from rapport.procedures.tests.shop import HEADPHONES, LAMP, Driver, order


def at_the_variant() -> Driver:
    driver = Driver(book(), orders=(order("1735502", "delivered", [HEADPHONES, LAMP]),))
    driver.send(StartProcedure("exchange_items"))
    driver.send(Fill({"items": ("l1",)}))
    assert driver.values("order") == ("#W1735502",)
    return driver


@pytest.mark.parametrize("text", ["#W1735502", "1735502", "it is order W1735502, as I said"])
def test_a_number_that_is_known_repeats_the_question_without_a_complaint(text: str) -> None:
    driver = at_the_variant()
    before = driver.asked
    driver.send(Say(text))
    assert (driver.asked.slot, driver.asked.problem) == (before.slot, "")
    assert driver.asked.options == before.options
    assert driver.state.stack[-1].attempts == {}


def test_another_number_is_not_found() -> None:
    driver = at_the_variant()
    driver.send(Say("#W9999999"))
    assert driver.asked.problem == "I couldn't find that among the choices."


@pytest.mark.parametrize(
    ("text", "value", "is_said"),
    [
        ("order 10023, please", "10023", True),
        ("W10023", "#W10023", True),
        ("my number is 10023", "#W10023", True),
        ("the 12th", "12", False),
        ("100234", "10023", False),
    ],
)
def test_which_numbers_are_said(text: str, value: str, *, is_said: bool) -> None:
    assert says_number(text, Option(value, "")) is is_said


@pytest.mark.parametrize("text", ["yes", "ja", "hm"])
def test_a_form_of_an_address_says_what_is_wanted(text: str) -> None:
    driver = Driver(book())
    driver.send(StartProcedure("profile"))
    assert driver.asked.slot == "address"
    driver.send(Say(text))
    assert driver.asked.problem == "Please fill in: Street and number, City, Country, Postal code."
    assert driver.asked.kind == "form"
