"""The comparison of two models: what passes, what does not, and its figures."""

from __future__ import annotations

import math

import pytest

from rapport.understanding.learning.logic.gate import Answer, Trial, judge
from rapport.understanding.learning.logic.hierarchy import at_level, depth, path_of
from rapport.understanding.logic.calibration import at_least


def trials(right_before: str, right_after: str, language: str = "en", sure: str = "") -> list[Trial]:
    """Rows by two rows of marks: ``+`` read rightly, ``-`` wrongly; ``a`` in `sure` where the new one answers."""
    sure = sure or "a" * len(right_after)
    found = []
    for number, (was, now, said) in enumerate(zip(right_before, right_after, sure, strict=True)):
        before = Answer("x" if was == "+" else "y", 0.9, is_accepted=True)
        after = Answer("x" if now == "+" else "y", 0.9, is_accepted=said == "a")
        found.append(Trial(number, "x", language, after, before))
    return found


def test_an_equal_model_passes() -> None:
    verdict = judge(trials("+" * 95 + "-" * 5, "+" * 95 + "-" * 5), 0.05)
    assert verdict.passed
    assert verdict.facts["accuracy"] == verdict.facts["accuracy_before"] == 0.95
    assert verdict.facts["difference_interval"] == [0.0, 0.0]


def test_a_significantly_worse_one_does_not() -> None:
    verdict = judge(trials("+" * 100, "+" * 90 + "-" * 10), 0.5)
    assert verdict.failures == ("accuracy", "language:en")
    assert (verdict.facts["better"], verdict.facts["worse"]) == (0, 10)
    assert verdict.facts["p_worse"] == pytest.approx(0.5**10, abs=1e-4)
    assert verdict.facts["difference_interval"][1] < 0


def test_a_few_changes_either_way_are_chance() -> None:
    verdict = judge(trials("+" * 97 + "---", "-" * 4 + "+" * 96), 0.05)
    assert (verdict.facts["better"], verdict.facts["worse"]) == (3, 4)
    assert verdict.passed


def test_a_broken_promise_does_not_pass() -> None:
    wrong = "+" * 80 + "-" * 20
    assert judge(trials(wrong, wrong), 0.02).failures == ("risk",)
    unsure = judge(trials(wrong, wrong, sure="a" * 80 + "." * 20), 0.02)
    assert unsure.passed
    assert unsure.facts["risk"]["coverage"] == 0.8


def test_one_language_may_not_pay_for_the_others() -> None:
    rows = [*trials("-" * 20 + "+" * 80, "+" * 100), *trials("+" * 20, "-" * 3 + "+" * 17, "cs")]
    assert judge(rows, 0.5).failures == ("language:cs",)
    few = [*trials("-" * 20 + "+" * 80, "+" * 100), *trials("+" * 10, "-" * 3 + "+" * 7, "cs")]
    assert judge(few, 0.5).passed


def test_a_first_model_has_nothing_to_compare_with() -> None:
    first = [Trial(1, "x", "en", Answer("x", 0.9, is_accepted=True))]
    verdict = judge(first, 0.05)
    assert verdict.passed
    assert verdict.facts["accuracy_before"] is None
    assert judge([], 0.05).passed


def test_binomial_tail_against_its_definition() -> None:
    for hits, tried, rate in ((3, 10, 0.2), (10, 10, 0.5), (1, 4, 0.05)):
        exact = sum(math.comb(tried, k) * rate**k * (1 - rate) ** (tried - k) for k in range(hits, tried + 1))
        assert at_least(hits, tried, rate) == pytest.approx(exact, rel=1e-9)
    assert at_least(0, 10, 0.1) == 1.0


def test_levels_of_a_hierarchy() -> None:
    parents = {"return_items": "orders", "orders": "shop"}
    assert path_of("return_items", parents) == ("shop", "orders", "return_items")
    assert path_of("orders/cancel", {}) == ("orders", "orders/cancel")
    assert at_level("return_items", 1, parents) == "shop"
    assert at_level("other", 2, parents) == "other"
    assert depth(["return_items", "other"], parents) == 3
    assert path_of("a", {"a": "b", "b": "a"}) == ("b", "a")
    near = [Trial(1, "orders/cancel", "en", Answer("orders/return", 0.9, is_accepted=True))]
    assert judge(near, 0.5).facts["levels"] == {"1": 1.0, "2": 0.0}
