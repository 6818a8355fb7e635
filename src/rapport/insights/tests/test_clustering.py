"""Groups by average linkage, against a slow implementation of its own."""

from __future__ import annotations

import itertools

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from rapport.insights.logic.clustering import find_clusters


def _unit(rows):
    found = np.asarray(rows, np.float32)
    return found / np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-6)


def _slow(vectors, threshold):
    """Merge the two groups with the largest mean cosine until none reaches the threshold."""
    groups = [[n] for n in range(len(vectors))]
    cosines = vectors.astype(np.float64) @ vectors.astype(np.float64).T
    while len(groups) > 1:
        pairs = itertools.combinations(range(len(groups)), 2)
        best = max(pairs, key=lambda p: cosines[np.ix_(groups[p[0]], groups[p[1]])].mean())
        if cosines[np.ix_(groups[best[0]], groups[best[1]])].mean() < threshold:
            break
        groups[best[0]] += groups.pop(best[1])
    return {frozenset(group) for group in groups}


def test_two_directions_are_two_groups_the_larger_first():
    vectors = _unit([[0, 1], [1, 0], [1, 0.1], [0.1, 1], [1, -0.1]])
    found = find_clusters(vectors, 0.5)
    assert [cluster.rows for cluster in found] == [(1, 2, 4), (0, 3)]


def test_the_most_typical_row_stands_first():
    vectors = _unit([[1, 0.8], [1, 0], [1, 0.1], [1, -0.2]])
    assert find_clusters(vectors, 0.3)[0].rows[0] == 2


def test_texts_without_words_stay_alone():
    found = find_clusters(_unit([[0, 0], [0, 0], [1, 0]]), 0.1)
    assert sorted(cluster.rows for cluster in found) == [(0,), (1,), (2,)]


def test_nothing_gives_nothing():
    assert find_clusters(np.zeros((0, 3), np.float32), 0.2) == ()


def test_groups_whose_centres_agree_are_joined_when_wanted():
    """Each text is far from each other one, but both groups lie around the same direction."""
    spread = np.eye(6, dtype=np.float32)
    rows = _unit([[*spread[n] * 2, 1, 0.3 if n < 3 else 0] for n in range(6)])
    tight = np.vstack([rows[:3] + rows[:3].mean(0), rows[3:] + rows[3:].mean(0)])
    vectors = _unit(tight)
    apart = {c.rows for c in find_clusters(vectors, 0.6)}
    assert {frozenset(rows) for rows in apart} == {frozenset({0, 1, 2}), frozenset({3, 4, 5})}
    assert len(find_clusters(vectors, 0.6, join=0.4)) == 1


@given(
    st.lists(st.lists(st.floats(-1, 1, width=16), min_size=4, max_size=4), min_size=2, max_size=14),
    st.sampled_from([0.1, 0.3, 0.6]),
)
def test_chains_of_nearest_neighbours_find_what_the_slow_way_finds(rows, threshold):
    noise = np.random.default_rng(7).normal(0, 0.05, (len(rows), 4))  # no two pairs are equally near
    vectors = _unit(np.asarray(rows) + noise)
    found = {frozenset(cluster.rows) for cluster in find_clusters(vectors, threshold)}
    assert found == _slow(vectors, threshold)
