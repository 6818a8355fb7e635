"""What customers once did, done again with the version in force and with a changed one: what would differ?

Read only: records are looked up for the same customer as they are today, and no action is performed; each is noted
and taken as done. Both versions meet the same records, so what differs between them is the change's doing.
"""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal, get_args

from rapport.connectors.contracts import CallOutcome, JsonDict
from rapport.procedures.api import Definition, ProcedureBook
from rapport.procedures.contracts import Input, Option
from rapport.testing.rehearsal.driving import Rehearsed, Said
from rapport.testing.rehearsal.reading import make_reader
from rapport.understanding.contracts import Engine

Kind = Literal[
    "same", "other_words", "other_question", "other_action", "refused", "other_outcome", "records_changed"
]
"""``records_changed``: with today's records not even the version in force comes to what happened then, and the two do
not differ; the conversation says nothing about the change."""
KINDS: tuple[Kind, ...] = get_args(Kind)


@dataclass(frozen=True, slots=True)
class Recorded:
    """What one customer did in one run of a procedure."""

    conversation_id: int
    language: str
    inputs: tuple[Input, ...]
    customer: JsonDict | None
    look_up: Callable[[str, JsonDict], tuple[Option, ...]]
    """Records of a slot type for this customer. Raises ConnectorDown."""
    now: dt.datetime | None = None
    """The present moment, which both versions meet."""
    done: tuple[str, ...] = ()
    """Actions that changed something then."""


@dataclass(frozen=True, slots=True)
class Compared:
    """One conversation with both versions."""

    conversation_id: int
    kind: Kind
    turn: int
    """The first turn that differs, from 1; 0 when none does."""
    before: str
    after: str


@dataclass(slots=True)
class ReadOnly:
    """The connected system, without its actions."""

    recorded: Recorded
    writes: list[tuple[str, JsonDict]] = field(default_factory=list)

    @property
    def customer(self) -> JsonDict | None:
        """The customer's record as it is today."""
        return copy.deepcopy(self.recorded.customer)

    def list_options(self, type_: str, of: JsonDict, _language: str) -> tuple[Option, ...]:
        """Records as they are today."""
        return self.recorded.look_up(type_, of)

    def call(self, action: str, arguments: JsonDict, _key: str) -> CallOutcome:
        """Nothing is done; it is noted and taken as done."""
        self.writes.append((action, copy.deepcopy(arguments)))
        return CallOutcome(ok=True, data=copy.deepcopy(arguments))


def compare_replays(
    old: Definition,
    new: Definition,
    others: Iterable[Definition],
    recorded: Iterable[Recorded],
    engine: Engine | None = None,
) -> Iterator[Compared]:
    """Every recorded run with both versions, one after another."""
    rest = [d for d in others if d.name != new.name]
    before, after = ProcedureBook([*rest, old]), ProcedureBook([*rest, new])
    return (_compare(one, before, after, engine) for one in recorded)


def _compare(one: Recorded, before: ProcedureBook, after: ProcedureBook, engine: Engine | None) -> Compared:
    talks = [_talk(one, book, engine) for book in (before, after)]
    for turn, given in enumerate(one.inputs, 1):
        old, new = (talk.send(given) for talk in talks)
        calls = [talk.sandbox.writes for talk in talks]
        kind = _kind(old, new, calls[0] == calls[1])
        if kind != "same":
            return Compared(one.conversation_id, kind, turn, _told(old, calls[0]), _told(new, calls[1]))
        if not talks[0].state.stack:
            break
    again = [action for action, _ in talks[0].sandbox.writes]
    is_like_then = all(action in again for action in one.done)
    return Compared(one.conversation_id, "same" if is_like_then else "records_changed", 0, "", "")


def _talk(one: Recorded, book: ProcedureBook, engine: Engine | None) -> Rehearsed:
    return Rehearsed(book, ReadOnly(one), make_reader(one.language, engine), one.language, one.now)


def _kind(old: Said, new: Said, has_same_calls: bool) -> Kind:  # noqa: FBT001 - private, and named at the call
    if not has_same_calls:
        return "other_action"
    outcomes = [said.ended.outcome if said.ended else "" for said in (old, new)]
    if outcomes[0] != outcomes[1]:
        return "refused" if outcomes[1] == "refused" else "other_outcome"
    if old.waits_for != new.waits_for:
        return "other_question"
    return "same" if old.texts == new.texts else "other_words"


def _told(said: Said, calls: list[tuple[str, JsonDict]]) -> str:
    done = ", ".join(action for action, _ in calls)
    rest = f"[{said.ended.outcome}]" if said.ended else f"[asks {said.waits_for or 'nothing'}]"
    return " ".join(part for part in (done and f"[does {done}]", rest, *said.texts) if part)
