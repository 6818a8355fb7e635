"""What the tagger marked, judged: its kind put right, its edges cut, what cannot be a name dropped."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rapport.governance.personal_data.addresses import cut_address, is_amount
from rapport.governance.personal_data.reading import Reading
from rapport.governance.personal_data.spans import PersonalSpan
from rapport.governance.personal_data.tagging.lexicon import BIT
from rapport.governance.personal_data.words import (
    DIRECTIONS,
    HOMOGRAPHS,
    LISTED,
    LOCATIVE,
    NAMES,
    NEVER,
    PARTICLES,
    PLACES,
    TRAVELLING,
)

_LOWEST = 0.25
"""Finds below this score are dropped."""
_SURE = 0.8
"""From this score on an abbreviation in capitals is believed to be a body."""
_SURE_SMALL = 0.9
"""The same for a given name in a text without capitals."""
_SURE_ORDINARY = 0.85
"""The same for words that are ordinary ones."""
_CAMEL = re.compile(r"(?!Mc|Mac|De|Di|Da|La|Le|Van|Fitz|O['’]|D['’])[A-Z][a-z]+(?:[A-Z][a-z]+)+")
_ABBREVIATIONS = re.compile(r"[A-Z]{2,5}s")
_WORK = re.compile(
    r"\W{0,3}(?:\(\d{4}\) )?(?:is|was) an? (?:[\w'’\-]+ ){0,4}?[\w\-]*"
    r"(?:film|movie|comedy|drama|thriller|musical|sitcom|series|show|album|song|single|novel|book|game|band)\b"
)


def read_stretches(reading: Reading) -> Iterator[PersonalSpan]:
    """The tagger's stretches that stand the rules."""
    tokens = reading.tokens
    for start, last, found, score in reading.tagger.tag(tokens):
        end = next((i for i in range(start, last) if tokens[i].word[0] == "§"), last)
        end = _first_break(reading, start, end) if reading.has_case else end
        if score < _LOWEST or start == end:
            continue
        if any("\u4e00" <= tokens[i].word[0] <= "\u9fff" for i in range(start, end)):
            continue
        kind = _kind_of(reading, start, end, found)
        if kind in ("PER", "LOC") and score >= _SURE and _is_camel(reading, start, end):
            kind = "ORG"
        if _is_no_name(reading, start, end, kind):
            continue
        cut = _edges(reading, start, end, kind, score)
        if cut is not None:
            kind = _kind_by_neighbours(reading, *cut, kind)
            yield reading.span(*cut, kind, round(score * 0.84, 3), "tagger")


def _edges(reading: Reading, start: int, end: int, kind: str, score: float) -> tuple[int, int] | None:
    """Where a find begins and ends without what does not belong to it; None if it is no name."""
    if kind == "ORG" and score >= _SURE and _is_abbreviation(reading, start, end):
        return start, end
    if kind == "ADR":
        return cut_address(reading, start, end, is_sure=score >= _SURE)
    cut = _cut(reading, start, end, kind, score)
    if cut is None or _is_general(reading, *cut, kind):
        return None
    if score < _SURE_ORDINARY and _is_ordinary(reading, *cut, kind):
        return None
    if reading.is_german and kind in ("PER", "LOC") and not _is_german_name(reading, *cut, kind):
        return None
    return cut


def _is_ordinary(reading: Reading, start: int, end: int, kind: str) -> bool:
    """Whether capitalised words are ordinary ones in no list of names, and nothing announces a name: "Comedy"."""
    if (
        not reading.has_case
        or kind in ("NRP", "ORG")
        or reading.is_introduced(start)
        or reading.told_kind(start)
    ):
        return False
    return reading.is_plain(start, end, LISTED[kind])


def _kind_by_neighbours(reading: Reading, start: int, end: int, kind: str) -> str:
    if kind in ("LOC", "ORG") and _is_rather_person(reading, start, end, kind):
        return "PER"
    if kind == "PER" and reading.told_kind(start) == "ORG" and not _has_given_name(reading, start, end):
        return "ORG"
    return kind


def _is_camel(reading: Reading, start: int, end: int) -> bool:
    """Whether a find is one word as companies write themselves: "VivaPad"."""
    return end == start + 1 and _CAMEL.fullmatch(reading.tokens[start].word) is not None


def _is_abbreviation(reading: Reading, start: int, end: int) -> bool:
    """Whether a find is one word of three to five capitals that no list knows as an ordinary abbreviation."""
    word = reading.tokens[start].word
    is_short = end == start + 1 and 3 <= len(word) <= 5 and word.isalpha() and word.isupper()
    return is_short and reading.has_case and not reading.tagger.is_calendar(word)


def _first_break(reading: Reading, start: int, end: int) -> int:
    """Where a stretch runs into prose: three small words in a row, or the end of a sentence."""
    small = 0
    for place in range(start, end):
        word = reading.tokens[place].word
        small = small + 1 if word.islower() and word not in PARTICLES else 0
        if small == 3:
            return place - 2
        if word in ".!?" and small and place > start and len(reading.tokens[place - 1].word) > 3:
            return place
    return end


