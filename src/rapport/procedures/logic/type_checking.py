"""What a slot's type permits beside it."""

from __future__ import annotations

from rapport.procedures.logic.checker import Checker
from rapport.procedures.logic.definition import FILE_KINDS, FREE_TYPES, Slot
from rapport.procedures.logic.problems import Path


def check_type(checker: Checker, slot: Slot) -> None:
    """Add what does not fit the type of a slot to the report."""
    report = checker.report
    path: Path = ("slots", slot.name)
    if slot.many and (slot.type in (*FREE_TYPES, "yes_no", "customer")):
        report.add((*path, "many"), f"a slot of type {slot.type} holds one value")
    if slot.type == "file":
        for kind in slot.accept:
            if kind not in FILE_KINDS:
                report.add((*path, "accept"), f"unknown kind {kind!r}; allowed: {', '.join(FILE_KINDS)}")
    elif slot.accept:
        report.add((*path, "accept"), "only a slot of type file accepts kinds of files")
    if slot.type in ("file", "customer"):
        _check_held(checker, slot, path)


def _check_held(checker: Checker, slot: Slot, path: Path) -> None:
    definition, report = checker.definition, checker.report
    for key, is_given in (("of", bool(slot.of)), ("default", slot.default is not None)):
        if is_given:
            report.add((*path, key), f"does not go with the type {slot.type}")
    if slot.type == "customer" and slot.each is not None:
        report.add((*path, "each"), "does not go with the type customer")
    if slot.type == "customer" and definition.audience != "staff" and not definition.must_identify:
        report.add(
            (*path, "type"),
            "a slot of type customer needs 'audience: staff' (it is looked up) or 'identify: verified_customer'",
        )
