"""Relay, inline running, pruning and health."""

from __future__ import annotations

import datetime as dt

import pytest

from rapport.jobs.api import (
    JobKind,
    Registry,
    Subscription,
    check_health,
    enqueue,
    list_dead,
    prune,
    publish,
    revive,
    run_due,
)
from rapport.jobs.models import FeedEvent, Job
from rapport.kernel import clock
from rapport.kernel.clock import SteppedClock, use_clock

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)


@pytest.fixture
def now():
    stepped = SteppedClock(NOON)
    with use_clock(stepped):
        yield stepped


def test_an_event_becomes_one_job_for_each_subscription(now):
    seen = []
    registry = Registry([JobKind("hook", lambda payload, context: seen.append((payload, context.key)))])
    wanted = [Subscription("message_created", "hook")]
    event = publish("message_created", ["desk"], {"n": 1})
    publish("nobody_cares", ["desk"], {})
    assert run_due(registry, subscriptions=wanted) == 1
    assert run_due(registry, subscriptions=wanted) == 0
    assert seen == [({"event_id": event, "kind": "message_created", "data": {"n": 1}}, f"event:{event}:hook")]
    assert FeedEvent.objects.filter(is_dispatched=False).count() == 0


def test_without_until_only_what_is_due_now_runs(now):
    ran = []
    registry = Registry([JobKind("a", lambda payload, _context: ran.append(payload["n"]))])
    enqueue("a", {"n": 1})
    enqueue("a", {"n": 2}, run_at=NOON + dt.timedelta(seconds=1))
    assert run_due(registry) == 1
    now.advance(dt.timedelta(seconds=1))
    assert run_due(registry) == 1
    assert ran == [1, 2]


def test_with_until_each_job_sees_the_clock_at_its_own_time(now):
    ran = []

    def tick(payload, _context):
        ran.append(clock.now() - NOON)
        enqueue("tick", {}, run_at=clock.now() + dt.timedelta(hours=1))

    enqueue("tick", {})
    run_due(Registry([JobKind("tick", tick)]), NOON + dt.timedelta(hours=3))
    assert ran == [dt.timedelta(hours=n) for n in range(4)]
    assert clock.now() == NOON


def test_a_handlers_error_is_raised_unless_retries_are_wanted(now):
    def fail(_payload, _context):
        raise ValueError("no luck")

    registry = Registry([JobKind("bad", fail, tries=2, base_s=1)])
    enqueue("bad", {})
    with pytest.raises(ValueError, match="no luck"):
        run_due(registry)
    run_due(registry, NOON + dt.timedelta(minutes=1), is_strict=False)
    assert [(job.kind, job.attempts) for job in list_dead()] == [("bad", 2)]


def test_a_dead_job_can_be_revived(now):
    enqueue("a", {})
    Job.objects.update(state="dead", attempts=5, finished_at=NOON)
    job = Job.objects.get()
    assert revive(job.pk) is True
    assert revive(job.pk) is False
    assert run_due(Registry([JobKind("a", lambda _payload, _context: None)])) == 1


def test_old_rows_are_pruned_and_undispatched_news_is_kept(now):
    for state in ("done", "dead", "ready"):
        enqueue("a", {}, key=state)
        Job.objects.filter(key=state).update(state=state, finished_at=NOON)
    publish("kept", ["desk"], {})
    publish("pruned", ["desk"], {})
    FeedEvent.objects.filter(kind="pruned").update(is_dispatched=True)
    now.advance(dt.timedelta(days=4))
    assert prune() == 1
    assert sorted(Job.objects.values_list("state", flat=True)) == ["dead", "ready"]
    now.advance(dt.timedelta(days=27))
    assert prune() == 2
    assert list(Job.objects.values_list("state", flat=True)) == ["ready"]
    assert list(FeedEvent.objects.values_list("kind", flat=True)) == ["kept"]


def test_health_tells_how_far_behind_the_workers_are(now):
    assert check_health().lag_s == 0
    enqueue("a", {})
    event = publish("news", ["desk"], {})
    now.advance(dt.timedelta(seconds=90))
    health = check_health()
    assert (health.ready, health.dead, health.lag_s) == (1, 0, 90)
    assert (health.undispatched, health.feed_position) == (1, event)
