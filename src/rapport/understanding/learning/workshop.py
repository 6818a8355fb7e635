"""Where models are made: the encoder with its cache, the directory, and how a model is asked about many texts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from rapport.understanding import api as understanding
from rapport.understanding.api import TrainedModel
from rapport.understanding.contracts import Encoder, Example, TrainingReport
from rapport.understanding.learning.logic.gate import Answer
from rapport.understanding.logic.cleaning import clean, readable

_PLACEHOLDER = re.compile(r"\[[a-z_ ]{2,20}( \d{1,6})?\]")
"""What redaction leaves in a text; customers do not write it, so nothing is learned from it."""
HELD = "held"
"""Folder, within the model directory, of versions that did not pass."""


@dataclass(frozen=True, slots=True)
class Workshop:
    """Everything a training needs besides its rows."""

    model_dir: Path
    encoder: Encoder | None
    """None trains on words alone."""
    vectors: Path | None = None
    """Where vectors are cached between trainings."""

    @property
    def held_dir(self) -> Path:
        """Where versions wait that did not pass."""
        return self.model_dir / HELD

    @property
    def encoder_id(self) -> str:
        """Name of the encoder, as models record it."""
        return self.encoder.id if self.encoder else "lexical"

    def opened(self) -> Workshop:
        """This workshop with the vectors of earlier trainings in memory; for one training."""
        if self.encoder is None or self.vectors is None:
            return self
        return replace(
            self, encoder=understanding.DiskCachedEncoder(self.encoder, self.vectors), vectors=None
        )

    def train(
        self, examples: Sequence[Example], risk: float, seed: int
    ) -> tuple[TrainedModel, TrainingReport]:
        """A model of these examples."""
        spoken = [replace(e, text=_PLACEHOLDER.sub(" ", e.text)) for e in examples]
        return understanding.train(spoken, self.encoder, risk=risk, seed=seed)

    def ask(self, model: TrainedModel, texts: Sequence[str]) -> list[Answer]:
        """What a model says of each text, alone and without context."""
        read = [readable(clean(_PLACEHOLDER.sub(" ", text))) for text in texts]
        encoder = None if model.encoder_id == "lexical" else self.encoder
        vectors = list(encoder.queries(read)) if encoder is not None and read else None
        found = []
        for place, text in enumerate(read):
            said = model.predict(text, vectors[place] if vectors is not None else None)
            best = said.intents[0]
            found.append(Answer(best.name, round(best.probability, 4), said.abstention is None))
        return found

    def in_force(self) -> TrainedModel | None:
        """The model customers are answered with; None before the first, or when its format is not read any more."""
        if self.current() is None:
            return None
        try:
            model = understanding.load_model(self.model_dir)
        except understanding.NoModel:
            return None
        return model if model.encoder_id in {self.encoder_id, "lexical"} else None

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
        model.save(self.model_dir)

    def hold(self, model: TrainedModel) -> None:
        """Write a model where no engine looks."""
        model.save(self.held_dir)

    def held(self, version: str) -> TrainedModel:
        """A version that was held back. Raises NoModel."""
        return understanding.load_model(self.held_dir, version)
