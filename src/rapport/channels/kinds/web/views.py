"""``/widget/…``: sessions, and everything a customer may do, by ``Authorization: Bearer <session token>``."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from ninja import Path, Query, Router
from ninja.security import HttpBearer

from rapport.channels import dialogue, payloads, presenting, shapes
from rapport.channels.downloads import file_answer
from rapport.channels.embedding import access_inbox
from rapport.channels.errors import NotSignedIn
from rapport.channels.http import MAX_NUMBER, json_answer
from rapport.channels.kinds.web.payloads import IdentifyPayload, SessionPayload
from rapport.channels.limits import CODE_ATTEMPTS, NEW_CONTACTS, NEW_CONVERSATIONS, check_rate
from rapport.channels.menu import list_menu
from rapport.channels.sessions import access_session, make_session_token
from rapport.channels.uploads import files_of
from rapport.channels.webhooks import api as webhooks
from rapport.conversations import api as conversations
from rapport.conversations.contracts import ContactInfo, ConversationInfo, Status
from rapport.jobs import api as jobs

Number = Annotated[int, Path(ge=1, le=MAX_NUMBER)]
Position = Annotated[int | None, Query(ge=1, le=MAX_NUMBER)]


class SessionAuth(HttpBearer):
    """The session token the widget got when it opened."""

    def authenticate(self, _: HttpRequest, token: str) -> ContactInfo:
        return access_session(token)


router = Router(tags=["Widget"], auth=SessionAuth())

CONVERSATION = "/conversations/{number}"


def _contact(request: HttpRequest) -> ContactInfo:
    contact: ContactInfo = request.auth  # type: ignore[attr-defined]  # set by SessionAuth
    return contact


def _conversation(request: HttpRequest, number: int) -> ConversationInfo:
    return dialogue.access_own_conversation(_contact(request), number)


@router.post("/sessions", auth=None, response=shapes.responses(shapes.SessionShape))
def open_session(request: HttpRequest, payload: SessionPayload) -> HttpResponse:
    """Open the widget: a token, how the widget looks, the guided menu and the conversation still open.

    A bearer token from before keeps its contact; one that has ended is replaced by a new contact.
    """
    inbox = access_inbox(payload.website_token)
    contact = None if payload.identifier_hash else _returning(request, payload.website_token)
    if contact is None:
        check_rate(request, NEW_CONTACTS)
        contact = dialogue.create_contact(inbox, payload)
    _tell_opened(request, contact, payload.language or "")
    return json_answer(_session(contact, payload.language or ""))


def _tell_opened(request: HttpRequest, contact: ContactInfo, language: str) -> None:
    """News that somebody opened a page with the widget, where a program wants it: pages are opened often."""
    if not webhooks.is_wanted("webwidget_triggered"):
        return
    info = {"widget_language": language, "referer": request.META.get("HTTP_REFERER", "")[:500]}
    news = {
        "contact_id": int(contact.customer_id),
        "contact_inbox_id": contact.id,
        "inbox_id": int(contact.inbox.id),
        "event_info": info,
    }
    jobs.publish("webwidget_triggered", ["events"], news)


def _returning(request: HttpRequest, website_token: str) -> ContactInfo | None:
    kind, _, token = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
    if kind.lower() != "bearer":
        return None
    try:
        contact = access_session(token.strip())
    except NotSignedIn:
        return None
    return contact if contact.inbox.identifier == website_token else None


def _session(contact: ContactInfo, language: str) -> dict[str, Any]:
    customer = dialogue.customer_of(contact)
    still_open = [c for c in dialogue.list_own_conversations(contact) if c.status is not Status.RESOLVED]
    return {
        "token": make_session_token(contact),
        "contact": presenting.present_contact(contact, customer),
        "inbox": presenting.present_inbox_settings(contact.inbox),
        "menu": list_menu(language or customer.language),
        "conversation": dialogue.show_conversation(still_open[0]) if still_open else None,
    }


@router.post("/sessions/identify", response=shapes.responses(shapes.SessionShape))
def identify(request: HttpRequest, payload: IdentifyPayload) -> HttpResponse:
    """The customer signed in on the host page. Tokens given before die; use the new one."""
    check_rate(request, CODE_ATTEMPTS)
    wanted = payloads.ContactPayload(**payload.model_dump(exclude_none=True))
    contact = dialogue.update_contact(_contact(request), wanted)
    conversations.end_contact_sessions(contact.id)
    renewed = conversations.find_contact_by_id(contact.id)
    assert renewed is not None, "the contact was just updated"
    return json_answer(_session(renewed, ""))


@router.patch("/sessions", response=shapes.responses(shapes.ContactShape))
def update_contact(request: HttpRequest, payload: payloads.ContactPayload) -> HttpResponse:
    """What the host page says of its customer without proof; a null custom attribute is removed."""
    contact = dialogue.update_contact(
        _contact(request), payload.model_copy(update={"identifier": None, "identifier_hash": None})
    )
    return json_answer(presenting.present_contact(contact, dialogue.customer_of(contact)))


@router.delete("/sessions", response=shapes.responses(shapes.EmptyShape))
def end_session(request: HttpRequest) -> HttpResponse:
    """The customer signed out on the host page: every token of this contact dies."""
    conversations.end_contact_sessions(_contact(request).id)
    return json_answer({})


@router.get("/menu", auth=None, response=shapes.responses(list[shapes.MenuEntryShape]))
def show_menu(request: HttpRequest, language: Annotated[str, Query(max_length=35)] = "en") -> HttpResponse:
    """What customers can have done here, in their language."""
    return json_answer(list_menu(language))


@router.get("/conversations", response=shapes.responses(list[shapes.OwnConversationShape]))
def list_conversations(request: HttpRequest) -> HttpResponse:
    """The customer's conversations in this inbox, newest first, without their messages."""
    found = dialogue.list_own_conversations(_contact(request))
    return json_answer([presenting.present_own_conversation(c) for c in found])


