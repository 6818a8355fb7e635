"""Features of a word and of its neighbourhood, as places in the weight table."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rapport.governance.personal_data.tagging.lexicon import BIT, CATEGORIES, UNKNOWN, Lexicon, Word

TABLE = 1 << 18
"""Rows of the weight table."""
WINDOW = 2
"""Neighbours seen on either side."""

Ints = NDArray[np.int64]
_TELLING = BIT["title"] | BIT["org"] | BIT["street"] | BIT["unit"] | BIT["calendar"] | BIT["job"]
_NAMES = BIT["given"] | BIT["surname"]
_MIXERS = np.array(
    [
        0x9E3779B1,
        0x85EBCA77,
        0xC2B2AE3D,
        0x27D4EB2F,
        0x165667B1,
        0xD3A2646D,
        0xFD7046C5,
        0xB55A4F09,
        0x8DA6B343,
        0xD8163841,
        0xCB1AB31F,
        0xA6A5E0D5,
    ],
    np.uint64,
)


@dataclass(frozen=True, slots=True)
class WordFeatures:
    """Places for each offset −2…2 of the word from the labelled one, its class, and its identity."""

    places: tuple[Ints, ...]
    coarse: int
    identity: int
    cluster: int


def describe_word(word: str, known: Word) -> WordFeatures:
    """All features of one word that do not depend on its neighbours."""
    bits, spelling, cluster = known
    shape = shape_of(word)
    lowered = word.lower()[:40]
    is_plain = not word[:1].isupper() or spelling >= 4 or bool(bits & _TELLING) or not word[0].isalpha()
    name = lowered if is_plain else ""
    coarse = f"{shape}|{_category(bits)}|{spelling}"
    lists = f"{bits:x}"
    near = [f"s{shape}", f"g{lists}", f"v{spelling}{shape}", f"c{coarse}"]
    if name:
        near.append(f"w{name}")
    if cluster:
        near += (f"k{cluster}", f"K{cluster}{shape}")
    full = [*near, "b", f"gs{lists}{shape}", f"gv{lists}{spelling}", f"p{lowered[:2]}", f"q{lowered[:3]}"]
    full += [
        f"x{lowered[-2:]}{shape}",
        f"y{lowered[-3:]}{shape}",
        f"z{lowered[-4:]}",
        f"l{min(len(word), 12)}{shape[0]}",
    ]
    full += [f"i{c}{shape}" for c in CATEGORIES if bits & BIT[c]]
    beside = [*near, f"y{lowered[-3:]}"]
    by_offset = [near, beside, full, beside, near]
    places = tuple(
        np.array([_code(f"{offset}{f}") % TABLE for f in found], np.int64)
        for offset, found in enumerate(by_offset)
    )
    return WordFeatures(
        places, _code(coarse), _code(name or coarse), _code(f"k{cluster}" if cluster else coarse)
    )


def combine(found: Sequence[tuple[int, int, int]]) -> Ints:
    """Places of the features of neighbours taken together, shape ``(n, 12)``.

    Args:
        found: coarse class, identity and cluster code of each word, padded by two on each side.
    """
    codes = np.array(found, np.uint64)
    n = len(codes) - 2 * WINDOW
    m = _MIXERS
    here = codes[2 : n + 2, 0] * m[0]
    left, right = codes[1 : n + 1, 0] * m[1], codes[3 : n + 3, 0] * m[2]
    left_word, right_word = codes[1 : n + 1, 1] * m[3], codes[3 : n + 3, 1] * m[4]
    left_kind, right_kind = codes[1 : n + 1, 2] * m[9], codes[3 : n + 3, 2] * m[10]
    mixed = np.empty((n, 12), np.uint64)
    mixed[:, 0] = here ^ left
    mixed[:, 1] = here ^ right
    mixed[:, 2] = here ^ left ^ right
    mixed[:, 3] = here ^ left_word
    mixed[:, 4] = here ^ right_word
    mixed[:, 5] = here ^ left_word ^ (codes[:n, 1] * m[5])
    mixed[:, 6] = here ^ left_word ^ right_word
    mixed[:, 7] = here ^ right_word ^ (codes[4 : n + 4, 1] * m[6])
    mixed[:, 8] = here ^ left_kind
    mixed[:, 9] = here ^ right_kind
    mixed[:, 10] = here ^ left_kind ^ right_kind
    mixed[:, 11] = here ^ right_kind ^ (codes[4 : n + 4, 2] * m[11])
    mixed += np.arange(12, dtype=np.uint64) * m[7]
    mixed ^= mixed >> np.uint64(29)
    mixed *= m[8]
    return ((mixed >> np.uint64(20)) % np.uint64(TABLE)).astype(np.int64)


def shape_of(word: str) -> str:
    """``Xx`` for capitalised, ``d5`` for five digits, the sign itself, and so on."""
    first = word[0]
    if first == "§":
        return word
    if first == "\n":
        return "n1" if len(word) == 1 else "n2"
    if word.isdigit():
        return f"d{min(len(word), 9)}"
    if not first.isalnum():
        return first
    if not word.replace("-", "").replace("'", "").replace("’", "").isalpha():
        return "dx" if first.isdigit() else "xd"
    if len(word) == 1:
        return "X" if word.isupper() else ("x" if word.islower() else "o")
    if word.isupper():
        return "XX"
    if word.islower():
        return "xx"
    if first.isupper():
        return "X-X" if "-" in word else ("Xx" if word[1:].islower() else "XxX")
    return "xX" if word.lower() != word else "o"


def _category(bits: int) -> str:
    for name in CATEGORIES:
        if bits & BIT[name]:
            if bits & _NAMES == _NAMES and name in ("given", "surname"):
                return "both"
            return name
    return ""


def look_up(word: str, lexicon: Lexicon) -> WordFeatures:
    """Features of a word by what the lexicon knows."""
    return describe_word(word, UNKNOWN if word[0] == "§" else lexicon.describe(word))


def _code(text: str) -> int:
    return zlib.crc32(text.encode("utf-8", "surrogatepass"))
