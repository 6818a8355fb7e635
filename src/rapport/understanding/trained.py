"""A trained model: intents with calibrated probabilities, nearness to known examples, sentiment.

Stored as numbers (.npz) and JSON, never as pickles, so that a model file can do nothing but be wrong.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rapport.kernel.errors import NotFound
from rapport.understanding.contracts import AbstentionReason, IntentScore, ModelRef, TrainingReport
from rapport.understanding.logic.features import FeatureSpace, Head, Neighbours
from rapport.understanding.logic.regression import softmax

Floats = NDArray[np.float32]

OUT_OF_SCOPE = "out_of_scope"
LIKELY_RISK_FACTOR = 3
SENTIMENTS = ("very_negative", "negative", "neutral", "positive", "very_positive")
CURRENT = "current.json"
_FORMAT = 2
_KEPT_VERSIONS = 5
_TOP = 10


class NoModel(NotFound):
    """No trained model of this release's format is in that directory; train one first."""

    code = "no_model"


@dataclass(frozen=True, slots=True)
class Prediction:
    """What the heads say of one text."""

    intents: tuple[IntentScore, ...]
    """Best first, at most ten."""
    abstention: AbstentionReason | None
    """None when the best intent is accepted."""
    similarity: float
    """Cosine to the nearest prototype of a known intent."""


@dataclass(frozen=True, slots=True)
class TrainedModel:
    """Everything inference needs, besides the encoder it was trained with."""

    version: str
    encoder_id: str
    space: FeatureSpace
    intents: Head
    sentiment: Head
    neighbours: Neighbours
    threshold: float
    """Accept from this calibrated probability on."""
    likely_threshold: float
    """The same at `LIKELY_RISK_FACTOR` times the error rate: enough for a part if the whole agrees."""
    least_similarity: float
    """Below this cosine to every prototype a message is out of scope."""
    report: TrainingReport

    @property
    def ref(self) -> ModelRef:
        """How decisions name this model."""
        return ModelRef("intents", self.version, self.encoder_id)

    def predict(self, text: str, vector: Floats | None) -> Prediction:
        """Ranked intents of one text, and whether the best one may be acted on."""
        shares = softmax(self.space.scores(text, vector, self.intents) / np.float32(self.intents.temperature))
        order = np.argsort(-shares, kind="stable")[:_TOP]
        ranked = tuple(IntentScore(self.intents.labels[i], float(shares[i])) for i in order)
        similarity = float(self.neighbours.similarities(self.space, text, vector).max(initial=-1.0))
        return Prediction(ranked, self._abstention(ranked[0], similarity), similarity)

    def _abstention(self, best: IntentScore, similarity: float) -> AbstentionReason | None:
        if best.name == OUT_OF_SCOPE or similarity < self.least_similarity:
            return "out_of_scope"
        return None if best.probability >= self.threshold else "uncertain"

    def feel(self, text: str, vector: Floats | None) -> Floats:
        """Probabilities of the five sentiments, worst first, shape ``(5,)``."""
        return softmax(
            self.space.scores(text, vector, self.sentiment) / np.float32(self.sentiment.temperature)
        )

    def save(self, folder: Path) -> None:
        """Write this version into a model directory and make it the current one."""
        folder.mkdir(parents=True, exist_ok=True)
        numbers = _put(folder / f"{self.version}.npz")
        with numbers.open("wb") as file:
            np.savez(file, allow_pickle=False, **self._arrays())
        numbers.replace(folder / f"{self.version}.npz")
        _write_json(folder / f"{self.version}.json", self._facts())
        activate(folder, self.version)
        for old in sorted(folder.glob("*.npz"))[:-_KEPT_VERSIONS]:
            if old.stem != self.version:
                old.unlink()
                old.with_suffix(".json").unlink(missing_ok=True)

    def _arrays(self) -> dict[str, NDArray[Any]]:
        return {
            "lexical": self.space.weights,
            "centre": self.space.centre,
            "intent_weights": self.intents.weights.astype(np.float16),
            "intent_intercepts": self.intents.intercepts,
            "sentiment_weights": self.sentiment.weights.astype(np.float16),
            "sentiment_intercepts": self.sentiment.intercepts,
            "near_vectors": self.neighbours.vectors.astype(np.float16),
            "near_buckets": self.neighbours.buckets.astype(np.uint16),
            "near_values": self.neighbours.values.astype(np.float16),
            "near_starts": self.neighbours.starts,
        }

    def _facts(self) -> dict[str, Any]:
        return {
            "format": _FORMAT,
            "version": self.version,
            "encoder": self.encoder_id,
            "labels": self.intents.labels,
            "temperature": self.intents.temperature,
            "sentiment_temperature": self.sentiment.temperature,
            "threshold": self.threshold,
            "likely_threshold": self.likely_threshold,
            "least_similarity": self.least_similarity,
            "report": asdict(self.report),
        }


