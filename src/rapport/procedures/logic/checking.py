"""What is wrong with a definition beyond its shape: unknown names, expressions that cannot be read."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from rapport.procedures.logic.definition import FREE_TYPES, Action, Definition, Slot, Words
from rapport.procedures.logic.dependencies import mentioned
from rapport.procedures.logic.expressions import ExpressionError, references
from rapport.procedures.logic.problems import Path, Report
from rapport.procedures.logic.render import FILTERS, placeholders

RESERVED = ("customer", "true", "false", "null", "in", "size")


@dataclass(frozen=True, slots=True)
class _Checker:
    definition: Definition
    report: Report

    def expression(self, path: Path, source: str | None, known: Collection[str]) -> None:
        """An expression is CEL and reads only names known at its place."""
        if source is None:
            return
        try:
            names = references(source)
        except ExpressionError as error:
            self.report.add(path, str(error))
            return
        for name in sorted(names):
            self._name(path, name, known)

    def words(self, path: Path, words: Words, known: Collection[str]) -> None:
        """A template reads only known names and filters."""
        for language, text in words.items():
            here = (*path, language) if (*path, language) in self.report.places else path
            for placeholder in placeholders(text):
                if placeholder.problem:
                    self.report.add(here, placeholder.problem)
                    continue
                if placeholder.filter and placeholder.filter not in FILTERS:
                    self.report.add(
                        here, f"unknown filter {placeholder.filter!r}; allowed: {', '.join(sorted(FILTERS))}"
                    )
                self._name(here, placeholder.path.split(".")[0], known)

    def _name(self, path: Path, name: str, known: Collection[str]) -> None:
        allowed = {*known, "customer", *self.definition.let}
        if name not in allowed:
            later = self.definition.find_slot(name)
            hint = "is a slot that is asked later" if later else "does not exist"
            self.report.add(path, f"{name!r} {hint}; known here: {', '.join(sorted(allowed))}")
            return
        slots = {slot.name for slot in self.definition.slots}
        if name in self.definition.let:
            missing = sorted((mentioned(self.definition, name) & slots) - set(known))
            if missing:
                self.report.add(path, f"{name!r} needs {missing[0]!r}, a slot that is asked later")


def check_meaning(definition: Definition, report: Report) -> None:
    """Add every problem of meaning to the report."""
    checker = _Checker(definition, report)
    _check_names(definition, report)
    slots = [slot.name for slot in definition.slots]
    for index, slot in enumerate(definition.slots):
        _check_slot(checker, slot, slots[:index])
    _check_let(checker, slots)
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
    for path, name in offers:
        if procedures is not None and name not in procedures:
            report.add(path, f"there is no procedure {name!r}; known: {', '.join(sorted(procedures))}")
    for index, action in enumerate(definition.actions):
        if actions is not None and action.action not in actions:
            known = ", ".join(sorted(actions))
            report.add(("do", index, "action"), f"there is no action {action.action!r}; known: {known}")


def _check_names(definition: Definition, report: Report) -> None:
    slots = {slot.name for slot in definition.slots}
    for slot in definition.slots:
        if slot.name in RESERVED:
            report.add(("slots", slot.name), f"{slot.name!r} is a reserved name")
    for name in definition.let:
        if name in slots or name in RESERVED:
            report.add(("let", name), f"{name!r} is already the name of a slot or reserved")
    for index, action in enumerate(definition.actions):
        if action.result in slots or action.result in definition.let or action.result in RESERVED:
            report.add(
                ("do", index, "as"), f"{action.result!r} is already the name of a slot or computed value"
            )


def _check_slot(checker: _Checker, slot: Slot, earlier: list[str]) -> None:
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
        if slot.many or slot.optional or slot.type == "address":
            report.add((*path, "each"), "cannot go together with 'many', 'optional' or the type address")
    if slot.many and (slot.type in FREE_TYPES or slot.type == "yes_no"):
        report.add((*path, "many"), f"a slot of type {slot.type} holds one value")
    own = [*known, slot.name, slot.element]
    checker.expression((*path, "where"), slot.where, own)
    checker.expression((*path, "when"), slot.when, earlier)
    checker.expression((*path, "default"), slot.default, known)
    checker.words((*path, "ask"), slot.ask, known)
    checker.words((*path, "none"), slot.none, known)
    if slot.refused and slot.where is None:
        report.add((*path, "refused"), "needs 'where': without it every option may be chosen")
    for index, refusal in enumerate(slot.refused):
        checker.expression((*path, "refused", index, "when"), refusal.when, own)
        checker.words((*path, "refused", index, "say"), refusal.say, own)


def _check_let(checker: _Checker, slots: list[str]) -> None:
    let = checker.definition.let
    results = [action.result for action in checker.definition.actions]
    for name, expression in let.items():
        checker.expression(("let", name), expression, [*slots, *results])
        if _reaches_itself(name, let):
            checker.report.add(("let", name), f"{name!r} is computed from itself")


def _reaches_itself(start: str, let: Mapping[str, str]) -> bool:
    seen: set[str] = set()
    waiting = [start]
    while waiting:
        try:
            names = references(let[waiting.pop()]) & let.keys()
        except ExpressionError:
            continue
        if start in names:
            return True
        waiting.extend(names - seen)
        seen |= names
    return False


def _check_acts(checker: _Checker, slots: list[str]) -> None:
    definition = checker.definition
    known = list(slots)
    if definition.confirm is not None:
        for index, line in enumerate(definition.confirm.lines):
            path: Path = ("confirm", "lines", index)
            checker.expression((*path, "when"), line.when, slots)
            checker.words((*path, "say") if line.when else path, line.say, slots)
        checker.words(("confirm", "question"), definition.confirm.question, slots)
    for index, action in enumerate(definition.actions):
        _check_action(checker, ("do", index), action, known)
        known.append(action.result)
    for index, line in enumerate(definition.done):
        path = ("done", index)
        checker.expression((*path, "when"), line.when, known)
        checker.words((*path, "say"), line.say, known)
    if not definition.actions and not definition.done and not definition.human_when:
        checker.report.add((), "does nothing: it needs 'do', 'done' or 'human_when'")


def _check_action(checker: _Checker, path: Path, action: Action, known: list[str]) -> None:
    checker.expression((*path, "when"), action.when, known)
    for name, expression in action.arguments.items():
        checker.expression((*path, "with", name), expression, known)
    for code, words in action.failed.items():
        checker.words((*path, "failed", code), words, known)
