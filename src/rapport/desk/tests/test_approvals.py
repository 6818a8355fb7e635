"""Approvals on the desk: who sees them, one decision, on record, and the count in the navigation."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from rapport.accounts.api import create_team
from rapport.accounts.models import AuditEntry
from rapport.desk.tests.conftest import Desk
from rapport.jobs.models import Job
from rapport.procedures.models import Wait


@pytest.fixture
def asked(desk: Desk) -> Wait:
    info = desk.conversation("Mia Hoffmann", "Please cancel my order")
    return Wait.objects.create(
        conversation_id=info.id,
        instance="i-1",
        procedure="cancel_order",
        key="i-1:0",
        kind="approval",
        title="Cancel an order",
        facts={
            "action": "shop.cancel_order",
            "arguments": {"order_id": "#W1", "item_ids": ["a", "b"], "address": {"city": "Vigo", "zip": ""}},
            "amount": 80.5,
            "currency": "EUR",
        },
    )


@pytest.fixture
def boss(desk: Desk) -> Client:
    """The supervisor's browser."""
    client = Client()
    client.force_login(desk.colleague)
    return client


def test_only_who_may_approve_sees_the_queue(desk: Desk, browser: Client, boss: Client, asked: Wait) -> None:
    for path in (
        "/approvals/",
        "/approvals/rows",
        "/approvals/count",
        "/approvals/decided",
        f"/approvals/{asked.pk}",
    ):
        assert Client().get(path)["Location"].startswith("/sign-in?next=/approvals/"), path
        assert browser.get(path).status_code == 403, path
        assert boss.get(path).status_code == 200, path
    assert browser.post(f"/approvals/{asked.pk}", {"decision": "approve"}).status_code == 403
    asked.refresh_from_db()
    assert asked.state == "waiting"


def test_the_queue_says_what_who_and_how_much(boss: Client, asked: Wait) -> None:
    page = boss.get("/approvals/").content.decode()
    assert "Cancel an order" in page
    assert "€80.50" in page
    assert "Mia Hoffmann" in page
    assert 'aria-label="Approvals (1)"' in page
    assert boss.get("/approvals/count").json() == {"count": 1}
    assert "Zrušit objednávku" in boss.get("/approvals/", headers={"Accept-Language": "cs"}).content.decode()


def test_a_longer_queue_costs_no_more_queries(boss: Client, desk: Desk, asked: Wait) -> None:
    boss.get("/approvals/rows")  # what is read once for a session or a process
    counts = []
    for n in range(2):
        with CaptureQueriesContext(connection) as asking:
            assert boss.get("/approvals/rows").content.decode().count("Cancel an order") == 4 * n + 1
        counts.append(len(asking))
        for m in range(4):
            info = desk.conversation(f"Customer {n} {m}", "Please cancel my order")
            Wait.objects.create(
                conversation_id=info.id, procedure="cancel_order", key=f"{n}-{m}:0", kind="approval",
                title="Cancel an order",
            )  # fmt: skip
    assert counts[0] == counts[1]


def test_one_of_them_shows_the_facts_and_the_conversation(boss: Client, asked: Wait) -> None:
    page = boss.get(f"/approvals/{asked.pk}").content.decode()
    for shown in ("shop.cancel_order", "#W1", "a, b", "Vigo", "Please cancel my order"):
        assert shown in page
    entry = AuditEntry.objects.get(kind="conversation_viewed")
    assert entry.detail == {"approval": asked.pk}


def test_a_yes_lets_the_procedure_go_on_once(boss: Client, desk: Desk, asked: Wait) -> None:
    assert boss.post(f"/approvals/{asked.pk}", {"decision": "approve"})["Location"] == "/approvals/"
    again = boss.post(f"/approvals/{asked.pk}", {"decision": "reject", "reason": "no"})
    assert again.status_code == 422
    assert "no longer waits" in again.content.decode()
    asked.refresh_from_db()
    assert (asked.state, asked.outcome, asked.decided_by) == ("due", "approved", desk.colleague.pk)
    assert Job.objects.filter(kind="assistant.wake").count() == 1
    assert AuditEntry.objects.get(kind="approval_given").detail == {
        "approval": asked.pk,
        "title": "Cancel an order",
        "reason": "",
        "actions": ["shop.cancel_order"],
        "amount": 80.5,
        "currency": "EUR",
    }
    assert "Sam Novak" in boss.get("/approvals/decided").content.decode()


@pytest.mark.parametrize(
    "form", [{}, {"decision": "maybe"}, {"decision": "reject"}, {"decision": "reject", "reason": "  "}]
)
def test_what_is_no_decision_changes_nothing(boss: Client, asked: Wait, form: dict[str, str]) -> None:
    assert boss.post(f"/approvals/{asked.pk}", form).status_code == 422
    asked.refresh_from_db()
    assert asked.state == "waiting"


def test_four_eyes(boss: Client, desk: Desk, asked: Wait) -> None:
    Wait.objects.update(actor=f"staff:{desk.colleague.pk}")
    page = boss.get(f"/approvals/{asked.pk}").content.decode()
    assert "Somebody else has to decide" in page
    assert 'name="decision"' not in page
    assert boss.post(f"/approvals/{asked.pk}", {"decision": "approve"}).status_code == 422
    asked.refresh_from_db()
    assert asked.state == "waiting"
    assert "Approvals (1)" not in boss.get("/approvals/").content.decode()


def test_another_team_s_approval_is_seen_and_not_decided(boss: Client, desk: Desk, asked: Wait) -> None:
    create_team("money", "Money matters")
    Wait.objects.update(team="money")
    assert "Another team decides this" in boss.get(f"/approvals/{asked.pk}").content.decode()
    assert boss.post(f"/approvals/{asked.pk}", {"decision": "approve"}).status_code == 422


def test_what_is_not_there_is_not_found(boss: Client, asked: Wait) -> None:
    assert boss.get("/approvals/999").status_code == 404
    assert boss.post("/approvals/999", {"decision": "approve"}).status_code == 404
    Wait.objects.update(kind="time")
    assert boss.get(f"/approvals/{asked.pk}").status_code == 404
