"""How a conversation's mood goes, and how likely it is to become a complaint: rules with reasons, no model.

The weights are set by hand and named; the risk is a score, not a calibrated probability.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rapport.understanding.contracts import Sentiment, Signals

HALF_LIFE = 2.0
"""After this many messages a message counts half."""
LOW = -0.25
"""From here on a message is negative."""
RECOVERY = 0.4
"""A mood has recovered when it now stands at least this far above its worst point, and is no longer negative."""
_STEADY = 0.08

Direction = Literal["better", "steady", "worse"]
Reason = Literal[
    "legal_threat",
    "safety",
    "vulnerability",
    "contract_cancellation",
    "abuse",
    "anger",
    "low_now",
    "falling",
    "long_negative",
    "urgent",
    "disappointed",
    "repeated",
]
_BASE = -2.6
_WEIGHTS: dict[Reason, float] = {
    "legal_threat": 4.0,
    "safety": 3.0,
    "vulnerability": 1.5,
    "contract_cancellation": 2.5,
    "abuse": 1.8,
    "anger": 1.6,
    "low_now": 1.2,
    "falling": 0.9,
    "long_negative": 1.0,
    "urgent": 0.4,
    "disappointed": 0.7,
    "repeated": 1.0,
}
"""What each reason adds to the log-odds of a complaint."""
_RECOVERED = -1.4


@dataclass(frozen=True, slots=True)
class Mood:
    """One message of the customer."""

    sentiment: Sentiment
    signals: Signals
    is_repeated: bool = False
    """The customer had to say the same again."""


@dataclass(frozen=True, slots=True)
class Trajectory:
    """The mood over a conversation."""

    scores: tuple[float, ...]
    """Score of each message, oldest first, -1..1."""
    now: float
    """Mean of the scores, later ones counting more, -1..1; 0 without messages."""
    slope: float
    """Change of the score per message by weighted least squares."""
    direction: Direction
    worst: int | None
    """Place of the lowest score; the later of equals."""
    is_recovered: bool
    """It was negative, and is so no more."""
    risk: float
    """Of escalation or complaint, 0..1."""
    reasons: tuple[Reason, ...]
    """What raises the risk, the weightiest first."""


def follow(moods: Sequence[Mood]) -> Trajectory:
    """The trajectory of a conversation's messages, oldest first."""
    scores = tuple(mood.sentiment.score for mood in moods)
    if not scores:
        return Trajectory((), 0.0, 0.0, "steady", None, is_recovered=False, risk=0.0, reasons=())
    weights = [0.5 ** ((len(scores) - 1 - place) / HALF_LIFE) for place in range(len(scores))]
    current = sum(w * s for w, s in zip(weights, scores, strict=True)) / sum(weights)
    slope = _slope(scores, weights)
    worst = max(place for place, score in enumerate(scores) if score == min(scores))
    is_recovered = (
        scores[worst] <= LOW and scores[-1] > LOW and current > LOW and scores[-1] - scores[worst] >= RECOVERY
    )
    reasons = _reasons(moods, current, slope, is_recovered=is_recovered)
    odds = _BASE + sum(_WEIGHTS[reason] for reason in reasons) + (_RECOVERED if is_recovered else 0.0)
    return Trajectory(
        scores,
        round(current, 3),
        round(slope, 3),
        "steady" if abs(slope) < _STEADY else "better" if slope > 0 else "worse",
        worst,
        is_recovered=is_recovered,
        risk=round(1 / (1 + math.exp(-odds)), 3),
        reasons=reasons,
    )


def _slope(scores: Sequence[float], weights: Sequence[float]) -> float:
    if len(scores) < 2:
        return 0.0
    total = sum(weights)
    centre = sum(w * place for place, w in enumerate(weights)) / total
    middle = sum(w * s for w, s in zip(weights, scores, strict=True)) / total
    spread = sum(w * (place - centre) ** 2 for place, w in enumerate(weights))
    rows = zip(weights, scores, strict=True)
    return sum(w * (place - centre) * (s - middle) for place, (w, s) in enumerate(rows)) / spread


def _reasons(
    moods: Sequence[Mood], current: float, slope: float, *, is_recovered: bool
) -> tuple[Reason, ...]:
    """Signs said anywhere count; feelings count as they are now."""
    last = moods[-1].sentiment
    said = [mood.signals for mood in moods]
    tail = [mood.sentiment.score <= LOW for mood in moods[-3:]]
    tests: dict[Reason, bool] = {
        "legal_threat": any(signals.legal_threat for signals in said),
        "safety": any(signals.safety for signals in said),
        "vulnerability": any(signals.vulnerability for signals in said),
        "contract_cancellation": any(signals.contract_cancellation for signals in said),
        "abuse": any(signals.abuse for signals in said[-3:]) and not is_recovered,
        "anger": last.anger >= 0.5,
        "low_now": current <= LOW,
        "falling": slope <= -2 * _STEADY and last.score < 0,
        "long_negative": len(tail) == 3 and all(tail),
        "urgent": last.urgency >= 0.6,
        "disappointed": last.disappointment >= 0.5,
        "repeated": any(mood.is_repeated for mood in moods[-3:]),
    }
    return tuple(sorted((reason for reason, holds in tests.items() if holds), key=lambda r: -_WEIGHTS[r]))
