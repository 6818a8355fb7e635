"""Where models are made: the encoders with their caches, the directory, and how a model is asked about many texts.

The one module of learning that touches a model; the others deal in rows, answers and versions.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from rapport.kernel.languages import LANGUAGES
from rapport.understanding import api as understanding
from rapport.understanding.api import Panel, Reading, TrainedModel, TrainingSettings
from rapport.understanding.contracts import Encoder, Example, TrainingReport
from rapport.understanding.learning.logic.gate import Answer
from rapport.understanding.logic.cleaning import clean, readable
from rapport.understanding.neutral import without_names

_PLACEHOLDER = re.compile(r"\[[a-z_ ]{2,20}( \d{1,6})?\]")
"""What redaction leaves in a text; customers do not write it, so nothing is learned from it."""
_SCORES = np.array([-1, -0.5, 0, 0.5, 1], np.float32)
"""What the five sentiments count, the worst first."""
HELD = "held"
"""Folder, within the model directory, of versions that did not pass."""


@dataclass(frozen=True, slots=True)
class Workshop:
    """Everything a training needs besides its rows."""

    model_dir: Path
    encoder: Panel | Encoder | None
    """None trains on words alone."""
    vectors: Path | None = None
    """Folder where vectors are cached between trainings."""

    @property
    def held_dir(self) -> Path:
        """Where versions wait that did not pass."""
        return self.model_dir / HELD

    @property
    def panel(self) -> Panel:
        """The encoders at hand; none leaves words alone."""
        return Panel.of(self.encoder)

    @property
    def encoder_id(self) -> str:
        """Names of the encoders, as models record them."""
        return self.panel.id

    def opened(self) -> Workshop:
        """This workshop with the vectors of earlier trainings; for one training."""
        if self.vectors is None:
            return self
        return replace(self, encoder=self.panel.cached(self.vectors), vectors=None)

    def train(
        self, examples: Sequence[Example], risk: float, seed: int
    ) -> tuple[TrainedModel, TrainingReport]:
        """A model of these examples."""
        spoken = [replace(e, text=_PLACEHOLDER.sub(" ", e.text)) for e in examples]
        settings = TrainingSettings(risk, seed, previous=self.in_force())
        return understanding.train(spoken, self.panel, settings=settings)

    def ask(self, model: TrainedModel, texts: Sequence[str]) -> list[Answer]:
        """What a model says of each text, alone and without context."""
        panel = self.panel
        return [_answer(model, reading, panel) for reading in self._readings(model, texts)]

    def ask_and_feel(self, model: TrainedModel, texts: Sequence[str]) -> tuple[list[Answer], list[float]]:
        """The same, and the sentiment of each text, -1..1, from the vectors that were made for the intent."""
        panel, said, felt = self.panel, [], []
        for reading in self._readings(model, texts):
            said.append(_answer(model, reading, panel))
            felt.append(round(float(model.feel(reading) @ _SCORES), 4))
        return said, felt

    def _readings(self, model: TrainedModel, texts: Sequence[str]) -> list[Reading]:
        """The texts under the panel, encoded in one go: much quicker than one by one, and the cache keeps them."""
        panel = self.panel
        read = [readable(clean(_PLACEHOLDER.sub(" ", text))) for text in texts]
        languages = [understanding.detect_language(text, LANGUAGES, None)[0] for text in read]
        found = [
            Reading(panel, without_names(text, language, model.ordinary), language)
            for text, language in zip(read, languages, strict=True)
        ]
        for name in panel.names:
            if name in model.encoders:
                panel.encoder(name).queries([reading.text for reading in found if reading.can_read(name)])
        return found

    def in_force(self) -> TrainedModel | None:
        """The model customers are answered with; None before the first, or when its format is not read any more."""
        if self.current() is None:
            return None
        try:
            model = understanding.load_model(self.model_dir)
        except understanding.NoModel:
            return None
        panel = self.panel
        is_foreign = any(
            n in panel.makers and panel.encoder(n).id != id_ for n, id_ in model.encoders.items()
        )
        return None if is_foreign else model

    def current(self) -> str | None:
        """The version in force."""
        return understanding.current_version(self.model_dir)

    def kept(self) -> tuple[str, ...]:
        """Versions whose files are there and that can be put into force."""
        return understanding.list_versions(self.model_dir)

    def put_into_force(self, version: str) -> None:
        """Raises NoModel: its file is not kept any more."""
        understanding.activate(self.model_dir, version)

    def publish(self, model: TrainedModel) -> None:
        """Write a model and put it into force; running engines follow within a second."""
        understanding.save_model(model, self.model_dir)

    def hold(self, model: TrainedModel) -> None:
        """Write a model where no engine looks."""
        understanding.save_model(model, self.held_dir)

    def held(self, version: str) -> TrainedModel:
        """A version that was held back. Raises NoModel."""
        return understanding.load_model(self.held_dir, version)


def _answer(model: TrainedModel, reading: Reading, panel: Panel) -> Answer:
    said = model.predict(reading, panel)
    best = said.intents[0]
    return Answer(best.name, round(best.probability, 4), said.abstention is None)
