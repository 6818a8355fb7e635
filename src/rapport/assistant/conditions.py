"""Conditions of variants: the procedures' CEL over the customer's own record, the order at hand and the channel.

A customer's record is a profile: it is looked at only with their consent, and the check goes on record either way. The
order that the conversation is about, and the channel, are facts of the service itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rapport.connectors.contracts import JsonDict
from rapport.governance import api as governance
from rapport.kernel.errors import InvalidInput
from rapport.knowledge.contracts import Verdict
from rapport.procedures import api as procedures
from rapport.procedures.contracts import DialogueState

PURPOSE = "profiling"
"""The consent that a look at the customer's record needs."""
CUSTOMER, ORDER, CHANNEL = "customer", "order", "channel"
NAMES = frozenset({CUSTOMER, ORDER, CHANNEL})


class CelConditions:
    """The language of conditions for those who write them."""

    def check(self, condition: str) -> frozenset[str]:
        """Names it reads. Raises InvalidInput: it cannot be read, or reads what there is not."""
        try:
            names = procedures.references(condition)
        except procedures.ExpressionError as problem:
            raise InvalidInput(str(problem), field="condition") from problem
        unknown = sorted(names - NAMES)
        if unknown:
            known = ", ".join(sorted(NAMES))
            raise InvalidInput(f"there is no {unknown[0]!r}; known: {known}", field="condition")
        return names


@dataclass(frozen=True, slots=True)
class CustomerJudge:
    """Judges conditions for one customer in one turn."""

    customer_id: int
    customer: JsonDict | None
    """The verified customer's record; None until they are verified."""
    order: JsonDict | None
    """The order the conversation is about, if one was named."""
    channel: str

    def __call__(self, condition: str) -> Verdict:
        """What became of the condition; whatever cannot be read is not met."""
        facts: Mapping[str, object] = {CUSTOMER: self.customer, ORDER: self.order, CHANNEL: self.channel}
        try:
            names = procedures.references(condition)
        except procedures.ExpressionError:
            return Verdict(is_met=False, reason="the condition cannot be read")
        missing = sorted(name for name in names if facts.get(name) is None)
        if missing:
            return Verdict(is_met=False, reason=f"no {missing[0]} at hand")
        needs = PURPOSE if CUSTOMER in names else ""
        if needs and not governance.has_consent(self.customer_id, needs):
            return Verdict(
                is_met=False, reason="no consent to a look at the profile", consent=needs, is_consented=False
            )
        try:
            is_met = procedures.holds(condition, {name: facts[name] for name in names})
        except procedures.ExpressionError:
            return Verdict(is_met=False, reason="the condition does not fit the record", consent=needs)
        return Verdict(is_met, "the condition is met" if is_met else "the condition is not met", needs)


def order_at_hand(state: DialogueState, book: procedures.ProcedureBook) -> JsonDict | None:
    """The order that the running procedure is about, else the one that the latest was about."""
    for frame in (*reversed(state.stack), *reversed(state.finished)):
        definition = book.get(frame.procedure)
        for name, value in frame.slots.items():
            slot = definition.find_slot(name) if definition else None
            if slot is not None and slot.type == "shop.order" and len(value.options) == 1:
                return dict(value.options[0].data)
    return None
