"""Reads about conversations."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from rapport.conversations.attachments import attachments_of
from rapport.conversations.contracts import (
    ContactInfo,
    ConversationInfo,
    InboxInfo,
    MessageInfo,
    MessageType,
    Owner,
    Sender,
    Speakers,
    Status,
    Verification,
)
from rapport.conversations.models import ContactInbox, Conversation, Inbox, Message
from rapport.conversations.statements import moment_for_database, read_conversations, read_messages
from rapport.kernel.cursors import read_cursor, write_cursor
from rapport.kernel.ids import ConversationId, CustomerId, InboxId, MessageId


def inbox_info(row: Inbox) -> InboxInfo:
    """The outward value of an inbox row."""
    return InboxInfo(
        InboxId(row.pk),
        row.name,
        row.channel_kind,
        row.identifier,
        row.hmac_token,
        row.is_hmac_mandatory,
        row.settings,
        row.is_enabled,
    )


def conversation_info(row: Conversation) -> ConversationInfo:
    """The outward value of a conversation row loaded with its inbox and contact inbox."""
    verification = None
    if row.verified_ref and row.verified_at:
        verification = Verification(row.verified_ref, row.verified_method, row.verified_at)
    return ConversationInfo(
        id=ConversationId(row.pk),
        display_id=row.display_id,
        uuid=row.uuid,
        inbox=inbox_info(row.inbox),
        contact_inbox_id=row.contact_inbox_id,
        source_id=row.contact_inbox.source_id,
        customer_id=CustomerId(row.customer_id),
        customer_name=row.customer_name,
        status=Status(row.status),
        owner=Owner(row.owner),
        assignee_id=row.assignee_id,
        team_id=row.team_id,
        priority=row.priority,
        language=row.language,
        generation=row.generation,
        verification=verification,
        labels=tuple(row.labels),
        custom_attributes=row.custom_attributes,
        additional_attributes=row.additional_attributes,
        briefing=row.briefing,
        sentiment=row.sentiment,
        unread_count=row.unread_count,
        message_count=row.message_count,
        preview=row.preview,
        queued_at=row.queued_at,
        waiting_since=row.waiting_since,
        first_reply_at=row.first_reply_at,
        snoozed_until=row.snoozed_until,
        resolved_at=row.resolved_at,
        contact_last_seen_at=row.contact_last_seen_at,
        agent_last_seen_at=row.agent_last_seen_at,
        last_activity_at=row.last_activity_at,
        created_at=row.created_at,
    )


def message_info(row: Message) -> MessageInfo:
    """The outward value of a message row."""
    return MessageInfo(
        id=MessageId(row.pk),
        conversation_id=ConversationId(row.conversation_id),
        sequence=row.sequence,
        type=MessageType(row.message_type),
        content=row.content,
        content_type=row.content_type,
        content_attributes=row.content_attributes,
        is_private=row.is_private,
        sender=Sender(row.sender_kind, row.sender_id, row.sender_name),
        source_id=row.source_id,
        decision_id=row.decision_id,
        created_at=row.created_at,
        attachments=attachments_of([row.pk]).get(row.pk, ()) if row.attachment_count else (),
    )


def conversation_rows() -> QuerySet[Conversation]:
    """Conversations with what `conversation_info` needs, in one query."""
    return Conversation.objects.select_related("inbox", "contact_inbox")


def find_conversation(conversation_id: int) -> ConversationInfo | None:
    """One conversation by row id."""
    return next(iter(read_conversations(" WHERE c.id = %s", [conversation_id])), None)


def find_conversations(conversation_ids: Collection[int]) -> dict[int, ConversationInfo]:
    """Conversations by row id, in one query; those that are gone are missing."""
    ids = sorted(set(conversation_ids))
    if not ids:
        return {}
    places = ", ".join(["%s"] * len(ids))
    return {int(c.id): c for c in read_conversations(f" WHERE c.id IN ({places})", ids)}


def find_conversation_by_number(display_id: int) -> ConversationInfo | None:
    """One conversation by the number people use."""
    return next(iter(read_conversations(" WHERE c.display_id = %s", [display_id])), None)


def find_conversations_by_number(display_ids: Collection[int]) -> dict[int, ConversationInfo]:
    """The same of many, in one query; those that are gone are missing."""
    numbers = sorted(set(display_ids))
    if not numbers:
        return {}
    places = ", ".join(["%s"] * len(numbers))
    found = read_conversations(f" WHERE c.display_id IN ({places})", numbers)
    return {int(c.display_id): c for c in found}


def access_conversation(inbox_identifier: str, source_id: str, display_id: int) -> ConversationInfo | None:
    """A conversation on behalf of a customer: inbox, contact and number must all belong together."""
    belongs = " WHERE c.display_id = %s AND k.source_id = %s AND i.identifier = %s AND i.is_enabled"
    return next(iter(read_conversations(belongs, [display_id, source_id, inbox_identifier])), None)


_NEWEST_FIRST = " ORDER BY c.last_activity_at DESC, c.id DESC LIMIT %s"


def list_contact_conversations(contact_inbox_id: int) -> list[ConversationInfo]:
    """A contact's conversations in one inbox, newest first."""
    return read_conversations(" WHERE c.contact_inbox_id = %s" + _NEWEST_FIRST, [contact_inbox_id, 100])


