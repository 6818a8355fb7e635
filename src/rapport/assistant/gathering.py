"""What a turn starts from: the messages not yet answered, in units, and the state they meet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from django.utils.timezone import localtime

from rapport.assistant.logic.choosing import ESCALATION
from rapport.assistant.logic.inputs import Click, read_click, read_titles
from rapport.assistant.models import Dialogue
from rapport.conversations import api as conversations
from rapport.conversations.contracts import (
    RETURNED,
    ConversationInfo,
    MessageInfo,
    MessageType,
    Owner,
    Status,
)
from rapport.governance import api as governance
from rapport.kernel.clock import now
from rapport.procedures import api as procedures
from rapport.understanding.api import Mood, recorded_moods
from rapport.understanding.contracts import Context

MOOD_TURNS = 30
"""How far back a conversation's mood is followed."""

_PRIVATE = frozenset(
    {"id", "name", "first_name", "last_name", "email", "phone", "address1", "address2", "city", "zip"}
)
"""Fields of a customer's record that lead to the person."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A click, or texts that follow each other, read as one."""

    text: str
    click: Click | None
    title: str
    """What the customer saw on what they clicked."""
    message_ids: tuple[int, ...]
    files: tuple[int, ...] = ()
    """Attachments that came with the texts."""


@dataclass(frozen=True, slots=True)
class Gathered:
    """The start of a turn."""

    conversation: ConversationInfo
    generation: int
    units: tuple[Unit, ...]
    read_sequence: int
    dialogue: dict[str, Any]
    """State, identification, misses of the stored dialogue."""
    last_said: str
    """The customer's words before this turn: when we did not know what they meant, they may hold what we need."""
    offered: str
    """The first of the few choices of the last message; empty where it gave none, or many."""
    asked: str
    """The open question as the customer saw it, options included; empty without one."""
    moods: tuple[Mood, ...] = ()
    """Of the customer's earlier messages, oldest first."""
    was_person_offered: bool = False
    """Because of how they felt, in an earlier turn."""
    woken: tuple[procedures.Woken, ...] = ()
    """What came that this conversation's procedures waited for."""


MAX_OFFERED = 5
"""From more choices a plain yes means none."""


def tone_of(conversation: ConversationInfo) -> Literal["formal", "informal"]:
    """How the inbox addresses its customers."""
    return "informal" if conversation.inbox.settings.get("tone") == "informal" else "formal"


def gather(conversation_id: int, generation: int) -> Gathered | None:
    """What is to be answered; None when this generation needs no answer any more."""
    conversation = conversations.find_conversation(conversation_id)
    if conversation is None or conversation.generation != generation:
        return None
    if conversation.owner is not Owner.ASSISTANT or conversation.status not in {Status.PENDING, Status.OPEN}:
        return None
    row = find_dialogue(conversation_id)
    returned = int(conversation.additional_attributes.get(RETURNED) or 0)
    read_before = max(row.read_sequence, returned)
    recent = conversations.list_latest_messages(
        conversation_id, after=max(0, read_before - 8), with_private=False
    )
    since = max(read_before, _answered_by_person(recent))
    fresh = [m for m in recent if m.sequence > since and m.type is MessageType.INCOMING]
    known = [m for m in recent if m.sequence <= since and m.type is MessageType.INCOMING]
    question_id = row.question_message_id
    question = conversations.find_message(conversation_id, question_id) if question_id else None
    understood = governance.list_understandings(conversation_id, limit=MOOD_TURNS)
    menu = None if question else _menu_shown(recent)
    return Gathered(
        conversation=conversation,
        generation=generation,
        units=tuple(_units(fresh, question, menu)),
        read_sequence=max((m.sequence for m in recent), default=since),
        dialogue={"state": row.state, "identification": row.identification, "misses": row.misses},
        last_said=next((m.content for m in reversed(known) if m.content), ""),
        asked=_asked(question) if question else "",
        offered=_offered(question) if question else "",
        moods=tuple(recorded_moods(understood)),
        was_person_offered=any(ESCALATION in chosen for chosen, _ in understood),
        woken=procedures.list_woken(conversation_id) if row.state.get("waiting") else (),
    )


