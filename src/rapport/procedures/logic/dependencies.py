"""Which slots stand on which: what an expression mentions, directly or through computed values."""

from __future__ import annotations

from collections.abc import Iterable

from rapport.procedures.logic.definition import Definition, Slot
from rapport.procedures.logic.expressions import ExpressionError, references


def mentioned(definition: Definition, expression: str | None) -> frozenset[str]:
    """Names an expression needs, computed values replaced by what they need."""
    if expression is None:
        return frozenset()
    found: set[str] = set()
    waiting = list(_names(expression))
    seen: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        if name in definition.let:
            waiting.extend(_names(definition.let[name]))
        else:
            found.add(name)
    return frozenset(found)


def _names(expression: str) -> frozenset[str]:
    try:
        return references(expression)
    except ExpressionError:
        return frozenset()


def mentioned_slots(definition: Definition, expression: str | None) -> frozenset[str]:
    """The slots among what an expression needs."""
    return mentioned(definition, expression) & {slot.name for slot in definition.slots}


def grounds(definition: Definition, slot: Slot) -> frozenset[str]:
    """The slots whose values decide which values this one may have."""
    names: set[str] = set(slot.of)
    if slot.each:
        names.add(slot.each)
    for expression in (slot.where, slot.when, slot.default):
        names |= mentioned_slots(definition, expression)
    return frozenset(names) - {slot.name}


def dependents(definition: Definition, changed: Iterable[str]) -> tuple[str, ...]:
    """Slots that stand, directly or not, on the changed ones, in the order of the definition."""
    reached = set(changed)
    found: list[str] = []
    for slot in definition.slots:
        if slot.name not in reached and grounds(definition, slot) & reached:
            reached.add(slot.name)
            found.append(slot.name)
    return tuple(found)
