"""Vectors of requests in which cosines compare what is meant, whatever the language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rapport.insights.wording import phrases
from rapport.understanding.api import clean, fit_word_weights, readable, word_vectors
from rapport.understanding.contracts import Encoder

Floats = NDArray[np.float32]
_PULL = 3.0
"""Towards the mean of all languages, in rows: matters only where a language has few."""


@dataclass(frozen=True, slots=True)
class Space:
    """How requests are compared: an encoder, or words where there is none."""

    encoder: Encoder | None

    @property
    def threshold(self) -> float:
        """Mean cosine from which two groups are one; chosen on development data."""
        return 0.25 if self.encoder else 0.12

    @property
    def join(self) -> float:
        """Cosine of two groups' centres from which they are one; chosen likewise."""
        return 0.5

    def vectors(self, texts: Sequence[str], languages: Sequence[str]) -> Floats:
        """Unit vectors, shape ``(n, d)``; zeros for texts without words."""
        bare = [readable(clean(text)) for text in texts]
        if not bare:
            return np.zeros((0, 1), np.float32)
        said = [(phrase, language) for language, found in phrases().items() for phrase in found]
        if (
            self.encoder is None
        ):  # the phrases keep words that all of few requests share from counting as ordinary
            return word_vectors(bare, fit_word_weights([*bare, *(phrase for phrase, _ in said)]))
        rows = np.asarray(self.encoder.queries([*bare, *(p for p, _ in said)]), np.float32)
        return _centred(rows, [*languages, *(language for _, language in said)])[: len(bare)]


def _centred(rows: Floats, languages: Sequence[str]) -> Floats:
    """Unit vectors around the centre of their language: an encoder tells languages apart before it tells meanings."""
    of = np.asarray(languages)
    moved = rows.copy()
    middle = rows.mean(axis=0)
    for language in sorted(set(languages)):
        mine = of == language
        moved[mine] -= (rows[mine].sum(axis=0) + _PULL * middle) / (mine.sum() + _PULL)
    lengths = np.sqrt((moved * moved).sum(axis=1, keepdims=True))
    return np.asarray(moved / np.maximum(lengths, 1e-6), np.float32)
