"""An event that comes before the wait for it is not missed, one from before the procedure's time is."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from rapport.conversations import api as conversations
from rapport.conversations.contracts import ConversationInfo
from rapport.kernel.clock import use_clock
from rapport.procedures import api as procedures
from rapport.procedures.contracts import DialogueState, Frame, WaitFor
from rapport.procedures.models import EventReport, Wait

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 5, 20, 12, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def _clock() -> Any:
    with use_clock(lambda: NOW):
        yield


@pytest.fixture
def conversation(db: None) -> ConversationInfo:
    inbox = conversations.create_inbox("Shop", "api")
    return conversations.create_conversation(conversations.create_contact(inbox, {"name": "Vera"}))


def wait_since(conversation: ConversationInfo, minutes: int | None, subject: str = "#W1") -> Wait:
    since = None if minutes is None else (NOW + dt.timedelta(minutes=minutes)).isoformat()
    wait = WaitFor("event", "c-1:3", event="parcel.returned", subject=subject, since=since)
    state = DialogueState(waiting=(Frame("c-1", "repair", 1, "waiting", waiting=wait),))
    procedures.keep_waits(procedures.RunPlace(conversation), state)
    return Wait.objects.get(key="c-1:3")


@pytest.mark.parametrize(
    ("minutes", "subject", "state"),
    [
        (-5, "#W1", "due"),
        (0, "#W1", "waiting"),
        (5, "#W1", "waiting"),
        (None, "#W1", "waiting"),
        (-5, "#W2", "waiting"),
    ],
)
def test_what_came_since_it_began_to_act_is_taken_up(
    conversation: ConversationInfo, minutes: int | None, subject: str, state: str
) -> None:
    procedures.report_event("parcel.returned", "#W1", {"weight": 2}, actor="api")
    row = wait_since(conversation, minutes, subject)
    assert row.state == state
    assert row.data == ({"weight": 2} if state == "due" else {})
    assert EventReport.objects.get().woken == int(state == "due")


def test_the_first_of_several_counts(conversation: ConversationInfo) -> None:
    for weight in (1, 2):
        procedures.report_event("parcel.returned", "#W1", {"weight": weight}, actor="api")
    assert wait_since(conversation, -5).data == {"weight": 1}
