"""A tiny encoder for tests: hashed words, so that texts sharing words lie near each other."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from rapport.understanding.contracts import Example
from rapport.understanding.logic.cleaning import fold, words


class StubEncoder:
    """Counts what it is asked to encode."""

    id = "stub/64"
    dimension = 64

    def __init__(self) -> None:
        self.encoded: list[str] = []

    def queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.encoded += texts
        rows = np.zeros((len(texts), self.dimension), np.float32)
        for row, text in zip(rows, texts, strict=True):
            row[0] = 0.1
            for word in words(fold(text)):
                row[zlib.crc32(word.encode()) % self.dimension] += 1
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)

    passages = queries


TEXTS = {
    "order_status": ["where is my order", "where is my parcel", "track my parcel", "my parcel is late"],
    "return_items": ["return my headphones", "send the lamp back", "return the lamp", "give the shoes back"],
    "out_of_scope": ["weather tomorrow", "tell a joke", "who won football", "write a poem"],
}


def examples() -> list[Example]:
    """Three labels, each text in five variants."""
    tails = ("", " please", " now", " today", " thanks a lot")
    return [
        Example(text + tail, label, "en")
        for label, texts in TEXTS.items()
        for text in texts
        for tail in tails
    ]
