"""Whether words clearly name an option: what stands already is not overwritten by words that only resemble another."""

from __future__ import annotations

import re
from collections.abc import Iterable

from rapport.procedures.contracts import Option
from rapport.procedures.logic.wording import aliases

MIN_NUMBER = 5
"""Characters from which a value with a digit in it is a number that customers name (``#W1735502``)."""

_HAN = re.compile(r"[\u3400-\u9fff]")
_MOVES = frozenset({*aliases("yes"), *aliases("no")})
"""Words that answer a question rather than name a thing."""
_LEAST_LETTERS = 3
_ANSWER_WORDS = 4


def names_in_full(text: str, option: Option) -> bool:
    """Whether a text says a record's number or whole title, so that no similar record can be meant."""
    is_number = len(option.value) >= MIN_NUMBER and any(char.isdigit() for char in option.value)
    names = (option.title, option.value) if is_number else (option.title,)
    return _says_any(text, names)


def says_number(text: str, option: Option) -> bool:
    """Whether a text says the number of a record: all its digits, with or without the letters around them."""
    own = {digits for digits in re.findall(r"\d+", option.value) if len(digits) >= MIN_NUMBER}
    return bool(own & set(re.findall(r"\d+", text)))


def names_clearly(text: str, option: Option, others: Iterable[Option]) -> bool:
    """Whether a text names an option and none of the others: by its title or another name in full, by the value of an
    attribute, or by a word that only this one has. "Yes" and "no" name nothing ("waterproof: yes").
    """
    rest = tuple(others)
    taken = {plain(n) for other in rest for n in (*other.aliases, *other.attributes.values())}
    own = [n for n in (*option.aliases, *option.attributes.values()) if plain(n) not in taken]
    if names_in_full(text, option) or _says_any(text, own):
        return True
    if not option.data:
        return False  # choices of a definition are called by their names
    shared = _MOVES | {word for other in rest for word in _words_of(other)}
    return bool((_words_of(option) - shared) & set(plain(text).split()))


def is_brief(text: str) -> bool:
    """Whether a text is little more than a value."""
    return len(plain(text).split()) <= _ANSWER_WORDS


def plain(text: str) -> str:
    """A text without case and punctuation."""
    return " ".join(re.findall(r"\w+", text.casefold()))


def _says_any(text: str, names: Iterable[str]) -> bool:
    said = f" {plain(text)} "
    return any(_says(said, plain(name)) for name in names)


def _says(said: str, name: str) -> bool:
    if not name or name in _MOVES:
        return False
    if _HAN.search(name):
        return len(name) > 1 and name in said
    return f" {name} " in said


def _words_of(option: Option) -> set[str]:
    named = (option.title, *option.aliases, *option.attributes.values())
    return {w for name in named for w in plain(name).split() if len(w) >= _LEAST_LETTERS or w.isdigit()}