def list_customer_conversations(customer_id: int, *, limit: int = 20) -> list[ConversationInfo]:
    """A customer's conversations over all inboxes, newest first."""
    return read_conversations(" WHERE c.customer_id = %s" + _NEWEST_FIRST, [customer_id, limit])


@dataclass(frozen=True, slots=True)
class ListFilter:
    """What a list of conversations shows."""

    status: str | None = None
    owner: str | None = None
    assignee_id: int | None = None
    is_unassigned: bool = False
    inbox_id: int | None = None
    team_id: int | None = None
    label: str = ""
    query: str = ""
    reason: str = ""
    """Of the disposition."""
    outcome: str = ""
    longest_wait_first: bool = False
    """Order by when the conversation entered the queue; only conversations in the queue have such a moment."""


@dataclass(frozen=True, slots=True)
class Page:
    """One keyset page; `next_cursor` is empty at the end."""

    rows: list[ConversationInfo]
    next_cursor: str


def list_conversations(what: ListFilter, *, cursor: str = "", limit: int = 25) -> Page:
    """Conversations, most recent activity first, one query a page however many there are.

    The cursor is the place of the last row seen; a broken one starts at the top.
    """
    where, params = _where(what)
    column, beyond, order = ("last_activity_at", "<", _NEWEST_FIRST)
    if what.longest_wait_first:
        column, beyond, order = ("queued_at", ">", " ORDER BY c.queued_at, c.id LIMIT %s")
        where += " AND c.queued_at IS NOT NULL"
    after = read_cursor(cursor)
    if after is not None:
        at, row_id = moment_for_database(after[0]), after[1]
        where += f" AND c.{column} {beyond}= %s AND (c.{column} {beyond} %s OR c.id {beyond} %s)"
        params += [at, at, row_id]
    found = read_conversations(where + order, [*params, limit + 1])
    page = found[:limit]
    return Page(page, write_cursor(getattr(page[-1], column), page[-1].id) if len(found) > limit else "")


_DISPOSED = "EXISTS (SELECT 1 FROM conversations_disposition d WHERE d.conversation_id = c.id AND"


def _where(what: ListFilter) -> tuple[str, list[Any]]:
    """The filter as a condition over ``c``, with its parameters."""
    exact = {
        "c.status = %s": what.status,
        "c.owner = %s": what.owner,
        "c.assignee_id = %s": what.assignee_id,
        "c.inbox_id = %s": what.inbox_id,
        "c.team_id = %s": what.team_id,
    }
    conditions = [condition for condition, value in exact.items() if value is not None]
    params: list[Any] = [value for value in exact.values() if value is not None]
    if what.is_unassigned:
        conditions.append("c.assignee_id IS NULL")
    disposed = {"d.reason = %s": what.reason, "d.outcome = %s": what.outcome}
    wanted = [condition for condition, value in disposed.items() if value]
    if wanted:
        conditions.append(f"{_DISPOSED} {' AND '.join(wanted)})")
        params += [value for value in disposed.values() if value]
    if what.label:
        is_postgres = connection.vendor == "postgresql"
        has = "c.labels @> %s::jsonb" if is_postgres else "%s IN (SELECT value FROM json_each(c.labels))"
        conditions.append(has)
        params.append(json.dumps([what.label]) if is_postgres else what.label)
    if what.query:
        like = "UPPER(c.{}) LIKE UPPER(%s) ESCAPE '!'"
        texts = f"{like.format('customer_name')} OR {like.format('preview')}"
        conditions.append(f"({texts} OR c.display_id = %s)")
        pattern = "%" + re.sub(r"([!%_])", r"!\1", what.query) + "%"
        params += [pattern, pattern, int(what.query) if re.fullmatch(r"[0-9]{1,11}", what.query) else -1]
    return " WHERE " + (" AND ".join(conditions) or "1 = 1"), params


def list_messages(
    conversation_id: int,
    *,
    after: int = 0,
    before: int | None = None,
    limit: int = 100,
    with_private: bool = True,
) -> list[MessageInfo]:
    """Messages in order; `after` and `before` are sequence numbers; with `before`, the latest ones before it.

    Without private ones: what the customer may see, so no notes and no activity lines.
    """
    where = " WHERE m.conversation_id = %s AND m.sequence > %s" + ("" if with_private else _FOR_CUSTOMERS)
    if before is not None:
        tail = where + " AND m.sequence < %s ORDER BY m.sequence DESC LIMIT %s"
        return read_messages(tail, [conversation_id, after, before, limit])[::-1]
    return read_messages(where + " ORDER BY m.sequence LIMIT %s", [conversation_id, after, limit])


_FOR_CUSTOMERS = " AND NOT m.is_private AND m.message_type <> 'activity'"


