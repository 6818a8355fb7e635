"""What is sent: events in Chatwoot's shapes, with an event id and a number added."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from rapport.accounts import api as accounts
from rapport.channels.rest.presenting import present_customer, present_decision
from rapport.channels.webhooks.contracts import TEST_EVENT
from rapport.channels.webhooks.redacting import redact_body
from rapport.conversations import api as conversations
from rapport.conversations.contracts import MESSAGE_TYPE_NUMBERS, ConversationInfo
from rapport.customers import api as customers
from rapport.customers.contracts import CustomerInfo
from rapport.governance import api as governance
from rapport.kernel.ids import ACCOUNT_ID

JsonDict = dict[str, Any]
ACCOUNT = {"id": ACCOUNT_ID, "name": "Rapport"}
TYPE_NAMES = {number: name for name, number in MESSAGE_TYPE_NUMBERS.items()}
_OF_A_PERSON = (
    "id", "name", "email", "phone_number", "identifier", "thumbnail", "blocked", "custom_attributes",
    "additional_attributes",
)  # fmt: skip
"""What Chatwoot's events say of a contact."""


@dataclass(frozen=True, slots=True)
class Telling:
    """An event that one webhook is told."""

    event: str
    event_id: str
    subject: str
    sequence: int
    with_personal_data: bool


def make_body(telling: Telling, data: JsonDict) -> bytes | None:
    """The body of a delivery, or None when what it is about is gone.

    Args:
        telling: which event, and for whom.
        data: the news as it was published.
    """
    group = telling.event.partition("_")[0]
    made = _MAKERS.get(group, _own_body)(data, telling)
    if made is None:
        return None
    body = {
        "event": telling.event,
        **made,
        "account": ACCOUNT,
        "event_id": telling.event_id,
        "event_subject": telling.subject,
        "event_sequence": telling.sequence,
        "redacted": not telling.with_personal_data,
    }
    if not telling.with_personal_data:
        body = redact_body(body)
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def _message_body(data: JsonDict, _: Telling) -> JsonDict | None:
    conversation = conversations.find_conversation_by_number(int(data.get("conversation_id") or 0))
    if conversation is None:
        return None
    data = _with_fresh_files(conversation, data)
    customer = customers.find_customer(conversation.customer_id)
    return {
        "id": data["id"],
        "content": data["content"],
        "created_at": _time_text(data["created_at"]),
        "message_type": TYPE_NAMES.get(data["message_type"], "outgoing"),
        "content_type": data["content_type"],
        "content_attributes": data["content_attributes"],
        "source_id": data["source_id"],
        "private": data["private"],
        "sequence": data["sequence"],
        "decision_id": data["decision_id"],
        **({"attachments": data["attachments"]} if data["attachments"] else {}),
        "sender": _sender(data["sender"], customer),
        "contact": {"id": int(conversation.customer_id), "name": customer.name if customer else ""},
        "inbox": _inbox(conversation),
        "conversation": _conversation(
            conversation, conversations.present_conversation(conversation), [data], customer
        ),
    }


def _with_fresh_files(conversation: ConversationInfo, data: JsonDict) -> JsonDict:
    """Addresses of files are signed for a while only: a late delivery carries new ones."""
    stored = conversations.find_message(conversation.id, int(data["id"])) if data["attachments"] else None
    return (
        {**data, "attachments": [conversations.present_attachment(a) for a in stored.attachments]}
        if stored
        else data
    )


def _conversation_body(data: JsonDict, _: Telling) -> JsonDict | None:
    found = conversations.find_conversation_by_number(int(data.get("id") or 0))
    if found is None:
        return None
    latest = conversations.list_latest_messages(found.id, limit=1, with_private=False)
    messages = [conversations.present_message(m, found.display_id) for m in latest]
    changed = {"changed_attributes": data["changed_attributes"]} if "changed_attributes" in data else {}
    customer = customers.find_customer(found.customer_id)
    return {**_conversation(found, data, messages, customer), **changed, "inbox": _inbox(found)}


