"""What conversations and jobs promise of any database: here on the suite's own, with `make test-services` on PostgreSQL.

The second run is this file, the packages' own tests and the acceptance tests in a process of their own, with
``DATABASE_URL`` pointing to a server.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection, transaction

from rapport.accounts import api as accounts
from rapport.connectors import api as connectors
from rapport.connectors.contracts import ActionLimits, ActionRequest, CallOutcome, Principal
from rapport.connectors.models import ActionCall
from rapport.conversations import api as conversations
from rapport.conversations.contracts import (
    Briefing,
    ContactInfo,
    MessageDraft,
    MessageType,
    Owner,
    Sender,
)
from rapport.conversations.errors import WrongOwner
from rapport.conversations.models import Message
from rapport.jobs import api as jobs
from rapport.jobs.models import FeedEvent, Job
from rapport.kernel.clock import now
from rapport.kernel.errors import Conflict
from rapport.procedures import api as procedures
from rapport.procedures.models import Wait

ROOT = Path(__file__).resolve().parents[2]
ASSISTANT = Sender("assistant", None, "Rapport")
BRIEFING = Briefing("customer_asked", "Vera", (), (), "neutral", ())
THREADS = 4


@pytest.fixture
def contact(db: None) -> ContactInfo:
    inbox = conversations.create_inbox("API", "api", settings={"debounce_ms": 0})
    return conversations.create_contact(inbox, {"name": "Vera"})


@pytest.fixture
def number(contact: ContactInfo) -> int:
    return int(conversations.create_conversation(contact).id)


def answer(number: int, generation: int, text: str) -> object:
    return conversations.store_answer(number, generation, MessageDraft(MessageType.OUTGOING, text, ASSISTANT))


def test_messages_are_numbered_without_gaps_and_once_per_source(number: int) -> None:
    first = conversations.receive_message(number, "one", source_id="a")
    again = conversations.receive_message(number, "changed", source_id="a")
    second = conversations.receive_message(number, "two", source_id="b")
    assert (again.id, again.content) == (first.id, "one")
    assert (first.sequence, second.sequence) == (1, 2)
    info = conversations.find_conversation(number)
    assert info is not None
    assert (info.message_count, info.generation, info.unread_count) == (2, 2, 2)


def test_an_older_or_second_answer_is_dropped(number: int) -> None:
    conversations.receive_message(number, "one")
    conversations.receive_message(number, "two")
    assert answer(number, 1, "late") is None
    assert answer(number, 2, "in time") is not None
    assert answer(number, 2, "again") is None
    assert [m.content for m in conversations.list_latest_messages(number)] == ["one", "two", "in time"]


def test_an_owner_is_changed_once_and_the_assistant_is_silent_then(number: int) -> None:
    conversations.receive_message(number, "one")
    conversations.hand_over(number, BRIEFING)
    with pytest.raises(WrongOwner):
        conversations.hand_over(number, BRIEFING)
    info = conversations.find_conversation(number)
    assert info is not None
    assert answer(number, info.generation, "still there") is None
    assert info.owner is Owner.QUEUE
    assert conversations.queue_position(number) == 1


def test_a_failed_transaction_leaves_neither_message_nor_job_nor_news(number: int) -> None:
    before = (Message.objects.count(), Job.objects.count(), FeedEvent.objects.count())

    def fail() -> None:
        with transaction.atomic():
            conversations.receive_message(number, "one")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert (Message.objects.count(), Job.objects.count(), FeedEvent.objects.count()) == before


def test_texts_of_any_kind_come_back_as_stored(number: int) -> None:
    for text in (
        "a\x00b",
        "😀👩‍👩‍👧",
        "שלום \u202e",
        "ž" * 30_000,
        "\ud800",
        "'; DROP TABLE x; --",
        "%s %(x)s {}",
    ):
        stored = conversations.receive_message(number, text)
        found = conversations.find_message(number, int(stored.id))
        assert found is not None
        assert found.content == stored.content == conversations.clean_text(text)


def test_json_of_any_kind_comes_back_as_stored(number: int) -> None:
    attributes = {
        "items": [{"title": "ž 😀", "value": "1"}],
        "n": 1.5,
        "none": None,
        "deep": {"a": [1, {"b": "c"}]},
    }
    draft = MessageDraft(MessageType.OUTGOING, "choose", ASSISTANT, "input_select", attributes)
    stored = conversations.add_message(number, draft)
    found = conversations.find_message(number, int(stored.id))
    assert found is not None
    assert found.content_attributes == attributes


def test_jobs_are_kept_once_per_key_and_run_once_in_order_of_urgency(db: None) -> None:
    ran: list[str] = []

    def run(payload: dict, _: jobs.JobContext) -> None:
        ran.append(payload["name"])

    registry = jobs.Registry([jobs.JobKind("test.run", run)])
    jobs.enqueue("test.run", {"name": "bulk"}, key="a", priority=9)
    jobs.enqueue("test.run", {"name": "again"}, key="a", priority=9)
    jobs.enqueue("test.run", {"name": "urgent"}, key="b", priority=0)
    assert jobs.run_due(registry) == 2
    assert ran == ["urgent", "bulk"]
    assert jobs.run_due(registry) == 0


def together(work: Callable[[int], None]) -> list[BaseException]:
    """Run in several threads at once; what they raised."""
    raised: list[BaseException] = []
    gate = threading.Barrier(THREADS)

    def body(n: int) -> None:
        try:
            gate.wait(10)
            work(n)
        except BaseException as problem:  # noqa: BLE001 - the test looks at it
            raised.append(problem)
        finally:
            connection.close()

    threads = [threading.Thread(target=body, args=(n,)) for n in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return raised


@pytest.fixture
def committed(transactional_db: None) -> int:
    """A conversation that other connections see."""
    if connection.vendor == "sqlite" and connection.is_in_memory_db():
        pytest.skip(
            "threads share one connection to a database in memory; the crash tests cover SQLite's file"
        )
    inbox = conversations.create_inbox("API", "api", settings={"debounce_ms": 0})
    contact = conversations.create_contact(inbox, {"name": "Vera"})
    return int(conversations.create_conversation(contact).id)


def test_messages_from_many_sides_at_once_keep_their_numbers(committed: int) -> None:
    def work(n: int) -> None:
        for k in range(10):
            conversations.receive_message(committed, f"{n}/{k}", source_id=f"{n}/{k}")
            conversations.receive_message(committed, "twice", source_id=f"shared/{k}")

    assert together(work) == []
    messages = conversations.list_messages(committed)
    assert [m.sequence for m in messages] == list(range(1, THREADS * 10 + 10 + 1))
    assert len({m.source_id for m in messages}) == len(messages)


def test_one_of_many_takers_answers(committed: int) -> None:
    conversations.receive_message(committed, "one")
    stored: list[object] = []

    def work(n: int) -> None:
        found = answer(committed, 1, f"from {n}")
        if found is not None:
            stored.append(found)

    assert together(work) == []
    assert len(stored) == 1


def test_a_job_is_run_by_one_of_many_workers(committed: int) -> None:
    ran: list[int] = []
    registry = jobs.Registry([jobs.JobKind("test.run", lambda payload, _: ran.append(payload["n"]))])
    for n in range(30):
        jobs.enqueue("test.run", {"n": n}, run_at=now())

    def work(_: int) -> None:
        while jobs.run_due(registry):
            pass

    assert together(work) == []
    assert sorted(ran) == list(range(30))


class Shop:
    """Does what it is told."""

    def call(self, _: str, __: object, ___: object, key: str) -> CallOutcome:
        return CallOutcome(ok=True, data={"key": key})


def test_of_calls_at_once_no_more_are_made_than_a_limit_allows(
    committed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rapport.connectors.services.shop", Shop)
    connectors.save_limits(ActionLimits("shop.cancel_order", per_day=5))
    codes: list[str] = []

    def work(n: int) -> None:
        for k in range(4):
            who = Principal(f"customer_{n}", "hmac")
            request = ActionRequest("shop.cancel_order", {}, f"{n}/{k}", who, committed, "assistant")
            codes.append(connectors.perform(request).code)

    assert together(work) == []
    assert Counter(codes) == {"": 5, "limit:per_day": THREADS * 4 - 5}
    assert ActionCall.objects.count() == 5


def test_of_many_who_approve_one_decides(committed: int) -> None:
    row = Wait.objects.create(
        conversation_id=committed, instance="i", procedure="p", key="i:0", kind="approval"
    )
    people = [accounts.create_staff(f"p{n}@example.com", f"P{n}", "supervisor") for n in range(THREADS)]
    decided: list[int] = []

    def work(n: int) -> None:
        staff = accounts.find_staff(people[n].pk)
        assert staff is not None
        with contextlib.suppress(Conflict):
            procedures.decide(row.pk, staff, is_approved=n % 2 == 0, reason="because")
            decided.append(n)

    assert together(work) == []
    assert len(decided) == 1
    row.refresh_from_db()
    assert row.decided_by == people[decided[0]].pk
    assert Job.objects.filter(kind="assistant.wake").count() == 1


def test_an_event_sent_from_many_sides_at_once_counts_once(committed: int) -> None:
    Wait.objects.create(
        conversation_id=committed,
        instance="i",
        procedure="p",
        key="i:0",
        kind="event",
        event="paid",
        subject="#W1",
    )
    outcomes: list[procedures.EventOutcome] = []

    def work(_: int) -> None:
        outcomes.append(procedures.report_event("paid", "#W1", {}, event_id="e1", actor="test"))

    assert together(work) == []
    assert sorted(o.is_duplicate for o in outcomes) == [False, *[True] * (THREADS - 1)]
    assert Job.objects.filter(kind="assistant.wake").count() == 1


@pytest.mark.services
def test_everything_above_and_the_dialogues_hold_on_postgresql() -> None:
    suites = [
        "src/rapport/conversations",
        "src/rapport/connectors",
        "src/rapport/assistant",
        "tests/acceptance",
    ]
    said = _on_postgresql(__file__, *suites, "--deselect", "tests/acceptance/test_crashes.py")
    assert "skipped" not in said, "threads of their own need a real server"


@pytest.mark.services
def test_killed_workers_lose_and_double_nothing_on_postgresql() -> None:
    said = _on_postgresql("src/rapport/jobs/tests/test_worker_processes.py", "-k", "postgresql")
    assert " passed" in said
    assert "skipped" not in said


def _on_postgresql(*arguments: str) -> str:
    """What pytest says of tests on a server of their own, all of them passed."""
    from tests.acceptance.support.postgres import postgres_database

    with postgres_database() as url:
        environment = {**os.environ, "DATABASE_URL": url}
        environment.pop("DATA_DIR", None)
        command = [sys.executable, "-m", "pytest", "-v", "-m", "not services", *arguments]
        done = subprocess.run(
            command, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=900, check=False
        )
    assert done.returncode == 0, done.stdout[-6000:]
    return done.stdout
