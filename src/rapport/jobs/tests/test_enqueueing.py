"""Jobs are added and cancelled in the caller's transaction."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import transaction

from rapport.jobs.api import cancel, enqueue, run_due
from rapport.jobs.contracts import JobKind, Registry
from rapport.jobs.models import Job
from rapport.kernel import clock
from rapport.kernel.errors import InvalidInput

pytestmark = pytest.mark.django_db


def test_a_job_is_stored_as_given():
    at = dt.datetime(2030, 1, 2, 3, 4, 5, tzinfo=dt.UTC)
    assert enqueue("mail.send", {"to": "Žofie"}, run_at=at, priority=0) is True
    job = Job.objects.get()
    assert (job.kind, job.payload, job.key, job.run_at, job.priority) == (
        "mail.send",
        {"to": "Žofie"},
        None,
        at,
        0,
    )
    assert (job.state, job.attempts, job.lease_until, job.token) == ("ready", 0, None, "")


def test_a_key_is_taken_once():
    assert enqueue("a", {"n": 1}, key="k") is True
    assert enqueue("a", {"n": 2}, key="k") is False
    assert enqueue("a", {"n": 3}) is True
    assert [job.payload["n"] for job in Job.objects.order_by("id")] == [1, 3]


def test_a_rolled_back_transaction_leaves_no_job():
    with pytest.raises(ZeroDivisionError), transaction.atomic():  # noqa: PT012
        enqueue("a", {})
        raise ZeroDivisionError
    assert Job.objects.count() == 0


def test_an_oversized_payload_is_refused():
    with pytest.raises(InvalidInput):
        enqueue("a", {"text": "x" * 600_000})


def test_cancel_removes_a_waiting_job_and_frees_its_key():
    enqueue("a", {}, key="k")
    assert cancel("k") is True
    assert cancel("k") is False
    assert enqueue("a", {}, key="k") is True


def test_a_running_or_finished_job_cannot_be_cancelled():
    tried = []
    registry = Registry([JobKind("a", lambda _payload, context: tried.append(cancel(context.key or "")))])
    enqueue("a", {}, key="k")
    run_due(registry)
    assert tried == [False]
    assert cancel("k") is False


def test_a_job_whose_worker_died_can_be_cancelled():
    enqueue("a", {}, key="k")
    Job.objects.update(lease_until=clock.now() - dt.timedelta(seconds=1), token="gone")
    assert cancel("k") is True
