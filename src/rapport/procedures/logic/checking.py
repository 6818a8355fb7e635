"""What is wrong with a definition beyond its shape: unknown names, expressions that cannot be read."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from rapport.connectors.contracts import Fields
from rapport.procedures.logic.checker import RESERVED, Checker
from rapport.procedures.logic.definition import CONNECTOR_TYPE, Definition, Slot
from rapport.procedures.logic.dependencies import lookups_behind, mentioned, reads_of
from rapport.procedures.logic.limit_checking import check_limits, check_lookups
from rapport.procedures.logic.problems import Path, Report
from rapport.procedures.logic.shapes import Shapes
from rapport.procedures.logic.step_checking import (
    called_actions,
    check_result_names,
    check_steps,
    check_undo,
    run_procedures,
)
from rapport.procedures.logic.type_checking import check_type


def check_meaning(definition: Definition, report: Report, fields: Mapping[str, Fields] | None = None) -> None:
    """Add every problem of meaning to the report; with the fields of records, also those that do not exist."""
    checker = Checker(definition, report, None if fields is None else Shapes(definition, fields))
    _check_names(definition, report)
    slots = [slot.name for slot in definition.slots]
    for index, slot in enumerate(definition.slots):
        _check_slot(checker, slot, slots[:index])
        check_type(checker, slot)
    _check_let(checker, slots)
    check_lookups(checker, slots)
    check_limits(checker)
    for index, rule in enumerate(definition.rules):
        path: Path = ("rules", index)
        checker.expression((*path, "check"), rule.check, slots)
        checker.words((*path, "say"), rule.say, slots)
        if rule.slot is not None and rule.slot not in slots:
            report.add((*path, "slot"), f"{rule.slot!r} is no slot; allowed: {', '.join(slots)}")
    for index, human in enumerate(definition.human_when):
        checker.expression(("human_when", index, "when"), human.when, slots)
        checker.words(("human_when", index, "say"), human.say, slots)
    _check_acts(checker, slots)


def check_links(
    definition: Definition,
    report: Report,
    procedures: Collection[str] | None,
    actions: Collection[str] | None,
) -> None:
    """Offered procedures and called actions exist, where it is known which do."""
    offers: list[tuple[Path, str]] = [(("offer",), name) for name in definition.offer]
    for slot in definition.slots:
        for index, refusal in enumerate(slot.refused):
            if refusal.offer:
                offers.append((("slots", slot.name, "refused", index, "offer"), refusal.offer))
    for path, name in (*offers, *run_procedures(definition)):
        if procedures is not None and name not in procedures:
            report.add(path, f"there is no procedure {name!r}; known: {', '.join(sorted(procedures))}")
    called = called_actions(definition)
    called += [(("lookups", lookup.name, "action"), lookup.action) for lookup in definition.lookups]
    for path, name in called:
        if actions is not None and name not in actions:
            report.add(path, f"there is no action {name!r}; known: {', '.join(sorted(actions))}")


def check_types(definition: Definition, report: Report, types: Collection[str] | None) -> None:
    """Every kind of record is one that a connected system declares, where it is known which do."""
    for slot in definition.slots:
        if types is not None and CONNECTOR_TYPE.match(slot.type) and slot.type not in types:
            known = ", ".join(sorted(types)) or "none"
            report.add(
                ("slots", slot.name, "type"), f"no connected system has records {slot.type!r}; known: {known}"
            )


def _check_names(definition: Definition, report: Report) -> None:
    slots = {slot.name for slot in definition.slots}
    for slot in definition.slots:
        if slot.name in RESERVED:
            report.add(("slots", slot.name), f"{slot.name!r} is a reserved name")
    for name in definition.let:
        if name in slots or name in RESERVED:
            report.add(("let", name), f"{name!r} is already the name of a slot or reserved")
    taken = {*slots, *definition.let, *RESERVED}
    for lookup in definition.lookups:
        if lookup.name in taken:
            report.add(("lookups", lookup.name), f"{lookup.name!r} is already the name of something else")
        taken.add(lookup.name)
    check_result_names(definition, report, taken)


def _check_slot(checker: Checker, slot: Slot, earlier: list[str]) -> None:
    definition, report = checker.definition, checker.report
    path: Path = ("slots", slot.name)
    for name in slot.of:
        if name not in earlier:
            allowed = ", ".join(earlier) or "none before this one"
            report.add((*path, "of"), f"{name!r} is no earlier slot; allowed: {allowed}")
    known = list(earlier)
    if slot.each is not None:
        parent = definition.find_slot(slot.each) if slot.each in earlier else None
        if parent is None or not parent.many:
            several = [name for name in earlier if definition.slot(name).many]
            report.add(
                (*path, "each"),
                f"must name an earlier slot with 'many: true'; allowed: {', '.join(several) or 'none'}",
            )
        else:
            known.append(parent.element)
            if checker.shapes is not None:
                checker = checker.where(**{parent.element: checker.shapes.record(parent)})
        if slot.many or slot.optional or slot.type == "address":
            report.add((*path, "each"), "cannot go together with 'many', 'optional' or the type address")
    own = [*known, slot.name, slot.element]
    one = checker
    if checker.shapes is not None:
        record = checker.shapes.record(slot)
        one = checker.where(**{slot.name: record, slot.element: record})
    _check_own_ground(checker, slot, path)
    one.expression((*path, "where"), slot.where, own)
    checker.expression((*path, "when"), slot.when, earlier)
    checker.expression((*path, "default"), slot.default, known)
    checker.words((*path, "ask"), slot.ask, known)
    checker.words((*path, "none"), slot.none, known)
    if slot.refused and slot.where is None:
        report.add((*path, "refused"), "needs 'where': without it every option may be chosen")
    for index, refusal in enumerate(slot.refused):
        one.expression((*path, "refused", index, "when"), refusal.when, own)
        one.words((*path, "refused", index, "say"), refusal.say, own)


def _check_own_ground(checker: Checker, slot: Slot, path: Path) -> None:
    """A condition on a slot's options cannot read what is looked up by its value."""
    conditions: list[tuple[Path, str | None]] = [((*path, "where"), slot.where)]
    conditions += [((*path, "refused", n, "when"), refusal.when) for n, refusal in enumerate(slot.refused)]
    for place, expression in conditions:
        for name in sorted(lookups_behind(checker.definition, expression or "")):
            if slot.name in mentioned(checker.definition, name):
                message = f"{name!r} is looked up by {slot.name!r} itself; make it a rule with 'slot'"
                checker.report.add(place, message)


