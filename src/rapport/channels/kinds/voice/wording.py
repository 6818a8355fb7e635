"""What is said in calls besides the assistant's own words, in every language."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any

from rapport.channels.kinds.voice.logic.hearing import plain_words
from rapport.channels.text_wording import load_catalogue
from rapport.kernel.languages import pick

FILE = Path(__file__).parent / "wording.yaml"


@functools.cache
def texts() -> dict[str, dict[str, str]]:
    """Key → language → sentence."""
    return load_catalogue(FILE)


def say(key: str, language: str, **values: Any) -> str:
    """One sentence."""
    return pick(texts()[key], language).format(**values)


@functools.cache
def words(key: str, language: str) -> frozenset[str]:
    """Words people say for one thing, from a list with bars."""
    return frozenset(plain_words(w) for w in pick(texts()[key], language).split("|"))
