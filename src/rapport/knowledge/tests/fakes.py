"""An encoder whose vectors are hashed words: deterministic, and near when words are shared."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from rapport.knowledge.logic.analysis import fold


class WordEncoder:
    """Counts what it was asked to encode."""

    id = "words/64"
    dimension = 64

    def __init__(self) -> None:
        self.asked = 0

    def queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return self._encode(texts)

    def passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return self._encode(texts)

    def _encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.asked += len(texts)
        vectors = np.full((len(texts), self.dimension), 0.01, np.float32)
        for row, text in zip(vectors, texts, strict=True):
            for word in fold(text).split():
                row[zlib.crc32(word.encode()) % self.dimension] += 1
        return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)
