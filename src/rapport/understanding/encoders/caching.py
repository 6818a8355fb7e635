"""Vectors kept in a file between trainings."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import ClassVar

import numpy as np

from rapport.understanding.contracts import Encoder
from rapport.understanding.encoders.weights import Vectors, prepare

_WORTH_WRITING = 2
"""Texts asked one by one are messages, not training data; writing the file for each would cost more than encoding."""


class DiskCachedEncoder:
    """An encoder whose vectors are kept in a file, so that training again takes seconds.

    Holds hashes of texts only, never the texts.
    """

    kinds: ClassVar[tuple[str, str]] = ("query", "passage")

    def __init__(self, encoder: Encoder, path: Path) -> None:
        self.id = encoder.id
        self.dimension = encoder.dimension
        self.encoder = encoder
        self._path = path
        self._known = self._read()

    def queries(self, texts: Sequence[str]) -> Vectors:
        return self._encode("query", texts, self.encoder.queries)

    def passages(self, texts: Sequence[str]) -> Vectors:
        return self._encode("passage", texts, self.encoder.passages)

    def _encode(self, kind: str, texts: Sequence[str], run: Callable[[Sequence[str]], Vectors]) -> Vectors:
        keys = [self._key(kind, text) for text in texts]
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in self._known}
        if missing:
            self._known.update(zip(missing, run(list(missing.values())), strict=True))
            if len(missing) >= _WORTH_WRITING:
                self._write()
        if not keys:
            return np.zeros((0, self.dimension), np.float32)
        return np.stack([self._known[key] for key in keys])

    def _key(self, kind: str, text: str) -> str:
        return hashlib.sha256(f"{self.id}\n{kind}\n{prepare(text)}".encode()).hexdigest()

    def _read(self) -> dict[str, Vectors]:
        if not self._path.exists():
            return {}
        with np.load(self._path, allow_pickle=False) as stored:
            if str(stored["encoder"]) != self.id:
                return {}
            return dict(zip(stored["keys"].tolist(), stored["vectors"], strict=True))

    def _write(self) -> None:
        """The file with everything known; what another process wrote to it meanwhile stays."""
        self._known = self._read() | self._known
        self._path.parent.mkdir(parents=True, exist_ok=True)
        temporary = self._path.with_suffix(f".{os.getpid()}.npz")
        np.savez(
            temporary,
            encoder=np.array(self.id),
            keys=np.array(list(self._known)),
            vectors=np.stack(list(self._known.values())),
        )
        temporary.replace(self._path)
