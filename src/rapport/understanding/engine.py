"""The embedded engine: trained heads over words and encoders, word lists. Never raises, abstains."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from rapport.understanding.contracts import (
    AbstentionReason,
    Candidate,
    Context,
    DialogueAct,
    Encoder,
    Explanation,
    IntentScore,
    Reference,
    Segment,
    Understanding,
)
from rapport.understanding.encoders import Panel, Reading
from rapport.understanding.encoders.panel import QUICK
from rapport.understanding.entities import find_entities
from rapport.understanding.explaining import explain
from rapport.understanding.language import detect_language, find_languages, is_one_clause
from rapport.understanding.lexicons import Lexicons, load_lexicons
from rapport.understanding.logic.cleaning import (
    MAX_CHARS,
    clean,
    has_words,
    readable,
    without_blobs,
)
from rapport.understanding.logic.letters import is_letter, sentences, weightiest
from rapport.understanding.logic.references import resolve
from rapport.understanding.logic.segments import candidate_parts
from rapport.understanding.neutral import without_names
from rapport.understanding.signs import as_signals, feel, find_signs
from rapport.understanding.trained import OUT_OF_SCOPE, Prediction, TrainedModel

_MIXABLE_CHARS = 40
_SPLIT_CHARS = 600
"""Longer messages are no lists of requests: read as one, or sentence by sentence where they are letters."""
_SPLIT_RANK = 5
"""A part's intent must be among this many best of the whole message."""
_NOT_REQUESTS = ("small_talk", "complaint", "talk_to_person")
_NEVER_OF_A_LETTER = (*_NOT_REQUESTS, OUT_OF_SCOPE)
CONFIRM = "confirm"
"""What a dialogue expects that has shown what it will do."""
_ACT_INTENTS: dict[DialogueAct, str] = {
    "human": "talk_to_person",
    "greeting": "small_talk",
    "thanks": "small_talk",
    "goodbye": "small_talk",
}


class EncoderMismatch(ValueError):
    """The model was trained with another encoder; train again."""


@dataclass(slots=True)
class _Meter:
    """What one call has read so far."""

    language: str
    readings: list[Reading] = field(default_factory=list)
    core: str = ""

    @property
    def encode_ms(self) -> float:
        """CPU time spent in encoders [ms]."""
        return sum(reading.encode_ms for reading in self.readings)


