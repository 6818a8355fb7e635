"""Reading of the steps under `do`; each kind of step is known by the first of its keys."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from typing import Any

from rapport.procedures.contracts import RESERVED_EVENTS
from rapport.procedures.logic import keys
from rapport.procedures.logic.definition import UndoRule
from rapport.procedures.logic.moments import DURATIONS, read_duration
from rapport.procedures.logic.problems import Path, Report
from rapport.procedures.logic.sections import Section, read_words
from rapport.procedures.logic.steps import (
    Action,
    Again,
    AnyStep,
    Approval,
    Branch,
    Escalation,
    Reversal,
    RunProcedure,
    Saying,
    Wait,
)

MAX_DEPTH = 6
"""Branches within branches that a reader can still follow."""

EVENT = re.compile(r"[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)*\Z")
NOTHING = "none"
"""Stands in `undo` of an action that leaves nothing to take back."""


def read_steps(section: Section, key: str, depth: int = 0) -> tuple[AnyStep, ...]:
    """The steps of a list."""
    if depth > MAX_DEPTH:
        section.add(key, f"branches stand in branches at most {MAX_DEPTH} deep")
        return ()
    return tuple(_step(section.report, path, value, depth) for path, value in section.items(key))


def read_undo(top: Section) -> UndoRule | None:
    """Until when the whole procedure may be taken back."""
    if top.data.get("undo") is None:
        return None
    section = Section.of(top.report, (*top.path, "undo"), top.data["undo"], keys.UNDO)
    within = _duration(section, "within", is_required=True)
    return UndoRule(within or dt.timedelta(0), section.words("say"))


def _step(report: Report, path: Path, value: Any, depth: int) -> AnyStep:
    kind = next((kind for kind in keys.STEPS if kind in value), None) if isinstance(value, Mapping) else None
    if kind == "if":
        return _branch(report, path, value, depth)
    if kind == "action":
        return _action(report, path, value, depth)
    if kind is None:
        report.add(path, f"is no step: it needs one of the keys {', '.join(keys.STEPS)}")
        return Saying({})
    return _READERS[kind](report, path, value)


def _branch(report: Report, path: Path, value: Any, depth: int) -> Branch:
    section = Section.of(report, path, value, keys.STEPS["if"])
    then = read_steps(section, "then", depth + 1)
    if not then and not section.data.get("then"):
        section.add("then", "'then' is missing: a list of steps")
    return Branch(
        condition=section.expression("if", is_required=True) or "true",
        then=then,
        otherwise=read_steps(section, "else", depth + 1),
        when=section.expression("when"),
    )


def _action(report: Report, path: Path, value: Any, depth: int) -> Action:
    section = Section.of(report, path, value, keys.ACTION)
    name = section.text("action", is_required=True)
    if "with" not in section.data:
        section.add(
            "with", f"the action {name!r} needs 'with': its arguments as expressions ({{}} when it has none)"
        )
    undo = section.data.get("undo")
    if section.data.get("otherwise") and "each" in section.data:
        section.add("otherwise", "cannot go together with 'each'")
    return Action(
        action=name,
        arguments=section.expressions("with"),
        when=section.expression("when"),
        result=section.name("as") or "result",
        failed={code: read_words(report, place, words) for code, place, words in section.entries("failed")},
        each=section.expression("each"),
        amount=section.expression("amount"),
        undo=None if undo in (None, NOTHING) else _reversal(report, (*path, "undo"), undo),
        is_harmless=undo == NOTHING,
        again=_again(section),
        otherwise=read_steps(section, "otherwise", depth + 1),
    )


def _again(action: Section) -> Again | None:
    if action.data.get("again") is None:
        return None
    section = Section.of(action.report, (*action.path, "again"), action.data["again"], keys.AGAIN)
    within = _duration(section, "within", is_required=True)
    return Again(within or dt.timedelta(0), section.words("say"))


def _reversal(report: Report, path: Path, value: Any) -> Reversal:
    if not isinstance(value, Mapping):
        report.add(path, f"must be {NOTHING!r} (it leaves nothing to take back) or the keys action, with")
        return Reversal("", {})
    section = Section.of(report, path, value, keys.REVERSAL)
    return Reversal(section.text("action", is_required=True), section.expressions("with"))


def _wait(report: Report, path: Path, value: Any) -> Wait:
    section = Section.of(report, path, value, keys.STEPS["wait"])
    inner = Section.of(report, (*path, "wait"), section.data.get("wait"), keys.WAIT)
    event = inner.text("event")
    if event and (not EVENT.match(event) or event in RESERVED_EVENTS):
        inner.add("event", f"{event!r} is no name of an event: small letters, digits, _ and dots")
    duration, until = _duration(inner, "for"), inner.expression("until")
    if inner.data and not {"for", "until", "event"} & inner.data.keys():
        report.add(inner.path, "needs 'for', 'until' or 'event'")
    if "for" in inner.data and "until" in inner.data:
        inner.add("until", "cannot go together with 'for'")
    if "of" in inner.data and not event:
        inner.add("of", "needs 'event': it says what the event is about")
    return Wait(
        duration=duration,
        until=until,
        event=event,
        of=inner.expression("of"),
        say=section.words("say"),
        result=section.name("as"),
        when=section.expression("when"),
    )


def _approval(report: Report, path: Path, value: Any) -> Approval:
    section = Section.of(report, path, value, keys.STEPS["approve"])
    inner = Section.of(report, (*path, "approve"), section.data.get("approve"), keys.APPROVAL)
    if "when" in section.data and "when" in inner.data:
        inner.add("when", "stands here and beside 'approve'; one is enough")
    return Approval(
        title=inner.words("title", is_required=True),
        team=inner.text("team") or None,
        reason=inner.words("reason"),
        expires=_duration(inner, "expires"),
        say=section.words("say"),
        rejected=section.words("rejected"),
        result=section.name("as"),
        when=section.expression("when") or inner.expression("when"),
    )


def _run(report: Report, path: Path, value: Any) -> RunProcedure:
    section = Section.of(report, path, value, keys.STEPS["run"])
    return RunProcedure(
        procedure=section.name("run", is_required=True),
        given=section.expressions("with"),
        result=section.name("as"),
        is_required=section.flag("required") if "required" in section.data else True,
        when=section.expression("when"),
    )


def _escalation(report: Report, path: Path, value: Any) -> Escalation:
    section = Section.of(report, path, value, keys.STEPS["person"])
    inner = Section.of(report, (*path, "person"), section.data.get("person"), keys.PERSON)
    return Escalation(
        inner.words("say", is_required=True), inner.text("team") or None, section.expression("when")
    )


def _saying(report: Report, path: Path, value: Any) -> Saying:
    section = Section.of(report, path, value, keys.STEPS["say"])
    return Saying(section.words("say", is_required=True), section.expression("when"))


_READERS: dict[str, Callable[[Report, Path, Any], AnyStep]] = {
    "wait": _wait,
    "approve": _approval,
    "run": _run,
    "person": _escalation,
    "say": _saying,
}


def _duration(section: Section, key: str, *, is_required: bool = False) -> dt.timedelta | None:
    text = section.text(key, is_required=is_required)
    found = read_duration(text) if text else None
    if text and found is None:
        section.add(key, f"{text!r} is no duration; write {DURATIONS}")
    return found
