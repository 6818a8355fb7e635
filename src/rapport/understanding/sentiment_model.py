"""A trained reader of feelings: words, visible cues and whatever encoders there are, each with its own head.

An encoder that is missing is left out: the weights for the remaining readers were fitted in training.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rapport.understanding.encoders import Panel
from rapport.understanding.examples import load_sentiment_examples
from rapport.understanding.lexicons import load_polarity
from rapport.understanding.logic.cleaning import clean
from rapport.understanding.logic.regression import softmax
from rapport.understanding.logic.sentiment import LEVELS
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
from rapport.understanding.sentiment_encoders import Encoded, encode_served

WORDS, CUES = "words", "cues"
_COST = 0.3
_PARTS = ("centre", "scale", "weights", "intercepts")
LEAST_ROWS = 200

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
    texts: Sequence[str], labels: Sequence[str], encoded: Encoded, *, order: Sequence[str]
) -> SentimentModel:
    """A model from labelled texts.

    Args:
        texts: cleaned texts.
        labels: one of `order` each.
        encoded: their vectors; an encoder that serves fewer than `LEAST_ROWS` of them is not used.
        order: the labels, worst first.
    """
    targets = np.array([list(order).index(label) for label in labels])
    folds, classes = fold_numbers(targets), len(order)
    everywhere = np.ones(len(targets), bool)
    usable = {name: flags for name, flags in encoded.served.items() if flags.sum() >= LEAST_ROWS}
    held_out: dict[str, Floats] = {}
    heads: dict[str, DenseHead] = {}
    features = {CUES: cue_rows(texts, load_polarity()), **{name: encoded.vectors[name] for name in usable}}
    for name, rows in features.items():
        flags = usable.get(name, everywhere)
        heads[name], scores = fit_dense(
            rows[flags], targets[flags], folds[flags], classes, is_direction=name != CUES
        )
        held_out[name] = np.zeros((len(targets), classes), np.float32)
        held_out[name][flags] = scores
    rarities, separators, held_out[WORDS] = _fit_words(term_rows(texts), targets, folds, classes)
    stacks, usual = {}, {}
    for count in range(len(usable) + 1):
        for encoders in combinations(sorted(usable), count):
            flags = np.logical_and.reduce([usable[name] for name in encoders] or [everywhere])
            for others in ((CUES,), (CUES, WORDS)):
                chosen = {name: held_out[name][flags] for name in (*others, *encoders)}
                stack = fit_stack(chosen, targets[flags])
                stacks[frozenset(chosen)] = stack
                usual[frozenset(chosen)] = stack.scores(chosen).mean(axis=0)
    return SentimentModel(tuple(order), rarities, separators, heads, stacks, usual)


def train_shipped(panel: Panel) -> SentimentModel:
    """The five-level model from the sentences shipped with this package."""
    rows = load_sentiment_examples()
    texts = [clean(row.text) for row in rows]
    encoded = encode_served(panel, texts, [row.language or "" for row in rows])
    return train_sentiment_model(texts, [row.label for row in rows], encoded, order=LEVELS)


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


def to_arrays(model: SentimentModel) -> dict[str, NDArray[Any]]:
    """The model as named arrays of numbers and text, to be stored without pickles."""
    used = np.flatnonzero(model.rarities)
    arrays: dict[str, NDArray[Any]] = {
        "labels": np.array(model.labels),
        "buckets": used.astype(np.uint32),
        "rarities": model.rarities[used].astype(np.float16),
        "separators": model.separators[used].astype(np.float16),
        "separators_at_zero": model.separators[-1],
    }
    for name, head in model.heads.items():
        arrays |= {f"head/{name}/{part}": getattr(head, part) for part in _PARTS}
    for present, stack in model.stacks.items():
        key = "+".join(stack.readers)
        arrays[f"stack/{key}/weights"], arrays[f"stack/{key}/offsets"] = stack.weights, stack.offsets
        arrays[f"stack/{key}/usual"] = model.usual[present]
    return arrays


def from_arrays(arrays: Mapping[str, NDArray[Any]]) -> SentimentModel:
    """The model that `to_arrays` gave."""
    labels = tuple(str(label) for label in arrays["labels"])
    rarities = np.zeros(BUCKETS, np.float32)
    separators = np.zeros((BUCKETS + 1, len(labels)), np.float32)
    used = arrays["buckets"].astype(np.int64)
    rarities[used], separators[used] = arrays["rarities"], arrays["separators"]
    separators[-1] = arrays["separators_at_zero"]
    heads, stacks, usual = {}, {}, {}
    for key in arrays:
        kind, _, rest = key.partition("/")
        name, _, part = rest.rpartition("/")
        if kind == "head" and part == _PARTS[0]:
            centre, scale, weights, intercepts = (
                np.asarray(arrays[f"head/{name}/{each}"], np.float32) for each in _PARTS
            )
            heads[name] = DenseHead(centre, scale, weights, intercepts, is_direction=name != CUES)
        elif kind == "stack" and part == "weights":
            readers = tuple(name.split("+"))
            stacks[frozenset(readers)] = Stack(readers, arrays[key], arrays[f"stack/{name}/offsets"])
            usual[frozenset(readers)] = np.asarray(arrays[f"stack/{name}/usual"], np.float32)
    return SentimentModel(labels, rarities, separators, heads, stacks, usual)
