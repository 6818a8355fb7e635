"""Phrase lists compiled to one bounded pattern each."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

from rapport.understanding.logic.cleaning import fold, is_han


def compile_phrases(phrases: Iterable[str]) -> re.Pattern[str]:
    """A pattern that finds any of the phrases in *folded* text.

    A space stands for one to three separators, ``*`` for any ending of a word. Words must match whole,
    except Chinese ones, which are written without spaces.
    """
    by_first: dict[str, list[str]] = defaultdict(list)
    spaceless: list[str] = []
    for phrase in sorted({fold(phrase.strip()) for phrase in phrases}, key=len, reverse=True):
        if is_han(phrase):
            spaceless.append(re.escape(phrase))
        else:
            body = r"[\W_]{1,3}".join(
                re.escape(word).replace(r"\*", r"\w{0,20}") for word in phrase[1:].split(" ")
            )
            by_first[phrase[0]].append(body)
    worded = "|".join(f"{re.escape(first)}(?:{'|'.join(rest)})" for first, rest in by_first.items())
    parts = [rf"(?<!\w)(?:{worded})(?!\w)"] if worded else []
    return re.compile("|".join([*parts, *spaceless]) or r"(?!)")