@router.post(
    "/conversations",
    response=shapes.responses(shapes.OwnConversationShape),
    openapi_extra=shapes.with_files(**shapes.FIRST_MESSAGE),
)
def create_conversation(request: HttpRequest, payload: payloads.ConversationPayload) -> HttpResponse:
    """A new conversation; it is greeted unless the first message comes along."""
    check_rate(request, NEW_CONVERSATIONS)
    started = dialogue.start_conversation(_contact(request), payload, files_of(request))
    return json_answer(dialogue.show_conversation(started))


@router.get(CONVERSATION, response=shapes.responses(shapes.OwnConversationShape))
def show_conversation(request: HttpRequest, number: Number) -> HttpResponse:
    """A conversation with its latest messages."""
    return json_answer(dialogue.show_conversation(_conversation(request, number)))


@router.patch(CONVERSATION, response=shapes.responses(shapes.OwnConversationShape))
def change_conversation(
    request: HttpRequest, number: Number, payload: payloads.ConversationChanges
) -> HttpResponse:
    """Attributes, labels and language set from the host page or the widget's menu."""
    changed = dialogue.change_conversation(_conversation(request, number), payload)
    return json_answer(presenting.present_own_conversation(changed))


@router.post(CONVERSATION + "/toggle_status", response=shapes.responses(shapes.OwnConversationShape))
def toggle_status(request: HttpRequest, number: Number) -> HttpResponse:
    """The customer closes the conversation; a message reopens it."""
    return json_answer(dialogue.show_conversation(dialogue.close(_conversation(request, number))))


@router.post(CONVERSATION + "/toggle_typing", response=shapes.responses(shapes.EmptyShape))
def toggle_typing(request: HttpRequest, number: Number, payload: payloads.TypingPayload) -> HttpResponse:
    """The customer types, or stopped."""
    dialogue.note_typing(_conversation(request, number), is_typing=payload.typing_status == "on")
    return json_answer({})


