"""The statements of the busiest paths, written out: reading conversations and messages, storing a message.

Django's ORM composes its SQL anew for every query; for wide joined rows that costs several times what the
database does. These few statements are fixed texts with parameters, for SQLite and PostgreSQL;
`tests/test_statements.py` holds them equal to the ORM's answers. All else in this package uses the ORM.
"""

from __future__ import annotations

import datetime as dt
import functools
import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db import connection, models

from rapport.conversations.attachments import attachments_of, carry
from rapport.conversations.contracts import (
    AttachmentInfo,
    ConversationInfo,
    InboxInfo,
    MessageDraft,
    MessageInfo,
    MessageType,
    Owner,
    Sender,
    Status,
    Verification,
)
from rapport.conversations.models import Conversation, Inbox, Message
from rapport.kernel.ids import ConversationId, CustomerId, InboxId, MessageId

_CONVERSATION = (
    "SELECT c.id, c.display_id, c.uuid, c.contact_inbox_id, k.source_id, c.customer_id, c.customer_name,"
    " c.status, c.owner, c.assignee_id, c.team_id, c.priority, c.language, c.generation, c.verified_ref,"
    " c.verified_method, c.verified_at, c.labels, c.custom_attributes, c.additional_attributes, c.briefing,"
    " c.sentiment, c.unread_count, c.message_count, c.preview, c.queued_at, c.waiting_since,"
    " c.first_reply_at, c.snoozed_until, c.resolved_at, c.contact_last_seen_at, c.agent_last_seen_at,"
    " c.last_activity_at, c.created_at, i.id, i.name, i.channel_kind, i.identifier, i.hmac_token,"
    " i.is_hmac_mandatory, i.settings"
    " FROM conversations_conversation c"
    " JOIN conversations_inbox i ON i.id = c.inbox_id"
    " JOIN conversations_contactinbox k ON k.id = c.contact_inbox_id"
)
_MESSAGE = (
    "SELECT m.id, m.conversation_id, m.sequence, m.message_type, m.content, m.content_type,"
    " m.content_attributes, m.is_private, m.sender_kind, m.sender_id, m.sender_name, m.source_id,"
    " m.decision_id, m.created_at, m.attachment_count"
    " FROM conversations_message m"
)
_INSERT_MESSAGE = (
    "INSERT INTO conversations_message (conversation_id, sequence, message_type, content, content_type,"
    " content_attributes, is_private, sender_kind, sender_id, sender_name, source_id, decision_id,"
    " created_at, attachment_count) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
    " RETURNING id"
)


def read_conversations(tail: str, params: Sequence[Any]) -> list[ConversationInfo]:
    """Conversations by what follows the joins (``WHERE … LIMIT …``) over ``c``, ``i`` and ``k``."""
    inboxes: dict[int, InboxInfo] = {}
    with connection.cursor() as cursor:
        cursor.execute(_CONVERSATION + tail, params)
        return [_conversation(row, inboxes) for row in cursor.fetchall()]


def _conversation(row: Sequence[Any], inboxes: dict[int, InboxInfo]) -> ConversationInfo:
    inbox = inboxes.get(row[34])
    if inbox is None:
        inbox = InboxInfo(
            InboxId(row[34]), row[35], row[36], row[37], row[38], bool(row[39]), _decoded(row[40])
        )
        inboxes[row[34]] = inbox
    verified_at = _moment(row[16])
    return ConversationInfo(
        id=ConversationId(row[0]),
        display_id=row[1],
        uuid=row[2],
        inbox=inbox,
        contact_inbox_id=row[3],
        source_id=row[4],
        customer_id=CustomerId(row[5]),
        customer_name=row[6],
        status=Status(row[7]),
        owner=Owner(row[8]),
        assignee_id=row[9],
        team_id=row[10],
        priority=row[11],
        language=row[12],
        generation=row[13],
        verification=Verification(row[14], row[15], verified_at) if row[14] and verified_at else None,
        labels=tuple(_decoded(row[17])),
        custom_attributes=_decoded(row[18]),
        additional_attributes=_decoded(row[19]),
        briefing=_decoded(row[20]),
        sentiment=row[21],
        unread_count=row[22],
        message_count=row[23],
        preview=row[24],
        queued_at=_moment(row[25]),
        waiting_since=_moment(row[26]),
        first_reply_at=_moment(row[27]),
        snoozed_until=_moment(row[28]),
        resolved_at=_moment(row[29]),
        contact_last_seen_at=_moment(row[30]),
        agent_last_seen_at=_moment(row[31]),
        last_activity_at=_known_moment(row[32]),
        created_at=_known_moment(row[33]),
    )


def read_messages(tail: str, params: Sequence[Any]) -> list[MessageInfo]:
    """Messages by what follows the table (``WHERE … ORDER BY … LIMIT …``) over ``m``."""
    with connection.cursor() as cursor:
        cursor.execute(_MESSAGE + tail, params)
        rows = cursor.fetchall()
    carrying = [row[0] for row in rows if row[14]]
    files = attachments_of(carrying) if carrying else {}
    return [_message(row, files.get(row[0], ())) for row in rows]


def _message(row: Sequence[Any], attachments: tuple[AttachmentInfo, ...]) -> MessageInfo:
    return MessageInfo(
        id=MessageId(row[0]),
        conversation_id=ConversationId(row[1]),
        sequence=row[2],
        type=MessageType(row[3]),
        content=row[4],
        content_type=row[5],
        content_attributes=_decoded(row[6]),
        is_private=bool(row[7]),
        sender=Sender(row[8], row[9], row[10]),
        source_id=row[11],
        decision_id=row[12],
        created_at=_known_moment(row[13]),
        attachments=attachments,
    )


