"""A yes in a whole sentence: "Yes, please cancel the order", said to a summary of just that.

A summary is agreed to by a yes and words that add nothing: of going ahead, or of the summary itself. Any other word,
a number or name that is not in it, a "but", a "not", a question: then it is no plain yes, and is read as anything else.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rapport.understanding.logic.cleaning import fold, words

_LONGEST = 40
_SAME_START = 4
"""Inflected words agree in so many letters ("cancelling", "cancel"), unless they hold digits."""
_QUESTION = re.compile(r"[?？¿]")


@dataclass(frozen=True, slots=True)
class Agreement:
    """The words of one language."""

    yes: frozenset[tuple[str, ...]]
    going_on: frozenset[str]
    turning: frozenset[str]

    @classmethod
    def of(cls, data: Mapping[str, Mapping[str, Sequence[str]]], language: str) -> Agreement:
        """From written lists."""
        lists = {name: [tuple(words(fold(p))) for p in by[language]] for name, by in data.items()}
        loose = {name: frozenset(w for phrase in found for w in phrase) for name, found in lists.items()}
        return cls(frozenset(lists["yes"]), loose["going_on"], loose["turning"])


def agrees(text: str, summary: str, language: Agreement) -> bool:
    """Whether a text says yes to a summary, all of it and nothing else."""
    said = words(fold(text[:400]))
    if not said or len(said) > _LONGEST or _QUESTION.search(text) or language.turning & set(said):
        return False
    known = frozenset(words(fold(summary)))
    at = _yes_at(said, language)
    if at is None:
        return False
    return all(word in language.going_on or _is_known(word, known) for word in said[at[1] :])


def _yes_at(said: list[str], language: Agreement) -> tuple[int, int] | None:
    """Where the first yes stands; before it there may be nothing but polite words."""
    longest = max(len(phrase) for phrase in language.yes)
    for start in range(len(said)):
        for size in range(min(longest, len(said) - start), 0, -1):
            if tuple(said[start : start + size]) in language.yes:
                return start, start + size
        if said[start] not in language.going_on:
            return None
    return None


def _is_known(word: str, known: frozenset[str]) -> bool:
    if word in known:
        return True
    if len(word) < _SAME_START or any(char.isdigit() for char in word):
        return False
    return any(other[:_SAME_START] == word[:_SAME_START] for other in known if len(other) >= _SAME_START)