def _check_let(checker: Checker, slots: list[str]) -> None:
    let = checker.definition.let
    results = sorted(checker.definition.results)
    for name, expression in let.items():
        checker.expression(("let", name), expression, [*slots, *results])
        if _reaches_itself(checker.definition, name):
            checker.report.add(("let", name), f"{name!r} is computed from itself")


def _reaches_itself(definition: Definition, start: str) -> bool:
    seen: set[str] = set()
    waiting = list(reads_of(definition, start))
    while waiting:
        name = waiting.pop()
        if name == start:
            return True
        if name not in seen:
            seen.add(name)
            waiting.extend(reads_of(definition, name))
    return False


def _check_acts(checker: Checker, slots: list[str]) -> None:
    definition = checker.definition
    if definition.confirm is not None:
        for index, line in enumerate(definition.confirm.lines):
            path: Path = ("confirm", "lines", index)
            checker.expression((*path, "when"), line.when, slots)
            checker.words((*path, "say") if line.when else path, line.say, slots)
        checker.words(("confirm", "question"), definition.confirm.question, slots)
    known = check_steps(checker, definition.steps, ("do",), slots)
    check_undo(checker, known)
    for index, line in enumerate(definition.done):
        path = ("done", index)
        checker.expression((*path, "when"), line.when, known)
        checker.words((*path, "say"), line.say, known)
    if not definition.steps and not definition.done and not definition.human_when:
        checker.report.add((), "does nothing: it needs 'do', 'done' or 'human_when'")
