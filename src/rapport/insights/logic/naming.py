"""What a group is called: the words that are frequent in it and rare elsewhere, in the order in which they are said."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence

Words = Callable[[str], list[str]]
PlainWords = Callable[[str], frozenset[str]]
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]+")
_LABEL = re.compile(r"\[[a-z ]+\]")
_LEAST_SHARE = 0.25
"""Of a group's requests in a language, in which a typical word stands."""


def split_words(text: str) -> list[str]:
    """Words of a text, small; Chinese in the words of a dictionary."""
    import rjieba  # noqa: PLC0415 - reads its dictionary when it is imported

    found: list[str] = []
    for match in _WORD.finditer(_LABEL.sub(" ", text)):
        word = match[0].casefold()
        found += [w for w in rjieba.cut(word) if _HAN.fullmatch(w)] if _HAN.search(word) else [word]
    return found


def typical_words(
    texts: Sequence[str], others: Sequence[str], plain: frozenset[str], *, most: int = 3
) -> tuple[str, ...]:
    """The most telling words of texts in one language, in the order in which they usually stand.

    Args:
        texts: of the group.
        others: of everybody else, in the same language.
        plain: words that say nothing.
        most: how many are wanted.
    """
    mine = [_telling(text, plain) for text in texts]
    theirs = Counter(word for text in others for word in set(_telling(text, plain)))
    counts = Counter(word for words in mine for word in set(words))
    least = max(2 if len(texts) > 2 else 1, math.ceil(_LEAST_SHARE * len(texts)))
    weights = {
        word: count * math.log(1 + (1 + len(others)) / (1 + theirs[word]))
        for word, count in counts.items()
        if count >= least
    }
    best: list[str] = []
    for word in sorted(weights, key=lambda word: (-weights[word], word)):
        is_part = any(word in other or other in word for other in best)
        if len(best) < most and not (is_part and _HAN.fullmatch(word)):
            best.append(word)
    places: dict[str, list[int]] = defaultdict(list)
    for words in mine:
        for place, word in enumerate(words):
            places[word].append(place)
    return tuple(sorted(best, key=lambda word: (sum(places[word]) / len(places[word]), word)))


def title_of(words: Sequence[str], language: str) -> str:
    """Typical words as a heading."""
    joined = ("" if language == "zh" else " ").join(words)
    return joined[:1].upper() + joined[1:]


def _telling(text: str, plain: frozenset[str]) -> list[str]:
    return [
        w for w in split_words(text) if w not in plain and (len(w) > 2 or (len(w) == 2 and _HAN.fullmatch(w)))
    ]
