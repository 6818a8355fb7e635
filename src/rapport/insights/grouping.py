"""Stories about the same thing, found by what was under way, what was meant, and how it was read."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

import numpy as np

from rapport.insights.contracts import Group, Kind, Story, Window
from rapport.insights.logic.clustering import Cluster, Floats, find_clusters
from rapport.insights.vectors import Space

LEAST = 5
"""Conversations of the period from which on a group is shown."""
MOST = 4000
"""Stories compared with each other; of more, the latest."""
_READ_SHARE = 0.5
_READ_PROBABILITY = 0.3
"""From which mean probability half a group's requests being read as one procedure says that it exists."""


def find_groups(stories: Sequence[Story], window: Window, space: Space) -> tuple[Group, ...]:
    """Groups with enough conversations in the period, the largest first."""
    chosen = list(stories)[-MOST:]
    vectors = space.vectors([s.text for s in chosen], [s.language for s in chosen])
    begun: dict[str, list[int]] = defaultdict(list)
    others: list[int] = []
    for row, story in enumerate(chosen):
        (begun[story.procedure] if story.procedure else others).append(row)
    found = [Group(Kind.FAILING, name, _typical_first(chosen, vectors, rows)) for name, rows in begun.items()]
    for cluster in find_clusters(vectors[others], space.threshold, space.join):
        found.append(_group([chosen[others[row]] for row in cluster.rows], cluster))
    enough = [group for group in found if count_recent(group, window) >= LEAST]
    return tuple(sorted(enough, key=lambda g: (-count_recent(g, window), g.stories[0].conversation_id)))


def count_recent(group: Group, window: Window) -> int:
    """Conversations of the period."""
    return sum(story.created_at >= window.since for story in group.stories)


def _group(stories: Sequence[Story], cluster: Cluster) -> Group:
    name = _read_as(stories)
    kind = Kind.UNREAD if name else Kind.NEW
    return Group(kind, name, tuple(stories), round(cluster.tightness, 3))


def _read_as(stories: Sequence[Story]) -> str:
    """The procedure that most requests were nearly read as, or that staff ran for most of these customers."""
    ran = Counter(name for story in stories for name in set(story.runs))
    by_staff = ran.most_common(1)
    if by_staff and by_staff[0][1] > len(stories) / 2:
        return by_staff[0][0]
    read: dict[str, list[float]] = defaultdict(list)
    for story in stories:
        if story.reading is not None:
            read[story.reading[0]].append(story.reading[1])
    best = max(read.items(), key=lambda item: (len(item[1]), item[0]), default=("", []))
    name, found = best
    is_read = len(found) >= _READ_SHARE * len(stories) and bool(found)
    return name if is_read and sum(found) / len(found) >= _READ_PROBABILITY else ""


def _typical_first(stories: Sequence[Story], vectors: Floats, rows: Sequence[int]) -> tuple[Story, ...]:
    """The most typical first, as in a cluster."""
    inner = vectors[list(rows)] @ np.asarray(vectors[list(rows)].sum(axis=0))
    order = sorted(range(len(rows)), key=lambda place: (-round(float(inner[place]), 5), rows[place]))
    return tuple(stories[rows[place]] for place in order)
