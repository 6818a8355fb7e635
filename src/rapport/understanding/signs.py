"""What needs no model: business-critical signs, injection and abuse, and the feelings that words alone show."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import fields

import numpy as np
from numpy.typing import NDArray

from rapport.understanding.abuse import find_abuse
from rapport.understanding.contracts import DialogueAct, Sentiment, Signals
from rapport.understanding.injection import find_injection
from rapport.understanding.lexicons import Lexicons
from rapport.understanding.logic.cleaning import fold
from rapport.understanding.logic.sentiment import Moods, read_sentiment

_MAX_CHARS = 6000
_SIGNALS = tuple(field.name for field in fields(Signals))
_THANKS = Sentiment("positive", 0.4)


def find_signs(text: str, cleaned: str, lexicons: Lexicons) -> set[str]:
    """Names of the word lists found in a text, and ``injection`` and ``abuse``.

    Args:
        text: as it came: injections hide in what cleaning takes away.
        cleaned: the same, cleaned.
        lexicons: the word lists.
    """
    folded = fold(cleaned[:_MAX_CHARS])
    found = {name for name, pattern in lexicons.signals.items() if pattern.search(folded)}
    if find_injection(text).is_injection:
        found.add("injection")
    if find_abuse(cleaned):
        found.add("abuse")
    return found


def as_signals(found: AbstractSet[str]) -> Signals:
    """The signs that always reach a person, of everything found."""
    return Signals(**{name: name in found for name in _SIGNALS})


def feel(
    text: str, act: DialogueAct | None, shares: NDArray[np.float32] | None, found: AbstractSet[str]
) -> Sentiment:
    """How the writer seems to feel; without a model's `shares`, by words and visible marks."""
    moods = Moods(
        swears=bool({"swearing", "abuse"} & found),
        hurries="urgency" in found,
        rages="anger" in found,
        regrets="disappointment" in found,
        thanks="gratitude" in found,
    )
    felt = read_sentiment(text, shares, swears=moods.swears, hurries=moods.hurries, moods=moods)
    return _THANKS if shares is None and act == "thanks" and felt.score == 0 else felt
