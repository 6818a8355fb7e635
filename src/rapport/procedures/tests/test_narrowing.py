"""Long choices: the attribute that splits best is asked, and what is named at once is taken at once."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from rapport.procedures.contracts import Affirm, Confirm, Fill, Option, Say, StartProcedure
from rapport.procedures.logic.book import ProcedureBook
from rapport.procedures.logic.narrowing import find_split
from rapport.procedures.logic.parsing import parse_definition
from rapport.procedures.tests.shop import Driver

NOTICE = """
procedure: stock_notice
version: 1
identify: none
title: {en: Tell me when it is back}
slots:
  shirt: {type: store.shirt, where: "!shirt.hidden", label: {en: Shirt}, ask: {en: "Which shirt?"}}
confirm: {lines: [{en: "A notice for {shirt}"}]}
do:
  - {action: store.notify, with: {id: shirt.id}}
done: {en: "Noted."}
"""


def shirt(size: str, colour: str, fit: str, *, hidden: bool = False) -> Option:
    attributes = {"size": size, "colour": colour, "fit": fit, "price": "9.00"}
    name = f"{size}-{colour}-{fit}"
    data = {"hidden": hidden, "price": 9.0}
    return Option(name, f"{colour} {size} {fit}", data=data, attributes=attributes)


SHIRTS = tuple(
    shirt(size, colour, fit) for size, colour, fit in product(("small", "large"), ("red", "blue", "green", "black"), ("slim", "wide"))
)  # fmt: skip
FACETS = ["__attribute__:colour=red", "__attribute__:colour=blue", "__attribute__:colour=green", "__attribute__:colour=black"]  # fmt: skip


def notice(shirts: tuple[Option, ...] = SHIRTS, text: str = "") -> Driver:
    driver = Driver(ProcedureBook([parse_definition(NOTICE)]), records={"store.shirt": shirts})
    driver.send(StartProcedure("stock_notice", text))
    return driver


def shown(driver: Driver) -> list[str]:
    return [option.value for option in driver.asked.options]


def test_the_attribute_that_tells_most_is_asked_first() -> None:
    driver = notice()
    assert (driver.asked.slot, driver.asked.kind) == ("shirt", "choice")
    assert driver.asked.prompt == "Which shirt? Please choose first: colour."
    assert shown(driver) == FACETS
    assert driver.asked.options[0].data == {"attribute": "colour", "value": "red", "count": 4}
    driver.send(Fill({"shirt": (FACETS[1],)}))
    assert driver.asked.prompt == "Which shirt?"
    assert shown(driver) == ["small-blue-slim", "small-blue-wide", "large-blue-slim", "large-blue-wide"]
    driver.send(Fill({"shirt": ("large-blue-slim",)}))
    assert driver.one(Confirm).lines == ("A notice for blue large slim",)
    assert driver.state.stack[-1].narrowed == {}
    driver.send(Affirm())
    assert driver.calls[0].arguments == {"id": "large-blue-slim"}


def test_words_answer_it_too() -> None:
    driver = notice()
    driver.send(Say("green"))
    assert len(shown(driver)) == 4
    assert driver.state.stack[-1].narrowed == {"shirt": {"colour": "green"}}
    driver.send(Say("green large wide"))
    assert driver.values("shirt") == ("large-green-wide",)


@pytest.mark.parametrize("text", ["black small slim", "small-black-slim"])
def test_who_names_one_is_asked_nothing_more(text: str) -> None:
    assert notice(text=text).values("shirt") == ("small-black-slim",)
    driver = notice()
    driver.send(Say(text))
    assert driver.values("shirt") == ("small-black-slim",)


def test_a_place_in_the_list_means_the_list_that_was_shown() -> None:
    driver = notice()
    driver.send(Say("the second"))
    assert driver.state.stack[-1].narrowed == {"shirt": {"colour": "blue"}}
    driver.send(Say("the second"))
    assert driver.values("shirt") == ("small-blue-wide",)


def test_another_value_of_it_can_still_be_named_or_clicked() -> None:
    driver = notice()
    driver.send(Fill({"shirt": (FACETS[0],)}))
    driver.send(Say("black small slim"))
    assert driver.values("shirt") == ("small-black-slim",)
    driver = notice()
    driver.send(Fill({"shirt": (FACETS[0],)}))
    driver.send(Fill({"shirt": (FACETS[3],)}))
    assert shown(driver)[0] == "small-black-slim"


def test_the_only_one_left_is_taken() -> None:
    few = (*SHIRTS[:9], shirt("huge", "white", "wide"))
    driver = notice(few)
    assert driver.asked.prompt.endswith("colour.")
    driver.send(Fill({"shirt": ("__attribute__:colour=white",)}))
    assert driver.values("shirt") == ("huge-white-wide",)


@pytest.mark.parametrize(
    "value", ["__attribute__:colour=pink", "__attribute__:taste=red", "__attribute__:", "x"]
)
def test_what_was_not_offered_is_not_taken(value: str) -> None:
    driver = notice()
    driver.send(Fill({"shirt": (value,)}))
    assert driver.asked.problem == "I couldn't find that among the choices."
    assert shown(driver) == FACETS


def test_nine_or_fewer_and_options_without_attributes_are_listed() -> None:
    assert shown(notice(SHIRTS[:9])) == [option.value for option in SHIRTS[:9]]
    plain = tuple(Option(option.value, option.title, data=option.data) for option in SHIRTS)
    assert len(shown(notice(plain))) == len(SHIRTS)


def test_only_what_may_be_chosen_is_counted() -> None:
    hidden = tuple(shirt(*o.value.split("-"), hidden=True) for o in SHIRTS[9:])
    assert len(shown(notice((*SHIRTS[:9], *hidden)))) == 9


def test_two_steps_when_one_is_not_enough() -> None:
    colours = ("red", "blue", "green")
    many = tuple(
        shirt(s, c, f) for s, c, f in product(("s", "m", "l", "xl", "xxl"), colours, ("slim", "wide"))
    )
    driver = notice(many)
    assert driver.asked.prompt.endswith("size."), "thirty shirts: five sizes tell more than three colours"
    driver.send(Fill({"shirt": ("__attribute__:size=xl",)}))
    assert len(shown(driver)) == 6


@pytest.mark.parametrize(
    ("rows", "best"),
    [
        ([{"a": "1", "b": "1"}, {"a": "1", "b": "2"}, {"a": "2", "b": "3"}], "b"),
        ([{"a": "1", "b": "1"}, {"a": "2", "b": "2"}], "a"),
        ([{"a": "1"}, {"a": "1"}], None),
        ([{"a": "1"}, {"b": "1"}], None),
        ([{"a": str(n)} for n in range(12)], None),
        ([], None),
    ],
)
def test_the_best_split(rows: list[dict[str, str]], best: str | None) -> None:
    options = tuple(Option(str(n), str(n), attributes=row) for n, row in enumerate(rows))
    assert find_split(options) == best


def test_an_amount_is_no_attribute_to_ask_for() -> None:
    def priced(number: int) -> Option:
        attributes: dict[str, Any] = {"price": str(number % 9), "colour": "red" if number % 2 else "blue"}
        return Option(str(number), str(number), data={"price": float(number % 9)}, attributes=attributes)

    assert find_split(tuple(priced(n) for n in range(18))) == "colour"
