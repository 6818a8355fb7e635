"""Words, numbers, signs and line breaks of a text, with what was already recognised as one token."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_END = r"['’](?:s|re|ll|ve|d|m|t)(?![^\W_])"
_TOKEN = re.compile(
    rf"\n+|[^\W\d_]+(?:(?!{_END})['’\-‐][^\W\d_]+)*|{_END}|\d+[^\W\d_]{{0,3}}(?:[/\-]\d+[^\W\d_]?)*(?!\w)|\w+|[^\w\s]"
)


@dataclass(frozen=True, slots=True)
class Token:
    """One token; `word` is its text, or ``§kind`` for something recognised before."""

    start: int
    end: int
    word: str


def tokenize(text: str, known: Sequence[tuple[int, int, str]] = ()) -> list[Token]:
    """Tokens in order. `known` are (start, end, kind), sorted and apart, each kept whole."""
    tokens: list[Token] = []
    last = 0
    for start, end, kind in known:
        tokens += _plain(text, last, start)
        tokens.append(Token(start, end, f"§{kind}"))
        last = end
    tokens += _plain(text, last, len(text))
    return tokens


def _plain(text: str, start: int, end: int) -> list[Token]:
    return [Token(m.start(), m.end(), m[0]) for m in _TOKEN.finditer(text, start, end)]


def has_case(tokens: Sequence[Token]) -> bool:
    """Whether capitals tell something: some words have them, not all."""
    words = [t.word for t in tokens if t.word[0].isalpha()]
    return any(w[0].isupper() and not w.isupper() for w in words)
