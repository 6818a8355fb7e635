"""The menu by the caller's situation: what their orders allow comes first, what none of them allows comes last."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rapport.connectors import api as connectors
from rapport.connectors.contracts import ConnectorDown, Principal
from rapport.conversations.contracts import ConversationInfo
from rapport.procedures import api as procedures

ORDER = "shop.order"
_START = "start:"


def rank_menu(conversation: ConversationInfo) -> dict[str, int]:
    """Menu entry → place for a verified caller; empty for anybody else, or while the shop is silent."""
    known = conversation.verification
    if known is None:
        return {}
    principal = Principal(known.customer_ref, known.method, conversation.language)
    try:
        orders = [record.data for record in connectors.list_records(ORDER, principal, {})]
    except ConnectorDown:
        return {}
    book = procedures.load_book()
    names = [entry.procedure for entry in procedures.list_menu(conversation.language)]
    ranked = sorted(names, key=lambda name: _fit(book[name], orders))
    return {f"{_START}{name}": place for place, name in enumerate(ranked)}


def _fit(definition: procedures.Definition, orders: Sequence[Mapping[str, Any]]) -> int:
    """0 where the latest order allows it, or no order is asked for; 1 where an older one does; 2 where none does."""
    slot = next((s for s in definition.slots if s.type == ORDER), None)
    if slot is None or (slot.where is None and orders):
        return 0
    fits = [_holds(slot, order) for order in orders]
    if not any(fits):
        return 2
    return 0 if fits[0] else 1


def _holds(slot: procedures.Slot, order: Mapping[str, Any]) -> bool:
    """Whether an order passes a slot's condition; one that needs more than the order is taken to be passed."""
    if slot.where is None:
        return True
    try:
        return procedures.holds(slot.where, {slot.name: order, slot.element: order})
    except procedures.ExpressionError:
        return True
