"""``/public/api/v1/inboxes/{identifier}/…``: Chatwoot's client API, and what it lacks.

Views parse, call `dialogue`, present. Whoever knows a contact's ``source_id`` speaks for that contact.
"""

from __future__ import annotations

from typing import Annotated

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from ninja import Path, Query, Router

from rapport.channels import dialogue, payloads, presenting, shapes
from rapport.channels.downloads import file_answer
from rapport.channels.embedding import access_inbox
from rapport.channels.http import MAX_NUMBER, json_answer
from rapport.channels.limits import CODE_ATTEMPTS, NEW_CONTACTS, NEW_CONVERSATIONS, check_rate
from rapport.channels.menu import list_menu
from rapport.channels.sessions import make_session_token
from rapport.channels.uploads import files_of

router = Router(tags=["Client API"])

CONTACT = "/{identifier}/contacts/{source_id}"
CONVERSATION = CONTACT + "/conversations/{number}"

Identifier = Annotated[str, Path(max_length=80)]
Source = Annotated[str, Path(max_length=140)]
Number = Annotated[int, Path(ge=1, le=MAX_NUMBER)]
Position = Annotated[int | None, Query(ge=1, le=MAX_NUMBER)]


@router.get("/{identifier}", response=shapes.responses(shapes.InboxShape))
def show_inbox(request: HttpRequest, identifier: Identifier) -> HttpResponse:
    """What a front end may know about its inbox."""
    return json_answer(presenting.present_inbox(access_inbox(identifier)))


@router.get("/{identifier}/menu", response=shapes.responses(list[shapes.MenuEntryShape]))
def show_menu(
    request: HttpRequest, identifier: Identifier, language: Annotated[str, Query(max_length=35)] = "en"
) -> HttpResponse:
    """What customers can have done here, in their language."""
    access_inbox(identifier)
    return json_answer(list_menu(language))


@router.post("/{identifier}/contacts", response=shapes.responses(shapes.NewContactShape))
def create_contact(
    request: HttpRequest, identifier: Identifier, payload: payloads.ContactPayload
) -> HttpResponse:
    """A new contact; with a signed ``identifier``, a recognised one. Keep ``source_id`` secret."""
    check_rate(request, NEW_CONTACTS)
    contact = dialogue.create_contact(access_inbox(identifier), payload)
    secrets = {"source_id": contact.source_id, "pubsub_token": make_session_token(contact)}
    return json_answer({**secrets, **presenting.present_contact(contact, dialogue.customer_of(contact))})


@router.get(CONTACT, response=shapes.responses(shapes.ContactShape))
def show_contact(request: HttpRequest, identifier: Identifier, source_id: Source) -> HttpResponse:
    """The contact as they know themselves."""
    contact = dialogue.access_contact(identifier, source_id)
    return json_answer(presenting.present_contact(contact, dialogue.customer_of(contact)))


@router.patch(CONTACT, response=shapes.responses(shapes.ContactShape))
def update_contact(
    request: HttpRequest, identifier: Identifier, source_id: Source, payload: payloads.ContactPayload
) -> HttpResponse:
    """Set what the contact says of themselves, or prove who they are."""
    if payload.identifier_hash:
        check_rate(request, CODE_ATTEMPTS)
    contact = dialogue.update_contact(dialogue.access_contact(identifier, source_id), payload)
    return json_answer(presenting.present_contact(contact, dialogue.customer_of(contact)))


@router.get(CONTACT + "/conversations", response=shapes.responses(list[shapes.OwnConversationShape]))
def list_conversations(request: HttpRequest, identifier: Identifier, source_id: Source) -> HttpResponse:
    """The contact's conversations, newest first, without their messages."""
    contact = dialogue.access_contact(identifier, source_id)
    return json_answer(
        [presenting.present_own_conversation(c) for c in dialogue.list_own_conversations(contact)]
    )


@router.post(
    CONTACT + "/conversations",
    response=shapes.responses(shapes.OwnConversationShape),
    openapi_extra=shapes.with_files(**shapes.FIRST_MESSAGE),
)
def create_conversation(
    request: HttpRequest, identifier: Identifier, source_id: Source, payload: payloads.ConversationPayload
) -> HttpResponse:
    """A new conversation; it is greeted unless the first message comes along."""
    check_rate(request, NEW_CONVERSATIONS)
    contact = dialogue.access_contact(identifier, source_id)
    started = dialogue.start_conversation(contact, payload, files_of(request))
    return json_answer(dialogue.show_conversation(started))


@router.get(CONVERSATION, response=shapes.responses(shapes.OwnConversationShape))
def show_conversation(
    request: HttpRequest, identifier: Identifier, source_id: Source, number: Number
) -> HttpResponse:
    """A conversation with its latest messages."""
    return json_answer(
        dialogue.show_conversation(dialogue.access_public_conversation(identifier, source_id, number))
    )


@router.post(CONVERSATION + "/toggle_status", response=shapes.responses(shapes.OwnConversationShape))
def toggle_status(
    request: HttpRequest, identifier: Identifier, source_id: Source, number: Number
) -> HttpResponse:
    """The customer closes the conversation; a message reopens it."""
    conversation = dialogue.access_public_conversation(identifier, source_id, number)
    return json_answer(dialogue.show_conversation(dialogue.close(conversation)))


