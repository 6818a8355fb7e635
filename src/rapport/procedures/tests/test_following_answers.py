"""A procedure that waits for the answer to a dropped file goes on when it is there: once, with what it says."""

from __future__ import annotations

import pytest

from rapport.connectors import api as connectors
from rapport.connectors.contracts import ConnectorDown, JsonDict
from rapport.conversations import api as conversations
from rapport.conversations.models import Conversation
from rapport.kernel.clock import now
from rapport.procedures.following import follow_answers
from rapport.procedures.models import EventReport, Wait

pytestmark = pytest.mark.django_db
EVENT = "warehouse.book_answer"


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> dict[str, JsonDict | None]:
    """File → its answer; None: its folder cannot be read."""
    found: dict[str, JsonDict | None] = {}

    def read(event: str, file_name: str) -> JsonDict | None:
        assert event == EVENT
        if file_name in found and found[file_name] is None:
            raise ConnectorDown("the folder is away")
        return found.get(file_name)

    monkeypatch.setattr(connectors, "list_answer_events", lambda: frozenset({EVENT}))
    monkeypatch.setattr(connectors, "read_answer_file", read)
    return found


def waiting(file_name: str, event: str = EVENT) -> Wait:
    inbox = conversations.create_inbox("Shop", "api")
    info = conversations.create_conversation(conversations.create_contact(inbox, {"name": "Vera"}))
    return Wait.objects.create(
        conversation=Conversation.objects.get(pk=info.id), instance=f"c-{file_name}", procedure="book",
        key=f"c-{file_name}:1", kind="event", event=event, subject=file_name, created_at=now(),
    )  # fmt: skip


def test_an_answer_wakes_what_waits_for_it_once(answers: dict[str, JsonDict | None]) -> None:
    first, second = waiting("a.json"), waiting("b.json")
    assert follow_answers() == 0
    answers["a.json"] = {"text": "number: 7", "data": {"number": "7"}}
    assert follow_answers() == 1
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, first.outcome, first.data) == ("due", EVENT, answers["a.json"])
    assert second.state == "waiting"
    assert follow_answers() == 0
    assert EventReport.objects.count() == 1


def test_a_folder_that_is_away_keeps_no_other_answer_back(answers: dict[str, JsonDict | None]) -> None:
    waiting("a.json")
    waiting("b.json")
    answers |= {"a.json": None, "b.json": {"text": "", "data": {}}}
    assert follow_answers() == 1
    answers["a.json"] = {"text": "", "data": {}}
    assert follow_answers() == 1


def test_events_of_others_are_not_looked_for(answers: dict[str, JsonDict | None]) -> None:
    waiting("a.json", "parcel.returned")
    answers["a.json"] = {"text": "", "data": {}}
    assert follow_answers() == 0
