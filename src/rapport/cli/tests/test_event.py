"""`rapport event`: what it says of an event that is awaited, repeated, or not awaited by anybody."""

from __future__ import annotations

import pytest

from rapport import bootstrap
from rapport.cli import main
from rapport.conversations import api as conversations
from rapport.procedures.models import EventReport, Wait

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _ready(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "set_up_django", lambda: None)


def event(*words: str) -> int:
    return main(["event", "payment.received", "--subject", "#W1", *words])


def test_an_awaited_event_wakes_and_a_repeated_one_does_not(capsys: pytest.CaptureFixture[str]) -> None:
    inbox = conversations.create_inbox("Shop", "api")
    started = conversations.create_conversation(conversations.create_contact(inbox, {"name": "Vera"}))
    Wait.objects.create(
        conversation_id=int(started.id), instance="i", procedure="pay", key="i:0", kind="event",
        event="payment.received", subject="#W1",
    )  # fmt: skip
    assert event("--data", '{"amount": 12}', "--id", "p1") == 0
    assert event("--id", "p1") == 0
    assert event("--id", "p2") == 0
    assert capsys.readouterr().out.splitlines() == [
        "p1: 1 waiting for it go on.",
        "p1: reported before; no effect now.",
        "p2: nothing waits for it; no effect.",
    ]
    assert Wait.objects.get().data == {"amount": 12}
    assert EventReport.objects.get(event_id="p1").actor == "command line"


@pytest.mark.parametrize("data", ["12", "[", "not json"])
def test_data_is_an_object(capsys: pytest.CaptureFixture[str], data: str) -> None:
    assert event("--data", data) == 2
    assert capsys.readouterr().err.startswith("rapport: --data is")
    assert not EventReport.objects.exists()