def list_latest_messages(
    conversation_id: int, *, after: int = 0, limit: int = 100, with_private: bool = True
) -> list[MessageInfo]:
    """The last messages of a conversation, in order; `after` is a sequence number."""
    tail = " WHERE m.conversation_id = %s AND m.sequence > %s" + ("" if with_private else _FOR_CUSTOMERS)
    return read_messages(tail + " ORDER BY m.sequence DESC LIMIT %s", [conversation_id, after, limit])[::-1]


def who_spoke(conversation_id: int) -> Speakers:
    """Who has said something the customer sees."""
    said = Message.objects.filter(conversation_id=conversation_id)
    answers = said.filter(message_type="outgoing", sender_kind="user", is_private=False).order_by("-sequence")
    return Speakers(
        answers.values_list("pk", flat=True).first(), said.filter(message_type="incoming").exists()
    )


def numbers_of(conversation_ids: Iterable[int]) -> dict[int, int]:
    """The numbers people use, by row id."""
    rows = Conversation.objects.filter(pk__in=set(conversation_ids))
    return dict(rows.values_list("pk", "display_id"))


def find_message(conversation_id: int, message_id: int) -> MessageInfo | None:
    """A message, only if it belongs to that conversation."""
    found = read_messages(" WHERE m.id = %s AND m.conversation_id = %s", [message_id, conversation_id])
    return found[0] if found else None


def find_message_by_source(conversation_id: int, source_id: str) -> MessageInfo | None:
    """A message by its sender's own id of it."""
    found = read_messages(" WHERE m.conversation_id = %s AND m.source_id = %s", [conversation_id, source_id])
    return found[0] if found else None


def find_inbox(identifier: str, *, with_disabled: bool = False) -> InboxInfo | None:
    """An enabled inbox by its public identifier, or any."""
    row = Inbox.objects.filter(identifier=identifier).first()
    return inbox_info(row) if row and (row.is_enabled or with_disabled) else None


def find_inbox_by_id(inbox_id: int) -> InboxInfo | None:
    """An inbox by row id."""
    row = Inbox.objects.filter(pk=inbox_id).first()
    return inbox_info(row) if row else None


def list_inboxes() -> list[InboxInfo]:
    """Every inbox, by name."""
    return [inbox_info(r) for r in Inbox.objects.order_by("name", "id")]


def contact_info(row: ContactInbox) -> ContactInfo:
    """The outward value of a contact row loaded with its inbox."""
    return ContactInfo(
        row.pk,
        row.source_id,
        CustomerId(row.customer_id),
        inbox_info(row.inbox),
        row.is_hmac_verified,
        row.identifier,
        row.session_epoch,
    )


def find_contact(inbox_identifier: str, source_id: str) -> ContactInfo | None:
    """A contact of an enabled inbox by its secret source id."""
    row = (
        ContactInbox.objects.select_related("inbox")
        .filter(inbox__identifier=inbox_identifier, inbox__is_enabled=True, source_id=source_id)
        .first()
    )
    return contact_info(row) if row else None


def queue_position(conversation_id: int) -> int:
    """1 for the next to be served; 0 when not waiting in the queue."""
    row = (
        Conversation.objects.filter(pk=conversation_id, owner="queue", status="open")
        .values_list("queued_at", flat=True)
        .first()
    )
    if row is None:
        return 0
    ahead = Conversation.objects.filter(owner="queue", status="open").filter(
        Q(queued_at__lt=row) | Q(queued_at=row, id__lt=conversation_id)
    )
    return ahead.count() + 1


def count_conversations(what: ListFilter, *, at_most: int = 100) -> int:
    """How many conversations match, counted no further than `at_most`, so that a badge costs the same for ever."""
    where, params = _where(what)
    matching = f"SELECT 1 FROM conversations_conversation c{where} LIMIT %s"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT COUNT(*) FROM ({matching}) matching", [*params, at_most])
        return int(cursor.fetchone()[0])


def find_contact_by_id(contact_id: int) -> ContactInfo | None:
    """A contact of an enabled inbox by row id, for those who hold a signed session."""
    row = ContactInbox.objects.select_related("inbox").filter(pk=contact_id, inbox__is_enabled=True).first()
    return contact_info(row) if row else None


RECENT_WAITS = 20
DEFAULT_WAIT_MINUTES = 3.0


def count_queue() -> int:
    """How many conversations wait for a person."""
    return Conversation.objects.filter(owner="queue", status="open").count()


def wait_for(position: int, *, agents: int) -> int:
    """How long the customer at a position of the queue should expect to wait [whole minutes, at least 1].

    The mean wait of the last handovers, times the share of the queue ahead per available agent. Coarse on
    purpose: it is said to a customer as "about", and recomputed whenever the queue moves.
    """
    recent = Conversation.objects.filter(queued_at__isnull=False, first_reply_at__isnull=False).order_by(
        "-first_reply_at"
    )
    pairs = recent.values_list("queued_at", "first_reply_at")[:RECENT_WAITS]
    waits = [
        (reply - queued).total_seconds() / 60
        for queued, reply in pairs
        if queued and reply and reply > queued
    ]
    mean = sum(waits) / len(waits) if waits else DEFAULT_WAIT_MINUTES
    rounds = max(1.0, position / max(1, agents))
    return max(1, round(min(mean, 60.0) * rounds))