@router.post(CONVERSATION + "/toggle_typing", response=shapes.responses(shapes.EmptyShape))
def toggle_typing(
    request: HttpRequest,
    identifier: Identifier,
    source_id: Source,
    number: Number,
    payload: payloads.TypingPayload,
) -> HttpResponse:
    """The customer types, or stopped; the assistant waits a moment for who is typing."""
    conversation = dialogue.access_public_conversation(identifier, source_id, number)
    dialogue.note_typing(conversation, is_typing=payload.typing_status == "on")
    return json_answer({})


@router.post(CONVERSATION + "/update_last_seen", response=shapes.responses(shapes.EmptyShape))
def update_last_seen(
    request: HttpRequest, identifier: Identifier, source_id: Source, number: Number
) -> HttpResponse:
    """The customer has read everything up to now."""
    dialogue.note_seen(dialogue.access_public_conversation(identifier, source_id, number))
    return json_answer({})


@router.get(CONVERSATION + "/messages", response=shapes.responses(list[shapes.MessageShape]))
def list_messages(
    request: HttpRequest,
    identifier: Identifier,
    source_id: Source,
    number: Number,
    after: Position = None,
    before: Position = None,
) -> HttpResponse:
    """Up to 100 messages after or before a message id; the latest ones without either."""
    conversation = dialogue.access_public_conversation(identifier, source_id, number)
    return json_answer(dialogue.list_own_messages(conversation, after, before))


@router.post(
    CONVERSATION + "/messages",
    response=shapes.responses(shapes.MessageShape),
    openapi_extra=shapes.with_files(),
)
def create_message(
    request: HttpRequest,
    identifier: Identifier,
    source_id: Source,
    number: Number,
    payload: payloads.MessagePayload,
) -> HttpResponse:
    """A text, or ``submitted_values`` with ``in_reply_to``; the same ``echo_id`` twice stores one message."""
    conversation = dialogue.access_public_conversation(identifier, source_id, number)
    message = dialogue.receive(conversation, payload, files_of(request))
    return json_answer(presenting.present_stored(message, number, payload.echo_id))


@router.get(
    CONVERSATION + "/attachments/{attachment_id}", response=shapes.ERRORS, openapi_extra=shapes.file_content()
)
def show_attachment(
    request: HttpRequest, identifier: Identifier, source_id: Source, number: Number, attachment_id: Number
) -> HttpResponseBase:
    """A file of the conversation."""
    conversation = dialogue.access_public_conversation(identifier, source_id, number)
    return file_answer(dialogue.access_own_file(conversation, attachment_id))


@router.patch(CONVERSATION + "/messages/{message_id}", response=shapes.responses(shapes.MessageShape))
def answer_message(
    request: HttpRequest,
    identifier: Identifier,
    source_id: Source,
    number: Number,
    message_id: Number,
    payload: payloads.AnswerPayload,
) -> HttpResponse:
    """Answer an interactive message; returns that message with its ``submitted_values``."""
    conversation = dialogue.access_public_conversation(identifier, source_id, number)
    return json_answer(
        presenting.present_own_message(dialogue.answer_message(conversation, message_id, payload), number)
    )


@router.get(
    CONVERSATION + "/messages/{message_id}/explanation", response=shapes.responses(shapes.ExplanationShape)
)
def explain_message(
    request: HttpRequest, identifier: Identifier, source_id: Source, number: Number, message_id: Number
) -> HttpResponse:
    """Why this answer: plain words, whether a machine wrote it, model and version."""
    return json_answer(
        dialogue.explain(dialogue.access_public_conversation(identifier, source_id, number), message_id)
    )


@router.post(CONVERSATION + "/messages/{message_id}/appeal", response=shapes.responses(shapes.AppealShape))
def appeal_message(
    request: HttpRequest,
    identifier: Identifier,
    source_id: Source,
    number: Number,
    message_id: Number,
    payload: payloads.AppealPayload,
) -> HttpResponse:
    """Object to the decision behind a message; a person answers within the time given."""
    conversation = dialogue.access_public_conversation(identifier, source_id, number)
    return json_answer(dialogue.appeal(conversation, message_id, payload.reason))


@router.post(CONVERSATION + "/handover", response=shapes.responses(shapes.MessageShape))
def hand_over(
    request: HttpRequest,
    identifier: Identifier,
    source_id: Source,
    number: Number,
    payload: payloads.HandoverPayload | None = None,
) -> HttpResponse:
    """Talk to a person."""
    conversation = dialogue.access_public_conversation(identifier, source_id, number)
    title = (payload.title if payload else None) or ""
    return json_answer(presenting.present_own_message(dialogue.ask_for_person(conversation, title), number))


@router.get(CONVERSATION + "/queue", response=shapes.responses(shapes.QueueShape))
def show_queue(
    request: HttpRequest, identifier: Identifier, source_id: Source, number: Number
) -> HttpResponse:
    """Position in the queue and expected wait."""
    return json_answer(
        dialogue.queue_state(dialogue.access_public_conversation(identifier, source_id, number))
    )


@router.post(CONVERSATION + "/email", response=shapes.responses(shapes.EmptyShape))
def leave_email(
    request: HttpRequest,
    identifier: Identifier,
    source_id: Source,
    number: Number,
    payload: payloads.EmailPayload,
) -> HttpResponse:
    """Leave an e-mail address to be answered at."""
    conversation = dialogue.access_public_conversation(identifier, source_id, number)
    dialogue.leave_email(conversation, payload.email)
    return json_answer({})
