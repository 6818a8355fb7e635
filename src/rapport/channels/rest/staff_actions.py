"""What a program may do to a conversation as a member of staff: the rules behind the application API."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import transaction

from rapport.accounts import api as accounts
from rapport.accounts.contracts import Permission, Staff
from rapport.channels.rest.payloads import (
    AssignmentPayload,
    StaffConversationPayload,
    StaffMessagePayload,
    StatusPayload,
)
from rapport.conversations import api as conversations
from rapport.conversations.contracts import (
    ContactInfo,
    ConversationInfo,
    MessageDraft,
    MessageInfo,
    MessageType,
    NewFile,
    Owner,
    Sender,
    Status,
)
from rapport.kernel.clock import now
from rapport.kernel.errors import Conflict, InvalidInput, NotFound, NotPermitted


def send_message(
    conversation: ConversationInfo,
    staff: Staff,
    payload: StaffMessagePayload,
    files: Sequence[NewFile] = (),
) -> MessageInfo:
    """A reply (which takes the conversation: the assistant falls silent), a note, or a customer's words.

    The same ``echo_id`` twice stores one message.
    """
    is_customers = payload.message_type == "incoming"
    if is_customers and payload.private:
        raise InvalidInput("A customer's message is never private.", field="private")
    content = conversations.clean_text(payload.content)
    if not content and not files:
        raise InvalidInput("The message is empty.", field="content")
    attachment_ids = _store_files(conversation, files, payload.echo_id, from_customer=is_customers)
    if is_customers:
        return conversations.receive_message(
            conversation.id, content, source_id=payload.echo_id or None, attachment_ids=attachment_ids
        )
    draft = MessageDraft(
        MessageType.OUTGOING,
        content,
        Sender("user", staff.id, staff.name),
        content_type=payload.content_type,
        content_attributes=_attributes(payload),
        is_private=payload.private,
        source_id=payload.echo_id or None,
        attachment_ids=attachment_ids,
    )
    return _store(conversation, staff, draft)


def _attributes(payload: StaffMessagePayload) -> dict[str, Any]:
    """What a reply's sender set, with the mail addresses it names, as Chatwoot keeps them."""
    named = payload.model_dump(include={"to_emails", "cc_emails", "bcc_emails"}, exclude_none=True)
    return {**(payload.content_attributes or {}), **named}


def _store_files(
    conversation: ConversationInfo, files: Sequence[NewFile], echo_id: str | None, *, from_customer: bool
) -> tuple[int, ...]:
    """Keep files for a message about to be stored; those of a message that is there already are not kept again."""
    if not files or (echo_id and conversations.find_message_by_source(conversation.id, echo_id)):
        return ()
    stored = conversations.add_attachments(conversation.id, files, from_customer=from_customer)
    return tuple(file.id for file in stored)


@transaction.atomic
def _store(conversation: ConversationInfo, staff: Staff, draft: MessageDraft) -> MessageInfo:
    known = (
        conversations.find_message_by_source(conversation.id, draft.source_id) if draft.source_id else None
    )
    if known is not None:
        return known
    is_mine = conversation.owner is Owner.AGENT and conversation.assignee_id == staff.id
    if not draft.is_private and not (is_mine and conversation.status is Status.OPEN):
        conversations.take(conversation.id, staff.id, staff.name)
    return conversations.add_message_once(conversation.id, draft)


def set_status(conversation: ConversationInfo, staff: Staff, payload: StatusPayload) -> ConversationInfo:
    """Bring a conversation to a status; ``open``: people answer, ``pending``: the assistant does."""
    wanted = payload.status
    if wanted is None:
        wanted = "open" if conversation.status is Status.RESOLVED else "resolved"
    if wanted == "snoozed":
        return conversations.snooze(conversation.id, _until(payload.snoozed_until), staff.name)
    if wanted == conversation.status.value:
        return conversation
    if wanted == "resolved":
        return conversations.resolve(conversation.id, staff.name)
    if wanted == "open":
        return conversations.take(conversation.id, staff.id, staff.name)
    if conversation.owner is Owner.ASSISTANT:
        return conversations.reopen(conversation.id, staff.name)
    return conversations.give_back(conversation.id, staff.name)


def _until(given: int | dt.datetime | None) -> dt.datetime:
    longest = now() + dt.timedelta(days=3650)
    if given is None:
        return now() + dt.timedelta(days=1)
    if isinstance(given, int):
        given = dt.datetime.fromtimestamp(min(given, int(longest.timestamp())), dt.UTC)
    until = given if given.tzinfo else given.replace(tzinfo=dt.UTC)
    if not now() < until <= longest:
        raise InvalidInput("Snooze until a moment in the next ten years.", field="snoozed_until")
    return until


def assign(conversation: ConversationInfo, staff: Staff, payload: AssignmentPayload) -> Staff | None:
    """Give a conversation to a person, or back to the queue; to other persons by supervisors only."""
    if not payload.assignee_id:
        if conversation.owner is Owner.AGENT:
            conversations.release(conversation.id, staff.name)
        return None
    if payload.assignee_id != staff.id and Permission.SUPERVISE not in staff.permissions:
        raise NotPermitted(needs=[Permission.SUPERVISE.value])
    person = accounts.find_staff(payload.assignee_id)
    if person is None or Permission.ANSWER not in person.permissions:
        raise InvalidInput("Nobody with this id can answer conversations.", field="assignee_id")
    if conversation.assignee_id != person.id or conversation.owner is not Owner.AGENT:
        conversations.take(conversation.id, person.id, person.name)
    return person


@transaction.atomic
def open_conversation(staff: Staff, payload: StaffConversationPayload) -> ConversationInfo:
    """A conversation opened by staff; with a first message it is theirs."""
    subject = str((payload.additional_attributes or {}).get("mail_subject") or "")
    started = conversations.create_conversation(
        _contact_of(payload),
        language=payload.language or "",
        custom_attributes=payload.custom_attributes,
        subject=conversations.clean_text(subject),
    )
    if payload.message is not None:
        send_message(started, staff, payload.message)
    current = conversations.find_conversation(started.id)
    assert current is not None, "it was just created"
    if payload.assignee_id:
        assign(current, staff, AssignmentPayload(assignee_id=payload.assignee_id))
    elif payload.status:
        set_status(current, staff, StatusPayload(status=payload.status))
    final = conversations.find_conversation(started.id)
    assert final is not None, "it was just created"
    return final


def _contact_of(payload: StaffConversationPayload) -> ContactInfo:
    if payload.inbox_id is None:
        raise InvalidInput("Name the inbox.", field="inbox_id")
    inbox = conversations.find_inbox_by_id(payload.inbox_id)
    if inbox is None:
        raise NotFound("There is no inbox with this id.", inbox_id=payload.inbox_id)
    if payload.source_id:
        contact = conversations.find_contact(inbox.identifier, payload.source_id)
        if contact is None:
            raise NotFound("There is no contact with this source id in this inbox.")
        return contact
    if payload.contact_id is None:
        raise InvalidInput("Name the contact by source_id or contact_id.", field="source_id")
    for known in conversations.list_customer_conversations(payload.contact_id, limit=100):
        if known.inbox.id == inbox.id:
            found = conversations.find_contact_by_id(known.contact_inbox_id)
            if found is not None:
                return found
    raise Conflict(
        "This customer has no address in this inbox yet; create a contact there.",
        contact_id=payload.contact_id,
    )
