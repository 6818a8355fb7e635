"""One customer's orders set back and forth."""

import shutil
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from demo_shop.app import create_app
from demo_shop.past import Course, Past, list_courses, list_people
from demo_shop.text import iso

NOW = datetime(2026, 5, 20, 8, tzinfo=UTC)
SECRET = "shop-secret"
TABLES = (
    "orders",
    "order_item",
    "payment",
    "fulfillment",
    "carrier_event",
    "event",
    "claim",
    "payment_method",
)


@pytest.fixture
def database(generated: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(generated, tmp_path / "shop.db"))


def rows(database: Path) -> dict[str, list[str]]:
    connection = sqlite3.connect(database)
    found = {t: sorted(map(repr, connection.execute(f"SELECT * FROM {t}"))) for t in TABLES}
    connection.close()
    return found


def client(database: Path) -> TestClient:
    headers = {"Authorization": f"Bearer {SECRET}"}
    return TestClient(create_app(database, secret=SECRET, allow_backdating=True), headers=headers)


def delivered(database: Path) -> Course:
    """An order delivered long ago and kept."""
    return next(
        c
        for c in list_courses(database)
        if c.delivered_at
        and not c.ended_kind
        and not c.is_modified
        and c.delivered_at < NOW - timedelta(days=60)
    )


def test_people_and_courses_know_what_a_simulation_needs(database):
    people, courses = list_people(database), list_courses(database)
    assert sum(p.is_showcase for p in people) == 6
    assert len(courses) == 2000
    assert {c.ended_kind for c in courses} == {"", "cancelled", "return requested", "exchange requested"}


def test_going_back_and_coming_back_changes_nothing(database):
    before, past = rows(database), Past(database)
    for number, person in enumerate(list_people(database)[:40]):
        past.go_back(person.customer_id, NOW - timedelta(days=5 * number))
        past.come_back(NOW)
    past.close()
    assert rows(database) == before


def test_in_the_past_an_order_is_as_it_was_and_later_ones_are_not_there(database):
    course, past = delivered(database), Past(database)
    assert course.packed_at is not None
    past.go_back(course.customer_id, course.placed_at + timedelta(minutes=5))
    shown = {c.order_id: c for c in list_courses(database) if c.customer_id == course.customer_id}
    assert shown[course.order_id].packed_at is None
    assert all(c.placed_at <= course.placed_at + timedelta(minutes=5) for c in shown.values())
    order = client(database).get(f"/api/v1/orders/{course.order_id.replace('#', '%23')}").json()
    assert order["status"] == "pending"


def test_what_was_cancelled_in_the_past_stays_cancelled(database):
    course, past = delivered(database), Past(database)
    at = course.placed_at + timedelta(minutes=5)
    past.go_back(course.customer_id, at)
    path = f"/api/v1/orders/{course.order_id.replace('#', '%23')}/cancel"
    done = client(database).post(
        path, json={"reason": "no longer needed"}, headers={"X-Occurred-At": at.isoformat()}
    )
    assert done.status_code == 200
    past.come_back(NOW)
    after = next(c for c in list_courses(database) if c.order_id == course.order_id)
    assert (after.ended_kind, after.ended_at, after.delivered_at) == (
        "cancelled",
        at.replace(microsecond=0),
        None,
    )
    connection = sqlite3.connect(database)
    settled = connection.execute(
        "SELECT settled_at FROM payment WHERE order_id = ? AND transaction_type = 'refund'",
        (course.order_id,),
    ).fetchall()
    connection.close()
    assert all(row[0] is not None and row[0] <= iso(NOW) for row in settled)
    assert settled