def load(folder: Path, version: str | None = None) -> TrainedModel:
    """The current (or a named) version in a model directory.

    Raises: NoModel: nothing was trained into this directory.
    """
    version = version or current_version(folder)
    if version is None or not (folder / f"{version}.json").exists():
        raise NoModel(folder=str(folder), version=version)
    facts = json.loads((folder / f"{version}.json").read_text("utf-8"))
    if facts["format"] != _FORMAT:
        raise NoModel(folder=str(folder), version=version, format=facts["format"])
    with np.load(folder / f"{version}.npz", allow_pickle=False) as stored:
        arrays = {name: stored[name] for name in stored.files}

    def floats(name: str) -> Floats:
        return np.asarray(arrays[name], np.float32)

    return TrainedModel(
        version=facts["version"],
        encoder_id=facts["encoder"],
        space=FeatureSpace(floats("lexical"), floats("centre")),
        intents=Head(
            tuple(facts["labels"]),
            floats("intent_weights"),
            floats("intent_intercepts"),
            facts["temperature"],
        ),
        sentiment=Head(
            SENTIMENTS,
            floats("sentiment_weights"),
            floats("sentiment_intercepts"),
            facts["sentiment_temperature"],
        ),
        neighbours=Neighbours(
            floats("near_vectors"),
            arrays["near_buckets"].astype(np.int64),
            floats("near_values"),
            arrays["near_starts"],
        ),
        threshold=facts["threshold"],
        likely_threshold=facts["likely_threshold"],
        least_similarity=facts["least_similarity"],
        report=_report(facts["report"]),
    )


def current_version(folder: Path) -> str | None:
    """The version in use, or None where nothing was trained."""
    pointer = folder / CURRENT
    return str(json.loads(pointer.read_text("utf-8"))["version"]) if pointer.exists() else None


def list_versions(folder: Path) -> tuple[str, ...]:
    """Versions kept in a model directory, oldest first."""
    return tuple(path.stem for path in sorted(folder.glob("*.npz")) if path.with_suffix(".json").exists())


def activate(folder: Path, version: str) -> None:
    """Make a kept version the current one; running engines follow within about a second."""
    if version not in list_versions(folder):
        raise NoModel(folder=str(folder), version=version)
    _write_json(folder / CURRENT, {"version": version})


def _report(facts: dict[str, Any]) -> TrainingReport:
    return TrainingReport(**{**facts, "labels": tuple(facts["labels"]), "problems": tuple(facts["problems"])})


def _put(path: Path) -> Path:
    """Where a file is written before it takes its name, so that readers never see half of it."""
    return path.with_name(f".{path.name}.{os.getpid()}")


def _write_json(path: Path, facts: dict[str, Any]) -> None:
    temporary = _put(path)
    temporary.write_text(json.dumps(facts, ensure_ascii=False, indent=1), "utf-8")
    temporary.replace(path)
