"""Hashed TF-IDF over character n-grams and words: the floor that works without any encoder."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from rapport.understanding.logic.cleaning import fold, words

BUCKETS = 4096
MAX_CHARS = 600
_LENGTHS = (1, 2, 3, 4, 5)
_DIGITS = str.maketrans("123456789", "000000000")

Floats = NDArray[np.float32]
Sparse = tuple[NDArray[np.int64], Floats]


@lru_cache(maxsize=64)
def term_counts(text: str) -> Sparse:
    """Bucket numbers and damped counts (1 + log count) of the text's n-grams, words and word pairs.

    Remembered for a moment, because each head of a model asks for the same text; never changed in place.
    """
    tokens = words(fold(text[:MAX_CHARS]).translate(_DIGITS))
    joined = " " + " ".join(tokens) + " "
    codes = np.frombuffer(joined.encode("utf-32-le", "replace"), np.uint32).astype(np.uint64)
    parts = [_hash_ngrams(codes, length) for length in _LENGTHS if len(codes) >= length]
    pairs = [f"{first} {second}" for first, second in pairwise(tokens)]
    parts.append(np.array([zlib.crc32(term.encode()) % BUCKETS for term in [*tokens, *pairs]], np.int64))
    buckets, counts = np.unique(np.concatenate(parts), return_counts=True)
    return buckets, (1 + np.log(counts)).astype(np.float32)


def _hash_ngrams(codes: NDArray[np.uint64], length: int) -> NDArray[np.int64]:
    """Buckets of all n-grams of one length by a polynomial hash, mixed once."""
    size = len(codes) - length + 1
    hashed = np.full(size, length, np.uint64)
    for offset in range(length):
        hashed = hashed * np.uint64(1_000_003) + codes[offset : offset + size]
    hashed ^= hashed >> np.uint64(29)
    hashed *= np.uint64(0x9E3779B97F4A7C15)
    return (hashed >> np.uint64(40)).astype(np.int64) % BUCKETS


def fit_weights(texts: Sequence[str]) -> Floats:
    """Inverse document frequencies of the buckets, shape ``(BUCKETS,)``."""
    seen = np.zeros(BUCKETS)
    for text in texts:
        seen[term_counts(text)[0]] += 1
    return (np.log((1 + len(texts)) / (1 + seen)) + 0.1).astype(np.float32)


def weigh(text: str, weights: Floats) -> Sparse:
    """Buckets and TF-IDF values of a text, as a unit vector."""
    buckets, counts = term_counts(text)
    values = counts * weights[buckets]
    length = float(np.sqrt(values @ values))
    return buckets, values / length if length else values


def matrix(texts: Sequence[str], weights: Floats) -> Floats:
    """Unit TF-IDF vectors, shape ``(n, BUCKETS)``."""
    rows = np.zeros((len(texts), BUCKETS), np.float32)
    for row, text in zip(rows, texts, strict=True):
        buckets, values = weigh(text, weights)
        row[buckets] = values
    return rows
