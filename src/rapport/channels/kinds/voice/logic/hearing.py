"""What words or keys do in a call: answer the open question, or only lead to it being asked again."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from rapport.channels.kinds.voice.contracts import Heard
from rapport.channels.kinds.voice.logic.number_words import spoken_choice
from rapport.channels.kinds.voice.logic.position import Position
from rapport.channels.kinds.voice.logic.question import Entry, Part, Question, next_part
from rapport.channels.kinds.voice.logic.values import (
    spoken_amount,
    spoken_digits,
    spoken_email,
    spoken_name,
    spoken_zip,
    typed_date,
    written_codes,
)

PERSON_KEY, REPEAT_KEY, END_KEY = "0", "*", "#"
MAIL_KEY, MENU_KEY, MORE_KEY = "7", "8", "9"
PAGE = 4
"""Choices read at once, when there are more than `WHOLE`."""
WHOLE = 5
MAX_MISSES = 3
"""So many times nothing usable, and a person is called."""
FREE_WORDS = 4
"""Words from which an answer that holds no value of its field is taken as something else the caller says."""
MAX_SPEECH_CHARS = 1000
MIN_NUMBER_DIGITS = 4
"""Of an order number."""


@dataclass(frozen=True, slots=True)
class Again:
    """Nothing is sent: the call goes on from here, with a remark of the catalogue before the question."""

    position: Position
    remark: str = ""
    shown: str = ""
    """What the remark names."""


@dataclass(frozen=True, slots=True)
class Submit:
    """An answer to the message."""

    values: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Words:
    """Free text."""

    text: str


@dataclass(frozen=True, slots=True)
class CallPerson:
    """A person is wanted, or needed."""


@dataclass(frozen=True, slots=True)
class OpenMenu:
    """The whole menu is wanted."""


@dataclass(frozen=True, slots=True)
class Farewell:
    """The caller says goodbye."""

    text: str


@dataclass(frozen=True, slots=True)
class MailFiles:
    """The files of the last message are wanted by e-mail."""


Move = Again | Submit | Words | CallPerson | OpenMenu | MailFiles | Farewell


@dataclass(frozen=True, slots=True)
class Ear:
    """How words are taken: the language, words for yes, no and leaving out, and what is certain enough."""

    language: str
    yes: frozenset[str]
    no: frozenset[str]
    skip: frozenset[str]
    done: frozenset[str]
    goodbye: frozenset[str]
    min_confidence: float
    methods: Sequence[str] = ()

    def hear(self, question: Question, position: Position, heard: Heard) -> Move:
        """What follows from one thing heard."""
        if heard.digits == PERSON_KEY:
            return CallPerson()
        if heard.digits == REPEAT_KEY:
            return Again(replace(position, misses=0))
        if heard.is_silence:
            return self._missed(position, "silence")
        if position.doubt:
            return self._judge_doubt(question, position, heard)
        if heard.speech and not heard.digits:
            return self._take_speech(question, position, heard)
        return self._take_digits(question, position, heard.digits)

    def _missed(self, position: Position, remark: str) -> Move:
        if position.misses + 1 >= MAX_MISSES:
            return CallPerson()
        return Again(replace(position, misses=position.misses + 1), remark)

    # ── words ──────────────────────────────────────────────────────────────────────────────────────

    def _take_speech(self, question: Question, position: Position, heard: Heard) -> Move:
        said = heard.speech.strip()[:MAX_SPEECH_CHARS]
        plain = plain_words(said)
        part = self.open_part(question, position)
        is_list = not is_field(part, position)
        is_read_back = not is_list and bool(spoken_email(said, self.language))
        if self._is_doubtful(question, heard) and not is_read_back:
            return Again(replace(position, doubt=said), "did_you_say", said)
        number = spoken_choice(said, self.language)
        if is_list and number and number <= len(shown_entries(question, position, part)):
            return self._take_digits(question, position, str(number))
        if question.kind == "many" and position.given and plain in self.done:
            return self._ready(question, position)
        if plain in self.goodbye or (plain in self.done and not question.is_binding and position.knows_keys):
            return Farewell(said)
        if part is not None and is_field(part, position):
            return self._fill(question, position, part, said)
        return Words(written_codes(said, self.language))

    def _is_doubtful(self, question: Question, heard: Heard) -> bool:
        """Not sure enough for an answer that counts; a recogniser that gives no figure is believed."""
        return (
            bool(heard.confidence) and (heard.confidence or 0) < self.min_confidence and question.is_binding
        )

    def _judge_doubt(self, question: Question, position: Position, heard: Heard) -> Move:
        """The answer to "did you say …?"."""
        told = replace(position, doubt="")
        plain = plain_words(heard.speech)
        if heard.digits == "1" or plain in self.yes:
            asked = next((p for p in question.parts if p.kind == "email"), None)
            if "@" in position.doubt and asked is not None:
                return self._given(question, told, asked, position.doubt)
            return self._take_speech(question, told, Heard(speech=position.doubt, confidence=1.0))
        if heard.digits == "2" or plain in self.no:
            return self._missed(told, "say_again")
        if heard.speech and not heard.digits:
            return self._take_other_words(question, told, heard)
        return self._missed(position, "not_a_key")

    def _take_other_words(self, question: Question, told: Position, heard: Heard) -> Move:
        """Other words than those read back: they count, but not to be doubted for ever."""
        missed = self._missed(told, "")
        if isinstance(missed, Again):
            return self._take_speech(question, missed.position, heard)
        return missed if self._is_doubtful(question, heard) else self._take_speech(question, told, heard)

    # ── fields ─────────────────────────────────────────────────────────────────────────────────────

    def open_part(self, question: Question, position: Position) -> Part | None:
        """The field asked for now."""
        if question.kind == "many":
            return question.parts[0]
        if question.kind != "form":
            return None
        return next_part(question, position.given, position.skipped, self.methods)

    def _fill(self, question: Question, position: Position, part: Part, said: str) -> Move:
        """Words as the value of a field; what cannot be one is passed on, or asked for again."""
        if plain_words(said) in self.skip:
            return self._skip(question, position, part)
        if part.kind == "date":
            return Words(said)
        email = spoken_email(said, self.language)
        asked = next((p for p in question.parts if p.kind == "email"), None)
        if email and asked is not None:
            return Again(replace(position, doubt=email), "did_you_say_email", email)
        value = read_value(part, said, self.language, is_identity=question.is_identity)
        if not value and len(said.split()) >= FREE_WORDS:
            return Words(written_codes(said, self.language))
        if not value:
            return self._missed(position, "not_a_value")
        return self._given(question, position, part, value)

    def _given(self, question: Question, position: Position, part: Part, value: str) -> Move:
        given = {**position.given, part.name: (value,)}
        return self._ready(question, replace(position, given=given, misses=0, page=0))

    def _skip(self, question: Question, position: Position, part: Part) -> Move:
        """Leave a field out; where it is needed, hear what can be done instead."""
        left = replace(position, skipped=(*position.skipped, part.name), misses=0)
        if not part.is_required and (self.open_part(question, left) or not question.is_identity):
            return self._ready(question, left)
        if question.entries:
            return Again(replace(position, others=True, misses=0), "other_ways")
        return CallPerson()

    def _ready(self, question: Question, position: Position) -> Move:
        """Send the form when everything is there; else ask for the next field."""
        if question.kind == "form" and self.open_part(question, position) is not None:
            return Again(position)
        values: list[Mapping[str, Any]] = []
        for part in question.parts:
            kept = position.given.get(part.name) or ((part.default,) if part.default else ())
            values += [{"name": part.name, "value": value} for value in kept]
        return Submit(tuple(values)) if values else CallPerson()

    # ── keys ───────────────────────────────────────────────────────────────────────────────────────

    def _take_digits(self, question: Question, position: Position, digits: str) -> Move:
        part = self.open_part(question, position)
        if part is not None and is_field(part, position):
            return self._type(question, position, part, digits)
        entries = left_entries(question, position, part)
        if digits == END_KEY and question.kind == "many" and position.given:
            return self._ready(question, position)
        if digits == MORE_KEY and len(entries) > WHOLE:
            last = (len(entries) - 1) // PAGE
            return Again(replace(position, page=0 if position.page >= last else position.page + 1, misses=0))
        if digits == MORE_KEY and position.page + 1 < position.parts:
            return Again(replace(position, page=position.page + 1, misses=0))
        shown = shown_entries(question, position, part)
        if digits.isdecimal() and 0 < int(digits) <= len(shown):
            return self._choose(question, position, part, shown[int(digits) - 1])
        if digits == MENU_KEY and not question.is_binding:
            return OpenMenu()
        if digits == MAIL_KEY and position.has_files:
            return MailFiles()
        if question.kind in {"text", "none"} and digits.strip(END_KEY).isdecimal() and len(digits) > 1:
            return Words(digits.strip(END_KEY))
        return self._missed(position, "not_a_key")

    def _type(self, question: Question, position: Position, part: Part, digits: str) -> Move:
        if digits == END_KEY:
            return self._skip(question, position, part)
        typed = digits.strip(END_KEY)
        read = read_value(part, typed, self.language, is_identity=question.is_identity)
        value = typed_date(typed) if part.kind == "date" else read
        return (
            self._given(question, position, part, value) if value else self._missed(position, "not_a_value")
        )

    def _choose(self, question: Question, position: Position, part: Part | None, chosen: Entry) -> Move:
        if part is None or chosen not in part.options:
            return Submit(({"value": chosen.value},))
        if question.kind == "form":
            return self._given(question, position, part, chosen.value)
        values = tuple(dict.fromkeys((*position.given.get(part.name, ()), chosen.value)))
        there = replace(position, given={part.name: values}, misses=0, page=0)
        if len(values) == len(part.options):
            return self._ready(question, there)
        return Again(there, "added", chosen.title)


def is_field(part: Part | None, position: Position) -> bool:
    """Whether a value is to be said or typed, instead of chosen."""
    return part is not None and not part.options and not position.others


def left_entries(question: Question, position: Position, part: Part | None) -> tuple[Entry, ...]:
    """What can be chosen now; what was chosen already is not offered again."""
    taken = position.given.get(part.name, ()) if part is not None and question.kind == "many" else ()
    options = part.options if part is not None else ()
    return tuple(e for e in (*options, *question.entries) if e.value not in taken)


def shown_entries(question: Question, position: Position, part: Part | None) -> tuple[Entry, ...]:
    """The choices of the page read last."""
    entries = left_entries(question, position, part)
    if len(entries) <= WHOLE:
        return entries
    return entries[position.page * PAGE : position.page * PAGE + PAGE]


def has_more(question: Question, position: Position, part: Part | None) -> bool:
    """Whether another page follows."""
    left = len(left_entries(question, position, part))
    return left > WHOLE and (position.page + 1) * PAGE < left


def read_value(part: Part, said: str, language: str, *, is_identity: bool) -> str:
    """What was said or typed as the value of a field; empty when it cannot be one."""
    if part.kind == "email":
        return spoken_email(said, language)
    if part.name in {"order_number", "code"} and is_identity:
        number = spoken_digits(said, language)
        return number if len(re.sub(r"\D", "", number)) >= MIN_NUMBER_DIGITS else ""
    if part.name == "zip" and is_identity:
        return spoken_zip(said, language)
    if part.kind == "number":
        return spoken_amount(said, language)
    if part.name in {"first_name", "last_name"} and is_identity:
        return spoken_name(said, language)
    return written_codes(said, language).strip()


def plain_words(text: str) -> str:
    """Words in small letters without marks."""
    return " ".join(re.findall(r"\w+", text.casefold()))
