"""What a customer may do, whichever front end they use: the one place where access is decided."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from rapport.accounts import api as accounts
from rapport.channels.payloads import (
    AnswerPayload,
    ContactPayload,
    ConversationChanges,
    ConversationPayload,
    MessagePayload,
    SubmittedValue,
)
from rapport.channels.presenting import present_explanation, present_own_conversation, present_own_message
from rapport.conversations import api as conversations
from rapport.conversations.contracts import (
    NOTHING_CARRIED,
    AttachmentInfo,
    Carried,
    ContactInfo,
    ConversationInfo,
    InboxInfo,
    MessageInfo,
    MessageType,
    NewFile,
    Sender,
    Status,
)
from rapport.customers import api as customers
from rapport.customers.contracts import CustomerInfo
from rapport.governance import api as governance
from rapport.jobs import api as jobs
from rapport.kernel.clock import now
from rapport.kernel.errors import InvalidInput, NotFound
from rapport.kernel.languages import base_language
from rapport.procedures import api as procedures

GREETING_JOB = "assistant.greet"
"""Kind of the job that greets with the guided menu; payload ``{"conversation_id"}``."""
TALK_TO_PERSON = "talk_to_person"
MENU = "menu"
START = "start:"
"""Prefix of the command that begins a procedure."""


def access_contact(inbox_identifier: str, source_id: str) -> ContactInfo:
    """A contact by the secret id its front end holds. Raises NotFound."""
    contact = conversations.find_contact(inbox_identifier, source_id)
    if contact is None:
        raise NotFound("There is no contact with this id in this inbox.")
    return contact


def access_own_conversation(contact: ContactInfo, display_id: int) -> ConversationInfo:
    """A conversation of this contact, or of the same proven customer in the same inbox. Raises NotFound."""
    found = conversations.find_conversation_by_number(display_id)
    if found is None or not _is_own(contact, found):
        raise NotFound("You have no conversation with this number.")
    return found


def _is_own(contact: ContactInfo, found: ConversationInfo) -> bool:
    if found.contact_inbox_id == contact.id:
        return True
    is_same_customer = found.customer_id == contact.customer_id and found.inbox.id == contact.inbox.id
    return contact.is_hmac_verified and is_same_customer


def access_public_conversation(inbox_identifier: str, source_id: str, display_id: int) -> ConversationInfo:
    """As `access_own_conversation` for a contact named in the path, with one query in the usual case."""
    found = conversations.access_conversation(inbox_identifier, source_id, display_id)
    return found or access_own_conversation(access_contact(inbox_identifier, source_id), display_id)


def list_own_conversations(contact: ContactInfo) -> list[ConversationInfo]:
    """A contact's conversations in their inbox; those of the same proven customer too; newest first."""
    if not contact.is_hmac_verified:
        return conversations.list_contact_conversations(contact.id)
    theirs = conversations.list_customer_conversations(contact.customer_id, limit=100)
    return [c for c in theirs if _is_own(contact, c)]


def create_contact(inbox: InboxInfo, payload: ContactPayload) -> ContactInfo:
    """A contact, proven if the payload is signed. Raises NotPermitted for a wrong signature."""
    return conversations.create_contact(inbox, payload.model_dump(exclude_none=True))


def customer_of(contact: ContactInfo) -> CustomerInfo:
    """The profile behind a contact."""
    customer = customers.find_customer(contact.customer_id)
    assert customer is not None, "a contact always has a customer"
    return customer


@transaction.atomic
def update_contact(contact: ContactInfo, payload: ContactPayload) -> ContactInfo:
    """Set what a contact says of themselves; a signature proves who they are first."""
    if payload.identifier_hash:
        identifier = (payload.identifier or "").strip()
        if not identifier:
            raise InvalidInput("Say whose signature it is.", field="identifier")
        contact = conversations.prove_contact(contact, identifier, payload.identifier_hash)
    changes = payload.model_dump(
        include={"email", "name", "phone_number", "language", "custom_attributes"}, exclude_none=True
    )
    if "email" in changes:
        changes["email"] = changes["email"].strip().lower()
    if "custom_attributes" in changes:
        changes["custom_attributes"] = _merged(
            customer_of(contact).custom_attributes, payload.custom_attributes or {}
        )
    if changes:
        customers.update_customer(contact.customer_id, changes)
    return contact


