"""The space in which heads are trained: the encoder's vector beside hashed lexical features."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rapport.understanding.logic import lexical

Floats = NDArray[np.float32]

LEXICAL_SHARE = 0.8
"""Length of the lexical part where the encoder's part has length 1; cross-validation is flat around it."""


@dataclass(frozen=True, slots=True)
class FeatureSpace:
    """How a text and its vector become features; fitted once per training."""

    weights: Floats
    """Inverse document frequencies, shape ``(BUCKETS,)``."""
    centre: Floats
    """Mean of the encoder's vectors, shape ``(dimension,)``; empty without an encoder."""

    @classmethod
    def fit(cls, texts: Sequence[str], vectors: Floats | None) -> FeatureSpace:
        """Learn frequencies and the centre from training texts."""
        centre = np.zeros(0, np.float32) if vectors is None else vectors.mean(axis=0)
        return cls(lexical.fit_weights(texts), centre)

    @property
    def dimension(self) -> int:
        """Width of the encoder's part."""
        return len(self.centre)

    @property
    def lexical_share(self) -> float:
        """Length of the lexical part of the features."""
        return LEXICAL_SHARE if self.dimension else 1.0

    def centred(self, vectors: Floats) -> Floats:
        """Unit vectors around the centre: E5's own cosines all lie in 0.75-0.95."""
        moved = vectors - self.centre
        lengths = np.sqrt((moved * moved).sum(axis=-1, keepdims=True))
        return np.asarray(moved / np.maximum(lengths, 1e-6), np.float32)

    def dense(self, texts: Sequence[str], vectors: Floats | None) -> Floats:
        """Features of many texts, shape ``(n, dimension + BUCKETS)``."""
        rows = lexical.matrix(texts, self.weights) * np.float32(self.lexical_share)
        return rows if vectors is None else np.hstack([self.centred(vectors), rows])

    def scores(self, text: str, vector: Floats | None, head: Head) -> Floats:
        """Scores of one text under a head, shape ``(k,)``, without building the wide row."""
        buckets, values = lexical.weigh(text, self.weights)
        rows = head.weights[self.dimension + buckets]
        found = np.float32(self.lexical_share) * (values @ rows) + head.intercepts
        if vector is not None:
            found = found + self.centred(vector) @ head.weights[: self.dimension]
        return np.asarray(found, np.float32)


@dataclass(frozen=True, slots=True)
class Head:
    """One trained linear classifier over the space."""

    labels: tuple[str, ...]
    weights: Floats
    """Shape ``(dimension + BUCKETS, k)``."""
    intercepts: Floats
    """Shape ``(k,)``."""
    temperature: float
    """Divides the scores before softmax; fitted on held-out data."""


def prototypes(vectors: Floats, count: int = 256, rounds: int = 8) -> Floats:
    """Unit vectors that stand for many, by spherical k-means from evenly spaced rows; few rows stay.

    A message is compared with them instead of with every training text: reading thousands of vectors costs
    more than the rest of understanding, the encoder aside.
    """
    if len(vectors) <= 2 * count:
        return vectors
    centres = vectors[np.linspace(0, len(vectors) - 1, count).astype(np.int64)]
    for _ in range(rounds):
        nearest = (vectors @ centres.T).argmax(axis=1)
        sums = np.zeros_like(centres)
        np.add.at(sums, nearest, vectors)
        lengths = np.sqrt((sums * sums).sum(axis=1, keepdims=True))
        centres = np.where(lengths > 0, sums / np.maximum(lengths, 1e-6), centres).astype(np.float32)
    return centres


@dataclass(frozen=True, slots=True)
class Neighbours:
    """What known intents look like, to tell what is unlike all of them.

    With an encoder rows are dense prototypes; without one they are sparse lexical rows laid end to end.
    """

    vectors: Floats
    """Centred unit vectors, shape ``(n, dimension)``."""
    buckets: NDArray[np.int64]
    values: Floats
    starts: NDArray[np.int64]

    @classmethod
    def of(cls, space: FeatureSpace, texts: Sequence[str], vectors: Floats | None) -> Neighbours:
        """Remember these texts."""
        none = np.zeros(0, np.int64)
        if vectors is not None:
            return cls(prototypes(space.centred(vectors)), none, np.zeros(0, np.float32), none)
        rows = [lexical.weigh(text, space.weights) for text in texts]
        starts = np.cumsum([0, *(len(buckets) for buckets, _ in rows[:-1])])
        buckets, values = zip(*rows, strict=True)
        return cls(np.zeros((0, 0), np.float32), np.concatenate(buckets), np.concatenate(values), starts)

    def similarities(self, space: FeatureSpace, text: str, vector: Floats | None) -> Floats:
        """Cosines of one text with every prototype or remembered text, shape ``(n,)``."""
        if vector is not None:
            return self.vectors @ space.centred(vector)
        row = np.zeros(lexical.BUCKETS, np.float32)
        buckets, values = lexical.weigh(text, space.weights)
        row[buckets] = values
        return np.add.reduceat(self.values * row[self.buckets], self.starts)
