"""Fixtures: staff, an inbox with a conversation, a receiver, and a way to let everything due happen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator

import pytest

from rapport.accounts import api as accounts
from rapport.accounts.contracts import Staff
from rapport.channels.webhooks import api as webhooks
from rapport.channels.webhooks.contracts import WebhookDraft, WebhookInfo
from rapport.channels.webhooks.logic.addresses import parse_networks
from rapport.channels.webhooks.tests.receiver import Receiver, run_receiver
from rapport.conversations import api as conversations
from rapport.conversations.contracts import ConversationInfo, InboxInfo
from rapport.jobs import api as jobs
from rapport.jobs.api import JobKind
from rapport.kernel.clock import SteppedClock, use_clock

START = dt.datetime(2026, 5, 4, 9, 0, tzinfo=dt.UTC)
NOTHING = JobKind("assistant.turn", lambda _payload, _context: None)


@pytest.fixture(autouse=True)
def _loopback_may_be_called(settings) -> None:
    settings.WEBHOOK_NETWORKS = parse_networks("127.0.0.0/8")
    settings.WEBHOOK_TIMEOUT_S = 2.0


@pytest.fixture(autouse=True)
def clock() -> Iterator[SteppedClock]:
    stepped = SteppedClock(START)
    with use_clock(stepped):
        yield stepped


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with run_receiver() as running:
        yield running


@pytest.fixture
def admin(db: None) -> Staff:
    staff = accounts.find_staff(accounts.create_staff("root@example.com", "Root", "administrator").pk)
    assert staff is not None
    return staff


@pytest.fixture
def inbox(db: None) -> InboxInfo:
    return conversations.create_inbox("Shop", "api", settings={"debounce_ms": 0})


@pytest.fixture
def talk(inbox: InboxInfo) -> ConversationInfo:
    contact = conversations.create_contact(inbox, {"name": "Vera Novak", "email": "vera@example.com"})
    return conversations.create_conversation(contact, language="en")


@pytest.fixture
def subscribe(admin: Staff, receiver: Receiver) -> Callable[..., WebhookInfo]:
    def made(*events: str, **wanted: object) -> WebhookInfo:
        draft = WebhookDraft(
            **{"name": "n8n", "url": receiver.url, "events": events or webhooks.EVENTS, **wanted}
        )
        return webhooks.create_webhook(draft, admin)[0]

    return made


@pytest.fixture
def settle() -> Callable[[], int]:
    """Relay news and run what is due just now, sending included."""
    kinds = (*webhooks.job_kinds(webhooks.Courier(webhooks.at_once)), NOTHING)
    return lambda: jobs.run_due(jobs.Registry(kinds), taps=(webhooks.TAP,))
