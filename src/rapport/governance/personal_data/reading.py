"""The tokens of a passage with what is known of their words: what every rule about names asks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rapport.governance.personal_data.spans import PersonalKind, PersonalSpan
from rapport.governance.personal_data.tagging.lexicon import BIT
from rapport.governance.personal_data.tagging.tagger import Tagger
from rapport.governance.personal_data.tagging.tokens import Token
from rapport.governance.personal_data.words import (
    BEFORE_LANGUAGES,
    BEFORE_PEOPLE,
    CUES,
    INTRODUCING,
    LINKING,
    NAME_WORDS,
    NAMES,
    NEVER,
    OF_LANGUAGES,
    PARTICLES,
    UNIONS,
)

KINDS = {
    "PER": PersonalKind.PERSON,
    "ORG": PersonalKind.ORGANIZATION,
    "LOC": PersonalKind.LOCATION,
    "ADR": PersonalKind.ADDRESS,
    "NRP": PersonalKind.NATIONALITY,
}
_LONGEST_RUN, _LONGEST_CUE = 5, 3
_HEADLINE_WORDS, _HEADLINE_REACH = 3, 6


@dataclass(frozen=True, slots=True)
class Reading:
    """Tokens in order, the tagger whose lists are asked, and whether capitals tell something."""

    text: str
    tokens: list[Token]
    tagger: Tagger
    has_case: bool
    is_german: bool = False
    """Whether the text is German, where capitals say little."""

    def span(self, start: int, end: int, kind: str, score: float, rule: str) -> PersonalSpan:
        """The find from one token to before another."""
        first, last = self.tokens[start].start, self.tokens[end - 1].end
        return PersonalSpan(first, last, KINDS[kind], self.text[first:last], score, rule)

    def words(self, start: int, end: int) -> list[str]:
        """The words, without signs and numbers."""
        return [t.word for t in self.tokens[start:end] if t.word[0].isalpha()]

    def begins(self, place: int) -> bool:
        """Whether a token begins a sentence or a line, where capitals say nothing."""
        if place == 0:
            return True
        before = self.tokens[place - 1].word
        if before == "." and place > 1 and self.tokens[place - 2].word.casefold() in INTRODUCING:
            return False  # "Mr. Manning"
        return before[0] in '.!?\n:…"“'

    def is_label(self, place: int) -> bool:
        """Whether a token is the colon after the label of a field: "Contact:"."""
        return place > 0 and self.tokens[place].word == ":" and self.tokens[place - 1].word.isalpha()

    def is_introduced(self, start: int) -> bool:
        """Whether a person's name follows: after "my name is", "Dear", or in the line under the greeting."""
        before = [t.word.casefold() for t in self.tokens[max(0, start - 3) : start]]
        if not before:
            return False
        if before[-1] == "\n":
            return before[-2:-1] == [","]
        if before[-1] == "." and len(before) > 1:
            before = before[:-1]
        return before[-1] in BEFORE_PEOPLE or (before[-1] in LINKING and bool(NAME_WORDS & set(before)))

    def told_kind(self, place: int) -> str:
        """The kind that the last two or three words before announce, or nothing."""
        lowered = [t.word.casefold() for t in self.tokens[max(0, place - _LONGEST_CUE) : place]]
        ends = {" ".join(lowered[-n:]) for n in (2, _LONGEST_CUE)}
        return next((kind for kind, cues in CUES.items() if ends & cues), "")

    def is_told(self, place: int) -> bool:
        """Whether the words before introduce a name in small letters: "my name is rose", "hi mark"."""
        before = [t.word.casefold() for t in self.tokens[max(0, place - 2) : place]]
        return bool(before) and (
            before[-1] in INTRODUCING or (before[-1] in LINKING and before[0] in NAME_WORDS)
        )

    def is_language(self, place: int) -> bool:
        """Whether an adjective of a people names its language: "in English", "Czech subtitles"."""
        before = self.tokens[place - 1].word.casefold() if place else ""
        after = self.tokens[place + 1].word.casefold() if place + 1 < len(self.tokens) else ""
        is_listed = self.tagger.is_listed(self.tokens[place].word, BIT["nationality"])
        return is_listed and (before in BEFORE_LANGUAGES or after in OF_LANGUAGES)

    def is_union(self, place: int) -> bool:
        """Whether a word begins the name of a body of states."""
        pair = self.tokens[place : place + 2]
        return " ".join(t.word.casefold() for t in pair) in UNIONS or pair[0].word.casefold() in UNIONS

    def is_plain(self, start: int, end: int, lists: int) -> bool:
        """Whether three words of four are ordinary and in none of some lists: Electric Kettle, Kids & Family."""
        tagger, words = self.tagger, self.words(start, end)
        plain = sum(tagger.is_written_small(w) and not tagger.is_listed(w, lists) for w in words)
        return 4 * plain >= 3 * len(words) or (len(words) > 4 and 2 * plain > len(words))

    def is_headline(self, place: int) -> bool:
        """Whether the words before are capitalised ordinary ones too, as in "Ten Songs You Love To Hate"."""
        words = self.words(max(0, place - _HEADLINE_REACH), place)[-_HEADLINE_WORDS:]
        is_capital = all(self._is_capital(w) and self.tagger.is_written_small(w) for w in words)
        return len(words) == _HEADLINE_WORDS and is_capital

    def run(self, start: int) -> int:
        """The token after the capitalised words that begin here: "Mill Village", "Villafranca del Cid"."""
        end = start
        for place in range(start, min(len(self.tokens), start + _LONGEST_RUN)):
            word = self.tokens[place].word
            if self._is_capital(word) and word.casefold() not in NEVER:
                end = place + 1
            elif end == start or (word not in PARTICLES and not self._is_initial_dot(place)):
                break
        return end

    def full_names(self) -> Iterator[tuple[int, int]]:
        """Runs that are a listed given name, perhaps initials, and a listed surname, none of them an ordinary word."""
        place = 0
        while place < len(self.tokens):
            end = self._full_name(place)
            if end:
                yield place, end
            place = end or place + 1

    def _full_name(self, place: int) -> int:
        tagger, tokens = self.tagger, self.tokens
        if not self._is_sure(tokens[place].word, BIT["given"]):
            return 0
        end = place + 1
        while end < len(tokens) and (self._is_initial(end) or self._is_initial_dot(end)):
            end += 1
        if end == len(tokens) or end - place > 3 or not self._is_sure(tokens[end].word, BIT["surname"]):
            return 0
        return 0 if any(tagger.is_brand(w) for w in self.words(place, end + 1)) else end + 1

    def _is_sure(self, word: str, bits: int) -> bool:
        known = self.tagger.lexicon.describe(word)
        is_shown = self._is_capital(word) or not self.has_case
        others = known.lists & ~(NAMES | BIT["part"] | BIT["city"])
        return is_shown and bool(known.lists & bits) and known.spelling < 3 and not others

    def _is_capital(self, word: str) -> bool:
        return word[0].isupper() and word[-1].isalpha()

    def _is_initial(self, place: int) -> bool:
        return len(self.tokens[place].word) == 1 and self.tokens[place].word.isalpha()

    def _is_initial_dot(self, place: int) -> bool:
        return self.tokens[place].word == "." and len(self.tokens[place - 1].word) <= 2
