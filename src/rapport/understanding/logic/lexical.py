"""Hashed TF-IDF over character n-grams and words, folded into a short signed sketch: works without any encoder.

A term is a number below `TERMS`; a text's weighed terms are summed into `BUCKETS` columns, each term with a sign
of its own, so that inner products of texts survive (feature hashing, Weinberger et al., 2009).
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from rapport.understanding.logic.cleaning import fold, words
from rapport.understanding.logic.hashing import hash_runs

BUCKETS = 2048
TERMS = 1 << 16
MAX_CHARS = 600
_LENGTHS = (1, 2, 3, 4, 5)
_DIGITS = str.maketrans("123456789", "000000000")

Floats = NDArray[np.float32]
Sparse = tuple[NDArray[np.int64], Floats]


@lru_cache(maxsize=64)
def term_counts(text: str) -> Sparse:
    """Numbers and damped counts (1 + log count) of the text's n-grams, words and word pairs.

    Remembered for a moment, because several readers ask for the same text; never changed in place.
    """
    tokens = words(fold(text[:MAX_CHARS]).translate(_DIGITS))
    joined = " " + " ".join(tokens) + " "
    parts = [(runs >> np.uint64(40)).astype(np.int64) % TERMS for runs in hash_runs(joined, _LENGTHS)]
    pairs = [f"{first} {second}" for first, second in pairwise(tokens)]
    parts.append(np.array([zlib.crc32(term.encode()) % TERMS for term in [*tokens, *pairs]], np.int64))
    terms, counts = np.unique(np.concatenate(parts), return_counts=True)
    return terms, (1 + np.log(counts)).astype(np.float32)


def fit_weights(texts: Sequence[str]) -> Floats:
    """Inverse document frequencies of the terms, shape ``(TERMS,)``."""
    seen = np.zeros(TERMS)
    for text in texts:
        seen[term_counts(text)[0]] += 1
    return (np.log((1 + len(texts)) / (1 + seen)) + 0.1).astype(np.float32)


def sketch(text: str, weights: Floats) -> Floats:
    """The text's TF-IDF vector folded into a unit vector, shape ``(BUCKETS,)``; zeros for no words."""
    terms, counts = term_counts(text)
    signed = np.where(terms & BUCKETS, -1, 1) * counts * weights[terms]
    row = np.bincount(terms % BUCKETS, signed, BUCKETS)
    length = float(np.sqrt(row @ row))
    return (row / length if length else row).astype(np.float32)


def matrix(texts: Sequence[str], weights: Floats) -> Floats:
    """Sketches of many texts, shape ``(n, BUCKETS)``."""
    rows = np.zeros((len(texts), BUCKETS), np.float32)
    for row, text in zip(rows, texts, strict=True):
        row[:] = sketch(text, weights)
    return rows
