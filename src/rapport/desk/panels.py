"""The right pane: who the customer is, what they ordered, what happened; and one decision explained."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from rapport.connectors import api as connectors
from rapport.connectors.contracts import Principal
from rapport.conversations import api as conversations
from rapport.conversations.contracts import ConversationInfo
from rapport.customers import api as customers
from rapport.desk.action_lines import action_line
from rapport.desk.contexts import ConsentLine, DecisionContext, OrdersContext, PanelContext
from rapport.desk.lists import customer_name, list_row, sentiment_mark
from rapport.desk.moods import mood_context
from rapport.desk.wording import method_text, purpose_text, staff_language
from rapport.governance import api as governance
from rapport.governance.contracts import DecisionInfo
from rapport.kernel.errors import NotFound
from rapport.understanding.api import learning

SHOWN_ORDERS = 8
ORDER_TONES = {"delivered": "good", "pending": "warn", "processed": "info", "shipped": "info"}


def panel_context(info: ConversationInfo) -> PanelContext:
    """What is known here of the customer of a conversation."""
    customer = customers.find_customer(info.customer_id)
    if customer is None:
        raise NotFound
    earlier = [c for c in conversations.list_customer_conversations(customer.id, limit=8) if c.id != info.id]
    consents = governance.list_consents(customer.id)
    attributes = {**customer.custom_attributes, **info.custom_attributes}
    return PanelContext(
        conversation=info,
        customer=customer,
        name=customer_name(info),
        verified_by=method_text(info.verification.method) if info.verification else "",
        consents=tuple(ConsentLine(purpose_text(c.purpose), c) for c in consents),
        timeline=tuple(customers.list_timeline(customer.id, limit=12)),
        previous=tuple(list_row(c) for c in earlier[:6]),
        actions=tuple((c, action_line(c.action, c.arguments)) for c in connectors.list_calls(info.id)),
        attributes=tuple((str(k), str(v)) for k, v in attributes.items() if v not in {"", None}),
        mood=mood_context(info),
    )


def orders_context(info: ConversationInfo) -> OrdersContext:
    """The customer's orders from the connected shop; only of a verified customer."""
    return orders_of(info.verification.customer_ref if info.verification else "")


def orders_of(customer_ref: str) -> OrdersContext:
    """The orders of the shop's customer with this id; nobody's without one."""
    if not customer_ref:
        return OrdersContext("unverified")
    principal = Principal(customer_ref, "staff", staff_language())
    try:
        found = connectors.list_records("shop.order", principal, {})
    except connectors.ConnectorDown:
        return OrdersContext("failed")
    orders = sorted((r.data for r in found), key=lambda o: str(o.get("placed_at") or ""), reverse=True)
    return OrdersContext("ready" if orders else "empty", tuple(_order(o) for o in orders[:SHOWN_ORDERS]))


def _order(data: dict[str, Any]) -> dict[str, Any]:
    word = str(data.get("status", "")).replace("_", " ").partition(" ")[0]
    return {**data, "tone": ORDER_TONES.get(word, ""), "has_refund": bool(data.get("refunds"))}


def decision_context(info: DecisionInfo) -> DecisionContext:
    """One decision, with the machine's words put into order for reading."""
    read = info.draft.understanding
    segments = read.get("segments") or [read]
    intents = [i for s in segments for i in s.get("intents", [])]
    abstentions = [a for s in [read, *segments] if (a := s.get("abstention"))]
    sentiment = read.get("sentiment") or {}
    label = str(sentiment.get("label", "")) if isinstance(sentiment, dict) else str(sentiment)
    entities = [e for e in read.get("entities", []) if isinstance(e, dict)]
    stages = [(k, v) for k, v in info.draft.latency_ms.items() if isinstance(v, int | float)]
    return DecisionContext(
        info=info,
        intents=tuple((str(i.get("name", "")), float(i.get("probability", 0.0))) for i in intents[:5]),
        entities=tuple((str(e.get("kind", "")), str(e.get("value", ""))) for e in entities),
        sentiment=sentiment_mark(label),
        abstention=str(abstentions[0]) if abstentions else "",
        latencies=tuple((str(k), float(v)) for k, v in stages),
        labels=tuple(learning.label_names()) if intents else (),
    )


def find_decision_of(info: ConversationInfo, decision_id: int) -> DecisionInfo:
    """A decision of this conversation. Raises NotFound for any other."""
    found = governance.find_decision(decision_id, conversation_id=info.id)
    if found is None:
        raise NotFound(_("There is no such decision in this conversation."))
    return found
