"""What is wrong with the steps under `do` beyond their shape: names not known at their place, dead ends."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from rapport.procedures.logic.checker import Checker
from rapport.procedures.logic.definition import Definition
from rapport.procedures.logic.problems import Path, Report
from rapport.procedures.logic.steps import (
    ITEM,
    Action,
    AnyStep,
    Approval,
    Branch,
    Escalation,
    RunProcedure,
    Saying,
    Wait,
    result_of,
)


def check_steps(checker: Checker, steps: Sequence[AnyStep], path: Path, known: Sequence[str]) -> list[str]:
    """Check a list of steps; returns the names known after it. What a branch or an `otherwise`
    leaves may be null after it.
    """
    names = list(known)
    for number, step in enumerate(steps):
        here = (*path, number)
        if isinstance(step, Branch):
            checker.expression((*here, "when"), step.when, names)
            checker.expression((*here, "if"), step.condition, names)
            held = check_steps(checker, step.then, (*here, "then"), names)
            failed = check_steps(checker, step.otherwise, (*here, "else"), names)
            names += [name for name in dict.fromkeys((*held, *failed)) if name not in names]
            continue
        _check(checker, here, step, names)
        if isinstance(step, Action):
            instead = check_steps(checker, step.otherwise, (*here, "otherwise"), names)
            names += [name for name in instead if name not in names]
        if result_of(step) and result_of(step) not in names:
            names.append(result_of(step))
    return names


def _check(checker: Checker, path: Path, step: AnyStep, known: list[str]) -> None:
    if isinstance(step, Action):
        _check_action(checker, path, step, known)
        return
    checker.expression((*path, "when"), step.when, known)
    match step:
        case Wait():
            checker.expression((*path, "wait", "until"), step.until, known)
            checker.expression((*path, "wait", "of"), step.of, known)
            checker.words((*path, "say"), step.say, known)
        case Approval():
            checker.words((*path, "approve", "title"), step.title, known)
            checker.words((*path, "approve", "reason"), step.reason, known)
            checker.words((*path, "say"), step.say, known)
            own = [*known, step.result] if step.result else known
            checker.words((*path, "rejected"), step.rejected, own)
        case RunProcedure():
            for name, expression in step.given.items():
                checker.expression((*path, "with", name), expression, known)
            if step.procedure == checker.definition.name:
                checker.report.add((*path, "run"), "a procedure cannot run itself")
        case Escalation():
            checker.words((*path, "person", "say"), step.say, known)
        case Saying():
            checker.words((*path, "say"), step.say, known)
        case _:
            pass


def _check_action(checker: Checker, path: Path, action: Action, known: list[str]) -> None:
    names = known
    if action.each is not None:
        checker.expression((*path, "each"), action.each, known)
        names = [*known, ITEM]
        if checker.definition.find_slot(ITEM) is not None:
            checker.report.add(
                (*path, "each"), f"{ITEM!r} is the present value here; give the slot another name"
            )
        if action.result in known:
            checker.report.add(
                (*path, "as"), f"{action.result!r} is already the result of an earlier step; name the list"
            )
        checker = _in_loop(checker, action.each)
    checker.expression((*path, "when"), action.when, names)
    checker.expression((*path, "amount"), action.amount, names)
    for name, expression in action.arguments.items():
        checker.expression((*path, "with", name), expression, names)
    if action.undo is not None:
        for name, expression in action.undo.arguments.items():
            checker.expression((*path, "undo", "with", name), expression, [*names, action.result])
    for code, words in action.failed.items():
        checker.words((*path, "failed", code), words, names)
    if action.again is not None:
        checker.words((*path, "again", "say"), action.again.say, names)


def _in_loop(checker: Checker, each: str) -> Checker:
    """For one turn of a loop: the present value, and the answers given for it."""
    if checker.shapes is None:
        return checker
    answers = [slot for slot in checker.definition.slots if slot.each == each.strip()]
    found = {slot.name: checker.shapes.record(slot) for slot in answers}
    return checker.where(**{ITEM: checker.one_of(each)}, **found)


def check_result_names(definition: Definition, report: Report, taken: Collection[str]) -> None:
    """The name of a result belongs to nothing else."""
    for place in definition.places:
        name = result_of(place.step)
        if name in taken:
            report.add((*place.path, "as"), f"{name!r} is already the name of a slot or computed value")
        elif name == ITEM:
            report.add((*place.path, "as"), f"{name!r} is a reserved name")


def called_actions(definition: Definition) -> list[tuple[Path, str]]:
    """Every action that a step names, with its place."""
    found: list[tuple[Path, str]] = []
    for place in definition.places:
        if isinstance(place.step, Action):
            found.append(((*place.path, "action"), place.step.action))
            if place.step.undo is not None:
                found.append(((*place.path, "undo", "action"), place.step.undo.action))
    return found


def run_procedures(definition: Definition) -> list[tuple[Path, str]]:
    """Every procedure that a step runs, with its place."""
    return [
        ((*place.path, "run"), place.step.procedure)
        for place in definition.places
        if isinstance(place.step, RunProcedure)
    ]


def check_undo(checker: Checker, known: Sequence[str]) -> None:
    """What may be taken back as a whole has only actions that can be taken back."""
    definition = checker.definition
    if definition.undo is None:
        return
    checker.words(("undo", "say"), definition.undo.say, known)
    for place in definition.places:
        if isinstance(place.step, Action) and place.step.undo is None and not place.step.is_harmless:
            message = f"{place.step.action!r} has no 'undo', so the procedure could not be taken back"
            checker.report.add((*place.path, "action"), message)
