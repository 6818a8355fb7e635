"""What stands behind the names of a definition, as far as it is declared, so that a field nobody has is found."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rapport.connectors.contracts import Fields
from rapport.procedures.logic.definition import (
    ACTION_NEED,
    ADDRESS_FIELDS,
    CLOSED_TYPES,
    FREE_TYPES,
    Definition,
    Slot,
)
from rapport.procedures.logic.holding import is_searched
from rapport.procedures.logic.steps import Approval, RunProcedure, Wait, result_of

CUSTOMER = "customer"
FILE: Fields = {"id": {}, "title": {}, "name": {}, "media_type": {}, "size": {}, "url": {}}
ADDRESS: Fields = {name: {} for name in ADDRESS_FIELDS}
SHOWN = 12
"""Fields that a message lists."""


@dataclass(frozen=True, slots=True)
class Shapes:
    """The fields behind each name of a definition; None for a name behind which anything may stand."""

    definition: Definition
    records: Mapping[str, Fields]
    """Kind of record → its fields, where they are declared."""

    def record(self, slot: Slot) -> Fields:
        """One value of a slot."""
        if slot.type == "address":
            return ADDRESS
        if slot.type == "file":
            return FILE
        if slot.type == CUSTOMER:
            return None if is_searched(self.definition, slot) else self.records.get(CUSTOMER)
        if slot.type in (*FREE_TYPES, *CLOSED_TYPES):
            return {}
        return self.records.get(slot.type)

    def find(self, name: str) -> Fields:
        """What is read under a name wherever it is known."""
        slot = self.definition.find_slot(name)
        if slot is not None:
            one = self.record(slot)
            return [one] if slot.many or slot.each else one
        lookup = self.definition.find_lookup(name)
        if lookup is not None:
            return self.records.get(ACTION_NEED + lookup.action)
        if name == "now":
            return {}
        return self.records.get(CUSTOMER) if name == CUSTOMER else self._result(name)

    def _result(self, name: str) -> Fields:
        """What steps leave under a name; anything where different steps do."""
        steps = [place.step for place in self.definition.places if result_of(place.step) == name]
        if len(steps) != 1:
            return None
        match steps[0]:
            case Wait():
                return {"event": {}, "data": None}
            case Approval():
                return {"by": {}, "reason": {}}
            case RunProcedure():
                return {"outcome": {}, "slots": None, "results": None}
            case _:
                return None


def fault(path: str, fields: Fields) -> str:
    """What is wrong with a dotted path into something with these fields; empty where nothing is, or none can tell."""
    node, steps = fields, path.split(".")
    for number, step in enumerate(steps[1:], 1):
        so_far = ".".join(steps[:number])
        if node is None:
            return ""
        if isinstance(node, list):
            if not step.isdecimal():
                return f"{so_far!r} holds several: name one of them, the first is number 0, or go through all"
            node = node[0]
        elif step not in node:
            return _unknown(so_far, step, tuple(node))
        else:
            node = node[step]
    return ""


def _unknown(so_far: str, step: str, known: Sequence[str]) -> str:
    if not known:
        return f"{so_far!r} is a plain value: it has no field {step!r}"
    near = difflib.get_close_matches(step, known, n=1, cutoff=0.6)
    hint = f"did you mean {near[0]!r}? " if near else ""
    shown = ", ".join(sorted(known)[:SHOWN]) + (", …" if len(known) > SHOWN else "")
    return f"{so_far!r} has no field {step!r}; {hint}it has {shown}"


def one_of(fields: Fields) -> Fields:
    """One value of a list."""
    return fields[0] if isinstance(fields, list) else None


def at(path: str, fields: Fields) -> Fields:
    """The fields at the end of a dotted path; None where nobody can tell."""
    node = fields
    for step in path.split(".")[1:]:
        if isinstance(node, list):
            node = node[0] if step.isdecimal() else None
        else:
            node = node.get(step) if node is not None else None
    return node
