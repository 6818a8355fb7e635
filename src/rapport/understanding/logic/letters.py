"""Letters: messages long enough that most of their sentences ask for nothing."""

from __future__ import annotations

from collections.abc import Sequence

from rapport.understanding.logic.cleaning import READ_WORDS, is_han, words
from rapport.understanding.logic.segments import split

LETTER_WORDS = 24
"""A message of more words (Chinese characters: twice as many) is a letter."""
THOROUGH_WORDS = 18
"""So many words of a letter are read by every encoder: their time grows with each."""
_HAN = 2
"""Chinese characters that count as one word."""


def is_letter(text: str, usual: int) -> bool:
    """Whether a message is read sentence by sentence: it is longer than that, and than taught texts usually are."""
    return _size(text) > max(LETTER_WORDS, usual)


def sentences(text: str) -> list[tuple[int, int]]:
    """Spans of the sentences and clauses of a letter, as far as it is read."""
    spans, left = [], READ_WORDS
    for start, end in split(text, most=None):
        if left <= 0:
            break
        spans.append((start, end))
        left -= len(words(text[start:end]))
    return spans


def weightiest(text: str, spans: Sequence[tuple[int, int]], weights: Sequence[float]) -> list[int]:
    """Places of the sentences worth a thorough reading, weightiest first: at least one, and what room is left for.

    Args:
        text: the letter.
        spans: its sentences, as `sentences` found them.
        weights: how much each looks like a request, any scale.
    """
    room = float(THOROUGH_WORDS)
    kept: list[int] = []
    for place in sorted(range(len(spans)), key=lambda place: (-weights[place], place)):
        size = _size(text[slice(*spans[place])])
        if kept and size > room:
            continue
        kept.append(place)
        room -= size
    return kept


def _size(text: str) -> float:
    return len(words(text)) / (_HAN if is_han(text) else 1)
