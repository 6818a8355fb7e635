"""What differs between two texts, word by word."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from typing import Literal

_TOKEN = re.compile(r"[\u3400-\u9fff]|\s*\n\s*|[^\S\n]*[^\s\u3400-\u9fff]+|\s+")

MOST_TOKENS = 6000
"""Longer texts are shown one after the other: comparing them could take the page's whole time."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words that is in both texts, or in one alone."""

    kind: Literal["same", "removed", "added"]
    text: str


def diff_words(before: str, after: str) -> tuple[Piece, ...]:
    """The pieces in order; what was removed stands before what was added in its place."""
    old, new = _TOKEN.findall(before), _TOKEN.findall(after)
    if max(len(old), len(new)) > MOST_TOKENS:
        return tuple(piece for piece in (Piece("removed", before), Piece("added", after)) if piece.text)
    keys = [token.strip() or "\n" for token in old], [token.strip() or "\n" for token in new]
    found: list[Piece] = []
    for _, a, b, c, d in difflib.SequenceMatcher(None, *keys, autojunk=False).get_opcodes():
        if keys[0][a:b] == keys[1][c:d]:
            found.append(Piece("same", "".join(new[c:d])))
            continue
        if a < b:
            found.append(Piece("removed", "".join(old[a:b])))
        if c < d:
            found.append(Piece("added", "".join(new[c:d])))
    return tuple(found)
