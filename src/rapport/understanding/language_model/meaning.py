"""From commands to an `Understanding`: what the assistant acts on looks the same whichever engine read it.

Language, positions, entities and signs of danger stay as the embedded reader found them; a model adds to them and
never takes a sign away. It cannot say yes for the customer: confirmation comes from words or clicks alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Literal

from rapport.understanding.contracts import (
    LANGUAGE_MODEL,
    Context,
    DialogueAct,
    Entity,
    IntentScore,
    ModelRef,
    Segment,
    Sentiment,
    Understanding,
)
from rapport.understanding.language_model.commands import Command, Pointed, Reading, SentimentLabel
from rapport.understanding.language_model.settings import LanguageModelSettings

OUT_OF_SCOPE: Literal["out_of_scope"] = "out_of_scope"
_SCORES: dict[SentimentLabel, float] = {
    "very_negative": -0.9,
    "negative": -0.5,
    "neutral": 0.0,
    "positive": 0.5,
    "very_positive": 0.9,
}
_TOP = 10
_HESITATION = 0.9
"""Probability shared by the options of a `clarify`; the rest is for what was not thought of."""
_MOST_OF_ONE = 0.49
"""An option the model hesitates about is never more likely than not."""
_SURE_OF_LANGUAGE = 0.5
"""Below it the embedded reader guesses the language, and the model's word is taken."""
_MOVES: dict[str, DialogueAct] = {
    "cancel": "cancel",
    "correct": "correct",
    "deny": "deny",
    "skip": "skip",
    "repeat": "repeat",
}
"""Moves where something is going on."""
_MOVES_ANYWHERE: dict[str, DialogueAct] = {"undo": "undo", "show_menu": "menu"}
_REQUESTS = ("start_procedure", "ask_knowledge", "clarify", "hand_over", "small_talk")


def overlay(
    read: Understanding, reading: Reading, context: Context, settings: LanguageModelSettings
) -> Understanding:
    """The embedded reader's result with the model's commands in it."""
    is_guess = read.language_confidence < _SURE_OF_LANGUAGE and bool(reading.language)
    return replace(
        read,
        language=reading.language if is_guess else read.language,
        act=read.act or _act(reading.commands, context, settings.min_confidence),
        segments=_segments(read, reading.commands, settings.min_confidence),
        entities=_entities(read, reading.entities),
        sentiment=_sentiment(read.sentiment, reading.sentiment),
        model=ModelRef(LANGUAGE_MODEL, settings.server.model[:40], settings.server.name[:30]),
        threshold=settings.min_confidence,
    )


def said_values(reading: Reading) -> tuple[str, ...]:
    """The words the model gives for slots."""
    return tuple(dict.fromkeys(c.value for c in reading.commands if c.kind in {"fill_slot", "correct"}))


def _act(commands: Sequence[Command], context: Context, min_confidence: float) -> DialogueAct | None:
    """Stopping, correcting, a no are moves only where something is going on; who gives a request makes none."""
    moves = _MOVES_ANYWHERE if context.expects is None else {**_MOVES, **_MOVES_ANYWHERE}
    if context.expects is None and any(c.kind in _REQUESTS for c in commands):
        return None
    sure = (c for c in commands if c.kind in moves and c.confidence >= min_confidence)
    return next((moves[c.kind] for c in sure), None)


# ── segments ───────────────────────────────────────────────────────────────────────────────────────


def _segments(read: Understanding, commands: Sequence[Command], min_confidence: float) -> tuple[Segment, ...]:
    requests: dict[str, Command] = {}
    for command in commands:
        if command.kind in _REQUESTS:
            requests.setdefault(_intent(command) or "clarify", command)
    found = list(requests.values())
    background = read.segments[0].intents if read.segments else ()
    if not found:
        whole = Segment(read.text, 0, len(read.text), background, accepted=False, abstention="uncertain")
        return (whole,)
    places = _places(read.text, [c.quote for c in found])
    return tuple(
        _segment(read.text, place, command, background, min_confidence)
        for place, command in zip(places, found, strict=True)
    )


