"""Feeling from a trained head's probabilities and from what can be seen: capitals, marks, swearing, emoji."""

from __future__ import annotations

import re
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from rapport.understanding.contracts import Sentiment

Label = Literal["very_negative", "negative", "neutral", "positive", "very_positive"]
_LABELS: tuple[Label, ...] = ("very_negative", "negative", "neutral", "positive", "very_positive")
_VALUES = np.array([-1.0, -0.5, 0.0, 0.5, 1.0], np.float32)
_SHOUTED = re.compile(r"\b[A-ZА-ЯÁ-Ž]{3,}\b")
_CODE = re.compile(r"[A-Z]*\d[A-Z\d]*")
_MARKS = re.compile(r"[!?！？]{2,}")
_GLAD = re.compile("[😀😃😄😁😊🙂😍🥰❤💕👍🎉🙏🤩😘]|:-?\\)|:D")
_SAD = re.compile("[😡😠🤬😤👎💩😢😭😞😒🙁]|:-?\\(|>:\\(")


def read_sentiment(
    text: str, shares: NDArray[np.float32] | None, *, swears: bool, hurries: bool
) -> Sentiment:
    """How the writer seems to feel.

    Args:
        text: cleaned text.
        shares: probabilities of the five labels, worst first; None for texts not worth a head.
        swears: whether abusive words were found.
        hurries: whether words of urgency were found.
    """
    text = text[:2000]
    score = 0.0 if shares is None else float(shares @ _VALUES)
    anger = 0.0 if shares is None else float(shares[0] + 0.3 * shares[1])
    shouts = min(1.0, 0.3 * len(_SHOUTED.findall(_CODE.sub("", text)))) if len(text) > 5 else 0.0
    marks = 0.25 if _MARKS.search(text) else 0.0
    if swears:
        score, anger = min(score, -0.5) - 0.3, max(anger, 0.6) + 0.2
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
    urgency = (0.7 if hurries else 0.0) + 0.2 * (marks > 0) + 0.3 * min(1.0, anger)
    return Sentiment(
        label_of(score), round(score, 3), round(min(1.0, max(0.0, anger)), 3), round(min(1.0, urgency), 3)
    )


def label_of(score: float) -> Label:
    """The five-step label of a score from -1 to 1."""
    return _LABELS[int(np.digitize(score, (-0.65, -0.25, 0.25, 0.65)))]
