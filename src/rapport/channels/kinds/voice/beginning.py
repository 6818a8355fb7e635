"""The beginning of a call: its conversation, the language, the greeting with the menu."""

from __future__ import annotations

import re
from dataclasses import replace

from django.db import IntegrityError, transaction

from rapport.channels.kinds.voice import wording
from rapport.channels.kinds.voice.contracts import TurnRequest, VoiceSettings
from rapport.channels.kinds.voice.logic.position import Position, position_from_json
from rapport.channels.kinds.voice.models import Call
from rapport.channels.menu import list_menu
from rapport.conversations import api as conversations
from rapport.conversations.contracts import (
    SYSTEM,
    ConversationInfo,
    InboxInfo,
    MessageDraft,
    MessageInfo,
    MessageType,
    Sender,
)

ASSISTANT = Sender("assistant", None, "Rapport")
_NUMBER = re.compile(r"[^0-9+*#]")


def clean_number(text: str) -> str:
    """A telephone number as it is kept: figures and a plus."""
    return _NUMBER.sub("", text)[:32]


def find_call(inbox: InboxInfo, call_id: str) -> Call | None:
    """A call of this inbox."""
    return Call.objects.filter(inbox_id=inbox.id, call_id=call_id).first()


def begin(inbox: InboxInfo, settings: VoiceSettings, request: TurnRequest) -> Call:
    """A new call with its conversation; of two requests at once the second finds what the first made."""
    try:
        with transaction.atomic():
            return _begin(inbox, settings, request)
    except IntegrityError:
        found = find_call(inbox, request.call_id)
        if found is None:
            raise
        return found


def _begin(inbox: InboxInfo, settings: VoiceSettings, request: TurnRequest) -> Call:
    caller = clean_number(request.caller)
    identifier, signature = request.signed_identity
    profile = {"phone_number": caller, "identifier": identifier, "identifier_hash": signature}
    contact = conversations.create_contact(inbox, profile)
    language = settings.languages[0]
    conversation = conversations.create_conversation(contact, language=language)
    position = Position("language" if len(settings.languages) > 1 else "talk")
    call = Call.objects.create(
        inbox_id=inbox.id,
        conversation_id=conversation.id,
        call_id=request.call_id,
        caller=caller,
        called=clean_number(request.called),
        state=position.as_json(),
    )
    text = f"Telephone call from {caller or 'an unknown number'}"
    conversations.add_message(conversation.id, MessageDraft(MessageType.ACTIVITY, text, SYSTEM))
    if position.step == "talk":
        greet(call, conversation, settings)
        call.save()
    return call


def greet(call: Call, conversation: ConversationInfo, settings: VoiceSettings) -> MessageInfo:
    """Say who speaks, and offer what can be done; stored once. The caller saves the row."""
    language = conversation.language
    items = [
        {"title": m["title"], "value": f"start:{m['procedure']}", "description": m["description"]}
        for m in list_menu(language)
    ]
    words = [wording.say("greeting", language, brand=settings.brand)]
    words += [wording.say("recorded", language)] if settings.is_recorded else []
    text = " ".join(words)
    draft = MessageDraft(
        MessageType.TEMPLATE,
        text,
        ASSISTANT,
        "input_select",
        {"items": items, "is_ai": True},
        source_id="greeting",
    )
    message = conversations.add_message_once(conversation.id, draft)
    position = replace(position_from_json(call.state), step="talk", message_id=int(message.id), misses=0)
    call.state = position.as_json()
    return message
