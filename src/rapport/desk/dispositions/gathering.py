"""Collects what the rules of dispositions read: runs, decisions, actions, who answered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.core.exceptions import ObjectDoesNotExist

from rapport.assistant import api as assistant
from rapport.connectors import api as connectors
from rapport.conversations import api as conversations
from rapport.conversations.contracts import ConversationInfo, Owner, Status
from rapport.customers import api as customers
from rapport.desk.logic.disposition_facts import CallFact, Facts, RunFact, TurnFact
from rapport.governance import api as governance
from rapport.governance.contracts import TurnReading
from rapport.procedures import api as procedures
from rapport.procedures.contracts import Frame, Option

SPAM_LABELS = frozenset({"spam", "junk"})
ORDER_ARGUMENTS = ("order_id", "order")


def gather_facts(info: ConversationInfo, *, is_ended: bool | None = None) -> Facts:
    """What is on record of a conversation; `is_ended` says how to look at one that is about to be resolved."""
    frames = assistant.recall_frames(int(info.id))
    spoke = conversations.who_spoke(int(info.id))
    ended = info.status is Status.RESOLVED if is_ended is None else is_ended
    return Facts(
        runs=tuple(_run(role, frame) for role, frame in frames if frame.parent is None),
        turns=tuple(_turn(r) for r in governance.list_turn_readings(int(info.id))),
        calls=tuple(_calls(int(info.id))),
        person_message=spoke.person_message,
        has_customer_message=spoke.has_customer,
        is_with_people=info.owner is not Owner.ASSISTANT,
        handover=str(info.briefing.get("reason", "")),
        spam_mark=_spam_mark(info),
        is_internal=info.inbox.channel_kind == conversations.INTERNAL,
        ticket=_ticket(info),
        is_ended=ended,
    )


def _spam_mark(info: ConversationInfo) -> str:
    marked = next((label for label in info.labels if label.casefold() in SPAM_LABELS), "")
    if marked:
        return marked
    customer = customers.find_customer(info.customer_id)
    return "blocked" if customer is not None and customer.is_blocked else ""


def _ticket(info: ConversationInfo) -> dict[str, str]:
    """Fields of a ticket that a procedure opened; nothing of any other conversation."""
    marks = info.custom_attributes
    if info.inbox.channel_kind != conversations.INTERNAL or "case_key" not in marks:
        return {}
    return {
        "key": str(marks["case_key"]),
        **{n: str(marks.get(n, "")) for n in ("reason", "order", "product")},
    }


def _run(role: str, frame: Frame) -> RunFact:
    slots = {
        n: tuple((str(o.value), o.title) for o in v.options) for n, v in frame.slots.items() if v.options
    }
    kinds = _slot_types(frame)
    orders = tuple(pair for name, pairs in slots.items() if kinds.get(name) == "order" for pair in pairs)
    products = tuple(
        (str(o.value), _product_name(o))
        for name, value in frame.slots.items()
        if kinds.get(name) in {"order_item", "product", "variant"}
        for o in value.options
    )
    actor = "assistant" if role == "customer" else "staff"
    return RunFact(frame.instance, frame.procedure, frame.status, actor, slots, orders, products)


def _slot_types(frame: Frame) -> dict[str, str]:
    """Slot → the last word of its type: ``order`` of ``shop.order``."""
    try:
        definition = procedures.load_book().at(frame.procedure, frame.version)
    except (ObjectDoesNotExist, procedures.InvalidDefinition):
        return {}
    return {slot.name: slot.type.rpartition(".")[2] for slot in definition.slots} if definition else {}


def _product_name(option: Option) -> str:
    name = option.data.get("name") if isinstance(option.data, Mapping) else None
    return str(name or option.title)


def _turn(turn: TurnReading) -> TurnFact:
    read = turn.understanding
    intents = [i for i in read.get("intents", []) if isinstance(i, dict)]
    return TurnFact(
        turn.decision_id,
        tuple(turn.chosen.split(" + ")),
        turn.confidence,
        tuple((str(i.get("name", "")), float(i.get("probability", 0.0))) for i in intents),
        bool(intents) and not read.get("abstention"),
    )


def _calls(conversation_id: int) -> Iterator[CallFact]:
    for call in connectors.list_calls(conversation_id):
        yield CallFact(call.key, call.action, call.state, call.code, _order_of(call.arguments))


def _order_of(arguments: Mapping[str, Any]) -> str:
    for name in ORDER_ARGUMENTS:
        given = arguments.get(name)
        if isinstance(given, dict):
            given = given.get("id")
        if isinstance(given, str) and given:
            return given
    return ""
