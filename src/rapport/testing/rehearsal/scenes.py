"""The settings in which a procedure is simulated: the sandbox's own shop, or what test cases say of other systems."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from rapport.connectors.contracts import JsonDict
from rapport.kernel.errors import RapportError
from rapport.procedures.api import Definition, ProcedureBook
from rapport.procedures.contracts import SKIP, StartProcedure
from rapport.testing.rehearsal.case_files import Case, CaseFile, read_case_file
from rapport.testing.rehearsal.cases import take
from rapport.testing.rehearsal.driving import Rehearsed
from rapport.testing.rehearsal.reading import make_reader
from rapport.testing.rehearsal.world import Sandbox, Setting, missing

Examples = Callable[[], tuple[JsonDict, tuple[str, ...]]]
"""What a test case would give, made of what connected systems declare; and what it is made for."""

FREE_TYPES = frozenset({"text", "number", "money", "date", "email"})


@dataclass(frozen=True, slots=True)
class Scene:
    """Where one simulated customer tries a procedure."""

    setting: Setting = field(default_factory=Setting)
    answers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """What test cases answer where anything may be said: slot → texts, numbers, days."""


@dataclass(frozen=True, slots=True)
class Scenes:
    """Where simulated customers try a procedure, one after another."""

    settings: tuple[Setting, ...] = ()
    lacking: tuple[str, ...] = ()
    """What nobody has given; then there are no settings."""
    from_cases: int = 0
    """How many of the settings are those of test cases."""
    examples: tuple[str, ...] = ()
    """Kinds of records and actions whose answers are made up of what their system declares."""

    answers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def of(self, number: int) -> Scene:
        """The scene of a customer: all settings have their turn."""
        return Scene(self.settings[number % len(self.settings)], self.answers)


def find_scenes(
    definition: Definition,
    book: ProcedureBook,
    file: CaseFile | None = None,
    examples: Examples | None = None,
) -> Scenes:
    """The standard sandbox where it is enough, else the settings of test cases, else examples."""
    lacking = missing(definition, book=book)
    if not lacking:
        return Scenes((Setting(),), answers=_answers(definition, book, file))
    settings = _of_cases(definition, book, file)
    if settings:
        answers = _answers(definition, book, file)
        return Scenes(settings, from_cases=len(settings), answers=answers)
    if examples is not None:
        given, made_up = examples()
        setting = _read(definition.name, given)
        lacking = missing(definition, setting, book)
        if not lacking:
            return Scenes((setting,), examples=made_up)
    return Scenes(lacking=lacking)


def _of_cases(definition: Definition, book: ProcedureBook, file: CaseFile | None) -> tuple[Setting, ...]:
    """The different settings of cases with a customer who is known and systems that answer."""
    found: list[Setting] = []
    for case in file.cases if file is not None else ():
        setting = _steady(case.setting)
        usable = setting.is_known and not setting.is_down and setting not in found
        if usable and not missing(definition, setting, book):
            found.append(setting)
    return tuple(found)


def _steady(setting: Setting) -> Setting:
    """Of several answers of an action the last: a customer in words may be looked up for more than once."""
    last = {
        name: (answer[-1] if answer else {}) if isinstance(answer, tuple) else answer
        for name, answer in setting.results.items()
    }
    return dataclasses.replace(setting, results=last)


def _answers(
    definition: Definition, book: ProcedureBook, file: CaseFile | None
) -> dict[str, tuple[str, ...]]:
    """What stands at the end of each case in slots that offer no choice: those answers passed the rules."""
    free = {slot.name for slot in definition.slots if slot.type in FREE_TYPES}
    found: dict[str, tuple[str, ...]] = {}
    for case in file.cases if file is not None and free else ():
        frame = _play(case, definition.name, book).frame() if _can_play(case, definition, book) else None
        for name, value in frame.slots.items() if frame and frame.procedure == definition.name else ():
            said = [o.value for o in value.options if o.value not in ("", SKIP)] if name in free else []
            found[name] = tuple(dict.fromkeys([*found.get(name, ()), *said]))
    return {name: values for name, values in found.items() if values}


def _can_play(case: Case, definition: Definition, book: ProcedureBook) -> bool:
    if missing(definition, case.setting, book):
        return False
    try:
        Sandbox(case.setting)
    except RapportError:
        return False
    return True


def _play(case: Case, name: str, book: ProcedureBook) -> Rehearsed:
    """A case without a look at what it expects."""
    given = case.setting
    talk = Rehearsed(book, Sandbox(given), make_reader(case.language), case.language, given.now, given.tone)
    if not case.steps or case.steps[0].kind != "start":
        talk.send(StartProcedure(name))
    for step in case.steps:
        take(talk, step, name)
    return talk


def _read(name: str, given: JsonDict) -> Setting:
    case = {"name": "examples", "given": given, "steps": []}
    return read_case_file({"procedure": name, "cases": [case]}).cases[0].setting
