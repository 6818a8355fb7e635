"""Test cases as their authors write them: a ``tests:`` section of a procedure, or ``<name>.tests.yaml`` beside it.

procedure: cancel_order
given: {}                                   # for every case; a case's own `given` is laid over it
cases:
  - name: a pending order is cancelled
    language: en
    steps:
      - {click: "#W1735502", asks: reason}
      - {say: "by mistake", asks: confirm}
      - {do: "yes"}
    expect: {ends: done, calls: [{action: shop.cancel_order, with: {order_id: "#W1735502"}}], says: done.1}
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from rapport.kernel.languages import LANGUAGES
from rapport.procedures import api as procedures
from rapport.procedures.api import (
    DURATIONS,
    DocumentSection,
    Report,
    read_document,
    read_duration,
    read_moment,
)
from rapport.procedures.contracts import (
    Affirm,
    Cancel,
    Deny,
    Fill,
    Input,
    JsonDict,
    Resume,
    Say,
    StartProcedure,
    Undo,
)
from rapport.testing.rehearsal.world import NOW, Setting

_GIVEN = (
    "identified", "down", "change", "records", "results", "customer", "now", "tone", "runs",
)  # fmt: skip
_MOVES = ("start", "click", "form", "say", "do", "undo", "wake", "approve", "later", "send")
_EXPECTED = (
    "asks", "ends", "says", "never_says", "refused", "calls", "hands_over", "offers", "slots", "waits",
    "approves",
)  # fmt: skip
_BESIDE = ("data", "reason")
"""What an event carries, and why a person decides as they do."""
_DO: Mapping[str, Input] = {"yes": Affirm(), "no": Deny(), "cancel": Cancel(), "resume": Resume()}


@dataclass(frozen=True, slots=True)
class Expected:
    """What must hold after a step, or at the end; what is empty is not looked at."""

    asks: str = ""
    """Slot (or ``slot[n]``), ``confirm`` or ``identify``."""
    ends: str = ""
    """Outcome of the procedure."""
    says: tuple[str, ...] = ()
    """Wording keys (``slots.order.none``, ``rules.NAME``, ``done.0``) or, in quotes with a space, words."""
    never_says: tuple[str, ...] = ()
    refused: str = ""
    """Rule that did not hold."""
    calls: tuple[JsonDict, ...] | None = None
    """Every changing call so far, in order: ``{action, with}``; arguments left out may be anything."""
    hands_over: str = ""
    offers: tuple[str, ...] = ()
    slots: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    waits: str = ""
    """What is waited for: the name of an event, ``time``, ``approval``, or ``nothing``."""
    approves: str = ""
    """What a person is asked to approve: its title, or the key of the team."""


@dataclass(frozen=True, slots=True)
class CaseStep:
    """One move of the customer, and what must follow."""

    kind: str
    value: Any
    expected: Expected
    line: int = 0
    data: JsonDict = field(default_factory=dict)
    """What an event carries."""
    reason: str = ""
    """Why a person decides as they do."""

    def to_input(self, asked: str, procedure: str) -> Input:
        """The interpreter's input."""
        match self.kind:
            case "start":
                return StartProcedure(procedure, str(self.value or ""))
            case "click":
                chosen = self.value if isinstance(self.value, list) else [self.value]
                return Fill({asked: tuple(str(value) for value in chosen)})
            case "form":
                return Fill({_named(str(k), asked): (str(v),) for k, v in self.value.items()})
            case "say":
                return Say(str(self.value))
            case "send":
                return Say("")
            case "undo":
                return Undo()
            case _:
                return _DO[str(self.value)]


@dataclass(frozen=True, slots=True)
class Case:
    """One test case."""

    name: str
    steps: tuple[CaseStep, ...]
    expected: Expected
    setting: Setting
    language: str = "en"
    line: int = 0


@dataclass(frozen=True, slots=True)
class CaseFile:
    """The cases of one procedure."""

    procedure: str
    cases: tuple[Case, ...]


def read_case_file(source: str | Mapping[str, Any]) -> CaseFile:
    """Read cases. Raises InvalidDefinition with every mistake and its place."""
    data, report = read_document(source)
    if data is None:
        report.add((), "is empty")
        raise procedures.InvalidDefinition(report.sorted())
    top = DocumentSection.of(report, (), data, ("procedure", "given", "cases"))
    name = top.name("procedure", is_required=True)
    given = top.data.get("given") or {}
    cases = tuple(_case(report, path, value, given) for path, value in top.items("cases"))
    if not cases:
        top.add("cases", "there are no cases")
    if report.problems:
        raise procedures.InvalidDefinition(report.sorted())
    return CaseFile(name, cases)


def _case(report: Report, path: tuple[str | int, ...], value: Any, common: Any) -> Case:
    section = DocumentSection.of(report, path, value, ("name", "language", "given", "steps", "expect"))
    language = section.text("language") or "en"
    if language not in LANGUAGES:
        section.add("language", f"unknown language; allowed: {', '.join(LANGUAGES)}")
    own = section.data.get("given") or {}
    merged = {**common, **own} if isinstance(common, Mapping) and isinstance(own, Mapping) else own
    return Case(
        name=section.text("name", is_required=True),
        steps=tuple(_step(report, at, entry) for at, entry in section.items("steps")),
        expected=_expected(
            DocumentSection.of(report, (*path, "expect"), section.data.get("expect") or {}, _EXPECTED)
        ),
        setting=_setting(DocumentSection.of(report, (*path, "given"), merged, _GIVEN)),
        language=language,
        line=report.places.get(path, (0, 0))[0],
    )


