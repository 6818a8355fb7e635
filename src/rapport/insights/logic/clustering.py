"""Groups of texts that mean the same: average linkage on cosines, cut at one threshold. Deterministic."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
_GONE = np.float32(-2)
"""Below every cosine: of clusters that were merged into another."""
_LEAST_JOINED = 3


@dataclass(frozen=True, slots=True)
class Cluster:
    """Rows that belong together."""

    rows: tuple[int, ...]
    """The most typical first: by mean cosine with the others, then by place."""
    tightness: float
    """Mean cosine of its pairs; 1 for a single row."""


def find_clusters(vectors: Floats, threshold: float, join: float = 1.0) -> tuple[Cluster, ...]:
    """Groups whose mean cosine stays at or above a threshold, the largest first.

    Two groups are merged while the mean cosine of all pairs between them is the largest left and reaches the
    threshold (average linkage, UPGMA: Sokal and Michener, 1958), found by chains of nearest neighbours.

    Groups of three or more are then joined while the cosine of two of their centres reaches `join`: a centre is
    freer of chance than a pair of texts.

    Args:
        vectors: unit vectors, shape ``(n, d)``; rows of zeros stay alone.
        threshold: 0..1.
        join: 0..1; 1 joins nothing more.
    """
    count = len(vectors)
    if not count:
        return ()
    cosines = np.asarray(vectors @ vectors.T, np.float32)
    owner = _linked(cosines.copy(), threshold)
    members: dict[int, list[int]] = {}
    for row in range(count):
        members.setdefault(owner[row], []).append(row)
    found = [_cluster(cosines, rows) for rows in _joined(vectors, list(members.values()), join)]
    return tuple(sorted(found, key=lambda cluster: (-len(cluster.rows), min(cluster.rows))))


def _linked(cosines: Floats, threshold: float) -> list[int]:
    """The representative of each row; `cosines` is used up."""
    count = len(cosines)
    np.fill_diagonal(cosines, _GONE)
    sizes = np.ones(count, np.float32)
    parent = list(range(count))
    open_rows = np.ones(count, bool)
    chain: list[int] = []
    while True:
        if not chain:
            left = np.flatnonzero(open_rows)
            if not len(left):
                return [_root(parent, row) for row in range(count)]
            chain = [int(left[0])]
        last = chain[-1]
        before = chain[-2] if len(chain) > 1 else None
        nearest = int(cosines[last].argmax())
        if before is not None and cosines[last, before] >= cosines[last, nearest]:
            nearest = before
        if cosines[last, nearest] < threshold:
            # nothing that is still open can reach any row of this chain's end any more
            open_rows[last] = False
            cosines[last, :] = cosines[:, last] = _GONE
            chain.pop()
        elif nearest == before:
            chain = chain[:-2]
            _merge(cosines, sizes, last, before)
            parent[before], open_rows[before] = last, False
        else:
            chain.append(nearest)


def _merge(cosines: Floats, sizes: Floats, kept: int, gone: int) -> None:
    total = sizes[kept] + sizes[gone]
    mean = (cosines[kept] * sizes[kept] + cosines[gone] * sizes[gone]) / total
    closed = (cosines[kept] == _GONE) | (cosines[gone] == _GONE)
    mean[closed] = _GONE
    cosines[kept, :] = cosines[:, kept] = mean
    cosines[gone, :] = cosines[:, gone] = _GONE
    cosines[kept, kept] = _GONE
    sizes[kept] = total


def _root(parent: list[int], row: int) -> int:
    while parent[row] != row:
        row = parent[row]
    return row


def _joined(vectors: Floats, groups: list[list[int]], join: float) -> list[list[int]]:
    """Groups whose centres nearly agree made one, the nearest first."""
    joined = [rows for rows in groups if len(rows) >= _LEAST_JOINED]
    alone = [rows for rows in groups if len(rows) < _LEAST_JOINED]
    while len(joined) > 1 and join < 1:
        centres = np.stack([vectors[rows].mean(axis=0) for rows in joined])
        centres /= np.maximum(np.sqrt((centres * centres).sum(axis=1, keepdims=True)), 1e-6)
        between = centres @ centres.T
        np.fill_diagonal(between, _GONE)
        one, other = sorted(divmod(int(between.argmax()), len(joined)))
        if between[one, other] < join:
            break
        joined[one] = sorted([*joined[one], *joined.pop(other)])
    return [*joined, *alone]


def _cluster(cosines: Floats, rows: list[int]) -> Cluster:
    if len(rows) == 1:
        return Cluster((rows[0],), 1.0)
    inner = cosines[np.ix_(rows, rows)].astype(np.float64)
    means = (inner.sum(axis=1) - inner.diagonal()) / (len(rows) - 1)
    order = sorted(range(len(rows)), key=lambda place: (-round(float(means[place]), 6), rows[place]))
    return Cluster(tuple(rows[place] for place in order), float(means.mean()))
