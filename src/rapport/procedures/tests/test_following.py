"""What happens in the shop wakes what waits for it: once, and only what is newer than the wait."""

from __future__ import annotations

import datetime as dt

import pytest

from rapport.connectors import api as connectors
from rapport.connectors.contracts import ConnectorDown
from rapport.conversations import api as conversations
from rapport.conversations.models import Conversation
from rapport.kernel.clock import now
from rapport.procedures.following import follow_shop
from rapport.procedures.models import EventReport, Wait

pytestmark = pytest.mark.django_db


class Feed:
    """A shop's feed in memory."""

    def __init__(self) -> None:
        self.events: list[connectors.ShopEvent] = []
        self.looks = 0
        self.is_down = False

    def add(self, name: str, subject: str, *, age_s: int = 0) -> None:
        at = (now() - dt.timedelta(seconds=age_s)).isoformat()
        self.events.append(connectors.ShopEvent(len(self.events) + 1, at, name, subject, {"n": 1}))

    def read(self, after_id: int) -> tuple[connectors.ShopEvent, ...]:
        self.looks += 1
        if self.is_down:
            raise ConnectorDown("away")
        return tuple(event for event in self.events if event.id > after_id)


@pytest.fixture
def feed(monkeypatch: pytest.MonkeyPatch) -> Feed:
    made = Feed()
    monkeypatch.setattr(connectors, "read_shop_events", made.read)
    return made


@pytest.fixture
def wait() -> Wait:
    inbox = conversations.create_inbox("Shop", "api")
    info = conversations.create_conversation(conversations.create_contact(inbox, {"name": "Vera"}))
    return Wait.objects.create(
        conversation=Conversation.objects.get(pk=info.id), instance="c-1", procedure="stock_notice", key="c-1:1",
        kind="event", event="back_in_stock", subject="lamp-oak", created_at=now() - dt.timedelta(minutes=1),
    )  # fmt: skip


def test_nothing_is_asked_while_nothing_waits(feed: Feed) -> None:
    feed.add("back_in_stock", "lamp-oak")
    assert (follow_shop(), feed.looks) == (0, 0)


def test_what_is_waited_for_wakes_once(feed: Feed, wait: Wait) -> None:
    feed.add("back_in_stock", "lamp-ash")
    feed.add("back_in_stock", "lamp-oak")
    assert follow_shop() == 1
    assert follow_shop() == 0
    assert EventReport.objects.count() == 2
    wait.refresh_from_db()
    assert wait.state == "due"


def test_what_happened_before_is_not_meant(feed: Feed, wait: Wait) -> None:
    feed.add("back_in_stock", "lamp-oak", age_s=3600)
    assert follow_shop() == 0
    wait.refresh_from_db()
    assert wait.state == "waiting"


def test_a_shop_that_is_away_is_asked_again_later(feed: Feed, wait: Wait) -> None:
    feed.add("back_in_stock", "lamp-oak")
    feed.is_down = True
    with pytest.raises(ConnectorDown):
        follow_shop()
    feed.is_down = False
    assert follow_shop() == 1
