"""Rows of waiting procedures: they follow the state, cost nothing while they wait, and are called up once."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rapport.accounts import api as accounts
from rapport.accounts.contracts import AuditFilter, Staff
from rapport.conversations import api as conversations
from rapport.conversations.contracts import ConversationInfo
from rapport.jobs.models import FeedEvent, Job
from rapport.kernel.clock import use_clock
from rapport.kernel.errors import Conflict, InvalidInput, NotPermitted
from rapport.procedures import api as procedures
from rapport.procedures.contracts import Call, DialogueState, Ended, Frame, WaitFor
from rapport.procedures.models import Run, Wait

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 5, 20, 12, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def _clock() -> Any:
    with use_clock(lambda: NOW):
        yield


@pytest.fixture
def conversation(db: None) -> ConversationInfo:
    inbox = conversations.create_inbox("Shop", "api")
    return conversations.create_conversation(conversations.create_contact(inbox, {"name": "Vera"}))


def frame(wait: WaitFor | None, instance: str = "c-1") -> Frame:
    return Frame(instance, "repair", 1, "waiting", waiting=wait)


def keep(conversation: ConversationInfo, *frames: Frame, woken: tuple[int, ...] = ()) -> None:
    procedures.keep_waits(procedures.RunPlace(conversation), DialogueState(waiting=frames), woken)


def states() -> dict[str, str]:
    return dict(Wait.objects.values_list("key", "state"))


def at(hours: float) -> str:
    return (NOW + dt.timedelta(hours=hours)).isoformat()


def test_rows_follow_the_state(conversation: ConversationInfo) -> None:
    first = frame(WaitFor("time", "c-1:0", at(1)))
    second = frame(WaitFor("event", "c-2:3", event="paid", subject="#W1"), "c-2")
    keep(conversation, first, second)
    assert states() == {"c-1:0": "waiting", "c-2:3": "waiting"}
    keep(conversation, first, second)
    assert Wait.objects.count() == 2
    keep(conversation, second)
    assert states() == {"c-1:0": "dropped", "c-2:3": "waiting"}
    row = Wait.objects.get(key="c-2:3")
    keep(conversation, frame(WaitFor("approval", "c-2:4", title="Pay"), "c-2"), woken=(row.pk,))
    assert states() == {"c-1:0": "dropped", "c-2:3": "ended", "c-2:4": "waiting"}


def test_a_procedure_that_only_waits_for_another_has_no_row(conversation: ConversationInfo) -> None:
    keep(conversation, frame(None))
    assert states() == {}


def test_an_event_without_a_subject_is_about_the_conversation(conversation: ConversationInfo) -> None:
    keep(conversation, frame(WaitFor("event", "c-1:0", event="paid")))
    outcome = procedures.report_event("paid", f"conversation:{conversation.display_id}", {}, actor="test")
    assert outcome.woken == 1


def test_the_same_moment_does_not_come_twice(conversation: ConversationInfo) -> None:
    parked = frame(WaitFor("time", "c-1:0", at(-1)))
    keep(conversation, parked)
    assert procedures.call_up_due() == 1
    keep(conversation, parked, woken=(Wait.objects.get().pk,))
    assert procedures.call_up_due() == 0


@pytest.mark.parametrize("until", ["soon", "", None])
def test_what_is_no_moment_never_comes(conversation: ConversationInfo, until: str | None) -> None:
    keep(conversation, frame(WaitFor("time", "c-1:0", until)))
    assert Wait.objects.get().wake_at is None


def _park_many(conversation: ConversationInfo, count: int) -> None:
    Wait.objects.bulk_create(
        Wait(
            conversation_id=int(conversation.id),
            instance=f"m-{n}",
            procedure="repair",
            key=f"m-{n}:0",
            kind=("time", "event", "approval")[n % 3],
            wake_at=NOW + dt.timedelta(days=1 + n % 30),
            event="paid" if n % 3 == 1 else "",
            subject=f"#W{n}" if n % 3 == 1 else "",
        )
        for n in range(count)
    )


def _plan(sql: str) -> str:
    """How the database answers; it plans with the values, which Django passes beside the text."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {'QUERY PLAN ' if connection.vendor == 'sqlite' else ''}{sql}")
        return " ".join(str(row[-1]) for row in cursor.fetchall())