def _conversation(
    found: ConversationInfo, shown: JsonDict, messages: list[JsonDict], customer: CustomerInfo | None
) -> JsonDict:
    """A conversation with those who take part in it; `shown` is how it was presented."""
    meta = shown["meta"]
    staff = accounts.find_staff(meta["assignee"]["id"]) if meta["assignee"] else None
    assignee = (
        {"id": int(staff.id), "name": staff.name, "email": staff.email, "type": "user"} if staff else None
    )
    sender = {**_person(customer), "type": "contact"} if customer else meta["sender"]
    return {
        **shown,
        "contact_inbox": {
            "id": found.contact_inbox_id,
            "contact_id": int(found.customer_id),
            "inbox_id": int(found.inbox.id),
            "source_id": found.source_id,
            "hmac_verified": meta["hmac_verified"],
        },
        "messages": messages,
        "meta": {**meta, "sender": sender, "assignee": assignee or meta["assignee"]},
    }


def _contact_body(data: JsonDict, _: Telling) -> JsonDict | None:
    customer = customers.find_customer(int(data.get("id") or 0))
    if customer is None:
        return None
    changed = {"changed_attributes": data["changed_attributes"]} if "changed_attributes" in data else {}
    return {**_person(customer), **changed}


def _widget_body(data: JsonDict, _: Telling) -> JsonDict | None:
    contact = conversations.find_contact_by_id(int(data.get("contact_inbox_id") or 0))
    customer = customers.find_customer(contact.customer_id) if contact else None
    if contact is None or customer is None:
        return None
    return {
        "id": contact.id,
        "contact": _person(customer),
        "inbox": {"id": int(contact.inbox.id), "name": contact.inbox.name},
        "current_conversation": None,
        "source_id": contact.source_id,
        "event_info": data.get("event_info", {}),
    }


def _own_body(data: JsonDict, telling: Telling) -> JsonDict | None:
    """Rapport's own events: what happened, and in which conversation."""
    body: JsonDict = {name: value for name, value in data.items() if name != "conversation_row"}
    if telling.event == TEST_EVENT:
        return body
    if "decision_id" in data:
        decision = governance.find_decision(int(data["decision_id"]))
        if decision is None:
            return None
        body = {"id": decision.id, "decision": present_decision(decision)}
    found = conversations.find_conversations([int(data.get("conversation_row") or 0)])
    conversation = next(iter(found.values()), None)
    if conversation is None:
        return None
    body["inbox"] = _inbox(conversation)
    body["conversation"] = conversations.present_conversation(conversation)
    return body


_MAKERS: dict[str, Callable[[JsonDict, Telling], JsonDict | None]] = {
    "message": _message_body,
    "conversation": _conversation_body,
    "contact": _contact_body,
    "webwidget": _widget_body,
}


def _inbox(conversation: ConversationInfo) -> JsonDict:
    return {"id": int(conversation.inbox.id), "name": conversation.inbox.name}


def _person(customer: CustomerInfo) -> JsonDict:
    shown = present_customer(customer)
    return {name: shown[name] for name in _OF_A_PERSON}


def _sender(sender: JsonDict, customer: CustomerInfo | None) -> JsonDict | None:
    """Who wrote a message, in Chatwoot's kinds: ``contact``, ``user``, ``agent_bot``; None: the system."""
    kind, row_id = sender.get("type"), sender.get("id")
    if kind == "contact":
        return {**_person(customer), "type": "contact"} if customer else {**sender}
    if kind == "user":
        staff = accounts.find_staff(int(row_id)) if row_id else None
        return {"id": row_id, "name": sender["name"], "email": staff.email if staff else None, "type": "user"}
    if kind == "assistant":
        return {"id": row_id or 0, "name": sender["name"], "type": "agent_bot", "is_ai": True}
    return None


def _time_text(unix: int) -> str:
    return f"{dt.datetime.fromtimestamp(unix, dt.UTC):%Y-%m-%d %H:%M:%S} UTC"
