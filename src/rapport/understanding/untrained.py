"""Before the first training: words that are moves of a dialogue are known, every request is left to a choice.

A worker starts with this when no usable model exists, and goes over to the trained engine by itself.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from pathlib import Path

from rapport.understanding.contracts import (
    Candidate,
    Context,
    Encoder,
    Engine,
    ModelRef,
    Reference,
    Segment,
    Understanding,
)
from rapport.understanding.encoders import Panel
from rapport.understanding.entities import find_entities
from rapport.understanding.language import detect_language
from rapport.understanding.lexicons import load_lexicons
from rapport.understanding.logic.cleaning import clean
from rapport.understanding.logic.references import resolve
from rapport.understanding.signs import as_signals, feel, find_signs
from rapport.understanding.storage import NoModel
from rapport.understanding.swapping import load_engine

LOOK_EVERY_S = 1.0


class WaitingEngine:
    """Abstains from every request until a model appears in the directory, then is that model's engine."""

    def __init__(self, model_dir: Path, encoder: Panel | Encoder | None) -> None:
        self._dir, self._encoder = model_dir, encoder
        self._lexicons = load_lexicons()
        self._lock = threading.Lock()
        self._trained: Engine | None = None
        self._looked_at = 0.0

    def understand(self, text: str, context: Context) -> Understanding:
        """Read what needs no model: language, moves, entities, signs, and feelings as words show them."""
        trained = self._look()
        if trained is not None:
            return trained.understand(text, context)
        started = time.thread_time()
        cleaned = clean(text)
        acts = self._lexicons.acts.find(cleaned, context.languages)
        language, confidence = detect_language(cleaned, context.languages, context.previous_language, acts)
        act = acts.get(language) or next(iter(acts.values()), None)
        found = find_signs(text, cleaned, self._lexicons)
        if act is None and "human_phrases" in found:
            act = "human"
        return Understanding(
            text=cleaned,
            language=language,
            language_confidence=round(confidence, 4),
            act=act,
            segments=(Segment(cleaned, 0, len(cleaned), (), accepted=False, abstention="uncertain"),),
            entities=find_entities(cleaned, context, language),
            sentiment=feel(cleaned, act, None, found),
            signals=as_signals(found),
            model=ModelRef("none", "untrained", "lexical"),
            encode_ms=0.0,
            total_ms=round((time.thread_time() - started) * 1000, 3),
        )

    def resolve(self, text: str, candidates: Sequence[Candidate], *, many: bool, language: str) -> Reference:
        """Which of the candidates the text refers to."""
        return resolve(text, candidates, many=many, language=language)

    def _look(self) -> Engine | None:
        if self._trained is None and time.monotonic() - self._looked_at >= LOOK_EVERY_S:
            with self._lock:
                self._looked_at = time.monotonic()
                try:
                    self._trained = self._trained or load_engine(self._dir, self._encoder)
                except NoModel:
                    return None
        return self._trained
