"""Conditions read as rows and written again say the same; what rows cannot say is left alone."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from rapport.studio.logic.conditions import Clause, Condition, read_condition, write_condition

DEMO = Path(__file__).resolve().parents[2] / "procedures" / "templates"


@pytest.mark.parametrize(
    ("expression", "clauses"),
    [
        ("order.status == 'pending'", [Clause("order.status", "is", "pending", "text")]),
        ("reason != 'other'", [Clause("reason", "is_not", "other", "text")]),
        ("total >= 500", [Clause("total", "at_least", "500", "number")]),
        ("a.b < c.d", [Clause("a.b", "less", "c.d", "field")]),
        ("order.was_modified == false", [Clause("order.was_modified", "is", "false", "flag")]),
        (
            "order.status in ['processed', 'shipped']",
            [Clause("order.status", "one_of", "processed, shipped", "list")],
        ),
        ("!(x in ['a'])", [Clause("x", "not_one_of", "a", "list")]),
        ("'gift' in order.tags", [Clause("order.tags", "holds", "gift", "text")]),
        ("note.contains('it\\'s')", [Clause("note", "contains", "it's", "text")]),
        ("order.status.startsWith('pending')", [Clause("order.status", "starts", "pending", "text")]),
        ("order.was_modified", [Clause("order.was_modified", "yes")]),
        ("!order.has_claim", [Clause("order.has_claim", "no")]),
        ("has(order.payment_method.kind)", [Clause("order.payment_method.kind", "known")]),
        ("size(items) == 0", [Clause("items", "empty")]),
        ("size(items) > 0", [Clause("items", "filled")]),
        (
            "a && !b && c == 'x && y'",
            [Clause("a", "yes"), Clause("b", "no"), Clause("c", "is", "x && y", "text")],
        ),
    ],
)
def test_rows_of_an_expression_and_back(expression, clauses):
    found = read_condition(expression)
    assert found == Condition(tuple(clauses))
    assert write_condition(found) == expression


def test_one_of_several_is_enough():
    found = read_condition("a || b == 2")
    assert found == Condition((Clause("a", "yes"), Clause("b", "is", "2", "number")), any_of=True)
    assert write_condition(found) == "a || b == 2"


@pytest.mark.parametrize(
    "expression",
    [
        "a && b || c",
        "sum(items.map(i, i.price)) > 3",
        "!(a && b)",
        "a == 'x' ? b : c",
        "size(note) <= 200",
        "true",
        "a +",
        "a == null",
    ],
)
def test_more_than_rows_can_say(expression):
    assert read_condition(expression) is None or expression == "a == null"


def test_values_are_quoted_so_that_nothing_escapes():
    clause = Clause("note", "is", 'it\'s a "quote" \\ && true', "text")
    written = write_condition(Condition((clause,)))
    assert read_condition(written) == Condition((clause,))


def test_unfinished_rows_say_nothing():
    assert write_condition(Condition((Clause("", "is", "x"), Clause("a", "yes")))) == "a"
    assert read_condition("") == Condition(())


def test_conditions_of_the_demonstration_survive():
    """What can be read as rows is written with the same meaning (spaces and quotes aside)."""
    rows = free = 0
    for path in DEMO.glob("*.yaml"):
        for expression in re.findall(
            r'(?:where|when|check): "((?:[^"\\]|\\.)*)"', path.read_text(encoding="utf-8")
        ):
            text = str(yaml.safe_load(f'"{expression}"'))
            found = read_condition(text)
            if found is None:
                free += 1
                continue
            rows += 1
            assert re.sub(r"\s", "", write_condition(found)) == re.sub(r"\s", "", text)
    assert rows > free > 0