def _segment(
    text: str,
    place: tuple[int, int],
    command: Command,
    background: tuple[IntentScore, ...],
    min_confidence: float,
) -> Segment:
    start, end = place
    intents = _ranked(command, background)
    name = _intent(command)
    if name == OUT_OF_SCOPE:
        return Segment(text[start:end], start, end, intents, accepted=False, abstention=OUT_OF_SCOPE)
    is_accepted = bool(name) and command.confidence >= min_confidence
    return Segment(text[start:end], start, end, intents, is_accepted, None if is_accepted else "uncertain")


def _intent(command: Command) -> str:
    """The label a request goes by; empty when the model hesitates."""
    match command.kind:
        case "start_procedure":
            return command.procedure
        case "ask_knowledge":
            return "question"
        case "small_talk":
            return "small_talk"
        case "hand_over":
            return "complaint" if command.reason == "complaint" else "talk_to_person"
        case "clarify" if command.reason == OUT_OF_SCOPE and not command.options:
            return OUT_OF_SCOPE
    return ""


def _ranked(command: Command, background: tuple[IntentScore, ...]) -> tuple[IntentScore, ...]:
    """The model's choice first; what the embedded engine weighed shares the rest."""
    name = _intent(command)
    if name:
        chosen = [IntentScore(name, command.confidence)]
    else:
        each = min(_MOST_OF_ONE, _HESITATION / max(1, len(command.options)))
        chosen = [IntentScore(option, each) for option in command.options]
    names = {score.name for score in chosen}
    rest = max(0.0, 1.0 - sum(score.probability for score in chosen))
    lowest = min((score.probability for score in chosen), default=1.0)
    others = [
        IntentScore(score.name, min(lowest, score.probability * rest))
        for score in background
        if score.name not in names
    ]
    return tuple([*chosen, *sorted(others, key=lambda s: -s.probability)][:_TOP])


def _places(text: str, quotes: Sequence[str]) -> list[tuple[int, int]]:
    """Where requests stand: by their quotes if all are found in order, else the first one has the whole text."""
    if len(quotes) == 1:
        return [(0, len(text))]
    places, at = [], 0
    folded = text.casefold()
    is_aligned = len(folded) == len(text)
    for quote in quotes:
        start = folded.find(quote.casefold(), at) if quote and is_aligned else -1
        if start < 0:
            end = len(text)
            return [(0, end), *((end, end) for _ in quotes[1:])]
        at = start + len(quote)
        places.append((start, at))
    return places


# ── entities and sentiment ─────────────────────────────────────────────────────────────────────────


def _entities(read: Understanding, pointed: Sequence[Pointed]) -> tuple[Entity, ...]:
    """Values the patterns missed, if they are spelt in the text where the model says."""
    found = list(read.entities)
    for point in pointed:
        start = read.text.find(point.quote)
        value = _normalised(point)
        if start < 0 or value is None:
            continue
        end = start + len(point.quote)
        if not any(start < e.end and e.start < end for e in found):
            found.append(Entity(point.kind, value, point.quote, start, end, 0.5))
    return tuple(sorted(found, key=lambda e: e.start))


def _normalised(point: Pointed) -> Any:
    """The value in the contract's form; None when it has characters that the quote does not have."""
    letters = iter([c for c in point.quote.casefold() if c.isalnum()])
    wanted = [c for c in point.value.casefold() if c.isalnum()]
    digits = "".join(c for c in wanted if c.isdigit())
    if point.kind == "order_id":
        is_spelt = len(digits) == 7 and all(c in letters for c in digits)
        return f"#W{digits}" if is_spelt else None
    if not wanted or not all(c in letters for c in wanted):
        return None
    if point.kind == "quantity":
        return int(digits) if digits and len(digits) <= 3 and digits == "".join(wanted) else None
    return point.value


def _sentiment(read: Sentiment, label: SentimentLabel | None) -> Sentiment:
    if label is None or label == read.label:
        return read
    return replace(read, label=label, score=_SCORES[label])
