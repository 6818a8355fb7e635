"""What was done for a customer, as lines on their timeline."""

from __future__ import annotations

from collections.abc import Iterable

from rapport.connectors import api as connectors
from rapport.connectors.contracts import ActionEffect
from rapport.customers import api as customers
from rapport.procedures.contracts import ActionResult, Call


def note_actions(customer_id: int, calls: Iterable[tuple[Call, ActionResult]], *, by: str) -> None:
    """Append each change that succeeded; looking something up is no event of the customer's life."""
    for call, result in calls:
        action = connectors.find_action(call.action)
        if not result.ok or action is None or action.effect is ActionEffect.READ:
            continue
        order = str(call.arguments.get("order_id") or "")
        title = f"{action.title}: {order}" if order else action.title
        kind = call.action.replace(".", "_")
        customers.add_timeline(customer_id, kind, title, source=by, reference=order, data={"key": call.key})
