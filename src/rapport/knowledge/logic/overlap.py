"""How much of a question's meaningful words an article has, weighted by how rare each word is."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

MAX_TERMS = 12
"""Of a long message only the rarest terms are looked up: long OR queries are slow and blur the ranking."""


def rarity(found: int, total: int) -> float:
    """Inverse document frequency of a term in `found` of `total` articles, > 0 (BM25's smoothed form)."""
    return math.log(1 + (total - found + 0.5) / (found + 0.5))


def weigh(terms: Iterable[str], frequencies: Mapping[str, int], total: int) -> dict[str, float]:
    """The rarest known terms of a question and, for an honest share, the unknown ones, with their weights."""
    weights = {term: rarity(frequencies.get(term, 0), total) for term in dict.fromkeys(terms)}
    kept = sorted(weights, key=lambda term: -weights[term])
    known = [term for term in kept if term in frequencies][:MAX_TERMS]
    unknown = [term for term in kept if term not in frequencies][:MAX_TERMS]
    return {term: weights[term] for term in known + unknown}


def overlaps(
    weights: Mapping[str, float], rows: Iterable[tuple[int, Iterable[str]]], articles: int
) -> Floats:
    """For each article: share of the weight in its best row plus share in all its rows, 0..2.

    Args:
        weights: of the question's terms.
        rows: (article number, its terms).
        articles: how many there are.
    """
    total = sum(weights.values())
    found = np.zeros(articles, np.float32)
    if not total:
        return found
    best: dict[int, float] = defaultdict(float)
    together: dict[int, set[str]] = defaultdict(set)
    wanted = weights.keys()
    for article, terms in rows:
        shared = wanted & terms if isinstance(terms, set | frozenset) else wanted & set(terms)
        if shared:
            best[article] = max(best[article], sum(weights[term] for term in shared))
            together[article] |= shared
    for article, shared in together.items():
        found[article] = (best[article] + sum(weights[term] for term in shared)) / total
    return found
