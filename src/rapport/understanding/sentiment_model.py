"""A trained reader of feelings: words, visible cues and whatever encoders there are, each with its own head.

An encoder that is missing is left out: the weights for the remaining readers were fitted in training.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from rapport.understanding.lexicons import load_polarity
from rapport.understanding.logic.regression import softmax
from rapport.understanding.logic.sentiment_cues import cue_rows
from rapport.understanding.logic.sentiment_stack import (
    FOLDS,
    DenseHead,
    Stack,
    fit_dense,
    fit_stack,
    fold_numbers,
)
from rapport.understanding.logic.sentiment_terms import (
    BUCKETS,
    Terms,
    margins,
    rarity,
    separate,
    term_rows,
    weighed,
)

WORDS, CUES = "words", "cues"
_COST = 0.3

Floats = NDArray[np.float32]
Numbers = NDArray[np.int64]
Present = frozenset[str]


@dataclass(frozen=True, slots=True)
class SentimentModel:
    """Everything needed to read feelings, besides the encoders."""

    labels: tuple[str, ...]
    """Worst first."""
    rarities: Floats
    """Inverse document frequency by bucket; 0 for buckets never seen."""
    separators: Floats
    """Shape ``(BUCKETS + 1, k)``."""
    heads: Mapping[str, DenseHead]
    """By reader: ``cues`` and the encoders' names."""
    stacks: Mapping[Present, Stack]
    """By the set of readers present; ``cues`` always are."""
    usual: Mapping[Present, Floats]
    """Mean held-out scores in training, by the set of readers present."""

    @property
    def encoders(self) -> Present:
        """Names of the encoders it can make use of."""
        return frozenset(self.heads) - {CUES}

    def present(self, encoders: Iterable[str], *, knows_language: bool) -> Present:
        """The readers to ask: words do not carry over to another language."""
        usable = self.encoders & frozenset(encoders)
        return usable | ({WORDS, CUES} if knows_language else {CUES})

    def scores(
        self, texts: Sequence[str], vectors: Mapping[str, Floats], *, knows_language: bool = True
    ) -> Floats:
        """Joined scores of many texts, shape ``(n, k)``.

        Args:
            texts: cleaned texts.
            vectors: by encoder, shape ``(n, dimension)`` each; encoders without a head are ignored.
            knows_language: whether the training texts held the language of these.
        """
        present = self.present(vectors, knows_language=knows_language)
        by_reader = {name: self.heads[name].scores(vectors[name]) for name in present & self.encoders}
        by_reader[CUES] = self.heads[CUES].scores(cue_rows(texts, load_polarity()))
        if knows_language:
            by_reader[WORDS] = margins(weighed(term_rows(texts), self.rarities), self.separators)
        return self.stacks[present].scores(by_reader)

    def shares(self, text: str, vectors: Mapping[str, Floats], *, knows_language: bool = True) -> Floats:
        """Probabilities of the labels for one text; `vectors` hold one vector of one dimension each."""
        rows = {name: vector[None, :] for name, vector in vectors.items()}
        return softmax(self.scores([text], rows, knows_language=knows_language)[0])


def train_sentiment_model(
    texts: Sequence[str], labels: Sequence[str], vectors: Mapping[str, Floats], *, order: Sequence[str]
) -> SentimentModel:
    """A model from labelled texts.

    Args:
        texts: cleaned texts.
        labels: one of `order` each.
        vectors: by encoder, shape ``(n, dimension)`` each.
        order: the labels, worst first.
    """
    targets = np.array([list(order).index(label) for label in labels])
    folds, classes = fold_numbers(targets), len(order)
    held_out: dict[str, Floats] = {}
    heads: dict[str, DenseHead] = {}
    for name, rows in {CUES: cue_rows(texts, load_polarity()), **vectors}.items():
        heads[name], held_out[name] = fit_dense(rows, targets, folds, classes, is_direction=name in vectors)
    rarities, separators, held_out[WORDS] = _fit_words(term_rows(texts), targets, folds, classes)
    stacks, usual = {}, {}
    for count in range(len(vectors) + 1):
        for encoders in combinations(sorted(vectors), count):
            for others in ((CUES,), (CUES, WORDS)):
                chosen = {name: held_out[name] for name in (*others, *encoders)}
                stack = fit_stack(chosen, targets)
                stacks[frozenset(chosen)] = stack
                usual[frozenset(chosen)] = stack.scores(chosen).mean(axis=0)
    return SentimentModel(tuple(order), rarities, separators, heads, stacks, usual)


def _fit_words(
    counts: Terms, targets: Numbers, folds: Numbers, classes: int
) -> tuple[Floats, Floats, Floats]:
    """Rarities, separators, and the margins of each text by separators fitted without its fold."""
    rarities = rarity(counts)
    terms = weighed(counts, rarities)
    held_out = np.zeros((len(targets), classes), np.float32)
    for number in range(FOLDS):
        out = folds == number
        if out.any() and not out.all():
            kept, left = _chosen(terms, ~out), _chosen(terms, out)
            held_out[out] = margins(left, separate(kept, targets[~out], classes, cost=_COST))
    return rarities, separate(terms, targets, classes, cost=_COST), held_out


def _chosen(terms: Terms, rows: NDArray[np.bool_]) -> Terms:
    lengths = np.diff(terms.starts)
    kept = np.repeat(rows, lengths)
    return Terms(terms.buckets[kept], terms.values[kept], np.cumsum([0, *lengths[rows].tolist()]))


def empty_weights(classes: int) -> Floats:
    """Separators that say nothing, to be filled from storage."""
    return np.zeros((BUCKETS + 1, classes), np.float32)
