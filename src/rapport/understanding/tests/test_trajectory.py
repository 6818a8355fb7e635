"""A conversation's mood: where it stands, where it goes, and what makes a complaint likely."""

from __future__ import annotations

import pytest

from rapport.understanding.contracts import Sentiment, Signals
from rapport.understanding.logic.sentiment import label_of
from rapport.understanding.logic.trajectory import Mood, follow


def _moods(*scores: float, anger: float = 0.0, signals: Signals | None = None) -> list[Mood]:
    return [Mood(Sentiment(label_of(score), score, anger=anger), signals or Signals()) for score in scores]


def test_nothing_said_is_no_risk() -> None:
    found = follow([])
    assert (found.now, found.worst, found.risk, found.reasons) == (0.0, None, 0.0, ())


def test_later_messages_count_more() -> None:
    assert follow(_moods(-1.0, 1.0)).now == pytest.approx((-(0.5**0.5) + 1) / (0.5**0.5 + 1), abs=1e-3)


def test_a_straight_fall_has_its_slope_and_its_worst_point_at_the_end() -> None:
    found = follow(_moods(0.4, 0.1, -0.2, -0.5))
    assert (found.slope, found.direction, found.worst, found.is_recovered) == (-0.3, "worse", 3, False)
    assert "falling" in found.reasons


def test_a_mood_recovers() -> None:
    found = follow(_moods(0.0, -0.8, -0.1, 0.5))
    assert (found.worst, found.is_recovered, found.direction) == (1, True, "better")
    assert found.risk < 0.05


def test_still_angry_is_not_recovered() -> None:
    assert not follow(_moods(-0.9, -0.4)).is_recovered


def test_risk_names_its_reasons_weightiest_first() -> None:
    threat = follow(_moods(-0.8, anger=0.9, signals=Signals(legal_threat=True)))
    assert threat.reasons[0] == "legal_threat"
    assert "anger" in threat.reasons
    assert threat.risk > 0.9


def test_risk_never_falls_when_a_sign_is_added() -> None:
    calm = follow(_moods(0.0, 0.1)).risk
    for name in ("legal_threat", "safety", "vulnerability", "contract_cancellation", "abuse"):
        assert follow(_moods(0.0, 0.1, signals=Signals(**{name: True}))).risk > calm