@dataclass(frozen=True, slots=True)
class EmbeddedEngine:
    """Understanding by a trained model, in this process, without any other server.

    An encoder the model was trained with may be missing: the others, and in the end words alone, answer then.
    """

    model: TrainedModel
    encoder: Panel | Encoder | None
    lexicons: Lexicons = field(default_factory=load_lexicons)

    def __post_init__(self) -> None:
        for name, wanted in self.model.encoders.items():
            if name in self.panel.makers and self.panel.encoder(name).id != wanted:
                raise EncoderMismatch(f"model needs {wanted}, encoder is {self.panel.encoder(name).id}")

    @property
    def panel(self) -> Panel:
        """The encoders at hand."""
        return self.encoder if isinstance(self.encoder, Panel) else Panel.of(self.encoder)

    @property
    def missing(self) -> tuple[str, ...]:
        """Ids of encoders the model was trained with and that are not at hand."""
        return tuple(wanted for name, wanted in self.model.encoders.items() if name not in self.panel.makers)

    def understand(self, text: str, context: Context) -> Understanding:
        """Read one message; positions in the result count in `Understanding.text`."""
        started = time.thread_time()
        cleaned = clean(text)
        acts = self.lexicons.acts.find(cleaned, _order(context))
        language, confidence = detect_language(cleaned, context.languages, context.previous_language, acts)
        act = acts.get(language) or next(iter(acts.values()), None)
        if act is None and context.expects == CONFIRM and self.lexicons.agrees(cleaned, context, language):
            act = "affirm"
        if act == "cancel" and context.expects is None:
            act = None  # with nothing going on, "cancel" is a request about an order, not a move of the dialogue
        found = find_signs(text, cleaned, self.lexicons)
        problem = _unfit(text, cleaned)
        meter = _Meter(language)
        entities = find_entities(cleaned, context, language)
        segments, shares, threshold = self._read(cleaned, act, problem, meter)
        if act is None and "human_phrases" in found:
            act = "human"
        return Understanding(
            text=cleaned,
            language=language,
            language_confidence=round(confidence, 4),
            act=act,
            segments=segments,
            entities=entities,
            sentiment=feel(cleaned, act, shares, found),
            signals=as_signals(found),
            model=self.model.ref,
            encode_ms=round(meter.encode_ms, 3),
            total_ms=round((time.thread_time() - started) * 1000, 3),
            threshold=threshold,
            core=meter.core,
            languages=_languages(cleaned, language, context),
        )

    def resolve(self, text: str, candidates: Sequence[Candidate], *, many: bool, language: str) -> Reference:
        """Which of the candidates the text refers to."""
        return resolve(text, candidates, many=many, language=language)

    def explain(self, text: str, context: Context | None = None) -> Explanation | None:
        """Why a text is read as it is; None where it cannot be classified at all."""
        known = context or Context()
        cleaned = clean(text)
        if _unfit(text, cleaned) in ("empty", "unreadable"):
            return None
        language, _ = detect_language(cleaned, known.languages, known.previous_language)
        return explain(self.model, self.panel, readable(cleaned), language)

    def _read(
        self, text: str, act: DialogueAct | None, problem: AbstentionReason | None, meter: _Meter
    ) -> tuple[tuple[Segment, ...], NDArray[np.float32] | None, float | None]:
        """Segments with intents; sentiment shares and the threshold where the text was weighed."""
        whole = Segment(text, 0, len(text), (), accepted=False, abstention=problem or "uncertain")
        if problem in ("empty", "unreadable"):
            return (whole,), None, None
        if act is not None:
            return (_act_segment(whole, act),), None, None
        if not any(char.isalpha() for char in text):
            return (whole,), None, None
        if is_letter(text, self.model.usual_words):
            return self._read_letter(text, whole, meter)
        prediction = self._predict(text, meter)
        shares, meter.core = self.model.feel(meter.readings[0]), meter.readings[0].text
        if problem:
            return (replace(whole, intents=prediction.intents),), shares, prediction.threshold
        parts = self._split(text, prediction, meter)
        return parts or (_segment(text, 0, len(text), prediction),), shares, prediction.threshold

    def _predict(self, text: str, meter: _Meter) -> Prediction:
        return self.model.predict(self._reading(text, meter), self.panel)

    def _reading(self, text: str, meter: _Meter) -> Reading:
        nameless = without_names(readable(text), meter.language, self.model.ordinary)
        reading = Reading(self.panel, nameless, meter.language)
        meter.readings.append(reading)
        return reading

    def _read_letter(
        self, text: str, whole: Segment, meter: _Meter
    ) -> tuple[tuple[Segment, ...], NDArray[np.float32] | None, float | None]:
        """The requests of a letter: those its weightiest sentences are sure of, each read by itself."""
        spans = sentences(text)
        readings = [self._reading(text[slice(*span)], meter) for span in spans]
        asks = np.array([label not in _NEVER_OF_A_LETTER for label in self.model.labels])
        weights = [self.model.likeness(reading, self.panel, asks) for reading in readings]
        read = [
            (place, self.model.predict(readings[place], self.panel))
            for place in weightiest(text, spans, weights)
        ]
        mood = self._reading(text, meter)
        for name in QUICK:
            if mood.can_read(name):
                mood.vector(name)
        shares = self.model.feel(mood)
        likeliest = max(read, key=lambda pair: _request_share(pair[1]))
        meter.core = readings[likeliest[0]].text
        sure = {
            found.intents[0].name: (place, found) for place, found in reversed(read) if not found.abstention
        }
        requests = [pair for name, pair in sure.items() if name not in _NOT_REQUESTS]
        asked = requests or [pair for name, pair in sure.items() if name != "small_talk"]
        if not asked and self._is_backed(likeliest[1], mood):
            asked = [likeliest]
        if not asked or whole.abstention == "too_long":
            abstention = "too_long" if whole.abstention == "too_long" else likeliest[1].abstention
            unsure = replace(whole, intents=likeliest[1].intents, abstention=abstention or "uncertain")
            return (unsure,), shares, likeliest[1].threshold
        segments = tuple(_segment(text, *spans[place], found) for place, found in sorted(asked, key=_place))
        return segments, shares, likeliest[1].threshold

    def _is_backed(self, found: Prediction, whole: Reading) -> bool:
        """Whether a likely request of one sentence is also what the letter as a whole looks like at a quick glance."""
        best = found.intents[0]
        if best.probability < found.likely_threshold or found.abstention == "out_of_scope":
            return False
        return best.name == self.model.glance(whole, self.panel)

    def _split(self, text: str, whole: Prediction, meter: _Meter) -> tuple[Segment, ...]:
        """Several requests, if the parts are confidently different ones; else nothing."""
        spans = candidate_parts(text) if len(text) <= _SPLIT_CHARS else []
        if len(spans) < 2:
            return ()
        agreed = self._read_parts(text, spans, whole, meter)
        merged: list[tuple[int, int, Prediction | None]] = []
        for start, end in spans if agreed else ():
            found = agreed[start, end]
            if not merged or (found and _name(merged[-1]) not in (None, found.intents[0].name)):
                merged.append((start, end, found))
            else:
                merged[-1] = (merged[-1][0], end, merged[-1][2] or found)
        if len({_name(part) for part in merged} - {None}) < 2:
            return ()
        return tuple(_segment(text, start, end, found) for start, end, found in merged if found)

    def _read_parts(
        self, text: str, spans: list[tuple[int, int]], whole: Prediction, meter: _Meter
    ) -> dict[tuple[int, int], Prediction | None]:
        """What each part asks for, or nothing at all once fewer than two different requests can come out.

        The shortest parts are read first: each costs a forward pass that grows with its length.
        """
        agreed: dict[tuple[int, int], Prediction | None] = {}
        for left, (start, end) in enumerate(
            sorted(spans, key=lambda span: span[1] - span[0]), 1 - len(spans)
        ):
            found = self._predict(text[start:end], meter)
            agreed[start, end] = self._agreed(found, whole)
            if len({part.intents[0].name for part in agreed.values() if part}) - left < 2:
                return {}
        return agreed

    def _agreed(self, part: Prediction, whole: Prediction) -> Prediction | None:
        """A part's prediction if it is a request that is sure, or likely and among the whole's two best."""
        best = part.intents[0]
        if best.name in _NOT_REQUESTS or part.abstention == "out_of_scope":
            return None
        names = [score.name for score in whole.intents]
        rank = names.index(best.name) if best.name in names else len(names)
        is_sure = part.abstention is None and rank < _SPLIT_RANK
        is_likely = best.probability >= part.likely_threshold and rank < 2
        return replace(part, abstention=None) if is_sure or is_likely else None


