"""Events that programs report."""

from __future__ import annotations

import pytest

from rapport.accounts import api as accounts
from rapport.channels.tests.conftest import Api, Visitor
from rapport.conversations import api as conversations
from rapport.jobs.models import Job
from rapport.procedures.models import EventReport, Wait

EVENTS = "/api/v1/accounts/1/events"


@pytest.fixture
def parked(visitor: Visitor) -> Wait:
    number = int(visitor.start(message={"content": "Where is my order?"}).rsplit("/", 1)[1])
    found = conversations.find_conversation_by_number(number)
    assert found is not None
    return Wait.objects.create(
        conversation_id=int(found.id),
        instance="i-1",
        procedure="pay",
        key="i-1:0",
        kind="event",
        event="payment.received",
        subject="#W1",
    )


def test_a_reported_event_wakes_what_waits_for_it_once(staff: Api, parked: Wait) -> None:
    event = {"name": "payment.received", "subject": "#W1", "data": {"amount": 12}, "id": "pay-1"}
    assert staff("POST", EVENTS, event).data == {"id": "pay-1", "woken": 1, "duplicate": False}
    assert staff("POST", EVENTS, event).data == {"id": "pay-1", "woken": 1, "duplicate": True}
    parked.refresh_from_db()
    assert (parked.state, parked.outcome, parked.data) == ("due", "payment.received", {"amount": 12})
    assert Job.objects.filter(kind="assistant.wake").count() == 1


@pytest.mark.parametrize(
    "event", [{"name": "payment.received", "subject": "#W2"}, {"name": "payment.failed", "subject": "#W1"}]
)
def test_an_event_nobody_waits_for_has_no_effect(staff: Api, parked: Wait, event: dict[str, str]) -> None:
    assert staff("POST", EVENTS, event).data["woken"] == 0
    parked.refresh_from_db()
    assert parked.state == "waiting"
    assert EventReport.objects.get().woken == 0


@pytest.mark.parametrize(
    "event",
    [
        {},
        {"name": ""},
        {"name": "Two Words"},
        {"name": "approved"},
        {"name": "timeout"},
        {"name": "x", "data": 3},
    ],
)
def test_what_is_no_event_is_refused(staff: Api, db: None, event: dict[str, object]) -> None:
    assert staff("POST", EVENTS, event).status == 422
    assert not EventReport.objects.exists()


def test_only_who_answers_customers_reports_events(api: Api, db: None) -> None:
    assert api("POST", EVENTS, {"name": "x"}).status == 401
    analyst = accounts.create_staff("kim@example.com", "Kim", "analyst")
    token = accounts.create_token(analyst, "t")
    assert api("POST", EVENTS, {"name": "x"}, **{"api-access-token": token}).status == 403
    assert not EventReport.objects.exists()
