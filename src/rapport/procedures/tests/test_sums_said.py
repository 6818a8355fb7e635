"""A sum of money in the first words fills the one slot that asks for a sum."""

from __future__ import annotations

import pytest

from rapport.procedures.api import ProcedureBook, parse_definition
from rapport.procedures.contracts import StartProcedure
from rapport.procedures.tests.shop import Driver

ONE = """
procedure: find_gift
version: 1
identify: none
title: {en: Find a gift}
slots:
  budget: {type: money, where: "budget > 0 && budget < 500", ask: {en: "How much?"}}
  wish: {type: text, ask: {en: "What?"}}
do:
  - say: {en: "{budget|money} for {wish}"}
"""
TWO = ONE.replace("  wish:", '  tip: {type: money, ask: {en: "And a tip?"}}\n  wish:')


def _begun(source: str, text: str) -> Driver:
    driver = Driver(ProcedureBook([parse_definition(source)]))
    driver.send(StartProcedure("find_gift", text))
    return driver


def test_a_sum_is_taken_and_its_question_left_out() -> None:
    driver = _begun(ONE, "a lamp up to 80 euros")
    assert driver.filled == ["find_gift.budget=80 (said)"]
    assert driver.asked.slot == "wish"


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (ONE, "2 lamps from order 10023"),
        (ONE, "between 50 euros and 80 euros"),
        (ONE, "a sofa for 900 euros"),
        (TWO, "a lamp up to 80 euros"),
    ],
)
def test_what_may_mean_something_else_is_asked(source: str, text: str) -> None:
    driver = _begun(source, text)
    assert (driver.filled, driver.asked.slot) == ([], "budget")
