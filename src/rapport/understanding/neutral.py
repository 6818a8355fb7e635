"""Texts with one ordinary name in place of everybody's, so that a name moves neither intent nor sentiment."""

from __future__ import annotations

from collections.abc import Set as AbstractSet

from rapport.governance.api import find_people

STAND_INS = {"zh": "小林", "ru": "Саша"}
STAND_IN = "Alex"
"""An ordinary name of either gender: a bare letter moves encoders more than any name does."""


def without_names(text: str, language: str, ordinary: AbstractSet[str] = frozenset()) -> str:
    """The text with each person's name that is recognised replaced by the same one.

    Args:
        text: any.
        language: of the text.
        ordinary: words, written small, that are no names here unless a list of names says so.
    """
    spans = find_people(text, language, ordinary)
    if not spans:
        return text
    stand_in = STAND_INS.get(language.partition("-")[0], STAND_IN)
    parts, last = [], 0
    for span in spans:
        parts += [text[last : span.start], stand_in]
        last = span.end
    return "".join(parts) + text[last:]
