"""The reply that colleagues usually close a group's conversations with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from rapport.insights.contracts import Story
from rapport.insights.logic.clustering import find_clusters
from rapport.insights.vectors import Space

_ALIKE = 0.3
"""Mean cosine from which replies say the same."""
_LEAST = 3
_SHARE = 0.5


def typical_answers(stories: Sequence[Story], space: Space) -> dict[int, int]:
    """The most typical reply in each language, as place among the stories → how many in it are like it.

    Nothing where fewer than half of the stories were closed alike. Replies without a label of something redacted
    are preferred: they can be said to everybody.
    """
    answered = [place for place, story in enumerate(stories) if story.answer]
    if len(answered) < _LEAST:
        return {}
    replies = [stories[place] for place in answered]
    vectors = space.vectors([s.answer for s in replies], [s.language for s in replies])
    largest = find_clusters(vectors, _ALIKE)[0]
    if len(largest.rows) < max(_LEAST, _SHARE * len(stories)):
        return {}
    counts = Counter(replies[row].language for row in largest.rows)
    chosen: dict[str, int] = {}
    for row in sorted(largest.rows, key=lambda row: "[" in replies[row].answer):
        chosen.setdefault(replies[row].language, row)
    return {answered[row]: counts[language] for language, row in chosen.items()}
