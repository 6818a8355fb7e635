"""What is known of a word: the lists it stands in, and how often it is written small or capitalised."""

from __future__ import annotations

import unicodedata
import zlib
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

CATEGORIES = (
    "title", "org", "street", "unit", "calendar", "nationality", "country", "job",
    "given", "surname", "city", "known", "brand", "part",
)  # fmt: skip
"""Lists, the most telling first; ``part`` is a word of a place name of several words."""

BIT = {name: 1 << place for place, name in enumerate(CATEGORIES)}
_BROKEN = ("city", "country", "known")
"""Lists whose names of several words give their words only the bit ``part``."""
_STEMS = BIT["given"] | BIT["surname"]
_MADE_OF = {
    "son": BIT["given"], "sen": BIT["given"], "dottir": BIT["given"], "ova": _STEMS, "ovic": _STEMS, "evic": _STEMS,
}  # fmt: skip
"""Endings of surnames that are made of other names, and of which ones."""
_ENDINGS = ("ed", "ing", "s", "d", "es", "ly", "er")
_SHORTEST, _SMALL = 5, 4
ORDINARY = 3
"""The spelling from which on a word is an ordinary small one, even if a name is spelled the same."""
FREQUENT = 5
"""The spelling of frequent small words."""
MAX_WORDS = 30_000
"""Words kept with what was found of them; then the store begins anew."""


def fold(word: str) -> str:
    """Case and diacritics removed."""
    lowered = word.casefold()
    if lowered.isascii():
        return lowered
    return "".join(c for c in unicodedata.normalize("NFKD", lowered) if not unicodedata.combining(c))


def key_of(folded: str) -> int:
    """The 32-bit key of a folded word in the table."""
    return zlib.crc32(folded.encode("utf-8", "surrogatepass"))


class Word(NamedTuple):
    """What the table knows of a word; all zero for one it has not."""

    lists: int
    """Bits of the lists it stands in."""
    spelling: int
    """0 unknown, 1 only capitalised, 2 mostly, 3 both, 4 small or rare, 5 small and frequent."""
    cluster: int
    """Words used alike have the same number, in every language; 0 for unknown."""


UNKNOWN = Word(0, 0, 0)


class Lexicon:
    """A sorted table of keys with what is known of each; words themselves are not kept."""

    def __init__(
        self,
        keys: NDArray[np.uint32],
        bits: NDArray[np.uint16],
        spelling: NDArray[np.uint8],
        clusters: NDArray[np.uint8],
    ) -> None:
        self._keys, self._bits, self._spelling, self._clusters = keys, bits, spelling, clusters
        self._described: dict[str, Word] = {}

    def find(self, folded: str) -> Word:
        """What the table says of a folded word."""
        key = key_of(folded)
        place = int(np.searchsorted(self._keys, np.uint32(key)))
        if place < len(self._keys) and int(self._keys[place]) == key:
            return Word(int(self._bits[place]), int(self._spelling[place]), int(self._clusters[place]))
        return UNKNOWN

    def describe(self, word: str) -> Word:
        """As `find`, with a look at the stem where the whole word says too little; kept, as words come again."""
        known = self._described.get(word)
        if known is None:
            if len(self._described) >= MAX_WORDS:
                self._described.clear()
            known = self._described[word] = self._look_up(word)
        return known

    def _look_up(self, word: str) -> Word:
        folded = fold(word)
        found = self.find(folded)
        if found.lists & _STEMS or len(folded) < 4:
            return found
        if word[:1].islower():
            return found if found.cluster or found.lists else self._stem(folded)
        if not word[:1].isupper():
            return found
        if not found.lists:
            found = found._replace(lists=self._people_bits(folded))
        return found._replace(lists=found.lists | self._name_bits(word, folded, found.spelling))

    def _name_bits(self, word: str, folded: str, spelling: int) -> int:
        """The lists of names a case form, a possessive or both halves of a double name stand in."""
        if "-" in word:
            halves = [self.find(half).lists for half in folded.split("-")]
            return min(halves) and halves[0] & halves[-1]
        if spelling < 4:
            if self._is_daughter_or_son(folded):
                return BIT["surname"]
            for stem in (folded[:-1], folded[:-2], folded[:-1] + "a", folded[:-2] + "a", folded[:-1] + "а"):
                found = self.find(stem).lists & _STEMS
                if found and len(stem) >= 4:
                    return found
        return 0

    def _is_daughter_or_son(self, folded: str) -> bool:
        """Whether a word is a surname made of a name: Mikaelsen, Karlsdóttir, Fiedlerová, McConnan."""
        for ending, bits in _MADE_OF.items():
            stem = folded.removesuffix(ending)
            names = (stem, stem.removesuffix("s"), stem + "a", stem + "ur") if stem != folded else ()
            if len(stem) >= 3 and any(self.find(name).lists & bits for name in names):
                return True
        return folded.startswith("mc") and len(folded) > 4

    def _people_bits(self, folded: str) -> int:
        """The nationality that several people of it, a man or a woman belong to: Egyptians, Irishwoman."""
        for ending in ("s", "woman", "women", "man", "men"):
            if folded.endswith(ending):
                bits = self.find(folded.removesuffix(ending)).lists & BIT["nationality"]
                if bits:
                    return bits
        return 0

    def _stem(self, folded: str) -> Word:
        """A small word without its ending, or by its beginning: "founded", "vaccinations", "masterpiece"."""
        people = self._people_bits(folded)
        if people:
            return Word(people, 0, 0)
        for ending in _ENDINGS:
            if folded.endswith(ending) and len(folded) - len(ending) > 2:
                stem = folded[: -len(ending)]
                for whole in (stem, stem + "e"):
                    found = self.find(whole)
                    if found.cluster:
                        return Word(0, found.spelling, found.cluster)
        for length in range(len(folded) - 1, max(_SHORTEST, len(folded) // 2) - 1, -1):
            found = self.find(folded[:length])
            if found.spelling >= _SMALL:
                return Word(0, found.spelling, 0)
        return UNKNOWN


def build(
    lists: Mapping[str, set[str]], spelling: Mapping[str, int], clusters: Mapping[str, int]
) -> dict[str, NDArray[np.generic]]:
    """The table's arrays from word lists by category, spelling classes and clusters by folded word."""
    found: dict[str, int] = {}
    for category, words in lists.items():
        for word in words:
            parts = fold(word).split()
            whole = BIT[category] if len(parts) == 1 or category not in _BROKEN else BIT["part"]
            for part in parts:
                if len(part) > 1 and (len(parts) == 1 or len(part) > 2 or category != "city"):
                    found[part] = found.get(part, 0) | whole
    rows = {
        key_of(w): (found.get(w, 0), spelling.get(w, 0), clusters.get(w, 0))
        for w in (*spelling, *clusters, *found)
    }
    keys = np.array(sorted(rows), np.uint32)
    return {
        "keys": keys,
        "bits": np.array([rows[int(k)][0] for k in keys], np.uint16),
        "spelling": np.array([rows[int(k)][1] for k in keys], np.uint8),
        "clusters": np.array([rows[int(k)][2] for k in keys], np.uint8),
    }
