"""What is known of a word: the lists it stands in, and how often it is written small or capitalised."""

from __future__ import annotations

import unicodedata
import zlib
from collections.abc import Mapping

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


def fold(word: str) -> str:
    """Case and diacritics removed."""
    lowered = word.casefold()
    if lowered.isascii():
        return lowered
    return "".join(c for c in unicodedata.normalize("NFKD", lowered) if not unicodedata.combining(c))


def key_of(folded: str) -> int:
    """The 32-bit key of a folded word in the table."""
    return zlib.crc32(folded.encode("utf-8", "surrogatepass"))


class Lexicon:
    """A sorted table of keys with list bits and a spelling class; words themselves are not kept."""

    def __init__(
        self, keys: NDArray[np.uint32], bits: NDArray[np.uint16], spelling: NDArray[np.uint8]
    ) -> None:
        self._keys, self._bits, self._spelling = keys, bits, spelling

    def find(self, folded: str) -> tuple[int, int]:
        """List bits and spelling class (0 unknown, 1 only capitalised … 5 small and frequent)."""
        key = key_of(folded)
        place = int(np.searchsorted(self._keys, np.uint32(key)))
        if place < len(self._keys) and int(self._keys[place]) == key:
            return int(self._bits[place]), int(self._spelling[place])
        return 0, 0

    def describe(self, word: str) -> tuple[int, int]:
        """As `find`, with a look at the stem for names in a case form, and at both halves of a double name."""
        folded = fold(word)
        bits, spelling = self.find(folded)
        if bits & _STEMS or len(folded) < 4 or not word[:1].isupper():
            return bits, spelling
        if "-" in word:
            halves = [self.find(half)[0] for half in folded.split("-")]
            return bits | (min(halves) and halves[0] & halves[-1]), spelling
        if folded.endswith(("'s", "’s")):
            return self.find(folded[:-2])
        if spelling < 4:
            for stem in (folded[:-1], folded[:-2], folded[:-1] + "a", folded[:-2] + "a", folded[:-1] + "а"):
                found = self.find(stem)[0] & _STEMS
                if found and len(stem) >= 4:
                    return bits | found, spelling
        return bits, spelling


def build(lists: Mapping[str, set[str]], spelling: Mapping[str, int]) -> dict[str, NDArray[np.generic]]:
    """The table's arrays from word lists by category and spelling classes by folded word."""
    found: dict[str, int] = {}
    for category, words in lists.items():
        for word in words:
            parts = fold(word).split()
            whole = BIT[category] if len(parts) == 1 or category not in _BROKEN else BIT["part"]
            for part in parts:
                if len(part) > 1 and (len(parts) == 1 or len(part) > 2 or category != "city"):
                    found[part] = found.get(part, 0) | whole
    rows = {key_of(w): (bits, spelling.get(w, 0)) for w, bits in found.items()}
    for word, kind in spelling.items():
        rows.setdefault(key_of(word), (0, kind))
    keys = np.array(sorted(rows), np.uint32)
    return {
        "keys": keys,
        "bits": np.array([rows[int(k)][0] for k in keys], np.uint16),
        "spelling": np.array([rows[int(k)][1] for k in keys], np.uint8),
    }
