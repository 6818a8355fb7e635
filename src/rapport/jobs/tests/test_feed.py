"""The change feed."""

from __future__ import annotations

import pytest
from django.db import transaction

from rapport.jobs.api import latest_feed_id, publish, read_feed
from rapport.jobs.contracts import FeedRow
from rapport.jobs.models import FeedEvent
from rapport.kernel.errors import InvalidInput

pytestmark = pytest.mark.django_db


def test_news_is_encoded_once_and_read_by_position():
    assert latest_feed_id() == 0
    first = publish("message_created", ["desk", "conversation:7"], {"text": "přišlo\nto"})
    second = publish("message_created", ["desk"], {"n": 2})
    assert read_feed(0) == [
        FeedRow(first, "message_created", ("desk", "conversation:7"), '{"text":"přišlo\\nto"}'),
        FeedRow(second, "message_created", ("desk",), '{"n":2}'),
    ]
    assert read_feed(first)[0].data == {"n": 2}
    assert read_feed(0, limit=1)[0].id == first
    assert latest_feed_id() == second


def test_topics_are_stored_between_spaces():
    publish("a", ["desk", "conversation:7"], {})
    assert FeedEvent.objects.get().topics == " desk conversation:7 "


def test_a_topic_without_a_name_or_with_a_space_is_a_mistake():
    for topic in ("", "two words"):
        with pytest.raises(AssertionError):
            publish("a", [topic], {})


def test_a_rolled_back_transaction_leaves_no_news():
    with pytest.raises(ZeroDivisionError), transaction.atomic():  # noqa: PT012
        publish("a", ["desk"], {})
        raise ZeroDivisionError
    assert read_feed(0) == []


def test_oversized_news_is_refused():
    with pytest.raises(InvalidInput):
        publish("a", ["desk"], "x" * 300_000)
