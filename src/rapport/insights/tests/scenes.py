"""Conversations that people had to answer, as a shop without the right procedure has them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from rapport.connectors.models import ActionCall
from rapport.conversations import api as conversations
from rapport.conversations.contracts import Briefing, InboxInfo, MessageDraft, MessageType, Sender
from rapport.governance import api as governance
from rapport.governance.contracts import DecisionDraft
from rapport.kernel.clock import SteppedClock, use_clock

ASSISTANT = Sender("assistant", None, "Assistant")
NOW = dt.datetime(2026, 3, 30, 9, 0, tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True)
class Scene:
    """One conversation: what the customer wants, what became of it."""

    text: str
    language: str = "en"
    days_ago: float = 3.0
    asks: str = ""
    """The colleague's question."""
    closes: str = ""
    """The colleague's last words; without them the conversation waits in the queue."""
    calls: tuple[tuple[str, dict[str, object]], ...] = ()
    intents: tuple[tuple[str, float], ...] = ()
    chosen: str = "reply:not_understood"
    reason: str = "customer_asked"
    unfinished: dict[str, dict[str, str]] = field(default_factory=dict)
    slot: str = ""
    """Of the assistant's question before a person came."""
    team_id: int | None = None
    entities: tuple[str, ...] = ()
    identifier: str = ""
    name: str = "Mia Hoffmann"
    is_solved: bool = False
    now: dt.datetime = NOW


def play(inbox: InboxInfo, scene: Scene, *, staff_id: int = 7) -> int:
    """Have the conversation; its row id."""
    clock = SteppedClock(scene.now - dt.timedelta(days=scene.days_ago))
    with use_clock(clock):
        contact = conversations.create_contact(inbox, {"name": scene.name, "language": scene.language})
        info = conversations.create_conversation(contact, language=scene.language)
        first = conversations.receive_message(info.id, scene.text)
        clock.advance(dt.timedelta(seconds=5))
        governance.record_decision(
            DecisionDraft(
                kind="turn",
                chosen=scene.chosen,
                conversation_id=int(info.id),
                understanding={
                    "intents": [{"name": n, "probability": p, "segment": 0} for n, p in scene.intents],
                    "entities": [{"kind": kind, "text": "x"} for kind in scene.entities],
                },
                evidence=({"kind": "message", "ref": int(first.id), "title": "", "score": None},),
            )
        )
        _said(info.id, ASSISTANT, "Sorry?", {"slot": scene.slot} if scene.slot else {})
        if scene.is_solved:
            return int(info.id)
        briefing = Briefing(scene.reason, "?", (), (), "neutral", (), facts={"slots": scene.unfinished})
        conversations.hand_over(info.id, briefing, team_id=scene.team_id)
        if scene.closes:
            _answer(int(info.id), scene, staff_id, clock)
    return int(info.id)


def _answer(conversation_id: int, scene: Scene, staff_id: int, clock: SteppedClock) -> None:
    agent = Sender("user", staff_id, "Alex Berger")
    conversations.take(conversation_id, staff_id, agent.name)
    clock.advance(dt.timedelta(minutes=2))
    if scene.asks:
        _said(conversation_id, agent, scene.asks)
        clock.advance(dt.timedelta(minutes=1))
    for number, (action, arguments) in enumerate(scene.calls):
        ActionCall.objects.create(
            key=f"{conversation_id}-{number}",
            action=action,
            arguments=arguments,
            conversation_id=conversation_id,
            actor=f"staff:{staff_id}",
            state="done",
        )
    clock.advance(dt.timedelta(minutes=4))
    _said(conversation_id, agent, scene.closes)
    conversations.resolve(conversation_id, agent.name)


def _said(
    conversation_id: int, sender: Sender, text: str, attributes: dict[str, object] | None = None
) -> None:
    draft = MessageDraft(MessageType.OUTGOING, text, sender, content_attributes=attributes or {})
    conversations.add_message(conversation_id, draft)
