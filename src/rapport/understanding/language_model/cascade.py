"""The cascade: the embedded engine answers what it is sure of, the language model is asked about the rest."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from rapport.understanding.contracts import Candidate, Context, Engine, Reference, Understanding
from rapport.understanding.language_model.engine import LanguageModelEngine, worth_asking
from rapport.understanding.logic.cleaning import words
from rapport.understanding.logic.segments import candidate_parts

LETTER_CHARS = 600
"""The embedded engine reads longer texts as one request."""
LIST_PARTS = 3
ANSWER_WORDS = 3
"""Shorter texts while a question is open are answers, which the options themselves explain."""

Why = Literal["abstained", "letter", "list"]


class CascadeEngine:
    """An `Engine` that asks outside only where it helps, within the budget of the language model's engine."""

    def __init__(self, embedded: Engine, language_model: LanguageModelEngine) -> None:
        self._embedded, self._language_model = embedded, language_model

    def understand(self, text: str, context: Context) -> Understanding:
        """Read one message."""
        read = self._embedded.understand(text, context)
        return self._language_model.improve(read, context) if why_ask(read, context) else read

    def resolve(self, text: str, candidates: Sequence[Candidate], *, many: bool, language: str) -> Reference:
        """Which of the candidates the text refers to."""
        return self._language_model.resolve(text, candidates, many=many, language=language)


def why_ask(read: Understanding, context: Context) -> Why | None:
    """Why the embedded engine's reading is not enough; None when it is."""
    if not worth_asking(read):
        return None
    if context.expects is not None and (len(words(read.text)) <= ANSWER_WORDS or _is_value(read)):
        return None
    if not all(segment.accepted for segment in read.segments):
        return "abstained"
    if len(read.text) > LETTER_CHARS:
        return "letter"
    if len(read.segments) == 1 and len(candidate_parts(read.text)) >= LIST_PARTS:
        return "list"
    return None


def _is_value(read: Understanding) -> bool:
    """Whether the text is little more than a number, an address of mail, a date: what forms are made of."""
    covered = sum(entity.end - entity.start for entity in read.entities)
    return covered * 2 > len(read.text)
