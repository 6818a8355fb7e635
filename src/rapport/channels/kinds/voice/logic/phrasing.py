"""A message and its question as they are said."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from rapport.channels.kinds.voice.contracts import Choice, Line, Spoken
from rapport.channels.kinds.voice.logic.hearing import (
    END_KEY,
    MAIL_KEY,
    MENU_KEY,
    MORE_KEY,
    PAGE,
    WHOLE,
    Again,
    Ear,
    has_more,
    is_field,
    shown_entries,
)
from rapport.channels.kinds.voice.logic.position import Position
from rapport.channels.kinds.voice.logic.question import Entry, Part, Question
from rapport.channels.kinds.voice.logic.speakable import parts_of, speakable, spell

MAX_HINTS = 30
Say = Callable[..., str]
"""Key of the catalogue and values to its sentence, in the call's language."""


@dataclass(frozen=True, slots=True)
class Voice:
    """Says a message in one language."""

    say: Say
    ear: Ear

    @property
    def language(self) -> str:
        """In which it is said."""
        return self.ear.language

    def ask(
        self, text: str, question: Question, position: Position, *, remark: str = "", shown: str = ""
    ) -> Spoken:
        """What the caller hears: a remark, the message, then the one thing that is asked."""
        if position.doubt:
            return self._ask_doubt(position)
        said = [self._remark(remark, shown)] if remark else []
        part = self.ear.open_part(question, position)
        is_started = bool(position.given or position.skipped or position.others)
        if text and not is_started and remark != "not_a_key":
            said += self.parts(self._without_prompt(text, question), question)[
                position.page : position.page + 1
            ]
        if question.kind == "file":
            said.append(self.say("no_files"))
        if part is not None and is_field(part, position):
            return self._ask_field(said, question, part)
        entries = shown_entries(question, position, part)
        if part is not None and question.kind == "form" and not position.others:
            said.append(speakable(part.label, self.language))
        return self._ask_choice(said, question, position, entries)

    def parts(self, text: str, question: Question) -> tuple[str, ...]:
        """A text in the parts in which it is read; in one where something is asked, or where choices have pages."""
        said = speakable(text, self.language)
        is_whole = question.is_binding or len(question.entries) > WHOLE
        return (said,) if is_whole else parts_of(said)

    def _without_prompt(self, text: str, question: Question) -> str:
        """The check of identity asks on the telephone for one thing after the other, not to fill in a form."""
        return text.rpartition("\n\n")[0] if question.is_identity else text

    def _remark(self, remark: str, shown: str) -> str:
        return self.say(remark, shown=speakable(shown, self.language).rstrip(".。"))

    def _ask_doubt(self, position: Position) -> Spoken:
        said, shown = "did_you_say", speakable(position.doubt, self.language).rstrip(".。")
        if "@" in position.doubt:
            said, shown = "did_you_say_email", self._email_aloud(position.doubt)
        choices = (Choice("1", self.say("answer_yes")), Choice("2", self.say("answer_no")))
        lines = [self.say(said, shown=shown), *self._listed(choices)]
        return self._spoken(lines, choices=choices)

    def _email_aloud(self, email: str) -> str:
        """An address letter by letter before the @, as words after it."""
        name, _, host = email.partition("@")
        signs = {".": self.say("dot"), "_": self.say("underscore"), "-": self.say("dash")}
        spelled = ", ".join(signs.get(c, c.upper()) for c in name)
        return f"{spelled}, {self.say('at')}, {host.replace('.', ' ' + self.say('dot') + ' ')}"

    def _ask_field(self, said: list[str], question: Question, part: Part) -> Spoken:
        key = f"field_{part.name}" if question.is_identity else ""
        asked = self.say(key) if key in FIELD_KEYS else speakable(part.label, self.language)
        said.append(asked)
        if part.kind == "date":
            said.append(self.say("date_by_keys"))
        if not part.is_required or question.entries:
            said.append(self.say("skip_by_hash"))
        return self._spoken(said, max_digits=None)

    def _ask_choice(
        self, said: list[str], question: Question, position: Position, entries: tuple[Entry, ...]
    ) -> Spoken:
        choices = tuple(Choice(str(n), self._title(e)) for n, e in enumerate(entries, start=1))
        said += self._listed(choices)
        part = self.ear.open_part(question, position)
        if has_more(question, position, part):
            choices = (*choices, Choice(MORE_KEY, self.say("more")))
            said.append(self.say("for_more", digit=MORE_KEY))
        if question.kind == "many" and position.given:
            choices = (*choices, Choice(END_KEY, self.say("thats_all")))
            said.append(self.say("end_list"))
        if position.page + 1 < position.parts:
            choices = (*choices, Choice(MORE_KEY, self.say("more")))
            said.append(self.say("for_more", digit=MORE_KEY))
        if position.has_files:
            choices = (*choices, Choice(MAIL_KEY, self.say("mail_files")))
            said.append(self.say("press", digit=MAIL_KEY, title=self.say("mail_files")))
        if not question.is_binding and len(entries) < PAGE:
            choices = (*choices, Choice(MENU_KEY, self.say("menu")))
            said.append(self.say("for_menu", digit=MENU_KEY))
        if not question.is_binding and position.misses == 0:
            said.append(self.say("or_say_short" if position.knows_keys else "or_say"))
        hints = tuple(c.title for c in choices)[:MAX_HINTS]
        is_keys_only = position.misses > 1 and bool(choices)
        if is_keys_only:
            said.append(self.say("use_keys"))
        max_digits = None if question.kind == "text" else 1
        return Spoken(
            self._lines(said),
            "digits" if is_keys_only else "speech",
            self.language,
            choices,
            max_digits,
            hints,
        )

    def _title(self, entry: Entry) -> str:
        extra = f", {entry.description}" if entry.description and not entry.value.startswith("start:") else ""
        return speakable(entry.title + extra, self.language).rstrip(".。")

    def _listed(self, choices: tuple[Choice, ...]) -> list[str]:
        listed = [self.say("press", digit=c.digit, title=c.title) for c in choices]
        return [re.sub(r"([?!？！])[.。]$", r"\1", text) for text in listed]

    def _spoken(
        self, said: list[str], *, choices: tuple[Choice, ...] = (), max_digits: int | None = 1
    ) -> Spoken:
        return Spoken(self._lines(said), "speech", self.language, choices, max_digits)

    def _lines(self, said: list[str]) -> tuple[Line, ...]:
        return tuple(Line(text, self.language) for text in said if text)

    def again(self, text: str, question: Question, move: Again) -> Spoken:
        """The question once more, after a remark."""
        return self.ask(text, question, move.position, remark=move.remark, shown=move.shown)

    def aloud(self, text: str) -> str:
        """A message without its question."""
        return speakable(text, self.language)

    def list_choices(
        self, said: list[str], choices: tuple[Choice, ...], *, max_digits: int | None = 1
    ) -> Spoken:
        """A question of the call's own, with its choices."""
        return self._spoken([*said, *self._listed(choices)], choices=choices, max_digits=max_digits)

    def end(self, *said: str) -> Spoken:
        """The last words of a call."""
        return Spoken(self._lines(list(said)), "hangup", self.language, (), None)

    def connect(self, number: str, *said: str) -> Spoken:
        """Words before a person is connected."""
        return Spoken(self._lines(list(said)), "transfer", self.language, (), None, transfer_to=number)

    def wait(self, *said: str) -> Spoken:
        """The answer is not there yet."""
        return Spoken(self._lines(list(said)), "wait", self.language, (), None)

    def reference(self, number: int) -> str:
        """The number of the conversation, spelled."""
        return self.say("reference", number=spell(str(number)))


FIELD_KEYS = frozenset(
    {"field_order_number", "field_email", "field_first_name", "field_last_name", "field_zip", "field_code"}
)
"""Fields of the check of identity that have a spoken question of their own."""
