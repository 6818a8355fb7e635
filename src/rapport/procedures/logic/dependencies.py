"""Which slots stand on which: what an expression mentions, directly or through computed values."""

from __future__ import annotations

from collections.abc import Iterable

from rapport.procedures.logic.definition import Definition, Lookup, Slot
from rapport.procedures.logic.expressions import ExpressionError, references


def mentioned(definition: Definition, expression: str | None) -> frozenset[str]:
    """Names an expression needs; computed values and look-ups are replaced by what they need."""
    if expression is None:
        return frozenset()
    return _unfolded(definition, _names(expression))


def needed_by(definition: Definition, lookup: Lookup) -> frozenset[str]:
    """Names a look-up needs, as `mentioned` finds them."""
    return _unfolded(definition, _reads(lookup))


def _unfolded(definition: Definition, names: Iterable[str]) -> frozenset[str]:
    found: set[str] = set()
    waiting = list(names)
    seen: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        if name in definition.let or definition.find_lookup(name) is not None:
            waiting.extend(reads_of(definition, name))
        else:
            found.add(name)
    return frozenset(found)


def reads_of(definition: Definition, name: str) -> frozenset[str]:
    """Names that a computed value or a look-up reads itself; none for any other name."""
    if name in definition.let:
        return _names(definition.let[name])
    lookup = definition.find_lookup(name)
    return frozenset() if lookup is None else _reads(lookup)


def _reads(lookup: Lookup) -> frozenset[str]:
    expressions = (*lookup.arguments.values(), *((lookup.when,) if lookup.when else ()))
    return frozenset(name for expression in expressions for name in _names(expression))


def _names(expression: str) -> frozenset[str]:
    try:
        return references(expression)
    except ExpressionError:
        return frozenset()


def lookups_behind(definition: Definition, expression: str) -> frozenset[str]:
    """Look-ups an expression reads, directly or through computed values."""
    names = {lookup.name for lookup in definition.lookups}
    found: set[str] = set()
    waiting = list(_names(expression)) if names else []
    seen: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        if name in names:
            found.add(name)
        elif name in definition.let:
            waiting.extend(_names(definition.let[name]))
    return frozenset(found)


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