def _merged(known: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
    """Attributes with the given ones laid over; a null removes its key."""
    return {name: value for name, value in {**known, **given}.items() if value is not None}


def start_conversation(
    contact: ContactInfo, payload: ConversationPayload, files: Sequence[NewFile] = ()
) -> ConversationInfo:
    """A new conversation, greeted with the guided menu unless the first message comes with it."""
    if not files:
        return _start(contact, payload)
    conversations.check_files(None, files, from_customer=True)
    first = payload.message or MessagePayload()
    _check_plain(first)
    started = _create(contact, payload)
    receive(started, first, files)
    return started


def _create(contact: ContactInfo, payload: ConversationPayload) -> ConversationInfo:
    return conversations.create_conversation(
        contact, language=payload.language or "", custom_attributes=payload.custom_attributes
    )


@transaction.atomic
def _start(contact: ContactInfo, payload: ConversationPayload) -> ConversationInfo:
    started = _create(contact, payload)
    if payload.message is not None:
        receive(started, payload.message)
    else:
        jobs.enqueue(GREETING_JOB, {"conversation_id": started.id}, key=f"greet:{started.id}", priority=0)
    return started


def show_conversation(conversation: ConversationInfo) -> dict[str, Any]:
    """A conversation with its latest messages, as its customer sees it."""
    messages = conversations.list_latest_messages(conversation.id, with_private=False)
    return present_own_conversation(conversation, messages)


def receive(
    conversation: ConversationInfo,
    payload: MessagePayload,
    files: Sequence[NewFile] = (),
    carried: Carried = NOTHING_CARRIED,
) -> MessageInfo:
    """Store a customer's text, answer, command or files, with what the channel keeps beside text and answer.

    Raises InvalidInput, NotAnswerable, NotFound, FileTooLarge, UnsupportedFile, TooManyFiles.
    """
    if files:
        return _receive_files(conversation, payload, files)
    if payload.command is not None:
        return _receive_command(conversation, payload.command, payload.content or "", payload.echo_id)
    if payload.submitted_values is not None:
        if payload.in_reply_to is None:
            raise InvalidInput("Say which message is answered.", field="in_reply_to")
        return conversations.receive_answer(
            conversation.id,
            payload.in_reply_to,
            _plain(payload.submitted_values),
            source_id=payload.echo_id,
            carried=carried,
        )
    return conversations.receive_message(
        conversation.id, payload.content or "", source_id=payload.echo_id or None, carried=carried
    )


def _receive_files(
    conversation: ConversationInfo, payload: MessagePayload, files: Sequence[NewFile]
) -> MessageInfo:
    """Files with or without a text: a message of its own, or the answer to the message that asked for them."""
    echo_id = payload.echo_id or None
    known = conversations.find_message_by_source(conversation.id, echo_id) if echo_id else None
    if known is not None:
        return known
    _check_plain(payload)
    if payload.in_reply_to is not None:
        access_own_message(conversation, payload.in_reply_to)
    stored = conversations.add_attachments(conversation.id, files, from_customer=True)
    ids = tuple(file.id for file in stored)
    text = payload.content or ""
    if payload.in_reply_to is not None:
        return conversations.receive_files(
            conversation.id, payload.in_reply_to, ids, text=text, source_id=echo_id
        )
    return conversations.receive_message(conversation.id, text, source_id=echo_id, attachment_ids=ids)


def _check_plain(payload: MessagePayload) -> None:
    if payload.command is not None or payload.submitted_values is not None:
        raise InvalidInput("Files come with a text, not with a click.", field="attachments")


def access_own_file(conversation: ConversationInfo, attachment_id: int) -> AttachmentInfo:
    """A file the customer may see. Raises NotFound."""
    found = conversations.find_attachment(conversation.id, attachment_id, for_customer=True)
    if found is None:
        raise NotFound("There is no such file in this conversation.")
    return found


def _receive_command(
    conversation: ConversationInfo, command: str, label: str, echo_id: str | None
) -> MessageInfo:
    name = command.removeprefix(START)
    is_start = command != name and name in procedures.load_book().seen_by("customer")
    if not is_start and command not in {TALK_TO_PERSON, MENU}:
        raise InvalidInput("There is no such command.", field="command")
    title = conversations.clean_text(label) or name.replace("_", " ")
    return conversations.receive_command(conversation.id, command, title[:200], source_id=echo_id)


def change_conversation(conversation: ConversationInfo, payload: ConversationChanges) -> ConversationInfo:
    """Set what the host page may set; labels only from those the inbox lists for it."""
    changes: dict[str, Any] = {}
    if payload.custom_attributes is not None:
        changes["custom_attributes"] = _merged(conversation.custom_attributes, payload.custom_attributes)
    if payload.language:
        changes["language"] = base_language(payload.language)
    allowed = set(conversation.inbox.settings.get("widget_labels", []))
    added = [n for n in payload.add_labels if n in allowed and n not in conversation.labels]
    removed = allowed.intersection(payload.remove_labels)
    if added or removed:
        changes["labels"] = [n for n in (*conversation.labels, *added) if n not in removed]
    return conversations.update_conversation(conversation.id, changes) if changes else conversation


def answer_message(conversation: ConversationInfo, message_id: int, payload: AnswerPayload) -> MessageInfo:
    """Store the answer to an interactive message and return that message as it is now."""
    conversations.receive_answer(
        conversation.id, message_id, _plain(payload.submitted_values), source_id=payload.echo_id
    )
    return access_own_message(conversation, message_id)


def _plain(values: list[SubmittedValue]) -> list[dict[str, Any]]:
    return [value.model_dump() for value in values]


def access_own_message(conversation: ConversationInfo, message_id: int) -> MessageInfo:
    """A message the customer may see. Raises NotFound."""
    message = conversations.find_message(conversation.id, message_id)
    if message is None or message.is_private or message.type is MessageType.ACTIVITY:
        raise NotFound("There is no such message in this conversation.")
    return message


def list_own_messages(
    conversation: ConversationInfo, after: int | None, before: int | None
) -> list[dict[str, Any]]:
    """Up to 100 messages after or before a message id; the latest ones without either."""
    if after is None and before is None:
        found = conversations.list_latest_messages(conversation.id, with_private=False)
    else:
        first = _sequence(conversation, after) if after else 0
        last = _sequence(conversation, before) if before else None
        found = conversations.list_messages(conversation.id, after=first, before=last, with_private=False)
    return [present_own_message(m, conversation.display_id) for m in found]


def _sequence(conversation: ConversationInfo, message_id: int) -> int:
    return access_own_message(conversation, message_id).sequence


def close(conversation: ConversationInfo) -> ConversationInfo:
    """The customer says the matter is settled; nothing happens when it is already."""
    if conversation.status is Status.RESOLVED:
        return conversation
    return conversations.resolve(conversation.id, conversation.customer_name or "the customer")


def note_typing(conversation: ConversationInfo, *, is_typing: bool) -> None:
    """The customer types, or stopped."""
    who = Sender("contact", conversation.customer_id, conversation.customer_name)
    conversations.note_typing(conversation.id, is_typing=is_typing, who=who)


def note_seen(conversation: ConversationInfo) -> None:
    """The customer has read everything up to now."""
    conversations.update_conversation(conversation.id, {"contact_last_seen_at": now()})


def ask_for_person(conversation: ConversationInfo, title: str) -> MessageInfo:
    """The customer wants a person; the assistant hands over, without persuasion."""
    label = conversations.clean_text(title) or "Talk to a person"
    return conversations.receive_command(conversation.id, TALK_TO_PERSON, label)


def queue_state(conversation: ConversationInfo) -> dict[str, Any]:
    """Where the customer stands in the queue and how long it may take; zero when they don't wait."""
    position = conversations.queue_position(conversation.id)
    agents = accounts.count_available_agents() if position else 0
    wait_s = conversations.wait_for(position, agents=agents) * 60 if position else None
    return {
        "is_waiting": position > 0,
        "position": position,
        "expected_wait_s": wait_s,
        "owner": conversation.owner.value,
    }


@transaction.atomic
def leave_email(conversation: ConversationInfo, email: str) -> None:
    """Where to send the answer. It is a claim: it proves nothing and replaces no verified address."""
    address = email.strip().lower()
    attributes = {**conversation.custom_attributes, "reply_to_email": address}
    conversations.update_conversation(conversation.id, {"custom_attributes": attributes})
    customer = customers.find_customer(conversation.customer_id)
    if customer is not None and not any(i.kind == "email" for i in customer.identities):
        customers.update_customer(customer.id, {"email": address})


def explain(conversation: ConversationInfo, message_id: int) -> dict[str, Any]:
    """Why this answer was given. Raises NotFound when no decision stands behind the message."""
    message = access_own_message(conversation, message_id)
    decision = None
    if message.decision_id is not None:
        decision = governance.find_decision(message.decision_id, conversation_id=conversation.id)
    if decision is None:
        raise NotFound("No decision of the system stands behind this message.")
    return present_explanation(message, decision)


def appeal(conversation: ConversationInfo, message_id: int, reason: str) -> dict[str, Any]:
    """Object to the decision behind a message; a person must answer."""
    message = access_own_message(conversation, message_id)
    if message.decision_id is None:
        raise NotFound("No decision of the system stands behind this message.")
    text = conversations.clean_text(reason)
    number = governance.open_appeal(message.decision_id, conversation_id=conversation.id, reason=text)
    decision = governance.find_decision(message.decision_id, conversation_id=conversation.id)
    assert decision is not None, "an appeal was just opened for it"
    opened = next(a for a in decision.appeals if a.id == number)
    return {
        "id": number,
        "decision_id": decision.id,
        "state": opened.state,
        "due_at": conversations.unix(opened.due_at),
    }
