"""Feeling from a trained head's probabilities and from what can be seen: capitals, marks, swearing, emoji."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from rapport.understanding.contracts import Sentiment

Label = Literal["very_negative", "negative", "neutral", "positive", "very_positive"]
LEVELS: tuple[Label, ...] = ("very_negative", "negative", "neutral", "positive", "very_positive")
_VALUES = np.array([-1.0, -0.5, 0.0, 0.5, 1.0], np.float32)
_SHOUTED = re.compile(r"\b[A-ZА-ЯÁ-Ž]{3,}\b")
_CODE = re.compile(r"[A-Z]*\d[A-Z\d]*")
_MARKS = re.compile(r"[!?！？]{2,}")
_GLAD = re.compile("[😀😃😄😁😊🙂😍🥰❤💕👍🎉🙏🤩😘]|:-?\\)|:D")
_SAD = re.compile("[😡😠🤬😤👎💩😢😭😞😒🙁]|:-?\\(|>:\\(")


@dataclass(frozen=True, slots=True)
class Moods:
    """Which word lists were found in the text."""

    swears: bool = False
    hurries: bool = False
    rages: bool = False
    regrets: bool = False
    thanks: bool = False


def read_sentiment(
    text: str,
    shares: NDArray[np.float32] | None,
    *,
    swears: bool,
    hurries: bool,
    moods: Moods | None = None,
) -> Sentiment:
    """How the writer seems to feel.

    Args:
        text: cleaned text.
        shares: probabilities of the five labels, worst first; None for texts not worth a head.
        swears: whether abusive words were found.
        hurries: whether words of urgency were found.
        moods: everything found in word lists; without it only `swears` and `hurries` are known.
    """
    text = text[:2000]
    moods = moods or Moods(swears=swears, hurries=hurries)
    score = 0.0 if shares is None else float(shares @ _VALUES)
    anger = 0.0 if shares is None else float(shares[0] + 0.3 * shares[1])
    shouts = min(1.0, 0.3 * len(_SHOUTED.findall(_CODE.sub("", text)))) if len(text) > 5 else 0.0
    marks = 0.25 if _MARKS.search(text) else 0.0
    if moods.swears:
        score, anger = min(score, -0.5) - 0.3, max(anger, 0.6) + 0.2
    if moods.rages:
        score, anger = min(score, -0.3) - 0.2, max(anger, 0.5) + 0.2
    if _SAD.search(text):
        score, anger = score - 0.4, anger + 0.2
    elif _GLAD.search(text):
        score += 0.4
    if score < -0.1:
        score -= 0.5 * (shouts + marks) * min(1.0, -2 * score)
        anger += 0.5 * shouts + marks
    elif score > 0.1:
        score += 0.5 * marks
    score = max(-1.0, min(1.0, score))
    urgency = (0.7 if moods.hurries else 0.0) + 0.2 * (marks > 0) + 0.3 * min(1.0, anger)
    return Sentiment(
        label_of(score),
        round(score, 3),
        anger=_share(anger),
        urgency=_share(urgency),
        disappointment=_share(_disappointment(shares, score, moods)),
        gratitude=_share(_gratitude(score, moods)),
    )


def _disappointment(shares: NDArray[np.float32] | None, score: float, moods: Moods) -> float:
    """Negative without rage: the word for it counts most, then a mildly negative reading."""
    mild = 0.0 if shares is None else float(shares[1] + 0.5 * shares[0])
    found = 0.6 * mild + (0.6 if moods.regrets and score < 0.25 else 0.0)
    return found * (0.5 if moods.swears else 1.0)


def _gratitude(score: float, moods: Moods) -> float:
    """Thanks, unless the rest of the message says otherwise: politeness closes many complaints."""
    return (0.55 + 0.45 * max(-1.0, min(1.0, score))) if moods.thanks else 0.0


def _share(value: float) -> float:
    return round(min(1.0, max(0.0, value)), 3)


def label_of(score: float) -> Label:
    """The five-step label of a score from -1 to 1."""
    return LEVELS[int(np.digitize(score, (-0.65, -0.25, 0.25, 0.65)))]
