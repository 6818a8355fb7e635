"""Try a text: what is read from it, how sure, against which threshold, and which examples pulled it there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from rapport.accounts.api import StaffRequest, require
from rapport.accounts.contracts import Permission
from rapport.desk.contexts import Mark
from rapport.desk.lists import sentiment_mark
from rapport.desk.workbench.pages import engine, is_partial, show
from rapport.understanding.contracts import Context, Entity, IntentScore, Segment, Understanding

MAX_CHARS = 2000
SHOWN_INTENTS = 6
SHOWN_FROM = 0.1
"""Feelings with a smaller share are not shown."""
SIGNALS = {
    "legal_threat": gettext_lazy("Legal threat"),
    "safety": gettext_lazy("Safety"),
    "vulnerability": gettext_lazy("Vulnerable customer"),
    "abuse": gettext_lazy("Abuse"),
    "injection": gettext_lazy("Gives the system orders"),
    "contract_cancellation": gettext_lazy("Cancels a contract"),
}
ABSTENTIONS = {
    "out_of_scope": gettext_lazy("Not one of our topics"),
    "uncertain": gettext_lazy("Below the threshold: the customer would be asked"),
    "empty": gettext_lazy("No words in it"),
    "unreadable": gettext_lazy("Hardly any words in it"),
    "too_long": gettext_lazy("Too long to be one request"),
}


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the text, marked as an entity or not."""

    text: str
    entity: Entity | None = None
    value: str = ""


@dataclass(frozen=True, slots=True)
class Request:
    """One request found in the text."""

    segment: Segment
    intents: tuple[IntentScore, ...]
    abstention: str


@dataclass(frozen=True, slots=True)
class Pull:
    """What drew the text to its intent."""

    examples: tuple[tuple[str, str, float], ...] = ()
    """Nearest training texts, their intent and similarity."""
    words: tuple[tuple[str, float], ...] = ()
    """Words with their weight for the best intent; negative ones speak against it."""
    views: tuple[str, ...] = ()
    """What was asked: words, and encoders by name."""


@dataclass(frozen=True, slots=True)
class TryContext:
    """Everything read from a text."""

    read: Understanding
    requests: tuple[Request, ...]
    pieces: tuple[Piece, ...]
    sentiment: Mark | None
    languages: tuple[tuple[str, float], ...]
    """Each language and its share of the text; empty for a text in one language."""
    signals: tuple[str, ...]
    feelings: tuple[tuple[str, float], ...]
    pull: Pull
    is_lexical: bool
    missing: tuple[str, ...]
    """Encoders the model was trained with and that are not installed here."""


@never_cache
@require_safe
@require(Permission.SUPERVISE)
def home(request: StaffRequest) -> HttpResponse:
    """The form, and what was read of ``text``; the result alone for a partial request."""
    text = request.GET.get("text", "")[:MAX_CHARS]
    tried = try_context(text) if text.strip() else None
    context = {"tried": tried, "text": text}
    if is_partial(request):
        return render(request, "desk/workbench/tried.html", context)
    return show(request, "try.html", "understanding:home", context)


def try_context(text: str) -> TryContext:
    """Read a text as a customer's message would be read."""
    reader = engine()
    read = reader.understand(text, Context())
    signals = [name for name in SIGNALS if getattr(read.signals, name, False)]
    return TryContext(
        read=read,
        requests=tuple(
            Request(s, s.intents[:SHOWN_INTENTS], str(ABSTENTIONS.get(s.abstention or "", "")))
            for s in read.segments
        ),
        pieces=pieces_of(read.text, read.entities),
        sentiment=sentiment_mark(read.sentiment.label),
        languages=read.languages if len(read.languages) > 1 else (),
        signals=tuple(str(SIGNALS[name]) for name in signals),
        feelings=tuple(_feelings(read)),
        pull=_pull(reader, text),
        is_lexical=read.model.encoder == "lexical",
        missing=tuple(getattr(getattr(reader, "current", reader), "missing", ())),
    )


def _feelings(read: Understanding) -> list[tuple[str, float]]:
    names = ("anger", "disappointment", "gratitude", "urgency")
    found = [(name, float(getattr(read.sentiment, name, 0.0) or 0.0)) for name in names]
    return [(name, share) for name, share in found if share >= SHOWN_FROM]


def pieces_of(text: str, entities: tuple[Entity, ...]) -> tuple[Piece, ...]:
    """The text cut at its entities, in order; of overlapping entities the first counts."""
    pieces, at = [], 0
    for entity in sorted(entities, key=lambda e: (e.start, -e.end)):
        if entity.start < at or entity.end <= entity.start:
            continue
        if entity.start > at:
            pieces.append(Piece(text[at : entity.start]))
        pieces.append(Piece(text[entity.start : entity.end], entity, _value(entity.value)))
        at = entity.end
    if at < len(text):
        pieces.append(Piece(text[at:]))
    return tuple(pieces)


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return " ".join(str(part) for part in value.values())
    return str(value)


def _pull(reader: Any, text: str) -> Pull:
    """Nearest examples and pulling words, from an engine that explains itself."""
    explain = getattr(reader, "explain", None)
    found = explain(text) if explain is not None else None
    if found is None:
        return Pull()
    return Pull(
        examples=tuple((e.text, e.label, e.similarity) for e in found.examples),
        words=tuple((w.text, w.weight) for w in found.words),
        views=found.views,
    )
