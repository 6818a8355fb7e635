"""Distances of distributions against their formulas, and alarms only beyond chance."""

from __future__ import annotations

import datetime as dt
import math

import numpy as np
import pytest

from rapport.accounts.models import User
from rapport.jobs.models import FeedEvent
from rapport.kernel.clock import use_clock
from rapport.understanding.api import learning
from rapport.understanding.learning.logic.drift import (
    chance_limit,
    compare_counts,
    compare_shares,
    divergence,
    stability_index,
)
from rapport.understanding.models import DailyFigures

TODAY = dt.datetime(2026, 3, 30, 9, tzinfo=dt.UTC)


def test_stability_index_follows_its_formula() -> None:
    before, after = {"en": 80, "de": 20}, {"en": 50, "de": 50}
    b, a = [80.5 / 101, 20.5 / 101], [50.5 / 101, 50.5 / 101]
    expected = sum((y - x) * math.log(y / x) for x, y in zip(b, a, strict=True))
    assert stability_index(before, after) == pytest.approx(expected, rel=1e-12)
    assert stability_index(before, before) == 0
    assert 0 < divergence(before, after) < 1
    assert divergence({"en": 1000}, {"de": 1000}) > 0.99


def test_chance_is_rarely_an_alarm() -> None:
    """About one in a hundred pairs of windows from one distribution lies beyond the limit of chance."""
    draws = np.random.default_rng(1)
    shares = np.array([0.4, 0.3, 0.2, 0.1])
    beyond = 0
    for _ in range(1000):
        b, a = draws.multinomial(300, shares), draws.multinomial(150, shares)
        counts = [{str(i): int(n) for i, n in enumerate(window)} for window in (b, a)]
        beyond += stability_index(*counts) > chance_limit(4, 300, 150)
    assert 2 <= beyond <= 20  # 10 expected; the bounds lie three standard deviations away


def test_a_new_language_alarms_and_small_windows_do_not() -> None:
    shift = compare_counts("languages", {"en": 900, "de": 100}, {"en": 100, "de": 20, "pl": 80})
    assert shift is not None
    assert shift.is_alarming
    assert {"pl", "en"} == {name for name, *_ in shift.detail["moved"][:2]}
    assert compare_counts("languages", {"en": 900}, {"pl": 99}) is None


def test_shares_need_intervals_apart_and_a_notable_change() -> None:
    up = compare_shares("abstained", (100, 1000), (60, 200))
    assert up is not None
    assert up.is_alarming
    slight = compare_shares("abstained", (10_000, 100_000), (11_000, 100_000))
    assert slight is not None
    assert not slight.is_alarming
    noisy = compare_shares("abstained", (20, 200), (15, 100))
    assert noisy is not None
    assert not noisy.is_alarming


def _days(first: dt.date, count: int, languages: dict[str, int], abstained: int) -> None:
    for number in range(count):
        total = sum(languages.values())
        figures = {
            "languages": languages,
            "intents": {"order_status": total},
            "abstained": abstained,
            "confidence": {"0.9": total},
        }
        DailyFigures.objects.create(day=first + dt.timedelta(days=number), messages=total, figures=figures)


@pytest.mark.django_db
def test_an_alarm_is_raised_once_shown_and_closed(supervisor: User) -> None:
    _days(dt.date(2026, 2, 23), 28, {"en": 18, "de": 2}, 2)
    _days(dt.date(2026, 3, 23), 7, {"en": 8, "pl": 12}, 12)
    with use_clock(lambda: TODAY):
        found = learning.watch()
        assert {shift.measure for shift in found} == {"languages", "abstained"}
        learning.watch()
    alarms = learning.list_alarms()
    assert sorted(alarm.measure for alarm in alarms) == ["abstained", "languages"]
    assert FeedEvent.objects.filter(kind="understanding_drift").count() == 2
    learning.close_alarm(alarms[0].id, supervisor.pk)
    assert len(learning.list_alarms()) == 1
    with use_clock(lambda: TODAY):
        learning.watch()
    assert len(learning.list_alarms()) == 1