def insert_message(conversation_id: int, sequence: int, draft: MessageDraft, at: dt.datetime) -> MessageInfo:
    """Store one message with the files it carries."""
    sender = Sender(draft.sender.kind, draft.sender.id, draft.sender.name[:200])
    values = (
        conversation_id,
        sequence,
        draft.type.value,
        draft.content,
        draft.content_type,
        _encoded(Message, "content_attributes", draft.content_attributes),
        draft.is_private,
        sender.kind,
        sender.id,
        sender.name,
        draft.source_id,
        draft.decision_id,
        connection.ops.adapt_datetimefield_value(at),
        len(draft.attachment_ids),
    )
    with connection.cursor() as cursor:
        cursor.execute(_INSERT_MESSAGE, values)
        row_id = cursor.fetchone()[0]
    attachments = carry(conversation_id, draft.attachment_ids, row_id) if draft.attachment_ids else ()
    return MessageInfo(
        id=MessageId(row_id),
        conversation_id=ConversationId(conversation_id),
        sequence=sequence,
        type=draft.type,
        content=draft.content,
        content_type=draft.content_type,
        content_attributes=draft.content_attributes,
        is_private=draft.is_private,
        sender=sender,
        source_id=draft.source_id,
        decision_id=draft.decision_id,
        created_at=at,
        attachments=attachments,
    )


def read_locked(conversation_id: int) -> Conversation | None:
    """A conversation's row with its inbox, locked until the transaction ends."""
    conversation_fields, inbox_fields = _concrete(Conversation), _concrete(Inbox)
    with connection.cursor() as cursor:
        cursor.execute(_locking_select(connection.features.has_select_for_update), [conversation_id])
        values = cursor.fetchone()
    if values is None:
        return None
    width = len(conversation_fields)
    row = _instance(Conversation, conversation_fields, values[:width])
    assert isinstance(row, Conversation)
    inbox = _instance(Inbox, inbox_fields, values[width:])
    assert isinstance(inbox, Inbox)
    row.inbox = inbox
    return row


@functools.cache
def _locking_select(with_lock: bool) -> str:
    columns = [f"c.{f.column}" for f in _concrete(Conversation)] + [f"i.{f.column}" for f in _concrete(Inbox)]
    lock = " FOR UPDATE OF c" if with_lock else ""
    return (
        f"SELECT {', '.join(columns)} FROM conversations_conversation c"
        f" JOIN conversations_inbox i ON i.id = c.inbox_id WHERE c.id = %s{lock}"
    )


@functools.cache
def _concrete(model: type[models.Model]) -> tuple[models.Field[Any, Any], ...]:
    return tuple(model._meta.concrete_fields)


def _instance(
    model: type[models.Model], fields: Sequence[models.Field[Any, Any]], values: Iterable[Any]
) -> models.Model:
    pairs = zip(_converters(model), values, strict=True)
    converted = [convert(value) if convert else value for convert, value in pairs]
    return model.from_db(connection.alias, [f.attname for f in fields], converted)


@functools.cache
def _converters(model: type[models.Model]) -> tuple[Callable[[Any], Any] | None, ...]:
    """For each column what makes a Python value of it; None where the database's own will do."""
    return tuple(_converter(field) for field in _concrete(model))


def _converter(field: models.Field[Any, Any]) -> Callable[[Any], Any] | None:
    if isinstance(field, models.DateTimeField):
        return _moment
    if isinstance(field, models.JSONField):
        return _decoded
    return bool if isinstance(field, models.BooleanField) else None


def update_conversation_row(row: Conversation, names: tuple[str, ...]) -> None:
    """Write some columns of a row, in one statement. `names` are attribute names."""
    values = [_for_database(row, name) for name in names]
    with connection.cursor() as cursor:
        cursor.execute(_update_of(names), [*values, row.pk])


@functools.cache
def _update_of(names: tuple[str, ...]) -> str:
    assignments = ", ".join(f"{name} = %s" for name in names)
    return f"UPDATE conversations_conversation SET {assignments} WHERE id = %s"


def _for_database(row: Conversation, name: str) -> Any:
    value = getattr(row, name)
    if isinstance(value, dt.datetime):
        return connection.ops.adapt_datetimefield_value(value)
    return _encoded(Conversation, name, value) if isinstance(value, dict | list) else value


def moment_for_database(at: dt.datetime) -> Any:
    """A moment as this database takes it for a parameter."""
    return connection.ops.adapt_datetimefield_value(at)


def _encoded(model: type[models.Model], name: str, value: Any) -> Any:
    field = model._meta.get_field(name)
    assert isinstance(field, models.JSONField)
    return field.get_db_prep_save(value, connection)


def _decoded(value: Any) -> Any:
    """JSON as the database gives it: text, on both."""
    if value == "{}":
        return {}
    if value == "[]":
        return []
    return json.loads(value) if isinstance(value, str | bytes) else value


def _moment(value: Any) -> dt.datetime | None:
    """A moment as the database gives it: text in UTC on SQLite, aware on PostgreSQL."""
    if value is None:
        return None
    return _known_moment(value)


def _known_moment(value: Any) -> dt.datetime:
    if isinstance(value, str):
        value = dt.datetime.fromisoformat(value)
    assert isinstance(value, dt.datetime)
    return value if value.tzinfo else value.replace(tzinfo=dt.UTC)
