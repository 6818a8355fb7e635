"""A turn begun ahead of its time reads at once, and acts only when nothing came meanwhile."""

from __future__ import annotations

import datetime as dt
import time
from typing import Any

import pytest

from rapport.assistant import turn
from rapport.assistant.gathering import gather
from rapport.conversations import api as conversations
from rapport.conversations.contracts import ConversationInfo
from rapport.jobs.api import JobContext
from rapport.kernel.clock import now


class Reader:
    """Stands for the steps of a turn: notes what was read and what was done."""

    read: list[str]
    taken: list[str]

    def __init__(self, _engine: object, _searcher: object, gathered: Any) -> None:
        type(self).read += [unit.text for unit in gathered.units]

    def take(self, unit: Any) -> None:
        type(self).taken.append(unit.text)


@pytest.fixture
def conversation(db: None, monkeypatch: pytest.MonkeyPatch) -> ConversationInfo:
    Reader.read, Reader.taken = [], []
    monkeypatch.setattr(turn, "Stepper", Reader)
    inbox = conversations.create_inbox("Shop", "api")
    started = conversations.create_conversation(conversations.create_contact(inbox, {"name": "Vera"}))
    conversations.receive_message(started.id, "one")
    return started


def take_steps(conversation: ConversationInfo, not_before: dt.datetime) -> object:
    gathered = gather(conversation.id, 1)
    assert gathered is not None
    return turn.TurnRunner(None, None).take_steps(gathered, not_before=not_before)  # type: ignore[arg-type]


def test_it_waits_until_it_is_time_and_then_acts(
    conversation: ConversationInfo, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited: list[float] = []
    monkeypatch.setattr(time, "sleep", waited.append)
    assert take_steps(conversation, now() + dt.timedelta(milliseconds=40)) is not None
    assert take_steps(conversation, now() + dt.timedelta(seconds=40)) is not None
    assert take_steps(conversation, now() - dt.timedelta(seconds=1)) is not None
    assert 0 < waited[0] <= 0.04
    assert waited[1:] == [turn.LONGEST_WAIT_S, 0.0]
    assert Reader.taken == ["one"] * 3


def test_it_does_nothing_when_another_text_came_while_it_waited(
    conversation: ConversationInfo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(time, "sleep", lambda _: conversations.receive_message(conversation.id, "two"))
    assert take_steps(conversation, now() + dt.timedelta(milliseconds=40)) is None
    assert (Reader.read, Reader.taken) == (["one"], [])
    payload = {"conversation_id": conversation.id, "generation": 1, "not_before": now().isoformat()}
    assert turn.TurnRunner(None, None).run(payload, JobContext(0, None, 1)) is None  # type: ignore[arg-type,func-returns-value]
    assert Reader.taken == []
