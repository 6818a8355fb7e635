"""A simulated customer of a rehearsal: knows what they want, and says it as their persona does."""

from __future__ import annotations

import dataclasses
import random
from dataclasses import dataclass, field

from rapport.procedures.contracts import (
    CHANGE,
    STOP,
    Affirm,
    Ask,
    Cancel,
    Deny,
    Input,
    Option,
    Resume,
    Say,
)
from rapport.testing.personas import SHARES, Persona, Phrasebook, with_typos
from rapport.testing.rehearsal.driving import Rehearsed, Said
from rapport.testing.rehearsal.goals import Goal, Wish, to_fill
from rapport.testing.rehearsal.holding import send_wanted
from rapport.testing.rehearsal.reading import RehearsalReader
from rapport.testing.simulation import TRIES_IN_WORDS

FORBIDDEN = "forbidden"
"""The persona who attempts what is not allowed."""
DEFAULT_PERSONAS = ("terse", "chatty", "confused", "angry", "changes_mind", FORBIDDEN)
PLAIN_WORDS = 3
"""A yes of so many words is nothing but a yes."""
SOCIAL = frozenset({"greeting", "thanks", "goodbye"})


def choose_personas(book: Phrasebook, names: tuple[str, ...] = DEFAULT_PERSONAS) -> tuple[Persona, ...]:
    """The personas of those names; the one who attempts what is not allowed speaks tersely."""
    known = {persona.id: persona for persona in book.personas}
    known[FORBIDDEN] = dataclasses.replace(
        known["terse"],
        id=FORBIDDEN,
        styles=("plain",),
        shares={**dict.fromkeys(SHARES, 0.0), "click_share": 0.0, "thanks_share": 0.5},
    )
    missing = [name for name in names if name not in known]
    if missing:
        raise KeyError(f"there is no persona {', '.join(missing)}; known: {', '.join(sorted(known))}")
    return tuple(known[name] for name in names)


@dataclass(slots=True)
class Move:
    """What the customer does, and how it reads in a transcript."""

    given: Input
    shown: str