@router.post(CONVERSATION + "/update_last_seen", response=shapes.responses(shapes.EmptyShape))
def update_last_seen(request: HttpRequest, number: Number) -> HttpResponse:
    """The customer has read everything up to now."""
    dialogue.note_seen(_conversation(request, number))
    return json_answer({})


@router.get(CONVERSATION + "/messages", response=shapes.responses(list[shapes.MessageShape]))
def list_messages(
    request: HttpRequest, number: Number, after: Position = None, before: Position = None
) -> HttpResponse:
    """Up to 100 messages after or before a message id; the latest ones without either."""
    return json_answer(dialogue.list_own_messages(_conversation(request, number), after, before))


@router.post(
    CONVERSATION + "/messages",
    response=shapes.responses(shapes.MessageShape),
    openapi_extra=shapes.with_files(),
)
def create_message(request: HttpRequest, number: Number, payload: payloads.MessagePayload) -> HttpResponse:
    """A text, a command, or ``submitted_values`` with ``in_reply_to``; an ``echo_id`` counts once."""
    message = dialogue.receive(_conversation(request, number), payload, files_of(request))
    return json_answer(presenting.present_stored(message, number, payload.echo_id))


@router.get(
    CONVERSATION + "/attachments/{attachment_id}", response=shapes.ERRORS, openapi_extra=shapes.file_content()
)
def show_attachment(request: HttpRequest, number: Number, attachment_id: Number) -> HttpResponseBase:
    """A file of the conversation."""
    return file_answer(dialogue.access_own_file(_conversation(request, number), attachment_id))


@router.patch(CONVERSATION + "/messages/{message_id}", response=shapes.responses(shapes.MessageShape))
def answer_message(
    request: HttpRequest, number: Number, message_id: Number, payload: payloads.AnswerPayload
) -> HttpResponse:
    """Answer an interactive message; returns that message with its ``submitted_values``."""
    answered = dialogue.answer_message(_conversation(request, number), message_id, payload)
    return json_answer(presenting.present_own_message(answered, number))


@router.get(
    CONVERSATION + "/messages/{message_id}/explanation", response=shapes.responses(shapes.ExplanationShape)
)
def explain_message(request: HttpRequest, number: Number, message_id: Number) -> HttpResponse:
    """Why this answer: plain words, whether a machine wrote it, model and version."""
    return json_answer(dialogue.explain(_conversation(request, number), message_id))


@router.post(CONVERSATION + "/messages/{message_id}/appeal", response=shapes.responses(shapes.AppealShape))
def appeal_message(
    request: HttpRequest, number: Number, message_id: Number, payload: payloads.AppealPayload
) -> HttpResponse:
    """Object to the decision behind a message; a person answers within the time given."""
    return json_answer(dialogue.appeal(_conversation(request, number), message_id, payload.reason))


@router.post(CONVERSATION + "/handover", response=shapes.responses(shapes.MessageShape))
def hand_over(
    request: HttpRequest, number: Number, payload: payloads.HandoverPayload | None = None
) -> HttpResponse:
    """Talk to a person."""
    title = (payload.title if payload else None) or ""
    asked = dialogue.ask_for_person(_conversation(request, number), title)
    return json_answer(presenting.present_own_message(asked, number))


@router.get(CONVERSATION + "/queue", response=shapes.responses(shapes.QueueShape))
def show_queue(request: HttpRequest, number: Number) -> HttpResponse:
    """Position in the queue and expected wait."""
    return json_answer(dialogue.queue_state(_conversation(request, number)))


@router.post(CONVERSATION + "/email", response=shapes.responses(shapes.EmptyShape))
def leave_email(request: HttpRequest, number: Number, payload: payloads.EmailPayload) -> HttpResponse:
    """Leave an e-mail address to be answered at."""
    dialogue.leave_email(_conversation(request, number), payload.email)
    return json_answer({})
