"""What may stand under `do`: actions, branches, waits, approvals, sub-procedures, people and words.

`lay_out` numbers the steps of a definition as they stand in the document, those of branches included. A running
procedure remembers only the number of its next step, so the numbers, and the keys of calls made from them, stay the
same for as long as the version lives.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from rapport.procedures.logic.problems import Path

if TYPE_CHECKING:
    from rapport.procedures.logic.definition import Words

ITEM = "item"
"""Name of the present value in an action that is done for each of several."""


@dataclass(frozen=True, slots=True)
class Reversal:
    """The action that takes another one back."""

    action: str
    arguments: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Again:
    """A call that a connected system did not take is kept, and made again when the system answers."""

    within: dt.timedelta
    """Then it is given up."""
    say: Words = field(default_factory=dict)
    """What the customer is told, once."""


@dataclass(frozen=True, slots=True)
class Action:
    """One operation of a connected system."""

    action: str
    arguments: Mapping[str, str]
    """Argument → expression."""
    when: str | None = None
    result: str = "result"
    """Name of what it returns (`as` in YAML)."""
    failed: Mapping[str, Words] = field(default_factory=dict)
    """Wording per code of refusal."""
    each: str | None = None
    """A list: the action is done once for each of its values, and the result is a list too."""
    amount: str | None = None
    """The money it moves, for limits."""
    undo: Reversal | None = None
    is_harmless: bool = False
    """It leaves nothing that would have to be taken back (``undo: none``)."""
    again: Again | None = None
    otherwise: tuple[AnyStep, ...] = ()
    """Done instead when it could not be carried out for a technical reason."""


@dataclass(frozen=True, slots=True)
class Branch:
    """Steps that are taken only if a condition holds, and others if it does not."""

    condition: str
    then: tuple[AnyStep, ...]
    otherwise: tuple[AnyStep, ...] = ()
    when: str | None = None


@dataclass(frozen=True, slots=True)
class Wait:
    """Step aside until a moment, an event, or what comes first."""

    duration: dt.timedelta | None = None
    until: str | None = None
    """Expression for a day or moment."""
    event: str = ""
    of: str | None = None
    """Expression for what the event is about."""
    say: Words = field(default_factory=dict)
    result: str = ""
    when: str | None = None


@dataclass(frozen=True, slots=True)
class Approval:
    """A person must say yes before it goes on."""

    title: Words
    team: str | None = None
    reason: Words = field(default_factory=dict)
    expires: dt.timedelta | None = None
    say: Words = field(default_factory=dict)
    rejected: Words = field(default_factory=dict)
    result: str = ""
    when: str | None = None


@dataclass(frozen=True, slots=True)
class RunProcedure:
    """Another procedure runs, with its own questions and confirmation, and returns."""

    procedure: str
    given: Mapping[str, str] = field(default_factory=dict)
    """Slot of that procedure → expression."""
    result: str = ""
    is_required: bool = True
    """Whether this one ends when that one did not end done."""
    when: str | None = None


@dataclass(frozen=True, slots=True)
class Escalation:
    """A person takes over."""

    say: Words
    team: str | None = None
    when: str | None = None


@dataclass(frozen=True, slots=True)
class Saying:
    """Something is said in between."""

    say: Words
    when: str | None = None


AnyStep = Action | Branch | Wait | Approval | RunProcedure | Escalation | Saying


@dataclass(frozen=True, slots=True)
class Place:
    """One step with its number and where it leads."""

    index: int
    step: AnyStep
    path: Path
    """Where it stands in the document."""
    after: int
    """Number of the step that follows when it is done or left out."""
    otherwise: int = 0
    """Of a branch: the number of the step that follows when its condition does not hold; of an action: the first of
    its `otherwise`."""
    guards: tuple[tuple[str, bool], ...] = ()
    """Conditions of the branches it stands in, and what each must be."""
    is_fallback: bool = False
    """It stands in an `otherwise`: it is taken only where an action could not be carried out."""

    @property
    def then(self) -> int:
        """Of a branch: the number of the step that follows when its condition holds."""
        return self.index + 1 if isinstance(self.step, Branch) and self.step.then else self.after


def lay_out(steps: Sequence[AnyStep]) -> tuple[Place, ...]:
    """All steps, numbered from 0 in the order of the document."""
    return tuple(_lay(steps, 0, sum(map(_size, steps)), ("do",), ()))


def _size(step: AnyStep) -> int:
    if isinstance(step, Action):
        return 1 + sum(map(_size, step.otherwise))
    if not isinstance(step, Branch):
        return 1
    return 1 + sum(map(_size, step.then)) + sum(map(_size, step.otherwise))


def _lay(
    steps: Sequence[AnyStep], first: int, after: int, path: Path, guards: tuple[tuple[str, bool], ...]
) -> Iterator[Place]:
    index = first
    for number, step in enumerate(steps):
        end = index + _size(step)
        following = end if number + 1 < len(steps) else after
        here = (*path, number)
        if isinstance(step, Action) and step.otherwise:
            yield Place(index, step, here, following, index + 1, guards)
            instead = _lay(step.otherwise, index + 1, following, (*here, "otherwise"), guards)
            yield from (replace(place, is_fallback=True) for place in instead)
        elif not isinstance(step, Branch):
            yield Place(index, step, here, following, guards=guards)
        else:
            inside = guards if step.when is None else (*guards, (step.when, True))
            second = index + 1 + sum(map(_size, step.then))
            yield Place(index, step, here, following, second if step.otherwise else following, guards)
            held, failed = (step.condition, True), (step.condition, False)
            yield from _lay(step.then, index + 1, following, (*here, "then"), (*inside, held))
            yield from _lay(step.otherwise, second, following, (*here, "else"), (*inside, failed))
        index = end


def result_of(step: AnyStep) -> str:
    """Name under which later expressions read what a step came to; empty when it has none."""
    return step.result if isinstance(step, (Action, Wait, Approval, RunProcedure)) else ""