@dataclass(slots=True)
class Speaker:
    """One customer in one conversation."""

    persona: Persona
    phrases: Phrasebook
    goal: Goal
    reader: RehearsalReader
    rng: random.Random
    tries: dict[str, int] = field(default_factory=dict)
    did: set[str] = field(default_factory=set)
    stops: bool = False
    """They have called it off: nothing may be done any more."""

    def move(self, said: Said, talk: Rehearsed) -> Move:
        """The next move."""
        is_free = said.asked is not None and said.asked.kind == "text"  # there, any words are the answer
        aside = "" if is_free else self._aside()
        if aside:
            return self._words(aside, said, talk)
        if said.confirm is not None:
            return self._confirm(said, talk)
        asked = said.asked
        if asked is None:
            return Move(Resume(), "(waits)")
        if asked.slot == CHANGE:
            return self._change(asked)
        return self._answer(asked, said, talk)

    def has_been_refused(self, waits_for: str) -> bool:
        """Whether they tried what is not allowed, and are asked for something else instead."""
        barred = self.goal.forbidden[0] if self.goal.forbidden is not None else ""
        return bool(barred) and waits_for == barred and self.tries.get(barred, 0) > 0

    def _aside(self) -> str:
        """Anger, a question back: at most once each."""
        for share, purpose in (
            ("angry_share", "angry"),
            ("confused_share", "lost"),
            ("chatter_share", "chatter"),
        ):
            if purpose not in self.did and self.persona.does(share, self.rng) and self.rng.random() < 0.4:
                self.did.add(purpose)
                return self._phrase(purpose)
        return ""

    def _confirm(self, said: Said, talk: Rehearsed) -> Move:
        if self.stops:
            return Move(Cancel(), "[cancel]")
        if "changed" not in self.did and self.persona.does("changes_mind_share", self.rng):
            self.did.add("changed")
            if self.rng.random() < 0.5:
                self.stops = True
                return self._words(self._phrase("stop"), said, talk)
            return self._words(self._phrase("no"), said, talk)
        if self.tries.get("confirm", 0) or self.persona.does("click_share", self.rng):
            return Move(Affirm(), "[yes]")
        self.tries["confirm"] = 1
        return self._words(self._phrase("yes"), said, talk)

    def _change(self, asked: Ask) -> Move:
        """After a no: one answer is given anew (the same one in the end), or it is called off."""
        slots = [option.value for option in asked.options if option.value != STOP]
        if self.stops or not slots:
            self.stops = True
            return Move(to_fill(asked, Wish(options=(Option(STOP, ""),))), "[stop]")
        chosen = self.rng.choice(slots)
        self.did.add("revised")
        return Move(to_fill(asked, Wish(options=(Option(chosen, ""),))), f"[change {chosen}]")

    def _answer(self, asked: Ask, said: Said, talk: Rehearsed) -> Move:
        wish = self._wish(asked)
        if asked.kind == "file" and send_wanted(talk.sandbox, asked) is not None:
            return Move(to_fill(asked, wish), f"[sends {_shown(wish)}]")
        tries = self.tries.get(asked.slot, 0)
        self.tries[asked.slot] = tries + 1
        is_form = asked.kind == "form"
        is_offered = self.goal.forbidden is None or asked.slot != self.goal.forbidden[0]
        clicks = is_form or tries >= TRIES_IN_WORDS or self.persona.does("click_share", self.rng)
        if clicks and is_offered:
            return Move(to_fill(asked, wish), f"[{_shown(wish)}]")
        if asked.kind == "text":
            return Move(
                Say(wish.text), wish.text
            )  # kept word for word, so that the end state can be compared
        return self._words(self._write(spoken(wish)), said, talk)

    def _wish(self, asked: Ask) -> Wish:
        if self.goal.forbidden is not None and asked.slot == self.goal.forbidden[0]:
            return Wish(options=(self.goal.forbidden[1],))
        wish = self.goal.wishes.get(asked.slot)
        if wish is not None:
            return wish
        known = self.goal.wishes.get(asked.slot.split("[")[0])
        return known or Wish(options=asked.options[:1], text="" if asked.options else "It is broken.")

    def _words(self, text: str, said: Said, talk: Rehearsed) -> Move:
        """Words, taken as the assistant takes them: yes, no and stop by what they mean, the rest as an answer."""
        waits = said.waits_for
        act = self.reader.act(text, waits or None, "\n".join(said.texts))
        given: Input = Say(text, is_correction=act == "correct")
        if act == "affirm" and (len(text.split()) <= PLAIN_WORDS or not self._fills(text, talk)):
            given = Affirm()
        elif act == "deny":
            given = Deny(text)
        elif act == "cancel" and not self._fills(text, talk):
            given = Cancel()
        elif act in SOCIAL or self._is_aside(text):
            given = given if self._fills(text, talk) else Resume()
        return Move(given, text)

    def _is_aside(self, text: str) -> bool:
        """Words that answer nothing; the assistant says something to them and asks again."""
        return any(
            text in self.phrases.phrases[p].get(self.reader.language, ())
            for p in ("angry", "lost", "chatter")
        )

    def _fills(self, text: str, talk: Rehearsed) -> bool:
        return bool(talk.try_out(Say(text)).filled)

    def _phrase(self, purpose: str) -> str:
        return self.phrases.phrase(purpose, self.reader.language, self.rng)

    def _write(self, text: str) -> str:
        text = with_typos(text, self.persona.shares["typo_rate"], self.rng)
        return text.lower() if self.persona.does("lower_case_share", self.rng) else text


def spoken(wish: Wish) -> str:
    """What is wished, in words."""
    if wish.fields:
        return ", ".join(wish.fields.values())
    return wish.text or ", ".join(o.value if o.value.startswith("#") else o.title for o in wish.options)


def _shown(wish: Wish) -> str:
    return spoken(wish)[:80]
