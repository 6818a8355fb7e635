"""A small service desk: two agents, one inbox, conversations in each state."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from django.test import Client

from rapport.accounts.api import create_staff
from rapport.accounts.models import User
from rapport.conversations import api as conversations
from rapport.conversations.contracts import (
    Briefing,
    ConversationInfo,
    InboxInfo,
    MessageDraft,
    MessageType,
    Sender,
)

ASSISTANT = Sender("assistant", None, "Assistant")


@dataclass
class Desk:
    """What the tests of the desk work with."""

    inbox: InboxInfo
    agent: User
    colleague: User
    analyst: User

    def conversation(self, name: str = "Mia Hoffmann", text: str = "Where is my order?") -> ConversationInfo:
        """One the assistant owns, with one message of the customer."""
        contact = conversations.create_contact(self.inbox, {"name": name, "language": "de"})
        info = conversations.create_conversation(contact)
        conversations.receive_message(info.id, text)
        return self.fresh(info)

    def queued(self, name: str = "Mia Hoffmann") -> ConversationInfo:
        """One that waits for a person."""
        info = self.conversation(name)
        briefing = Briefing(
            reason="our_mistake",
            who=f"{name}, verified",
            asked=("Return items",),
            tried=("Asked which order",),
            sentiment="negative",
            left=("Decide about the lamp",),
        )
        conversations.hand_over(info.id, briefing)
        return self.fresh(info)

    def taken(self, by: User, name: str = "Mia Hoffmann") -> ConversationInfo:
        """One a person answers."""
        info = self.queued(name)
        conversations.take(info.id, by.pk, by.name)
        return self.fresh(info)

    def says(self, info: ConversationInfo, content: str, **fields: object) -> int:
        """A message of the assistant; returns its id."""
        draft = MessageDraft(MessageType.OUTGOING, content, ASSISTANT, **fields)  # type: ignore[arg-type]
        return conversations.add_message(info.id, draft).id

    def fresh(self, info: ConversationInfo) -> ConversationInfo:
        """The conversation as it is now."""
        found = conversations.find_conversation(info.id)
        assert found is not None
        return found


@pytest.fixture
def desk(db: None) -> Desk:
    return Desk(
        inbox=conversations.create_inbox("Shop widget", "web"),
        agent=create_staff("agent@example.com", "Alex Berger", "agent"),
        colleague=create_staff("sam@example.com", "Sam Novak", "supervisor"),
        analyst=create_staff("analyst@example.com", "Kim Analyst", "analyst"),
    )


@pytest.fixture
def browser(desk: Desk) -> Client:
    """The agent's browser, signed in."""
    client = Client()
    client.force_login(desk.agent)
    return client
