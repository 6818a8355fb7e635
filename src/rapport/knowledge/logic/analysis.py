"""Words of a text as search compares them: folded, stemmed, without words that carry no meaning.

Folding comes before stemming, so that a text typed without diacritics gets the stems of the same text typed
with them. The script of a word decides before the language of the text does: a product name in Latin letters
inside a Chinese sentence is stemmed as English.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from functools import cache
from importlib.resources import files
from typing import Any

import Stemmer  # type: ignore[import-not-found]  # compiled, without stubs
import yaml

MAX_CHARS = 6000
"""What is analysed of one text; an article's paragraph is far shorter."""

STEMMERS = {"en": "english", "cs": "czech", "de": "german", "es": "spanish", "ru": "russian"}
_WORD = re.compile(r"[^\W_]+")
_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]")
_CYRILLIC = re.compile("[\u0400-\u04ff]")
_MARKS = re.compile("[\u0300-\u036f]")


@cache
def stop_words() -> dict[str, frozenset[str]]:
    """Per language: words that carry no meaning for search."""
    lists = yaml.safe_load((files("rapport.knowledge.logic") / "stop_words.yaml").read_text("utf-8"))
    return {language: frozenset(words.split()) for language, words in lists.items()}


_local = threading.local()
"""Stemmers keep state while they work, so each thread has its own."""


def _stemmer(language: str) -> Any:
    own: dict[str, Any] = _local.__dict__
    if language not in own:
        own[language] = Stemmer.Stemmer(STEMMERS[language])
    return own[language]


def fold(text: str) -> str:
    """Lower case, half width, without diacritics; Cyrillic keeps its й, which is a letter of its own."""
    lowered = (
        unicodedata.normalize("NFKC", text).lower().replace("ß", "ss").replace("ё", "е").replace("ł", "l")
    )
    if _CYRILLIC.search(lowered):
        lowered = lowered.replace("й", "\ue000")
        return _MARKS.sub("", unicodedata.normalize("NFD", lowered)).replace("\ue000", "й")
    return _MARKS.sub("", unicodedata.normalize("NFD", lowered))


def _chinese_words(text: str) -> list[str]:
    import rjieba  # noqa: PLC0415 - reads its dictionary when it is imported

    return list(rjieba.cut(text))


def terms(text: str, language: str) -> list[str]:
    """The meaningful words of a text, in order, repeated as often as they occur."""
    found: list[str] = []
    ignored = stop_words()
    for word in _WORD.findall(fold(text[:MAX_CHARS])):
        if _HAN.search(word):
            found += [part for part in _chinese_words(word) if part not in ignored["zh"] and part.strip()]
        elif word.isdigit():
            found.append(word)
        else:
            spoken = _language_of(word, language)
            if word not in ignored[spoken]:
                found.append(str(_stemmer(spoken).stemWord(word)))
    return found


def _language_of(word: str, language: str) -> str:
    if _CYRILLIC.search(word):
        return "ru"
    return language if language in STEMMERS and language != "ru" else "en"


def analysed(text: str, language: str) -> str:
    """The terms of a text as the search tables of the database hold them."""
    return " ".join(terms(text, language))
