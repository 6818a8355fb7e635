"""Conversations written as the assistant writes them, at chosen moments, without an assistant."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.test import Client

from rapport.accounts.api import create_staff
from rapport.accounts.models import User
from rapport.assistant.models import Dialogue
from rapport.connectors.models import ActionCall
from rapport.conversations import api as conversations
from rapport.conversations.contracts import (
    Briefing,
    ConversationInfo,
    InboxInfo,
    MessageDraft,
    MessageType,
    Sender,
)
from rapport.governance import api as governance
from rapport.governance.contracts import DecisionDraft
from rapport.kernel.clock import SteppedClock, use_clock
from rapport.procedures.api import publish
from rapport.procedures.models import Run

ASSISTANT = Sender("assistant", None, "Assistant")
START = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)
"""A Monday."""

PROCEDURES = {
    "send_back": """
procedure: send_back
version: 1
identify: none
title: {en: Send goods back, cs: Vrátit zboží}
slots:
  reason: {type: text, ask: {en: "Why?"}}
confirm: {lines: [{en: "Send it back."}], question: {en: "Shall I?"}}
do: [{action: shop.return_items, with: {reason: reason}}]
done: {en: Done.}
""",
    "look_up": """
procedure: look_up
version: 1
identify: none
title: {en: "Where is it?"}
slots:
  parcel: {type: text, ask: {en: "Which parcel?"}}
done: {en: On its way.}
""",
}


@dataclass
class Talk:
    """One conversation as it is being written."""

    clock: SteppedClock
    info: ConversationInfo
    frames: dict[str, list[dict[str, Any]]] = field(
        default_factory=lambda: {"finished": [], "stack": [], "waiting": []}
    )
    runs: int = 0

    def wait(self, **span: float) -> Talk:
        self.clock.advance(dt.timedelta(**span))
        return self

    def say(self, text: str, *chosen: str, **question: Any) -> Talk:
        """The customer writes, the assistant decides and answers, perhaps with a question."""
        conversations.receive_message(self.info.id, text)
        return self.answer(*chosen, **question)

    def click(self, value: str, *chosen: str, **question: Any) -> Talk:
        """The customer chooses what the last message offers."""
        last = conversations.list_latest_messages(int(self.info.id), limit=1)[0]
        conversations.receive_answer(int(self.info.id), int(last.id), [{"value": value}])
        return self.answer(*chosen, **question)

    def click_words(self, *chosen: str) -> Talk:
        """The customer takes up what was offered, in words."""
        return self.say("yes that", *chosen)

    def fill(self, values: dict[str, str], *chosen: str, **question: Any) -> Talk:
        """The customer sends the form."""
        last = conversations.list_latest_messages(int(self.info.id), limit=1)[0]
        given = [{"name": n, "value": v} for n, v in values.items()]
        conversations.receive_answer(int(self.info.id), int(last.id), given)
        return self.answer(*chosen, **question)

    def answer(
        self,
        *chosen: str,
        slot: str = "",
        items: list[dict[str, Any]] | None = None,
        rules: tuple[Any, ...] = (),
    ) -> Talk:
        self.wait(seconds=1)
        draft = DecisionDraft("turn", " + ".join(chosen), conversation_id=int(self.info.id), rules=rules)
        decision = governance.record_decision(draft)
        attributes: dict[str, Any] = {"is_ai": True}
        kind = "text"
        if slot:
            attributes |= {"slot": slot, "expects": "choice"}
        if items:
            kind = "form" if "name" in items[0] else "input_select"
            attributes["items"] = items
        message = MessageDraft(MessageType.OUTGOING, "…", ASSISTANT, kind, attributes, decision_id=decision)
        conversations.add_message(self.info.id, message)
        return self

    def end(
        self, procedure: str, outcome: str, *, version: int = 1, call: str = "", actor: str = "assistant"
    ) -> Talk:
        """A run of a procedure ends in the turn that was just answered."""
        instance = self._instance()
        Run.objects.create(
            conversation_id=self.info.id,
            instance=instance,
            procedure=procedure,
            outcome=outcome,
            actor=actor,
            finished_at=self.clock(),
        )
        if call:
            ActionCall.objects.create(
                key=f"{instance}:0",
                action="shop.return_items",
                conversation_id=self.info.id,
                state=call,
                code="",
            )
        return self._remember("finished", instance, procedure, version, outcome)

    def leave_open(self, procedure: str, place: str = "stack", *, version: int = 1) -> Talk:
        """A run goes on."""
        return self._remember(place, self._instance(), procedure, version, "collecting")

    def _instance(self) -> str:
        self.runs += 1
        return f"{self.info.uuid}-{self.runs}"

    def _remember(self, place: str, instance: str, procedure: str, version: int, status: str) -> Talk:
        frame = {"instance": instance, "procedure": procedure, "version": version, "status": status}
        self.frames[place].append(frame)
        Dialogue.objects.update_or_create(
            conversation_id=self.info.id, role="customer", defaults={"state": self.frames}
        )
        return self

    def hand_over(self, reason: str = "customer_asked") -> Talk:
        briefing = Briefing(reason=reason, who="", asked=(), tried=(), sentiment="", left=())
        conversations.hand_over(self.info.id, briefing)
        return self

    def agent_says(self, text: str, agent: User) -> Talk:
        sender = Sender("user", agent.pk, agent.name)
        conversations.add_message(self.info.id, MessageDraft(MessageType.OUTGOING, text, sender))
        return self

    def resolve(self) -> Talk:
        conversations.resolve(self.info.id, "quiet for 3 h")
        return self


@dataclass
class Shop:
    """Two inboxes, people of four roles, a clock that stands still."""

    clock: SteppedClock
    web: InboxInfo
    mail: InboxInfo
    admin: User
    supervisor: User
    analyst: User
    agent: User

    def talk(self, *, inbox: InboxInfo | None = None, contact: Any = None) -> Talk:
        """A new conversation, of a new customer unless one is named."""
        contact = contact or self.contact(inbox)
        return Talk(self.clock, conversations.create_conversation(contact))

    def contact(self, inbox: InboxInfo | None = None) -> Any:
        return conversations.create_contact(inbox or self.web, {"name": "Mia Hoffmann"})


@pytest.fixture
def shop(db: None) -> Iterator[Shop]:
    clock = SteppedClock(START)
    with use_clock(clock):
        for source in PROCEDURES.values():
            publish(source)
        yield Shop(
            clock,
            conversations.create_inbox("Website", "web"),
            conversations.create_inbox("Mail", "email"),
            create_staff("admin@example.com", "Robin Keller", "administrator"),
            create_staff("sam@example.com", "Sam Novak", "supervisor"),
            create_staff("kim@example.com", "Kim Analyst", "analyst"),
            create_staff("alex@example.com", "Alex Berger", "agent"),
        )


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client
