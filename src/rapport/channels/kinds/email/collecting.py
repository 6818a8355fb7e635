"""From the feed to mails that go out: whatever an e-mail conversation says in public, once each."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Any

from rapport.channels.kinds.email.accounts import KIND, mailbox_of
from rapport.channels.kinds.email.contracts import Mailbox
from rapport.channels.kinds.email.logic.threads import TOKEN_BYTES, own_id
from rapport.channels.kinds.email.matching import address_of
from rapport.channels.kinds.email.models import MailAccount, OutgoingMail
from rapport.conversations import api as conversations
from rapport.conversations.contracts import MESSAGE_TYPE_NUMBERS, MOMENTARY, ConversationInfo
from rapport.customers import api as customers
from rapport.jobs import api as jobs
from rapport.jobs.api import FeedRow
from rapport.kernel.clock import now

SEND_JOB = "email.send"
_NEWS = frozenset({"message_created"})
_SPOKEN = frozenset({MESSAGE_TYPE_NUMBERS["outgoing"], MESSAGE_TYPE_NUMBERS["template"]})
MAX_COPIES = 20


def list_wanted_kinds() -> frozenset[str]:
    """Kinds of news that become mails; none where there is no e-mail inbox."""
    return _NEWS if MailAccount.objects.exists() else frozenset()


def take_news(rows: Sequence[FeedRow]) -> None:
    """Write a mail for every public message of an e-mail conversation, and the job that sends it.

    Within the relay's transaction, where nobody else collects at the same time.
    """
    spoken = [(row, data) for row in rows if _is_spoken(data := row.data)]
    ids = {number for row, _ in spoken if (number := _conversation_id(row))}
    found = {n: c for n, c in conversations.find_conversations(ids).items() if c.inbox.channel_kind == KIND}
    for row, data in spoken:
        conversation = found.get(_conversation_id(row))
        mailbox = mailbox_of(int(conversation.inbox.id)) if conversation else None
        if conversation is not None and mailbox is not None and _write(conversation, mailbox, data):
            send_soon(mailbox.inbox_id, f"news:{row.id}")


def send_soon(inbox_id: int, cause: str) -> None:
    """Have what waits in an inbox sent; once per cause."""
    jobs.enqueue(SEND_JOB, {"inbox_id": inbox_id}, key=f"{SEND_JOB}:{inbox_id}:{cause}")


def _is_spoken(data: Any) -> bool:
    if not isinstance(data, dict) or data.get("private"):
        return False
    return data.get("message_type") in _SPOKEN and not data.get("content_attributes", {}).get(MOMENTARY)


def _conversation_id(row: FeedRow) -> int:
    named = next((t for t in row.topics if t.startswith("conversation:")), "")
    return int(named.partition(":")[2] or 0)


def _write(conversation: ConversationInfo, mailbox: Mailbox, data: dict[str, Any]) -> bool:
    """One row; nothing for a message that has its mail, or where nobody can be written to."""
    is_by_person = data.get("sender", {}).get("type") == "user"
    attributes = data.get("content_attributes", {})
    to, copies = _recipients(conversation, attributes if is_by_person else {})
    if not to or OutgoingMail.objects.filter(message_ref_id=int(data["id"])).exists():
        return False
    if not address_of(conversation):  # a person began it: answers come from there
        conversations.note_channel_facts(int(conversation.id), {"mail_address": to, "stated_email": to})
    token = secrets.token_hex(TOKEN_BYTES)
    if copies:
        OutgoingMail.objects.filter(conversation_id=int(conversation.id)).update(is_exposed=True)
    OutgoingMail.objects.create(
        inbox_id=mailbox.inbox_id,
        conversation_id=int(conversation.id),
        message_ref_id=int(data["id"]),
        to=to,
        copies=copies,
        is_exposed=bool(copies),
        token=token,
        message_id=own_id(token, mailbox.domain),
        is_automatic=not is_by_person,
        next_at=now(),
        created_at=now(),
    )
    return True


def _recipients(conversation: ConversationInfo, attributes: dict[str, Any]) -> tuple[str, list[list[str]]]:
    """Whom the conversation is held with, and, where a person named them, others."""
    named = {kind: list_addresses(attributes.get(f"{kind}_emails")) for kind in ("to", "cc", "bcc")}
    to = address_of(conversation)
    if not to:
        customer = customers.find_customer(conversation.customer_id)
        to = next(iter(named["to"]), "") or (customer.email.lower() if customer else "")
    copies = [["cc", a] for a in (*named["to"], *named["cc"]) if a != to]
    copies += [["bcc", a] for a in named["bcc"] if a != to]
    return to, copies[:MAX_COPIES]


def list_addresses(given: Any) -> list[str]:
    """Addresses of a list, or of a text with commas as Chatwoot has them."""
    parts = given.split(",") if isinstance(given, str) else given if isinstance(given, list) else []
    plain = [str(p).strip().lower() for p in parts]
    return list(
        dict.fromkeys(p for p in plain if p.count("@") == 1 and len(p) <= 254 and not set(p) & set(" <>\r\n"))
    )
