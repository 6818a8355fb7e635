"""Shares with their intervals, and spreads."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rapport.reports.logic.shares import Share, Spread, not_exceeded, spread, wilson


@pytest.mark.parametrize(
    ("count", "of", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_the_interval_is_the_published_one(count, of, low, high):
    """R. G. Newcombe, "Two-sided confidence intervals for the single proportion", 1998, table I, method 3."""
    assert [round(end, 4) for end in wilson(count, of)] == [low, high]


@given(st.integers(1, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_interval_holds_the_share(pair):
    count, of = pair
    low, high = wilson(count, of)
    assert 0 <= low <= count / of + 1e-12
    assert count / of - 1e-12 <= high <= 1


def test_fewer_than_five_cases_are_no_share():
    assert (Share(4, 4).share, Share(4, 4).low, Share(4, 4).high) == (None, None, None)
    assert Share(4, 5).share == 0.8
    assert Share(0, 0).share is None


def test_a_spread_is_median_ninetieth_and_mean():
    assert spread([1, 2, 3, 4, 5, 6, 7, 8, 9, 30]) == Spread(5.5, 9, 7.5)
    assert spread([1, 2, 3, 4]) is None


def test_nine_in_ten_do_not_exceed_it():
    assert not_exceeded([0, 0, 0, 0, 0, 0, 0, 0, 0, 1], 0.9) == 0
    assert not_exceeded([1, 1, 1, 2, 3], 0.9) == 3
