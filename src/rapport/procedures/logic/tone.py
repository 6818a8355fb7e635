"""Which wording is used where a language has two tones: ``de`` is formal, ``de.informal`` stands beside it."""

from __future__ import annotations

from collections.abc import Mapping

from rapport.kernel.languages import pick

INFORMAL = "informal"


def toned(language: str, tone: str) -> str:
    """The tag under which a wording of a language in a tone is kept."""
    return f"{language}.{tone}" if tone == INFORMAL else language


def split_tag(tag: str) -> tuple[str, str]:
    """A tag as language and tone; the tone is empty where the wording is not marked."""
    language, _, tone = tag.partition(".")
    return language, tone


def pick_words(texts: Mapping[str, str], language: str, tone: str) -> str:
    """The wording in a language and tone, else in the language, else in English."""
    return texts.get(toned(language, tone)) or pick(texts, language)
