"""Labels for the tokens of a text: summed weights of features, and the best sequence by Viterbi."""

from __future__ import annotations

import hashlib
import math
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rapport.governance.personal_data.tagging.features import (
    WINDOW,
    WordFeatures,
    combine,
    describe_word,
    look_up,
)
from rapport.governance.personal_data.tagging.lexicon import BIT, MAX_WORDS, ORDINARY, UNKNOWN, Lexicon, fold
from rapport.governance.personal_data.tagging.tokens import Token

KINDS = ("PER", "ORG", "LOC", "ADR", "NRP")
LABELS = ("O", *(f"{place}-{kind}" for kind in KINDS for place in "BI"))
"""Outside, and the beginning and inside of each kind."""
PREFERENCE = 15.0
"""By how much a word may look more like none and still be a name: what is missed leaks."""
_SPREAD = 30.0
"""Sum of weights by which the score of a find grows as a logistic curve does."""
PAD = "§pad"
STREET_ENDS = (
    "straße", "strasse", "gasse", "platz", "allee", "gatan", "vägen", "veien", "gata", "vej", "gade", "katu", "tie",
    "straat", "laan", "weg", "plein", "gracht",
)  # fmt: skip
_STREET = BIT["street"] | BIT["unit"]

Floats = NDArray[np.float32]


class Tagger:
    """A trained tagger. Not thread-safe to the letter, yet a lost cache entry is all that can happen."""

    def __init__(
        self, lexicon: Lexicon, weights: NDArray[np.int8], transitions: Floats, scale: float
    ) -> None:
        self.lexicon = lexicon
        self._weights = weights
        self._transitions = transitions
        self._scale = scale
        self._known: dict[str, tuple[Floats, tuple[int, int, int]]] = {}
        self._pad = self._sum(describe_word(PAD, UNKNOWN))

    def tag(self, tokens: list[Token]) -> list[tuple[int, int, str, float]]:
        """Labelled stretches: first token, token after the last, kind, score 0..1."""
        if not tokens:
            return []
        scores = self._score(tokens)
        labels = best_path(scores, self._transitions)
        return _stretches(labels, scores)

    def bits_of(self, word: str) -> int:
        """The lists a word stands in."""
        return self.lexicon.describe(word).lists

    def is_listed(self, word: str, bits: int) -> bool:
        """Whether a word stands in one of the lists of `bits`."""
        return bool(self.bits_of(word) & bits)

    def may_be_name(self, word: str, bits: int) -> bool:
        """Whether a word without telling case stands in one of the lists of `bits`, or is no common word."""
        listed, spelling, _ = self.lexicon.describe(word)
        return bool(listed & bits) or (spelling < ORDINARY and len(word) > 2)

    def is_street(self, word: str) -> bool:
        """Whether a word is a kind of street or part of a house, or ends as street names do."""
        if word == "alle":
            return False  # German for "all", not the Danish allé
        return self.is_listed(word, _STREET) or (len(word) > 6 and word.lower().endswith(STREET_ENDS))

    def is_brand(self, word: str) -> bool:
        """Whether a word is the name of a maker or a program and of no person."""
        bits = self.bits_of(word)
        return (
            bool(bits & BIT["brand"])
            and not bits & (BIT["given"] | BIT["surname"])
            and not self.is_ordinary(word)
        )

    def is_calendar(self, word: str) -> bool:
        """Whether a word belongs to a day, month, holiday or common abbreviation, and to no name."""
        bits = self.bits_of(word)
        return bool(bits & BIT["calendar"]) and not bits & (BIT["given"] | BIT["surname"] | BIT["country"])

    def is_ordinary(self, word: str) -> bool:
        """Whether a word is an ordinary small word too, even if a name is spelled the same: bill, rose."""
        return self.lexicon.describe(word).spelling >= ORDINARY

    def is_written_small(self, word: str) -> bool:
        """Whether the vocabulary has a word, in just this form, as one that is also written small."""
        return self.lexicon.find(fold(word)).spelling >= 3

    def is_common(self, word: str) -> bool:
        """Whether a word is usually written small and stands in no list."""
        listed, spelling, _ = self.lexicon.describe(word)
        return spelling >= ORDINARY and not listed & ~BIT["part"]

    def _score(self, tokens: list[Token]) -> Floats:
        known, n = self._known, len(tokens)
        found = [self._pad] * WINDOW
        for token in tokens:
            entry = known.get(token.word)
            if entry is None:
                if len(known) >= MAX_WORDS:
                    known.clear()
                entry = known[token.word] = self._sum(look_up(token.word, self.lexicon))
            found.append(entry)
        found += [self._pad] * WINDOW
        sums = np.array([e[0] for e in found])
        scores = (
            sums[:n, 0] + sums[1 : n + 1, 1] + sums[2 : n + 2, 2] + sums[3 : n + 3, 3] + sums[4 : n + 4, 4]
        )
        pairs = self._weights[combine([e[1] for e in found])].sum(axis=1, dtype=np.float32)
        result: Floats = (scores + pairs) * np.float32(self._scale)
        result[:, 0] -= PREFERENCE
        return result

    def _sum(self, features: WordFeatures) -> tuple[Floats, tuple[int, int, int]]:
        sums = np.array([self._weights[places].sum(axis=0, dtype=np.float32) for places in features.places])
        return sums, (features.coarse, features.identity, features.cluster)


def best_path(scores: Floats, transitions: Floats) -> list[int]:
    """The labels with the highest sum; stretches of certain O are cut out, which changes nothing but time."""
    n = len(scores)
    backs = np.empty((n, len(LABELS)), np.int64)
    best = scores[0] + transitions[0]
    every = np.arange(len(LABELS))
    for place in range(1, n):
        ways = transitions + best[:, None]
        back = ways.argmax(axis=0)
        backs[place] = back
        best = ways[back, every] + scores[place]
    path = [int(best.argmax())]
    for place in range(n - 1, 0, -1):
        path.append(int(backs[place, path[-1]]))
    return path[::-1]


def _stretches(labels: list[int], scores: Floats) -> list[tuple[int, int, str, float]]:
    found: list[tuple[int, int, str, float]] = []
    start = -1
    for place in range(len(labels) + 1):
        label = labels[place] if place < len(labels) else 0
        if start >= 0 and (label == 0 or label % 2 == 1):
            kind = KINDS[(labels[start] - 1) // 2]
            chosen = scores[start:place]
            margins = chosen[range(place - start), labels[start:place]] - chosen[:, 0]
            found.append((start, place, kind, 1 / (1 + math.exp(-float(margins.mean()) / _SPREAD))))
            start = -1
        if label % 2 == 1:
            start = place
    return found


def load(path: Path, sha256: str | None = None) -> Tagger:
    """The tagger of a weights file. Raises ValueError: the file is not the one that was published."""
    content = path.read_bytes()
    if sha256 is not None and hashlib.sha256(content).hexdigest() != sha256:
        raise ValueError(f"{path.name} has another SHA-256 than the one published")
    with np.load(path, allow_pickle=False) as file:
        keys = np.cumsum(np.ascontiguousarray(file["gaps"].T).view(np.uint32).ravel(), dtype=np.uint32)
        lexicon = Lexicon(keys, file["bits"], file["spelling"], file["clusters"])
        weights = np.zeros((int(file["rows"]), len(LABELS)), np.int8)
        weights[file["places"]] = file["weights"]
        return Tagger(lexicon, weights, file["transitions"], float(file["scale"]))
