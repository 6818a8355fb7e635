"""Words and pieces of words as sparse features, and a linear separator over them, in numpy alone.

The vocabulary is hashed into many buckets, because single words decide a feeling; marks and emoji count as words.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from rapport.understanding.logic.cleaning import is_han
from rapport.understanding.logic.hashing import hash_runs

BUCKETS = 1 << 18
MAX_CHARS = 1000
_PIECES = (2, 3, 4, 5)
_DIGITS = str.maketrans("123456789", "000000000")
_TOKEN = re.compile("(?:[^\\W_]|['’\u0900-\u0963\u064b-\u0652])+|[^\\w\\s]")

Floats = NDArray[np.float32]
Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Terms:
    """Texts as sparse rows laid end to end."""

    buckets: Numbers
    values: Floats
    starts: Numbers
    """Where each row begins, and where the last one ends, shape ``(n + 1,)``."""

    def __len__(self) -> int:
        return len(self.starts) - 1

    def row(self, place: int) -> tuple[Numbers, Floats]:
        """Buckets and values of one text."""
        chosen = slice(self.starts[place], self.starts[place + 1])
        return self.buckets[chosen], self.values[chosen]


def term_rows(texts: Sequence[str]) -> Terms:
    """Damped counts (1 + log count) of words with pairs, and of pieces, of many texts."""
    rows = [_counts(text) for text in texts]
    starts = np.cumsum([0, *(len(buckets) for buckets, _ in rows)])
    none: list[tuple[Numbers, Floats]] = [(np.zeros(0, np.int64), np.zeros(0, np.float32))]
    buckets, values = zip(*(rows or none), strict=True)
    return Terms(np.concatenate(buckets), np.concatenate(values), starts)


def rarity(terms: Terms) -> Floats:
    """Inverse document frequency of each bucket, shape ``(BUCKETS,)``; 0 where it never occurs."""
    seen = np.bincount(terms.buckets, minlength=BUCKETS)
    found = np.log((1 + len(terms)) / (1 + seen)) + 1
    return np.where(seen > 0, found, 0).astype(np.float32)


def weighed(terms: Terms, rarities: Floats) -> Terms:
    """TF-IDF rows in which the words and the pieces each have length 1 (words have even buckets)."""
    values = terms.values * rarities[terms.buckets]
    rows = np.repeat(np.arange(len(terms)), np.diff(terms.starts)) * 2 + (terms.buckets & 1)
    lengths = np.sqrt(np.bincount(rows, values * values, minlength=2 * len(terms)))
    return Terms(terms.buckets, (values / np.maximum(lengths[rows], 1e-6)).astype(np.float32), terms.starts)


def _counts(text: str) -> tuple[Numbers, Floats]:
    tokens = _TOKEN.findall(text[:MAX_CHARS].lower().translate(_DIGITS))
    spread = [piece for token in tokens for piece in (token if is_han(token) else (token,))]
    whole = [*spread, *(f"{first} {second}" for first, second in pairwise(spread))]
    words = np.array([zlib.crc32(term.encode("utf-8", "replace")) for term in whole], np.int64)
    joined = "".join(f" {token} " for token in tokens)
    pieces = [(runs >> np.uint64(24)).astype(np.int64) for runs in hash_runs(joined, _PIECES)]
    half = BUCKETS // 2
    hashed = np.concatenate([words % half * 2, *(piece % half * 2 + 1 for piece in pieces)])
    buckets, counts = np.unique(hashed, return_counts=True)
    return buckets, (1 + np.log(counts)).astype(np.float32)


def separate(terms: Terms, targets: Numbers, classes: int, *, cost: float, rounds: int = 12) -> Floats:
    """Weights ``(BUCKETS + 1, k)`` of one separator per class; the last row is the intercept.

    Minimises |w|²/2 + cost · Σ max(0, 1 - margin)² for each class against the rest.

    Source: Hsieh et al., 2008, A dual coordinate descent method for large-scale linear SVM, algorithm 1 with
    the squared hinge; all classes are swept together.
    """
    signs = np.where(np.arange(classes) == targets[:, None], 1.0, -1.0).astype(np.float32)
    weights = np.zeros((BUCKETS + 1, classes), np.float32)
    duals = np.zeros((len(terms), classes), np.float32)
    slack = np.float32(0.5 / cost)
    rows = [terms.row(place) for place in range(len(terms))]
    curvature = [float(values @ values) + 1 + slack for _, values in rows]
    order = np.random.default_rng(0)
    for _ in range(rounds):
        largest = 0.0
        for place in order.permutation(len(rows)).tolist():
            buckets, values = rows[place]
            margins = signs[place] * (values @ weights[buckets] + weights[-1])
            steps = (1 - margins - slack * duals[place]) / np.float32(curvature[place])
            moved = np.maximum(duals[place] + steps, 0) - duals[place]
            if moved.any():
                duals[place] += moved
                change = moved * signs[place]
                weights[buckets] += values[:, None] * change
                weights[-1] += change
                largest = max(largest, float(np.abs(moved).max()))
        if largest < 0.01 * min(1.0, cost):
            break
    return weights


def margins(terms: Terms, weights: Floats) -> Floats:
    """Signed distances of many texts, shape ``(n, k)``."""
    found = np.empty((len(terms), weights.shape[1]), np.float32)
    for place in range(len(terms)):
        buckets, values = terms.row(place)
        found[place] = values @ weights[buckets] + weights[-1]
    return found
