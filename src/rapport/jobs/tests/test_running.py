"""Attempts, leases and failures."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection, transaction

from rapport.jobs import leasing
from rapport.jobs.api import GiveUp, JobKind, LostLease, Registry, enqueue
from rapport.jobs.models import FeedEvent, Job
from rapport.jobs.running import Outcome, run_claimed
from rapport.kernel.clock import SteppedClock, use_clock

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)


@pytest.fixture
def now():
    stepped = SteppedClock(NOON)
    with use_clock(stepped):
        yield stepped


def take(registry, limit=10, max_priority=9):
    return leasing.claim(registry, max_priority=max_priority, limit=limit)


def effect(_payload, _context):
    FeedEvent.objects.create(kind="effect", topics=" a ", at=NOON, body="{}")


def failing(payload, context):
    effect(payload, context)
    raise ValueError("no luck")


def test_effect_and_completion_are_one(now):
    registry = Registry([JobKind("good", effect)])
    enqueue("good", {})
    assert run_claimed(take(registry)[0], registry) is Outcome.DONE
    job = Job.objects.get()
    assert (job.state, job.attempts, job.finished_at) == ("done", 1, NOON)
    assert FeedEvent.objects.count() == 1


def test_a_failure_rolls_the_effect_back_and_comes_again_later(now):
    registry = Registry([JobKind("bad", failing, tries=3, base_s=10)])
    enqueue("bad", {})
    assert run_claimed(take(registry)[0], registry) is Outcome.FAILED
    job = Job.objects.get()
    assert FeedEvent.objects.count() == 0
    assert (job.state, job.attempts, job.token, job.lease_until) == ("ready", 1, "", None)
    assert dt.timedelta(seconds=8) <= job.run_at - NOON <= dt.timedelta(seconds=12)
    assert "ValueError: no luck" in job.error
    assert take(registry) == []


def test_pauses_double_up_to_the_cap():
    kind = JobKind("bad", failing, base_s=2, cap_s=60)
    assert [leasing.backoff_s(kind, n) for n in (1, 2, 3, 6, 99)] == [2, 4, 8, 60, 60]


def test_out_of_tries_means_dead(now):
    registry = Registry([JobKind("bad", failing, tries=2)])
    enqueue("bad", {})
    run_claimed(take(registry)[0], registry)
    now.advance(dt.timedelta(hours=1))
    assert run_claimed(take(registry)[0], registry) is Outcome.DEAD
    assert Job.objects.get().state == "dead"


def test_giving_up_needs_no_second_try(now):
    def gone(_payload, _context):
        raise GiveUp("410 Gone")

    registry = Registry([JobKind("hook", gone)])
    enqueue("hook", {})
    assert run_claimed(take(registry)[0], registry) is Outcome.DEAD


def test_a_job_that_killed_its_worker_each_time_is_buried_at_claim(now):
    registry = Registry([JobKind("poison", effect, tries=3, lease_s=5)])
    enqueue("poison", {})
    for _ in range(3):
        assert len(take(registry)) == 1
        now.advance(dt.timedelta(seconds=6))
    assert take(registry) == []
    job = Job.objects.get()
    assert (job.state, job.error) == ("dead", "Given up after 3 tries: its worker died each time.")


def test_an_unknown_kind_is_an_ordinary_failure(now):
    enqueue("from.the.future", {})
    registry = Registry()
    assert run_claimed(take(registry)[0], registry) is Outcome.FAILED
    assert "no handler for job kind 'from.the.future'" in Job.objects.get().error


def test_most_urgent_first_and_lanes_take_only_their_own(now):
    registry = Registry([JobKind("a", effect)])
    for key, priority in (("bulk", 9), ("normal", 5), ("quick", 0)):
        enqueue("a", {}, key=key, priority=priority)
    assert [job.key for job in take(registry, max_priority=0)] == ["quick"]
    assert take(registry, max_priority=0) == []
    assert [job.key for job in take(registry)] == ["normal"]
    assert [job.key for job in take(registry)] == ["bulk"]


def test_a_job_tried_before_is_claimed_alone(now):
    registry = Registry([JobKind("a", effect)])
    for key in ("first", "second", "third"):
        enqueue("a", {}, key=key)
    Job.objects.filter(key="second").update(attempts=1)
    assert [job.key for job in take(registry)] == ["first"]
    assert [job.key for job in take(registry)] == ["second"]
    assert [job.key for job in take(registry)] == ["third"]


def test_released_jobs_lose_no_attempt(now):
    registry = Registry([JobKind("a", effect)])
    enqueue("a", {})
    leasing.release(take(registry))
    job = Job.objects.get()
    assert (job.attempts, job.token, job.lease_until) == (0, "", None)


def test_a_renewed_lease_keeps_others_away(now):
    registry = Registry([JobKind("a", effect, lease_s=10)])
    enqueue("a", {})
    held = take(registry)
    now.advance(dt.timedelta(seconds=9))
    leasing.renew(held)
    now.advance(dt.timedelta(seconds=9))
    assert take(registry) == []
    now.advance(dt.timedelta(seconds=2))
    assert len(take(registry)) == 1


@pytest.mark.parametrize("is_atomic", [True, False])
def test_whoever_lost_the_lease_commits_nothing(now, is_atomic):
    def run(_payload, context):
        with transaction.atomic():
            effect({}, context)
            context.complete()

    registry = Registry([JobKind("a", run, lease_s=5, is_atomic=is_atomic)])
    enqueue("a", {})
    stale = take(registry)[0]
    now.advance(dt.timedelta(seconds=6))
    fresh = take(registry)[0]
    assert run_claimed(stale, registry) is Outcome.LOST
    assert FeedEvent.objects.count() == 0
    assert run_claimed(fresh, registry) is Outcome.DONE
    assert FeedEvent.objects.count() == 1


def test_a_stale_failure_changes_nothing(now):
    registry = Registry([JobKind("a", failing, lease_s=5)])
    enqueue("a", {})
    stale = take(registry)[0]
    now.advance(dt.timedelta(seconds=6))
    fresh = take(registry)[0]
    leasing.fail(stale, JobKind("a", failing), "late")
    job = Job.objects.get()
    assert (job.token, job.error) == (fresh.token, "")


def test_completing_outside_a_transaction_is_a_mistake(now):
    calls = []

    def run(_payload, context):
        before = connection.in_atomic_block
        connection.in_atomic_block = False
        try:
            context.complete()
        except AssertionError as error:
            calls.append(str(error))
        finally:
            connection.in_atomic_block = before

    registry = Registry([JobKind("a", run, is_atomic=False)])
    enqueue("a", {})
    run_claimed(take(registry)[0], registry)
    assert calls == ["call complete() inside transaction.atomic(), beside the effect"]


def test_a_handler_that_does_not_complete_is_completed_by_the_worker(now):
    registry = Registry([JobKind("a", lambda _payload, _context: None, is_atomic=False)])
    enqueue("a", {})
    assert run_claimed(take(registry)[0], registry) is Outcome.DONE
    assert Job.objects.get().state == "done"


def test_a_job_completed_by_its_handler_stays_done_when_the_handler_fails_afterwards(now):
    def run(_payload, context):
        with transaction.atomic():
            context.complete()
        raise ValueError("too late")

    registry = Registry([JobKind("a", run, is_atomic=False)])
    enqueue("a", {})
    run_claimed(take(registry)[0], registry)
    assert Job.objects.get().state == "done"


def test_lost_lease_is_a_conflict_to_be_read_again():
    assert LostLease().retryable


def test_the_outlook_names_due_priorities_and_the_next_moment(now):
    registry = Registry([JobKind("a", effect, lease_s=30)])
    assert leasing.look() == leasing.Outlook(frozenset(), None)
    enqueue("a", {}, priority=9)
    enqueue("a", {}, priority=0, run_at=NOON + dt.timedelta(seconds=90))
    assert leasing.look() == leasing.Outlook(frozenset({9}), NOON + dt.timedelta(seconds=90))
    take(registry)
    assert leasing.look() == leasing.Outlook(frozenset(), NOON + dt.timedelta(seconds=30))
