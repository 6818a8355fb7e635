"""Postal addresses: where they begin and end, what is none, and corners of two streets."""

# ruff: noqa: E501 - forms read better in one line
from __future__ import annotations

import re
from collections.abc import Iterator

from rapport.governance.personal_data.reading import Reading
from rapport.governance.personal_data.spans import PersonalKind, PersonalSpan
from rapport.governance.personal_data.words import MONEY, NEVER

_STREETS = r"(?:\d{1,6}[a-z]? )?(?:[^\W\d_][\w.'’\-]* ){0,3}[\w'’\-]+(?: \d{1,5})?(?![\w])\.?"
_CORNER = re.compile(rf"(?i)(?:\bthe )?\bcorner of ({_STREETS}) (?:and|&) ({_STREETS})(?= ?(?:[,.;!?)\n]|$))")
_FIRST_NUMBER = re.compile(r"(?<![\w#№.,/:\-])(\d{1,6}[ \u00a0]{1,2})$")
_CODE = (
    r"(?:[A-Z]{1,2}-)?\d{5,6}(?:-\d{4})?|\d{3} \d{2}|\d{2}-\d{3}|\d{4}-\d{3}|[A-Z]\d[A-Z] ?\d[A-Z]\d|[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}|\d{4} ?[A-Z]{2}"
    r"|(?!19|20)\d{4}"
)
_POSTAL = re.compile(
    r"\d{5}-\d{4}|\d{3} \d{2}|\d{2}-\d{3}|\d{4}-\d{3}|[A-Z]\d[A-Z] ?\d[A-Z]\d|[A-Z]{1,2}\d[A-Z\d]? \d(?!GB|TB|MB|HZ)[A-Z]{2}|\d{4} [A-Z]{2}|[A-Z]{1,2}-\d{4,5}"
)
_TAIL = re.compile(
    rf"(?:\)?[ ,]{{0,3}}\n[>\s]{{0,6}},? ?(?:[A-Z]{{2,3}}|nan)(?= *(?:\n|$)))?(?:\)?[ ,]{{0,3}}(?:[A-Z]{{2,3}}[ ,]{{1,2}})?(?:\n[>\s]{{0,6}})?(?:{_CODE})(?= *(?:\n|$|[.,;?])))?"
)
"""What may follow a town: the region on a line of its own, the postal code."""
_NOT_NUMBER = re.compile(
    r"(?i)(?:order|invoice|item|article|model|no\.?|number|#|tracking|card|pin|code|total|paid)\W{0,3}$"
)

_PLACES = (PersonalKind.ADDRESS, PersonalKind.LOCATION)


def find_corners(text: str) -> Iterator[PersonalSpan]:
    """Crossings of two streets: "the corner of Mill Road and Park Lane"."""
    if "corner of" not in text.lower():
        return
    for match in _CORNER.finditer(text):
        value = match[0].rstrip(".")
        yield PersonalSpan(
            match.start(), match.start() + len(value), PersonalKind.ADDRESS, value, 0.86, "corner"
        )


def extend(text: str, span: PersonalSpan) -> PersonalSpan:
    """An address or place with the house number right before it and the postal code right after it."""
    start, end = span.start, span.end
    if span.kind is PersonalKind.ADDRESS and not text[start].isdigit():
        number = _FIRST_NUMBER.search(text, max(0, start - 9), start)
        if number and not _NOT_NUMBER.search(text, max(0, number.start() - 12), number.start()):
            start = number.start()
    tail = _TAIL.match(text, end) if span.kind in _PLACES else None
    end = tail.end() if tail else end
    return PersonalSpan(start, end, span.kind, text[start:end], span.score, span.rule)


def is_amount(reading: Reading, start: int, end: int) -> bool:
    """Whether a supposed address is a price or a product: money follows, or a brand without any street."""
    tokens, tagger = reading.tokens, reading.tagger
    if end < len(tokens) and tokens[end].word.casefold() in MONEY:
        return True
    words = [t.word for t in tokens[start:end]]
    return any(map(tagger.is_brand, words)) and not any(map(tagger.is_street, words))


def cut_address(reading: Reading, start: int, end: int, *, is_sure: bool) -> tuple[int, int] | None:
    """An address without signs at its edges; it needs a kind of street, a capitalised word or a postal code.

    Args:
        reading: the passage.
        start: the first token.
        end: the token after the last.
        is_sure: whether the tagger was; then a number beside any capitalised word is enough.
    """
    tokens = reading.tokens
    while start < end and not tokens[start].word[0].isalnum() and tokens[start].word[0] != "§":
        start += 1
    while end > start and not _may_end(reading, end - 1):
        end -= 1
    words = [t.word for t in tokens[start:end]]
    if any(map(reading.tagger.is_street, words)):
        is_small = reading.has_case and len(words) < 3 and not any(w[0].isupper() for w in words)
        return None if is_small else (start, end)  # "view 160"
    has_word = any(w[0].isalpha() and len(w) > 1 for w in words)
    if len(words) == 1 and words[0].isdigit():
        return (start, end) if is_sure and 5 <= len(words[0]) <= 6 else None
    if is_sure and _POSTAL.fullmatch(reading.text, tokens[start].start, tokens[end - 1].end):
        return start, end
    if is_sure and reading.has_case and has_word and any(w[0].isdigit() for w in words):
        return (start, end) if any(w[0].isupper() and w.isalpha() for w in words) else None
    if any(_is_telling(reading, w) for w in words) and (reading.has_case or has_word):
        return start, end
    return None


def _may_end(reading: Reading, place: int) -> bool:
    """Whether an address may end here: no sign but the dot of a short form, no small word but a kind of street."""
    tokens, tagger = reading.tokens, reading.tagger
    word = tokens[place].word
    if word == ".":
        before = tokens[place - 1] if place else None
        return before is not None and before.end == tokens[place].start and tagger.is_street(before.word)
    if not word[0].isalnum():
        return word == ")"
    return not (reading.has_case and word.islower() and len(word) > 1) or tagger.is_street(word)


def _is_telling(reading: Reading, word: str) -> bool:
    """A capitalised word, capitals longer than an abbreviation, or a postal code; no SKU, no tracking number."""
    if word.isdigit():
        return 4 <= len(word) <= 6
    if reading.tagger.is_common(word) or reading.tagger.is_calendar(word) or word.casefold() in NEVER:
        return False
    is_name = word.isalpha() and len(word) > 1 and (not word.isupper() or len(word) > 4)
    return reading.has_case and word[0].isupper() and is_name
