"""Only events somebody wants cost a transaction of their own."""

from __future__ import annotations

import pytest

from rapport.jobs.api import Subscription, Tap, publish
from rapport.jobs.models import FeedEvent, Job
from rapport.jobs.relay import by_event, relay

pytestmark = pytest.mark.django_db

SUBSCRIBERS = by_event([Subscription("changed", "tell")])


def waiting() -> list[str]:
    return list(FeedEvent.objects.filter(is_dispatched=False).order_by("pk").values_list("kind", flat=True))


def test_unwanted_news_waits_until_there_is_enough_of_it():
    publish("typed", ["desk"], {})
    publish("typed", ["desk"], {})
    assert (relay(SUBSCRIBERS, unwanted=3), waiting()) == (0, ["typed", "typed"])
    publish("typed", ["desk"], {})
    assert (relay(SUBSCRIBERS, unwanted=3), waiting()) == (3, [])
    assert Job.objects.count() == 0


def test_wanted_news_is_relayed_at_once_and_takes_the_rest_along():
    publish("typed", ["desk"], {})
    publish("changed", ["desk"], {"id": 1})
    assert (relay(SUBSCRIBERS, unwanted=100), waiting()) == (2, [])
    assert list(Job.objects.values_list("kind", flat=True)) == ["tell"]


def test_without_subscribers_everything_is_unwanted():
    publish("changed", ["desk"], {})
    assert (relay({}, unwanted=100), relay({})) == (0, 1)


def test_a_tap_takes_the_news_it_wants_in_order_and_once():
    taken = []
    tap = Tap(lambda: frozenset({"wanted"}), lambda rows: taken.append([row.data for row in rows]))
    for kind, number in (("wanted", 1), ("typed", 2), ("wanted", 3)):
        publish(kind, ["desk"], {"n": number})
    assert relay({}, unwanted=100, taps=(tap,)) == 3
    assert relay({}, unwanted=100, taps=(tap,)) == 0
    assert taken == [[{"n": 1}, {"n": 3}]]


def test_a_closed_tap_costs_no_transaction():
    closed = Tap(frozenset, lambda _: pytest.fail("nothing was wanted"))
    publish("typed", ["desk"], {})
    assert (relay({}, unwanted=100, taps=(closed,)), waiting()) == (0, ["typed"])
    assert relay({}, taps=(closed,)) == 1
