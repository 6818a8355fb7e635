"""Insults, threats and sexual harassment of whoever reads, in six languages, from word lists with careful phrases."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from rapport.understanding.lexicons import read_words
from rapport.understanding.logic.cleaning import fold
from rapport.understanding.logic.grammar import Finding
from rapport.understanding.logic.phrases import compile_phrases

KINDS = ("insult", "threat", "sexual")
_MAX_CHARS = 6000


def find_abuse(text: str) -> tuple[Finding, ...]:
    """Abusive phrases with their kind as ``family``, in reading order; empty for strong words about things."""
    folded = fold(text[:_MAX_CHARS])
    found = [
        Finding(kind, match.start(), match.end(), match.group(), kind)
        for kind, pattern in _patterns().items()
        for match in pattern.finditer(folded)
    ]
    return tuple(sorted(found, key=lambda finding: (finding.start, finding.end)))


@lru_cache(maxsize=1)
def _patterns() -> Mapping[str, re.Pattern[str]]:
    lists = read_words("abuse.yaml")
    return {kind: compile_phrases(phrase for by in lists[kind].values() for phrase in by) for kind in KINDS}
