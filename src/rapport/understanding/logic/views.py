"""Views of a text, each with a head of its own, and the chains in which their opinions are pooled.

A view is the words or one encoder's vector. A chain asks cheap views first and stops where, on held-out texts,
asking further changed nothing for the better.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rapport.understanding.logic.familiarity import Examples, Scale, signs_of
from rapport.understanding.logic.pooling import log_shares, pool

WORDS = "words"

Floats = NDArray[np.float32]
Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class View:
    """One linear head over one representation."""

    centre: Floats
    """Mean of the taught vectors, shape ``(d,)``; empty for words, which are used as they are."""
    weights: Floats
    """Shape ``(d, k)``."""
    intercepts: Floats
    """Shape ``(k,)``."""
    examples: Examples | None
    """The taught vectors; None for words."""
    nearest: float = 0.0
    """Weight in the scores of each intent's nearest examples; 0 where the head alone reads as well."""
    neighbours: int = 1
    """How many of them are asked."""
    ignored: Floats | None = None
    """Orthogonal unit vectors in whose directions only languages differ, shape ``(m, d)``; None: nothing is ignored."""

    def place(self, vectors: Floats) -> Floats:
        """Unit vectors around the centre: some encoders' own cosines all lie in 0.75-0.95."""
        return centred(vectors, self.centre, self.ignored) if len(self.centre) else vectors

    def scores(self, placed: Floats) -> Floats:
        """Scores of the intents, shape ``(..., k)``."""
        if not self.nearest or self.examples is None:
            return self.linear(placed)
        return self.linear(placed) + np.float32(self.nearest) * self.examples.closest(placed, self.neighbours)

    def linear(self, placed: Floats) -> Floats:
        """What the head alone says, shape ``(..., k)``."""
        if placed.ndim == 1 and not len(self.centre):  # nine in ten of a sketch's columns are empty
            filled = np.flatnonzero(placed)
            return np.asarray(placed[filled] @ self.weights[filled] + self.intercepts, np.float32)
        return np.asarray(placed @ self.weights + self.intercepts, np.float32)


def centred(vectors: Floats, centre: Floats, ignored: Floats | None = None) -> Floats:
    """Unit vectors around a centre, without what lies in ignored directions, shape ``(..., d)``."""
    moved = vectors - centre
    if ignored is not None:
        moved = moved - (moved @ ignored.T) @ ignored
    lengths = np.sqrt((moved * moved).sum(axis=-1, keepdims=True))
    return np.asarray(moved / np.maximum(lengths, 1e-6), np.float32)


@dataclass(frozen=True, slots=True)
class Stage:
    """A pool of some views."""

    views: tuple[str, ...]
    weights: Floats
    """One per view."""
    scale: Scale
    stop_at: float
    """From this probability on the views of later stages are not asked; above 1 they always are."""
    stop_familiarity: float
    """The familiarity needed for that."""

    def opinion(self, scores: Mapping[str, Floats]) -> Floats:
        """Pooled log-probabilities, shape ``(..., k)``."""
        return pool([log_shares(scores[name]) for name in self.views], self.weights)

    def familiarity(
        self, pooled: Floats, scores: Mapping[str, Floats], nearness: Mapping[str, Floats]
    ) -> Floats:
        """How much the texts look like taught ones, shape ``(...)``."""
        return self.scale.familiarity(self.signs(pooled, scores, nearness))

    def signs(self, pooled: Floats, scores: Mapping[str, Floats], nearness: Mapping[str, Floats]) -> Floats:
        """What familiarity is read from, shape ``(..., signs)``."""
        largest = {name: scores[name].max(axis=-1) for name in self.views}
        near = {name: nearness[name] for name in self.views if name != WORDS}
        return signs_of(pooled, largest, near)


@dataclass(frozen=True, slots=True)
class Chain:
    """Stages from cheap to thorough, and when what they say is acted on."""

    stages: tuple[Stage, ...]
    threshold: float
    """Accept from this calibrated probability on."""
    likely_threshold: float
    """The same at a higher error rate: enough for a part of a message if the whole agrees."""
    least_familiarity: float
    """Below it a message is out of scope."""
    answer_familiarity: float
    """Below it a message is not answered, though it may be about something taught."""
    coverage: float
    """Share of held-out texts answered."""
    error_rate: float
    bound: float
    is_certified: bool
    rows: int
    """Held-out texts the thresholds come from."""

    @property
    def views(self) -> frozenset[str]:
        """All views, those of the last stage."""
        return frozenset(self.stages[-1].views)


def plan_stages(
    language: str, taught: frozenset[str], readers: Sequence[tuple[str, bool]]
) -> tuple[tuple[str, ...], ...]:
    """Which views read a text, from cheap to thorough, each stage with one view more.

    Args:
        language: of the text.
        taught: languages of the training texts; words say nothing about others.
        readers: encoders that serve the language, cheapest first, and whether each replaces dearer ones.
    """
    views = [WORDS] if language in taught else []
    stages = [tuple(views)] if views else []
    for name, is_enough in readers:
        views.append(name)
        stages.append(tuple(views))
        if is_enough:
            break
    return tuple(stages) or ((WORDS,),)