def _kind_of(reading: Reading, start: int, end: int, found: str) -> str:
    """The kind, put right by the lists: an address without number or street is a place, a country is no person."""
    tagger = reading.tagger
    if found == "ADR":
        tokens = reading.tokens[start:end]
        is_postal = any(t.word[0].isdigit() or t.word[0] == "§" or tagger.is_street(t.word) for t in tokens)
        return found if is_postal else "LOC"
    words = reading.words(start, end)
    if found in ("LOC", "ORG") and len(words) > 1 and _is_full_name(reading, words):
        return "PER"
    if found == "PER" and len(words) == 1 and _is_gone_to(reading, start):
        return "LOC"
    if found == "PER" and words and not any(tagger.is_listed(w, NAMES) for w in words):
        if all(tagger.is_listed(w, BIT["country"]) for w in words):
            return "LOC"
        if tagger.is_listed(words[0], BIT["nationality"]):
            return "NRP"
    return found


def _is_gone_to(reading: Reading, place: int) -> bool:
    """Whether a name is the town one goes to or stays in: "flight to houston", "in phoenix"."""
    if not reading.tagger.is_listed(reading.tokens[place].word, BIT["city"] | BIT["country"]):
        return False
    before = [t.word.casefold() for t in reading.tokens[max(0, place - 5) : place]]
    return before[-1:] == ["in"] or (before[-1:] == ["to"] and bool(TRAVELLING & set(before)))


def _is_no_name(reading: Reading, start: int, end: int, kind: str) -> bool:
    """Whether a stretch is a price, a day, a product or the like."""
    tagger, tokens = reading.tagger, reading.tokens
    if kind == "ADR":
        return is_amount(reading, start, end)
    if all(tagger.is_calendar(t.word) for t in tokens[start:end]):
        return True
    return kind in ("PER", "LOC") and any(tagger.is_brand(t.word) for t in tokens[max(0, start - 1) : end])


def _is_general(reading: Reading, start: int, end: int, kind: str) -> bool:
    """Whether a stretch is the title of a work, a body of states, or made of ordinary words alone."""
    text = reading.text[reading.tokens[start].start : reading.tokens[end - 1].end]
    if reading.is_union(start) or _ABBREVIATIONS.fullmatch(text):
        return True
    if end == start + 1 and kind in ("LOC", "NRP") and reading.is_language(start):
        return True
    if kind != "NRP" and _WORK.match(reading.text, reading.tokens[end - 1].end):
        return True
    if reading.is_introduced(start):
        return False
    if kind in ("PER", "LOC"):
        return len(reading.words(start, end)) > 1 and reading.is_plain(start, end, NAMES | PLACES)
    is_pair = any(reading.tokens[i].word in ("&", "and") for i in range(start, end))
    if kind == "ORG" and reading.is_headline(start):
        return reading.is_plain(start, end, BIT["org"])
    return kind == "ORG" and (is_pair or not reading.has_case) and reading.is_plain(start, end, LISTED["ORG"])


def _cut(reading: Reading, start: int, end: int, kind: str, score: float) -> tuple[int, int] | None:
    """A stretch without what cannot stand at its edge; None if nothing remains."""
    tokens = reading.tokens
    if kind == "PER" and not reading.has_case and score >= _SURE_SMALL and _is_all_words(reading, start, end):
        return start, end
    while start < end and not _may_stand(reading, start, kind):
        start += 1
    while end > start and not _may_stand(reading, end - 1, kind) and not _ends(reading, end - 1, kind):
        end -= 1
    if not reading.has_case and not any(_is_sure_small(reading, i, kind, score) for i in range(start, end)):
        return None
    if start >= end or (end - start == 1 and not _is_name_alone(reading, start, kind, score)):
        return None
    follower = tokens[end].word if end < len(tokens) else ""
    is_short_form = follower[:1] in ("'", "’") and follower[1:] in ("t", "m", "re", "ll", "ve")
    return None if is_short_form else (start, end)


def _is_all_words(reading: Reading, start: int, end: int) -> bool:
    """Whether a name without capitals is a given name and one or two more words: "leidy t muris"."""
    words = [t.word for t in reading.tokens[start:end]]
    is_name = 1 < len(words) < 4 and all(w.isalpha() and w not in NEVER for w in words)
    return is_name and _is_rare_given(reading, words[0])


def _may_stand(reading: Reading, place: int, kind: str) -> bool:
    """Whether a token may be the first or last of a name."""
    word = reading.tokens[place].word
    if not word[0].isalpha() or word.casefold() in NEVER or word.casefold() in DIRECTIONS:
        return False
    if not reading.has_case:
        return reading.tagger.may_be_name(word, LISTED[kind])
    if not word[0].isupper() and word.lower() != word.upper():
        return kind == "NRP" and reading.tagger.is_listed(word, LISTED[kind])
    return True


