"""Names of people, organisations and places, nationalities and addresses: the tagger and the rules around it."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from pathlib import Path

from rapport.governance.personal_data.addresses import extend, find_corners
from rapport.governance.personal_data.reading import Reading
from rapport.governance.personal_data.spans import PersonalSpan
from rapport.governance.personal_data.stretches import read_stretches
from rapport.governance.personal_data.tagging.lexicon import BIT, FREQUENT, ORDINARY, Lexicon, fold
from rapport.governance.personal_data.tagging.tagger import Tagger, load
from rapport.governance.personal_data.tagging.tokens import Token, has_case, tokenize
from rapport.governance.personal_data.telling import find_listed, find_repeated, find_told
from rapport.governance.personal_data.words import (
    ANNOUNCING,
    BEFORE_PEOPLE,
    GERMAN,
    HOMOGRAPHS,
    NAMES,
    NEVER,
    PLACES,
)

FILE = Path(__file__).parent / "data" / "tagger.npz"
SHA256: str | None = "f93285e689c69ef6597e22901b2c71d3e5957675a80d05b98b9a147cef3174a6"
"""Of the weights that are published; another file is refused."""
_NEVER_GIVEN = BIT["title"] | BIT["calendar"] | BIT["brand"] | BIT["nationality"]
_CHUNK = 2_000
"""Tokens read at once: bounds memory."""


def find_names(text: str, known: Sequence[tuple[int, int, str]] = ()) -> tuple[PersonalSpan, ...]:
    """Spans of names in a text whose `known` stretches were recognised before; they may overlap.

    A message is asked about several times in a turn: for its entities, its reading, its redaction.
    """
    return _recently_found(text, tuple(known))


@functools.lru_cache(maxsize=8)
def _recently_found(text: str, known: tuple[tuple[int, int, str], ...]) -> tuple[PersonalSpan, ...]:
    return tuple(_find(text, known))


def _find(text: str, known: Sequence[tuple[int, int, str]]) -> Iterator[PersonalSpan]:
    tokens = tokenize(text, known)
    yield from find_corners(text)
    if _is_plain(tokens, _tagger().lexicon):
        return
    is_cased, is_german = has_case(tokens), _is_german(tokens)
    for first in range(0, len(tokens), _CHUNK):
        reading = Reading(text, tokens[first : first + _CHUNK], _tagger(), is_cased, is_german)
        found = [*read_stretches(reading), *find_told(reading), *find_listed(reading)]
        yield from (extend(text, span) for span in found)
        yield from find_repeated(reading, found)


def is_given_name(word: str, *, begins: bool) -> bool:
    """Whether a capitalised word is a given name; one that is an ordinary word too not at a sentence's beginning."""
    folded = word.casefold()
    bits = _tagger().bits_of(word)
    if folded in NEVER or not bits & BIT["given"] or bits & _NEVER_GIVEN:
        return False
    return not (begins and folded in HOMOGRAPHS)


def is_listed_given_name(word: str) -> bool:
    """Whether a list holds a word as it stands as a given name, not only something that begins like it."""
    return bool(_tagger().lexicon.find(fold(word)).lists & BIT["given"])


def introduces_people(word: str) -> bool:
    """Whether a person's name is what usually follows a word: Mr, named, brother."""
    return word.casefold() in BEFORE_PEOPLE


def is_place(word: str) -> bool:
    """Whether lists know a word as a country or town."""
    return bool(_tagger().bits_of(word) & (BIT["city"] | BIT["country"]))


def is_country(word: str) -> bool:
    """Whether a list knows a word as a country."""
    return bool(_tagger().bits_of(word) & BIT["country"])


def is_hardly_ordinary(word: str, *, may_be_place: bool = False) -> bool:
    """Whether a word stands in no list but those of names, and is not known to be written small."""
    allowed = NAMES | (PLACES if may_be_place else BIT["part"])
    listed, spelling, _ = _tagger().lexicon.describe(word)
    return len(word) > 2 and spelling < 3 and not listed & ~allowed


def _is_german(tokens: Sequence[Token]) -> bool:
    """Whether a text has small words that only German has: two, or one among five words."""
    found = sum(token.word.lower() in GERMAN for token in tokens)
    return found > 1 or 0 < len(tokens) <= 5 * found


def _is_plain(tokens: Sequence[Token], lexicon: Lexicon) -> bool:
    """Whether a text is nothing but ordinary words written small, none of which announces a name."""
    begins = True
    for token in tokens:
        word = token.word
        if word[0].isalpha():
            lowered = word.lower()
            if not (begins or word.islower() or word == "I") or lowered in ANNOUNCING:
                return False
            known = lexicon.describe(lowered)
            is_ordinary = known.spelling >= ORDINARY or (known.cluster and not known.lists) or len(word) == 1
            if not is_ordinary or (known.lists & BIT["given"] and known.spelling < FREQUENT):
                return False
            if known.lists & BIT["nationality"] and word[0].isupper():
                return False
        elif word[0].isdigit() or word[0] == "§":
            return False
        begins = word[0] in ".!?\n"
    return True


@functools.cache
def _tagger() -> Tagger:
    return load(FILE, SHA256)
