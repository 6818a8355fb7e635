"""What a colleague asks a customer for, told by the words of the question."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

_SENTENCE = re.compile(r"[^.!?。！？\n]{1,400}[.!?。！？]*")
_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]")


@dataclass(frozen=True, slots=True)
class KindWords:
    """Beginnings of words by which a kind of fact is asked for, and of words by which one asks."""

    kinds: Mapping[str, tuple[str, ...]]
    asking: tuple[str, ...]


def asked_kinds(text: str, words: KindWords) -> tuple[str, ...]:
    """Kinds of facts a text asks for, in the order of `words`: those named in a question or a request."""
    found: set[str] = set()
    for sentence in _sentences(text.casefold()):
        if "?" in sentence or "？" in sentence or _has(sentence, words.asking):
            found.update(kind for kind, named in words.kinds.items() if _has(sentence, named))
    return tuple(kind for kind in words.kinds if kind in found)


def _sentences(text: str) -> Iterator[str]:
    for match in _SENTENCE.finditer(text):
        yield match[0]


def _has(sentence: str, beginnings: tuple[str, ...]) -> bool:
    return any(
        word in sentence if _HAN.search(word) else re.search(rf"(?<!\w){re.escape(word)}", sentence)
        for word in beginnings
    )