def _ends(reading: Reading, place: int, kind: str) -> bool:
    """A full stop after an initial or a short form, a closing bracket, a number of a company."""
    tokens = reading.tokens
    word = tokens[place].word
    if word == "." and kind == "ORG" and place:
        return len(tokens[place - 1].word) <= 4 and tokens[place - 1].end == tokens[place].start
    return word == ")" and kind == "LOC"


def _is_name_alone(reading: Reading, place: int, kind: str, score: float) -> bool:
    """Whether one word may be a find by itself: no single letter, no code, no common word that begins a sentence."""
    tagger, tokens = reading.tagger, reading.tokens
    word = tokens[place].word
    if kind == "NRP":
        return True
    if _is_short_code(reading, word, kind):
        return False
    if not reading.has_case and word.casefold() in HOMOGRAPHS and not reading.is_told(place):
        return False
    if kind == "PER" and reading.is_label(place - 1) and tagger.is_listed(word, NAMES):
        return True  # "Contact: Bella"
    if kind == "PER" and score >= _SURE and reading.has_case and _is_rare_given(reading, word):
        return True  # "Jana and I went"
    follower = tokens[place + 1].word if place + 1 < len(tokens) else "."
    is_called = follower[0] in ",:!.\n"  # "Grace, can you", "Ella: yes"
    is_small = tagger.is_common(word) or (tagger.is_ordinary(word) and not is_called)
    return not (is_small and reading.begins(place))


def _is_sure_small(reading: Reading, place: int, kind: str, score: float) -> bool:
    """Whether a word in a text without capitals is a name and nothing else, or is introduced as one."""
    tagger, word = reading.tagger, reading.tokens[place].word
    is_word = len(word) > 2 and not tagger.is_ordinary(word)
    if kind in ("LOC", "ORG") and is_word and word[0].isalpha():
        return True
    if kind == "PER" and score >= _SURE_SMALL and _is_rare_given(reading, word):
        return True
    if kind == "PER" and is_word and not tagger.lexicon.describe(word).lists:
        return _is_unknown_beside(reading, place)
    return (is_word and tagger.is_listed(word, LISTED[kind] & ~BIT["part"])) or reading.is_told(place)


def _is_rare_given(reading: Reading, word: str) -> bool:
    """Whether a word is a given name, and as another word not frequent."""
    known = reading.tagger.lexicon.describe(word)
    return bool(known.lists & BIT["given"]) and known.spelling < 5 and word.casefold() not in HOMOGRAPHS


def _is_unknown_beside(reading: Reading, place: int) -> bool:
    """Whether the word before or after is in no list and no vocabulary either: "nijito asano"."""
    around = [
        t.word
        for t in reading.tokens[max(0, place - 1) : place + 2]
        if t.word[0].isalpha() and len(t.word) > 2
    ]
    return sum(reading.tagger.lexicon.describe(w).spelling == 0 for w in around) > 1


def _is_short_code(reading: Reading, word: str, kind: str) -> bool:
    """One letter, an abbreviation that no list of names knows (SKU, USB-C), or a name in a program (KeyError)."""
    if len(word) < 2 or (_CAMEL.fullmatch(word) and kind != "ORG"):
        return True
    is_short = reading.has_case and word.isupper() and len(word) <= 5
    allowed = BIT["given"] if kind == "PER" else LISTED["ORG"] | PLACES
    return is_short and not reading.tagger.is_listed(word, allowed)


def _is_rather_person(reading: Reading, start: int, end: int, kind: str) -> bool:
    """Whether a place or body is introduced as a person, or is a listed name that stands where no place would."""
    if reading.is_introduced(start):
        return True
    if _is_gone_to(reading, start):
        return False
    tagger, names = reading.tagger, reading.words(start, end)
    if kind == "ORG" or not names or any(tagger.is_listed(w, BIT["country"] | BIT["org"]) for w in names):
        return False
    before = reading.tokens[start - 1].word.casefold() if start else ""
    return tagger.is_listed(names[0], BIT["given"] if len(names) > 1 else NAMES) and before not in LOCATIVE


def _is_german_name(reading: Reading, start: int, end: int, kind: str) -> bool:
    """Whether lists or the words before support a find where every noun is capitalised."""
    if reading.is_introduced(start) or reading.is_told(start) or reading.told_kind(start):
        return True
    return any(reading.tagger.is_listed(w, LISTED[kind] & ~BIT["part"]) for w in reading.words(start, end))


def _has_given_name(reading: Reading, start: int, end: int) -> bool:
    return any(reading.tagger.is_listed(w, BIT["given"]) for w in reading.words(start, end))


def _is_full_name(reading: Reading, words: list[str]) -> bool:
    """Whether words are a listed given name and listed surnames or initials, and none of them a place or a body."""
    tagger = reading.tagger
    if not tagger.is_listed(words[0], BIT["given"]):
        return False
    if tagger.is_listed(words[-1], BIT["org"] | BIT["country"]):
        return False
    return all(len(w) == 1 or tagger.is_listed(w, NAMES) for w in words[1:])
