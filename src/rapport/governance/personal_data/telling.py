"""Names that the words around them tell, that lists tell, or that the same text has elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rapport.governance.personal_data.reading import Reading
from rapport.governance.personal_data.spans import PersonalKind, PersonalSpan
from rapport.governance.personal_data.tagging.lexicon import BIT
from rapport.governance.personal_data.words import (
    BEFORE_ADJECTIVES,
    CLOSINGS,
    NAMES,
    NEVER,
    TITLES,
)

_TOLD, _LISTED, _REPEATED, _ALONE = 0.6, 0.5, 0.45, 0.2
_SIGNED = 0.86
"""Surer than the tagger, which reads closing and name as one."""
_CERTAIN = 0.5
"""From this score on a person's name is looked for elsewhere in the text."""


def find_told(reading: Reading) -> Iterator[PersonalSpan]:
    """Capitalised words after "her maiden name is", "who grew up in", "I work for", "Mrs.", or below "Best regards"."""
    if not reading.has_case:
        return
    for place in range(1, len(reading.tokens)):
        if not reading.tokens[place].word[0].isupper():
            continue
        is_signed = _is_signed(reading, place)
        kind = "PER" if is_signed else _told_kind(reading, place)
        end = reading.run(place) if kind else place
        if end > place and not _is_other(reading, place, end, kind):
            yield reading.span(place, end, kind, _SIGNED if is_signed else _TOLD, "told")


def _told_kind(reading: Reading, place: int) -> str:
    """As `Reading.told_kind`; after "Mr", "Herrn" or "paní" a person, whatever the tagger thinks."""
    before = reading.tokens[place - 1].word
    if before == "." and place > 1:
        before = reading.tokens[place - 2].word
    if before.casefold() in TITLES and not reading.tagger.is_listed(reading.tokens[place].word, BIT["title"]):
        return "PER"
    return reading.told_kind(place) if place > 1 else ""


def _is_signed(reading: Reading, place: int) -> bool:
    """Whether a line is what stands below "Mit freundlichen Grüßen" and the like."""
    if place < 2 or "\n" not in reading.tokens[place - 1].word:
        return False
    said = [t.word.casefold() for t in reading.tokens[max(0, place - 3) : place - 1] if t.word != ","]
    if not said or said[-1] not in CLOSINGS:
        return False
    end = reading.run(place)
    if end == place or reading.tokens[end - 1].word.casefold() in CLOSINGS:
        return False
    return end == len(reading.tokens) or "\n" in reading.tokens[end].word


def find_listed(reading: Reading) -> Iterator[PersonalSpan]:
    """Full names of two listed words, and single words that only stand in the list of nationalities or countries."""
    for start, end in reading.full_names():
        yield reading.span(start, end, "PER", _LISTED, "listed_name")
    for place, token in enumerate(reading.tokens):
        kind = _listed_kind(reading, place) if len(token.word) > 3 and token.word[0].isalpha() else ""
        if kind:
            yield reading.span(place, place + 1, kind, _ALONE, "listed")


def _listed_kind(reading: Reading, place: int) -> str:
    """The kind of a word that lists know as a nationality or country; names as French only after an article or verb."""
    tagger, word = reading.tagger, reading.tokens[place].word
    bits = tagger.bits_of(word)
    if not bits & (BIT["nationality"] | BIT["country"]) or reading.is_union(place):
        return ""
    if word[0].islower() and tagger.is_ordinary(word):
        return ""
    if bits & NAMES:
        before = reading.tokens[place - 1].word.casefold() if place else ""
        if before not in BEFORE_ADJECTIVES or reading.run(place) > place + 1:
            return ""
    if bits & BIT["country"]:
        return "LOC"
    return "" if _is_language_or_title(reading, place) else "NRP"


def _is_language_or_title(reading: Reading, place: int) -> bool:
    """Whether an adjective of a people names its language or is part of a title: "in English", "French Revolution"."""
    after = reading.tokens[place + 1].word if place + 1 < len(reading.tokens) else "."
    return reading.is_language(place) or (reading.has_case and after[0].isupper())


def find_repeated(reading: Reading, found: Sequence[PersonalSpan]) -> Iterator[PersonalSpan]:
    """Words of a person's name where they stand once more: "Brad Key … starring Key"."""
    places = {token.start: place for place, token in enumerate(reading.tokens)}
    names: set[str] = set()
    for span in found:
        if span.kind is PersonalKind.PERSON and span.score >= _CERTAIN and span.start in places:
            names |= _repeatable(reading, places[span.start], span.end)
    if not names:
        return
    for place, token in enumerate(reading.tokens):
        if token.word in names:
            yield reading.span(place, place + 1, "PER", _REPEATED, "repeated")


def _repeatable(reading: Reading, first: int, end: int) -> set[str]:
    """The words of a name that are one wherever they stand; ordinary ones only behind a given name."""
    tagger = reading.tagger
    words = []
    for token in reading.tokens[first:]:
        if token.start >= end:
            break
        words.append(token.word)
    is_full = len(words) > 1 and tagger.is_listed(words[0], BIT["given"])
    return {w for w in words if _may_repeat(reading, w) and (is_full or not tagger.is_written_small(w))}


def _may_repeat(reading: Reading, word: str) -> bool:
    if len(word) < 3 or not word[0].isalpha() or word.casefold() in NEVER:
        return False
    return word[0].isupper() if reading.has_case else not reading.tagger.is_ordinary(word)


def _is_other(reading: Reading, start: int, end: int, kind: str) -> bool:
    """Whether told words are a day, a product, an address, or the beginning of another sentence."""
    tagger, words = reading.tagger, reading.words(start, end)
    if any(tagger.is_calendar(w) or tagger.is_brand(w) or tagger.is_street(w) for w in words):
        return True
    if kind == "PER" and reading.tokens[start - 1].word == "?":
        after = reading.tokens[end].word if end < len(reading.tokens) else "\n"
        return after[0] not in ".!,\n"
    return False
