"""How the customer felt, message by message: as decisions record it, and as a trajectory is read from it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any

from rapport.understanding.contracts import Sentiment, Signals, Understanding
from rapport.understanding.logic.sentiment import LEVELS
from rapport.understanding.logic.trajectory import Mood

_SHARES = ("anger", "urgency", "disappointment", "gratitude")
_SIGNS = tuple(field.name for field in fields(Signals))
NOT_UNDERSTOOD = "not_understood"


def mood_record(read: Understanding) -> dict[str, Any]:
    """What a decision keeps of a message's mood: ``{"sentiment": {"label", "score", ...}, "signals": [...]}``."""
    felt = read.sentiment
    return {
        "sentiment": {
            "label": felt.label,
            "score": round(felt.score, 3),
            **{name: share for name in _SHARES if (share := getattr(felt, name))},
        },
        "signals": [name for name in _SIGNS if getattr(read.signals, name)],
    }


def mood_of(read: Understanding, *, is_repeated: bool = False) -> Mood:
    """A message's mood as it was just read."""
    return Mood(read.sentiment, read.signals, is_repeated)


def recorded_moods(records: Iterable[tuple[str, Mapping[str, Any]]]) -> list[Mood]:
    """Moods of what was chosen and what was recorded of each message, oldest first; clicks have none.

    A message after one that was not understood counts as said again.
    """
    moods, is_repeated = [], False
    for chosen, record in records:
        mood = _mood(record, is_repeated=is_repeated)
        if mood is not None:
            moods.append(mood)
        is_repeated = NOT_UNDERSTOOD in chosen
    return moods


def _mood(record: Mapping[str, Any], *, is_repeated: bool) -> Mood | None:
    felt = record.get("sentiment")
    if not isinstance(felt, Mapping) or felt.get("label") not in LEVELS:
        return None
    said = record.get("signals") or ()
    sentiment = Sentiment(
        felt["label"],
        float(felt.get("score", 0.0)),
        **{name: float(felt.get(name, 0.0)) for name in _SHARES},
    )
    return Mood(sentiment, Signals(**{name: name in said for name in _SIGNS}), is_repeated)
