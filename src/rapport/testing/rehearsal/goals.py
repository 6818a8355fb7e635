"""What a simulated customer wants of a procedure, and what must have happened when they got it.

A goal is found by going through the procedure by clicks, once, with values chosen at random among those offered:
whatever that leads to (done, refused, a person decides) is what a customer in words must reach too. A customer who
attempts what is not allowed names a record that exists but was not offered: nothing may change.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field

from rapport.procedures.api import Definition, ProcedureBook
from rapport.procedures.contracts import (
    SKIP,
    STOP,
    Affirm,
    Ask,
    Fill,
    Option,
    StartProcedure,
)
from rapport.testing.rehearsal.driving import Rehearsed, Said
from rapport.testing.rehearsal.holding import send_wanted
from rapport.testing.rehearsal.reading import RehearsalReader
from rapport.testing.rehearsal.scenes import Scene
from rapport.testing.rehearsal.world import Sandbox, Setting

MAX_QUESTIONS = 25
ADDRESS = {
    "address1": "12 Mill Lane", "city": "York", "country": "GB", "zip": "YO1 7HH",
}  # fmt: skip
FREE_VALUES = {"number": "2", "date": "2026-12-01", "email": "ada.young@example.com"}


@dataclass(frozen=True, slots=True)
class Wish:
    """What a customer wants at one question."""

    options: tuple[Option, ...] = ()
    fields: Mapping[str, str] = field(default_factory=dict)
    text: str = ""


@dataclass(frozen=True, slots=True)
class Goal:
    """What one customer comes for, and the end that proves it."""

    wishes: Mapping[str, Wish]
    """By slot (or ``slot[n]``)."""
    outcome: str
    end_state: str
    """Of the sandbox."""
    final_texts: tuple[str, ...]
    """What is said last."""
    questions: int
    """How many a customer who clicks is asked."""
    forbidden: tuple[str, Option] | None = None
    """Slot and record that exists but may not be chosen."""
    setting: Setting = field(default_factory=Setting)
    """Where they try."""


def find_goal(
    definition: Definition,
    book: ProcedureBook,
    reader: RehearsalReader,
    rng: random.Random,
    scene: Scene,
) -> Goal | None:
    """A goal by clicking through; None when the procedure does not come to an end that way."""
    setting = scene.setting
    sandbox = Sandbox(setting)
    talk = Rehearsed(book, sandbox, reader, reader.language, setting.now, setting.tone)
    wishes: dict[str, Wish] = {}
    said = talk.pass_time(talk.send(StartProcedure(definition.name)))
    questions = 0
    while not said.is_over:
        questions += 1
        if questions > MAX_QUESTIONS:
            return None
        if said.confirm is not None:
            said = talk.pass_time(talk.send(Affirm()))
            continue
        asked = said.asked
        if asked is None:
            return None
        wish = _wish(asked, talk, rng, scene)
        wishes[asked.slot] = wish
        said = talk.pass_time(talk.send(to_fill(asked, wish)))
    return Goal(wishes, _outcome(said), sandbox.fingerprint(), said.texts, questions, setting=setting)


def find_forbidden(
    definition: Definition,
    book: ProcedureBook,
    reader: RehearsalReader,
    rng: random.Random,
    scene: Scene,
) -> Goal | None:
    """A goal that must be refused: a record of the first slot with a condition that was not offered."""
    setting = scene.setting
    sandbox = Sandbox(setting)
    talk = Rehearsed(book, sandbox, reader, reader.language, setting.now, setting.tone)
    untouched = sandbox.fingerprint()
    said = talk.send(StartProcedure(definition.name))
    wishes: dict[str, Wish] = {}
    for _ in range(MAX_QUESTIONS):
        asked = said.asked
        if asked is None:
            return None
        slot = definition.find_slot(asked.slot.split("[")[0])
        if slot is not None and slot.is_looked_up and slot.where is not None and slot.each is None:
            offered = {option.value for option in asked.options}
            frame = talk.frame()
            of = {n: v.options[0].data for n, v in frame.slots.items() if v.options} if frame else {}
            known = talk.sandbox.list_options(slot.type, of, reader.language)
            barred = [option for option in known if option.value not in offered]
            if barred:
                return Goal(wishes, "refused", untouched, (), 1, (asked.slot, rng.choice(barred)), setting)
        wishes[asked.slot] = _wish(asked, talk, rng, scene)
        said = talk.send(to_fill(asked, wishes[asked.slot]))
    return None


def to_fill(asked: Ask, wish: Wish) -> Fill:
    """The click or form that answers a question as wished."""
    if asked.kind == "form":
        return Fill({name: (value,) for name, value in wish.fields.items()})
    if wish.text:
        return Fill({asked.slot: (wish.text,)})
    return Fill({asked.slot: tuple(option.value for option in wish.options)})


def _wish(asked: Ask, talk: Rehearsed, rng: random.Random, scene: Scene) -> Wish:
    """What to answer; a file that is asked for is sent first."""
    sent = send_wanted(talk.sandbox, asked) if asked.kind == "file" else None
    return Wish(options=(sent,)) if sent is not None else _choose(asked, rng, scene)


def _choose(asked: Ask, rng: random.Random, scene: Scene) -> Wish:
    said = {name: rng.choice(values) for name, values in scene.answers.items()}
    if asked.kind == "form":
        given = {
            f.name: f.value
            or said.get(f.name, "")
            or ADDRESS.get(f.name.rsplit(".", 1)[-1], "")
            or FREE_VALUES.get(f.kind, "")
            for f in asked.fields
        }
        if any(f.name.endswith(".address1") for f in asked.fields):
            given |= {f.name: ADDRESS.get(f.name.rsplit(".", 1)[-1], "") for f in asked.fields}
        return Wish(fields={name: value for name, value in given.items() if value})
    if asked.kind == "text":
        return Wish(text=said.get(asked.slot.split("[")[0], "It arrived with a crack."))
    useful = [option for option in asked.options if option.value not in (SKIP, STOP)] or list(asked.options)
    count = rng.choice((1, 1, len(useful))) if asked.kind == "many" else 1
    chosen = sorted(rng.sample(range(len(useful)), min(count, len(useful))))
    return Wish(options=tuple(useful[index] for index in chosen))


def _outcome(said: Said) -> str:
    return said.ended.outcome if said.ended is not None else "handed_over"
