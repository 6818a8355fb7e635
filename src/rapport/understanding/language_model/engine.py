"""The language-model engine: the embedded reader's work, with the meaning of free words from a model outside."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import replace

from rapport.understanding.contracts import Candidate, Context, Engine, Reference, Understanding
from rapport.understanding.language_model.asking import Asker
from rapport.understanding.language_model.meaning import overlay, said_values
from rapport.understanding.logic.cleaning import clean

_REMEMBERED_TEXTS = 500
_UNFIT = frozenset({"empty", "unreadable", "too_long"})


class LanguageModelEngine:
    """An `Engine` that asks a model about every text that holds more than a word of the dialogue.

    Without an answer (no budget, no server, nonsense) the embedded engine's reading stands.
    """

    def __init__(self, embedded: Engine, asker: Asker) -> None:
        self.embedded, self.asker = embedded, asker
        self._values = _SaidValues()

    def understand(self, text: str, context: Context) -> Understanding:
        """Read one message."""
        return self.improve(self.embedded.understand(text, context), context)

    def improve(self, read: Understanding, context: Context) -> Understanding:
        """A reading of the embedded engine with the model's answer in it, if one may be had."""
        if not worth_asking(read):
            return read
        asked = self.asker.ask(read, context)
        read = replace(read, outside_call=asked.call)
        if asked.reading is None or not asked.reading.commands:
            return read
        better = overlay(read, asked.reading, context, self.asker.settings)
        values = said_values(asked.reading)
        for said in {better.text, *(segment.text for segment in better.segments)}:
            self._values.put(said, values)
        return better

    def resolve(self, text: str, candidates: Sequence[Candidate], *, many: bool, language: str) -> Reference:
        """Which of the candidates the text refers to; the model's wording of it helps where the text does not."""
        found = self.embedded.resolve(text, candidates, many=many, language=language)
        if found.values:
            return found
        for value in self._values.get(text):
            better = self.embedded.resolve(value, candidates, many=many, language=language)
            if better.values:
                return replace(better, spans=())
        return found


def worth_asking(read: Understanding) -> bool:
    """Whether a text is more than a word of the dialogue, and fit to be read at all."""
    if read.act is not None:
        return False
    signals = read.signals
    if signals.safety or signals.legal_threat or signals.vulnerability or signals.contract_cancellation:
        return False  # a person reads it anyway
    return not any(segment.abstention in _UNFIT for segment in read.segments)


class _SaidValues:
    """What the model said slots hold, by the text it was said of: looked at when options are matched to the text."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, tuple[str, ...]] = OrderedDict()

    def get(self, text: str) -> tuple[str, ...]:
        with self._lock:
            return self._kept.get(clean(text), ())

    def put(self, text: str, values: tuple[str, ...]) -> None:
        with self._lock:
            self._kept[clean(text)] = values
            self._kept.move_to_end(clean(text))
            if len(self._kept) > _REMEMBERED_TEXTS:
                self._kept.popitem(last=False)