def _count_rows() -> None:
    """Let PostgreSQL know how much there is, as it does by itself in time."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE procedures_wait")


def test_ten_thousand_waiting_procedures_cost_nothing_until_they_are_due(
    conversation: ConversationInfo,
) -> None:
    _park_many(conversation, 10_000)
    Wait.objects.filter(key__in=("m-0:0", "m-3:0")).update(wake_at=NOW)
    _count_rows()
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert procedures.call_up_due() == 2
    selects = [q["sql"] for q in queries if q["sql"].startswith("SELECT")]
    assert len(selects) == 2
    plans = [_plan(sql) for sql in selects]
    assert "procedure_wait_time" in plans[0]
    assert "procedure_wait_due" in plans[1]
    assert not any("SCAN procedures" in plan or "Seq Scan" in plan or "TEMP B-TREE" in plan for plan in plans)
    with CaptureQueriesContext(connection) as queries:
        assert procedures.call_up_due() == 0
    assert len(queries) == 2
    with CaptureQueriesContext(connection) as queries:
        assert procedures.report_event("paid", "#W4", {}, actor="test").woken == 1
    (found,) = [
        q["sql"] for q in queries if q["sql"].startswith("SELECT") and '"procedures_wait"' in q["sql"]
    ]
    assert "procedure_wait_event" in _plan(found)


def test_more_than_a_batch_is_called_up_in_several_jobs(conversation: ConversationInfo) -> None:
    _park_many(conversation, 250)
    Wait.objects.update(wake_at=NOW)
    assert procedures.call_up_due() == 200
    assert Job.objects.filter(kind="assistant.wake_due").count() == 1
    assert procedures.call_up_due() == 50
    assert Job.objects.filter(kind="assistant.wake").count() == 250


def test_what_was_not_taken_up_is_tried_again_and_at_last_left_on_record(
    conversation: ConversationInfo,
) -> None:
    keep(conversation, frame(WaitFor("time", "c-1:0", at(-1))))
    procedures.call_up_due()
    assert procedures.call_up_due() == 0
    for tries in range(1, 6):
        with use_clock(lambda n=tries: NOW + dt.timedelta(minutes=3 * n)):
            procedures.call_up_due()
    row = Wait.objects.get()
    assert (row.state, row.tries) == ("failed", 5)
    keys = Job.objects.filter(kind="assistant.wake").values_list("key", flat=True)
    assert [key.startswith("given-up") for key in keys.order_by("id")] == [False] * 5 + [True]


# ── approvals ───────────────────────────────────────────────────────────────────────────────────────


def staff(email: str, role: str = "supervisor") -> Staff:
    found = accounts.find_staff(accounts.create_staff(email, email.partition("@")[0].title(), role).pk)
    assert found is not None
    return found


def ask(conversation: ConversationInfo, **more: Any) -> Wait:
    keep(conversation, frame(WaitFor("approval", "c-1:0", title="Refund", **more)))
    return Wait.objects.get()


def test_two_decisions_have_one_effect(conversation: ConversationInfo) -> None:
    row, ada, bea = ask(conversation), staff("ada@x.example"), staff("bea@x.example")
    procedures.decide(row.pk, ada, is_approved=True, reason="")
    with pytest.raises(Conflict):
        procedures.decide(row.pk, bea, is_approved=False, reason="no")
    row.refresh_from_db()
    assert (row.outcome, row.decided_by, row.data) == ("approved", ada.id, {"by": "Ada", "reason": ""})
    assert Job.objects.filter(kind="assistant.wake").count() == 1
    lines, _ = accounts.list_audit(AuditFilter(kind="approval_given"))
    assert [(line.actor_name, line.detail["title"]) for line in lines] == [("Ada", "Refund")]


def test_a_refusal_needs_a_reason(conversation: ConversationInfo) -> None:
    row, ada = ask(conversation), staff("ada@x.example")
    with pytest.raises(InvalidInput):
        procedures.decide(row.pk, ada, is_approved=False, reason=" \x00 ")
    procedures.decide(row.pk, ada, is_approved=False, reason="too dear")
    assert procedures.list_approvals(ada, "en") == []
    (decided,) = procedures.list_approvals(ada, "en", decided=True)
    assert (decided.outcome, decided.said, decided.decided_by) == ("rejected", "too dear", "Ada")


@pytest.mark.parametrize("role", ["agent", "analyst", "marketer", "dpo"])
def test_who_may_not_approve_does_not(conversation: ConversationInfo, role: str) -> None:
    row = ask(conversation)
    with pytest.raises(NotPermitted):
        procedures.decide(row.pk, staff("x@x.example", role), is_approved=True, reason="")
    row.refresh_from_db()
    assert row.state == "waiting"


def test_a_team_decides_what_is_its_own(conversation: ConversationInfo) -> None:
    row, ada, admin = (
        ask(conversation, team="money"),
        staff("ada@x.example"),
        staff("root@x.example", "administrator"),
    )
    assert procedures.count_approvals(ada) == 1  # a team nobody has made restricts nobody
    team = accounts.create_team("money", "Money")
    assert (procedures.count_approvals(ada), procedures.count_approvals(admin)) == (0, 1)
    team.members.add(ada.id)
    member = accounts.find_staff(ada.id)
    assert member is not None
    assert procedures.find_approval(row.pk, member, "en").bar == ""


def test_what_was_approved_is_this_very_call(conversation: ConversationInfo) -> None:
    facts = {"action": "shop.refund", "arguments": {"order_id": "#W1"}, "amount": 80.0}
    row = ask(conversation, facts=facts)
    call = Call("shop.refund", {"order_id": "#W1"}, "c-1:0", 80.0)
    assert not procedures.is_approved(call)
    procedures.decide(row.pk, staff("ada@x.example"), is_approved=True, reason="")
    assert procedures.is_approved(call)
    assert not procedures.is_approved(Call("shop.refund", {"order_id": "#W2"}, "c-1:0", 80.0))
    assert not procedures.is_approved(Call("shop.refund", {"order_id": "#W1"}, "c-1:1", 80.0))


def test_open_desks_hear_of_it(conversation: ConversationInfo) -> None:
    row = ask(conversation)
    procedures.decide(row.pk, staff("ada@x.example"), is_approved=True, reason="")
    keep(conversation, woken=(row.pk,))
    assert FeedEvent.objects.filter(kind="approval_updated").count() == 3


# ── runs ────────────────────────────────────────────────────────────────────────────────────────────


def test_runs_that_are_done_are_counted_by_what_the_limit_names(conversation: ConversationInfo) -> None:
    place = procedures.RunPlace(conversation, customer_ref="ana_1")
    running = DialogueState(stack=(Frame("c-1", "goodwill", 1, "collecting"),))
    subjects = {("goodwill", "once_an_order"): "#W1"}
    procedures.record_runs(place, running, (), subjects)
    assert procedures.count_runs("goodwill", "once_an_order", "#W1", 3600) == 0
    done = DialogueState(finished=(Frame("c-1", "goodwill", 1, "done"),))
    procedures.record_runs(place, done, (Ended("goodwill", "c-1", "done"),), {})
    assert procedures.count_runs("goodwill", "once_an_order", "#W1", 3600) == 1
    assert procedures.count_runs("goodwill", "once_an_order", "#W2", 3600) == 0
    with use_clock(lambda: NOW + dt.timedelta(hours=2)):
        assert procedures.count_runs("goodwill", "once_an_order", "#W1", 3600) == 0
    assert Run.objects.get(limit="").subject == "ana_1"


@pytest.mark.parametrize("outcome", ["cancelled", "refused", "handed_over", "failed"])
def test_runs_that_came_to_nothing_do_not_count(conversation: ConversationInfo, outcome: Any) -> None:
    place = procedures.RunPlace(conversation, customer_ref="ana_1")
    ended = DialogueState(finished=(Frame("c-1", "goodwill", 1, outcome),))
    procedures.record_runs(place, ended, (Ended("goodwill", "c-1", outcome),), {("goodwill", "l"): "ana_1"})
    assert procedures.count_runs("goodwill", "l", "ana_1", 3600) == 0
