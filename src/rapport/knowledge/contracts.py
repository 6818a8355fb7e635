"""Frozen values of knowledge."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from rapport.knowledge.variant_contracts import (
    CHANNEL_FORMS,
    ConditionLanguage,
    Fits,
    Occasion,
    Quotation,
    QuotedPicture,
    VariantChoice,
    VariantDraft,
    VariantInfo,
    Verdict,
)

__all__ = [
    "CHANNEL_FORMS",
    "ArticleInfo",
    "ConditionLanguage",
    "Fits",
    "Hit",
    "ImportReport",
    "Occasion",
    "Quotation",
    "QuotedPicture",
    "Searcher",
    "TranslationInfo",
    "VariantChoice",
    "VariantDraft",
    "VariantInfo",
    "Verdict",
]


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that may answer a question, with where it stands."""

    article_id: int
    slug: str
    language: str
    title: str
    summary: str
    """One sentence that answers the article's question."""
    passage: str
    """The paragraph that fits best, plain text."""
    url: str
    """Public address of the article, relative to the installation."""
    score: float
    """0..1, calibrated so that `is_relevant` is a threshold on it."""
    is_relevant: bool
    """Above the relevance floor: weak matches are never shown as an answer."""
    lexical: float = 0.0
    semantic: float = 0.0
    reviewed_on: dt.date | None = None
    translation_id: int = 0
    version: int = 0
    """Of the article's text in this language."""


class Searcher(Protocol):
    """Finds passages; one implementation embedded, others may follow."""

    def search(self, text: str, *, language: str, audience: str = "customers", limit: int = 5) -> list[Hit]:
        """The best passages, best first; in `language` where the article exists in it, else in English."""
        ...


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import of articles did."""

    created: int
    changed: int
    unchanged: int
    encoded: int
    """Texts that needed a new vector (from the encoder or its cache)."""


@dataclass(frozen=True, slots=True)
class TranslationInfo:
    """An article in one language."""

    id: int
    language: str
    title: str
    summary: str
    body: str
    """Markdown."""
    questions: tuple[str, ...]
    updated_at: dt.datetime
    version: int = 1
    """Grows with every change of title, summary or body."""


@dataclass(frozen=True, slots=True)
class ArticleInfo:
    """An article with its translations."""

    id: int
    slug: str
    category: str
    audience: str
    """``customers`` or ``agents``."""
    status: str
    """``draft`` or ``published``."""
    reviewed_on: dt.date | None
    translations: Mapping[str, TranslationInfo]
    updated_at: dt.datetime
    helpful: int = 0
    """Readers who said it helped."""
    unhelpful: int = 0

    def translation(self, language: str) -> TranslationInfo | None:
        """In the language, else in English, else in any."""
        found = self.translations.get(language) or self.translations.get("en")
        return found or next(iter(self.translations.values()), None)