def _answered_by_person(messages: list[MessageInfo]) -> int:
    """The last that a person wrote to the customer: what stands before it was theirs to answer."""
    return max((m.sequence for m in messages if m.sender.kind == "user"), default=0)


def reading_context(gathered: Gathered, customer: dict[str, Any] | None) -> Context:
    """What a reader of this turn's texts may know besides them, and what must not leave the house."""
    name = gathered.conversation.customer_name
    return Context(
        now=localtime(now()),  # "tomorrow" is a day of the organisation's
        asked=gathered.asked,
        conversation=gathered.conversation.uuid,
        private=(*_private_words(customer or {}), *([name, *name.split()] if name else ())),
    )


def _private_words(record: dict[str, Any]) -> Iterator[str]:
    for key, value in record.items():
        if isinstance(value, dict):
            yield from _private_words(value)
        elif key in _PRIVATE and isinstance(value, str) and value:
            yield value


def _asked(asked: MessageInfo) -> str:
    shown = asked.content_attributes
    offered = [*shown.get("quick_replies", []), *shown.get("items", [])]
    options = [o for item in offered for o in item.get("options", [item])]
    titles = [str(o.get("title") or o.get("label") or "") for o in options]
    return " · ".join((asked.content, *(t for t in titles if t)))


def _offered(shown: MessageInfo) -> str:
    items = shown.content_attributes.get("items", []) if shown.content_type == "input_select" else []
    return str(items[0].get("value") or "") if 0 < len(items) <= MAX_OFFERED else ""


def find_dialogue(conversation_id: int, role: str = "customer") -> Dialogue:
    """The stored dialogue, or a fresh one that is not stored yet."""
    found = Dialogue.objects.filter(conversation_id=conversation_id, role=role).first()
    return found or Dialogue(conversation_id=conversation_id, role=role)


def _menu_shown(recent: list[MessageInfo]) -> MessageInfo | None:
    """The menu a customer sees before anything was answered: the greeting's; it is no open question."""
    menus = (m for m in reversed(recent) if m.content_type == "input_select" and m.sender.kind != "contact")
    return next(menus, None)


def _units(messages: list[MessageInfo], question: MessageInfo | None, menu: MessageInfo | None) -> list[Unit]:
    units: list[Unit] = []
    texts: list[MessageInfo] = []

    def flush() -> None:
        if texts:
            said = "\n".join(m.content for m in texts if m.content)
            files = tuple(a.id for m in texts for a in m.attachments)
            units.append(Unit(said, None, "", tuple(int(m.id) for m in texts), files))
            texts.clear()

    for message in messages:
        if not message.is_click:
            offering = question or menu
            typed = _typed_choice(message, offering) if offering and not texts else None
            if typed is None:
                texts.append(message)
            else:
                units.append(Unit("", typed, message.content, (int(message.id),)))
            continue
        flush()
        units.append(Unit("", _click_of(message, question), message.content, (int(message.id),)))
    flush()
    return units


def _typed_choice(message: MessageInfo, offering: MessageInfo) -> Click | None:
    """A text that is nothing but titles of what is offered is a click, whatever its words might mean else."""
    return read_titles(message.content, offering.content_type, offering.content_attributes)


def _click_of(message: MessageInfo, question: MessageInfo | None) -> Click:
    asked_id = message.content_attributes.get("in_reply_to")
    is_current = asked_id is not None and question is not None and asked_id == question.id
    asked = question
    if not is_current:
        asked = conversations.find_message(message.conversation_id, int(asked_id)) if asked_id else None
    return read_click(
        message.content_attributes, asked.content_attributes if asked else {}, is_current=is_current
    )
