"""An engine that follows its model directory: training or roll-back takes effect without a restart."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from pathlib import Path

from rapport.understanding.contracts import (
    Candidate,
    Context,
    Encoder,
    Explanation,
    Reference,
    Understanding,
)
from rapport.understanding.encoders import Panel, load_panel
from rapport.understanding.engine import EmbeddedEngine
from rapport.understanding.storage import CURRENT, load

_LOOK_EVERY_S = 1.0


def load_engine(model_dir: Path, encoder: Panel | Encoder | None = None) -> SwappableEngine:
    """The engine over the current model in a directory.

    Args:
        model_dir: where `TrainedModel.save` wrote.
        encoder: one encoder or a panel, taken as given; without, the installed ones the model was trained with.
    Raises: NoModel: nothing was trained into this directory.
    """
    return SwappableEngine(model_dir, encoder)


class SwappableEngine:
    """Looks at most once a second whether another model version became current, and loads it."""

    def __init__(self, model_dir: Path, encoder: Panel | Encoder | None = None) -> None:
        self._dir = model_dir
        self._encoder = encoder
        self._lock = threading.Lock()
        self._stamp = self._read_stamp()
        self._engine = self._load()
        self._engine.understand("hello, where is my order", Context())  # reads word lists and language model
        self._looked_at = time.monotonic()

    @property
    def current(self) -> EmbeddedEngine:
        """The engine of the newest version."""
        if time.monotonic() - self._looked_at >= _LOOK_EVERY_S and self._lock.acquire(blocking=False):
            try:
                self._looked_at = time.monotonic()
                stamp = self._read_stamp()
                if stamp != self._stamp:
                    self._engine, self._stamp = self._load(), stamp
            finally:
                self._lock.release()
        return self._engine

    def understand(self, text: str, context: Context) -> Understanding:
        return self.current.understand(text, context)

    def explain(self, text: str, context: Context | None = None) -> Explanation | None:
        """Why a text is read as it is."""
        return self.current.explain(text, context)

    def resolve(self, text: str, candidates: Sequence[Candidate], *, many: bool, language: str) -> Reference:
        return self.current.resolve(text, candidates, many=many, language=language)

    def _load(self) -> EmbeddedEngine:
        model = load(self._dir)
        if self._encoder is None and model.encoders:
            self._encoder = load_panel(tuple(model.encoders))
        return EmbeddedEngine(model, self._encoder if model.encoders else None)

    def _read_stamp(self) -> tuple[int, int] | None:
        pointer = self._dir / CURRENT
        if not pointer.exists():
            return None
        facts = pointer.stat()
        return facts.st_mtime_ns, facts.st_ino