def _request_share(found: Prediction) -> float:
    """How likely a sentence is to hold a request of ours."""
    best = found.intents[0]
    return 0.0 if best.name in _NEVER_OF_A_LETTER else best.probability


def _place(pair: tuple[int, Prediction]) -> int:
    return pair[0]


def _name(part: tuple[int, int, Prediction | None]) -> str | None:
    return part[2].intents[0].name if part[2] else None


def _order(context: Context) -> tuple[str, ...]:
    """Languages to try word lists in: the one spoken so far first."""
    previous = context.previous_language
    if previous not in context.languages:
        return context.languages
    return (previous, *(language for language in context.languages if language != previous))


def _languages(text: str, language: str, context: Context) -> tuple[tuple[str, float], ...]:
    """Languages of a text; a short one, or a single clause, has a single one."""
    if len(text) < _MIXABLE_CHARS or is_one_clause(text):
        return ((language, 1.0),)
    return find_languages(text, context.languages) or ((language, 1.0),)


def _unfit(text: str, cleaned: str) -> AbstentionReason | None:
    """Why a text cannot be classified at all."""
    if not has_words(cleaned):
        return "empty"
    if len(without_blobs(cleaned).strip()) * 10 < len(cleaned):
        return "unreadable"
    return "too_long" if len(text) > MAX_CHARS else None


def _act_segment(whole: Segment, act: DialogueAct) -> Segment:
    intent = _ACT_INTENTS.get(act)
    if intent is None:
        return whole
    return replace(whole, intents=(IntentScore(intent, 1.0),), accepted=True, abstention=None)


def _segment(text: str, start: int, end: int, prediction: Prediction) -> Segment:
    stripped = text[start:end].strip()
    start = text.index(stripped, start)
    abstention = prediction.abstention
    return Segment(stripped, start, start + len(stripped), prediction.intents, abstention is None, abstention)
