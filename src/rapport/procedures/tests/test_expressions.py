"""CEL as the authors of procedures write it."""

import pytest

from rapport.procedures.logic.expressions import (
    ExpressionError,
    compiled,
    evaluate,
    holds,
    references,
    rewrite,
)


@pytest.mark.parametrize(
    ("written", "rewritten"),
    [
        ("total > 500", "total > 500.0"),
        ("total > 500.0", "total > 500.0"),
        ("items[0].price", "items[0].price"),
        ("x in [1, 2]", "x in [1.0, 2.0]"),
        ("x in [1]", "x in [1.0]"),
        ("name == 'room 12' && size(a) > 1", "name == 'room 12' && size_(a) > 1.0"),
        ('a == "5" || b1 == 5', 'a == "5" || b1 == 5.0'),
        ("1e3 + 2.5", "1e3 + 2.5"),
        ("a.size() + 1", "a.size_() + 1.0"),
    ],
)
def test_integer_literals_become_doubles_except_as_indexes(written: str, rewritten: str) -> None:
    assert rewrite(written) == rewritten


@pytest.mark.parametrize(
    ("expression", "data", "value"),
    [
        ("total > 500", {"total": 501}, True),
        ("total > 500.0", {"total": 500}, False),
        ("sum(items.map(i, i.price)) + 1", {"items": [{"price": 1}, {"price": 2.5}]}, 4.5),
        ("total / size(items)", {"total": 9, "items": [1, 2]}, 4.5),
        ("abs(a - b)", {"a": 1, "b": 3.5}, 2.5),
        ("round2(10.0 / 3.0)", {}, 3.33),
        ("sum([0.1, 0.2])", {}, 0.3),
        ("contains_all(a, ['x'])", {"a": ["x", "y"]}, True),
        ("contains_all(a, ['z'])", {"a": ["x", "y"]}, False),
        ("a == null", {"a": None}, True),
        ("items.filter(i, i.n > 1)[0].n", {"items": [{"n": 1}, {"n": 2}]}, 2.0),
        (
            "order.address.city.startsWith('B')",
            {"order": {"address": {"city": "Brno"}, "more": object}},
            True,
        ),
    ],
)
def test_values(expression: str, data: dict[str, object], value: object) -> None:
    assert evaluate(expression, data) == value


def test_references_leave_out_the_variables_of_macros() -> None:
    assert references("items.exists(i, i.id == order.id) && all.map(x, x.y)[0] == z") == {
        "items",
        "order",
        "all",
        "z",
    }


def test_only_what_is_read_of_a_record_is_handed_over() -> None:
    expression = compiled("order.status == 'x' && order.total > 1 && items.map(i, i.id) == []")
    assert expression.keys == {"order": frozenset({"status", "total"}), "items": None}
    assert expression.paths == ("order.status", "order.total", "items")


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("a +", "not a valid expression"),
        ("foo(a)", "unknown function 'foo'; allowed: abs, add_days, all, bool"),
        ("a.lower()", "unknown function 'lower'"),
    ],
)
def test_an_unreadable_expression_says_why(expression: str, message: str) -> None:
    with pytest.raises(ExpressionError, match=message.replace("(", r"\(")):
        compiled(expression)


@pytest.mark.parametrize(
    ("expression", "data"),
    [
        ("a.b > 1", {"a": None}),
        ("a.b > 1", {"a": {}}),
        ("a > 1", {}),
        ("a[3]", {"a": []}),
        ("a + 'x'", {"a": 1}),
        ("sum(a) > 1", {"a": ["x"]}),
        ("a.startsWith('x')", {"a": 3}),
    ],
)
def test_data_that_does_not_fit_raises_one_kind_of_error(expression: str, data: dict[str, object]) -> None:
    with pytest.raises(ExpressionError, match="cannot be evaluated"):
        evaluate(expression, data)


def test_a_condition_that_is_no_truth_value_is_an_error() -> None:
    assert holds("a", {"a": True}) is True
    with pytest.raises(ExpressionError, match="true or false"):
        holds("a", {"a": "yes"})
