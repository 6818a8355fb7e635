"""The system without its processes: messages go in as a channel sends them, and are answered at once.

Tests, simulations and seeding use it under `rapport.kernel.clock.use_clock`: the assistant's turn runs here, in
this thread, instead of waiting for a worker. Everything else is as in production: the same rows, decisions and
news. After the last conversation call `follow` for the present moment, so that no worker repeats what is past.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from rapport.assistant.api import GREET_JOB, TurnRunner, job_kinds
from rapport.conversations import api as conversations
from rapport.conversations.contracts import ContactInfo, ConversationInfo, MessageInfo, MessageType, Owner
from rapport.jobs import api as jobs
from rapport.jobs.api import JobContext, JobKind, Registry, Subscription


@dataclass(frozen=True, slots=True)
class InProcess:
    """A customer's side of conversations, answered in this thread."""

    runner: TurnRunner
    followers: tuple[JobKind, ...] = ()
    """Every kind of job that may be waiting; what shall not happen (mail) is given a handler that does nothing."""
    subscriptions: tuple[Subscription, ...] = ()

    def open(self, contact: ContactInfo, *, language: str) -> ConversationInfo:
        """A new conversation with the assistant's greeting."""
        info = conversations.create_conversation(contact, language=language)
        self._run(GREET_JOB, {"conversation_id": int(info.id)})
        return info

    def say(self, conversation_id: int, text: str) -> None:
        """The customer writes; nobody has answered yet."""
        conversations.receive_message(conversation_id, text)

    def click(self, conversation_id: int, message_id: int, submitted: list[dict[str, Any]]) -> None:
        """The customer chooses or submits a form; nobody has answered yet."""
        conversations.receive_answer(conversation_id, message_id, submitted)

    def answer(self, conversation_id: int) -> MessageInfo | None:
        """The assistant's answer to what came last, or None when a person owns the conversation."""
        info = conversations.find_conversation(conversation_id)
        if info is None or info.owner is not Owner.ASSISTANT:
            return None
        payload = {"conversation_id": conversation_id, "generation": info.generation}
        self.runner.run(payload, JobContext(0, None, 1))
        jobs.cancel(f"turn:{conversation_id}:{info.generation}")
        return self.latest(conversation_id)

    def latest(self, conversation_id: int) -> MessageInfo | None:
        """The last message the customer sees that is not their own."""
        spoken = [m for m in self.visible(conversation_id) if m.type is not MessageType.INCOMING]
        return spoken[-1] if spoken else None

    def visible(self, conversation_id: int) -> Sequence[MessageInfo]:
        """What the customer sees at the end of the conversation, in order."""
        return conversations.list_latest_messages(conversation_id, limit=6, with_private=False)

    def follow(self, until: dt.datetime) -> None:
        """Let followers react to what has happened, and to time passing up to a moment."""
        jobs.run_due(Registry(self.followers), until, subscriptions=self.subscriptions, is_strict=False)

    def skip_news(self) -> None:
        """Nobody hears what has happened since the last time; jobs that are due run all the same."""
        jobs.run_due(Registry(self.followers), is_strict=False)

    def _run(self, kind: str, payload: dict[str, Any]) -> None:
        handler = next(k for k in job_kinds(self.runner) if k.name == kind)
        handler.run(payload, JobContext(0, None, 1))