def _step(report: Report, path: tuple[str | int, ...], value: Any) -> CaseStep:
    section = DocumentSection.of(report, path, value, (*_MOVES, *_BESIDE, *_EXPECTED))
    moves = [move for move in _MOVES if move in section.data]
    if len(moves) != 1:
        report.add(path, f"a step is one move of: {', '.join(_MOVES)}")
    kind = moves[0] if moves else "do"
    given = section.data.get(kind)
    word = {True: "yes", False: "no"}.get(given, given) if isinstance(given, bool) else given
    if kind == "do" and word not in _DO:
        section.add("do", f"allowed: {', '.join(_DO)}")
    if kind == "form" and not isinstance(given, Mapping):
        section.add("form", "must be a mapping of fields")
    if kind == "send" and not all(isinstance(file, (str, Mapping)) for file in listed(given)):
        section.add("send", "must be the name of a file, its fields, or a list of these")
    if kind == "approve" and word not in ("yes", "no"):
        section.add("approve", "allowed: yes, no")
    if kind == "later" and read_duration(str(given)) is None:
        section.add("later", f"must be {DURATIONS}")
    data = section.data.get("data") or {}
    if not isinstance(data, Mapping):
        section.add("data", "must be a mapping of fields")
        data = {}
    line = report.places.get(path, (0, 0))[0]
    return CaseStep(kind, word, _expected(section), line, dict(data), section.text("reason"))


def listed(value: Any) -> list[Any]:
    """One or several."""
    return value if isinstance(value, list) else [value]


def _expected(section: DocumentSection) -> Expected:
    calls = None
    if "calls" in section.data:
        found = []
        for path, entry in section.items("calls"):
            call = DocumentSection.of(section.report, path, entry, ("action", "with"))
            found.append(
                {"action": call.text("action", is_required=True), "with": call.data.get("with") or {}}
            )
        calls = tuple(found)
    slots = {
        name: tuple(str(v) for v in (value if isinstance(value, list) else [value]))
        for name, _, value in section.entries("slots")
    }
    return Expected(
        asks=section.text("asks"),
        ends=section.text("ends"),
        says=section.names("says"),
        never_says=section.names("never_says"),
        refused=section.text("refused"),
        calls=calls,
        hands_over=section.text("hands_over"),
        offers=section.names("offers"),
        slots=slots,
        waits=section.text("waits"),
        approves=section.text("approves"),
    )


def _setting(section: DocumentSection) -> Setting:
    lists = {
        name: tuple(dict(entry) for entry in value if isinstance(entry, Mapping))
        for name, _, value in section.entries("records")
        if isinstance(value, list)
    }
    return Setting(
        is_known=section.flag("identified") if "identified" in section.data else True,
        is_down=section.flag("down"),
        change=_mappings(section, "change"),
        records=lists,
        results=_results(section),
        customer=dict(section.data.get("customer") or {}),
        now=_now(section),
        tone="informal" if _tone(section) == "informal" else "formal",
        runs=_runs(section),
    )


def _tone(section: DocumentSection) -> str:
    tone = section.text("tone") or "formal"
    if tone not in ("formal", "informal"):
        section.add("tone", "allowed: formal, informal")
    return tone


def _runs(section: DocumentSection) -> dict[str, int]:
    found: dict[str, int] = {}
    for name, path, value in section.entries("runs"):
        if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
            found[name] = value
        else:
            section.report.add(path, "must be how often the limit was used: a whole number from 0")
    return found


def _now(section: DocumentSection) -> dt.datetime:
    value = section.data.get("now")
    if value is None:
        return NOW
    found = read_moment(value if isinstance(value, str) else str(value), NOW)
    if found is None:
        section.add("now", "must be a day or moment, as 2026-11-20T10:00")
    return found or NOW


def _results(section: DocumentSection) -> dict[str, JsonDict | tuple[JsonDict, ...]]:
    """The answer of each action, or several, one after another."""
    found: dict[str, JsonDict | tuple[JsonDict, ...]] = {}
    for name, path, value in section.entries("results"):
        listed = value if isinstance(value, list) else [value]
        if not all(isinstance(entry, Mapping) for entry in listed):
            section.report.add(path, "must be a mapping of fields, or a list of them")
        elif isinstance(value, list):
            found[name] = tuple(dict(entry) for entry in listed)
        else:
            found[name] = dict(value)
    return found


def _mappings(section: DocumentSection, key: str) -> dict[str, JsonDict]:
    found: dict[str, JsonDict] = {}
    for name, path, value in section.entries(key):
        if isinstance(value, Mapping):
            found[name] = dict(value)
        else:
            section.report.add(path, "must be a mapping of fields")
    return found


def _named(name: str, slot: str) -> str:
    return name if name == slot or name.startswith(f"{slot}.") else f"{slot}.{name}"
