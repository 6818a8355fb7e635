"""Callbacks: a half hour in which people of the shop call the customer, free of charge."""

import sqlite3
from collections.abc import Mapping
from datetime import datetime, timedelta

from pydantic import Field

from demo_shop.models import Moment, Shape
from demo_shop.numbering import next_number
from demo_shop.phones import read_phone
from demo_shop.reads import find_customer
from demo_shop.refusals import Refusal
from demo_shop.requests import Body
from demo_shop.text import utc_now
from demo_shop.windows import Plan, list_windows, places_taken
from demo_shop.writes import Write

ZONE = "Europe/Prague"
PLAN = Plan(
    hours={**dict.fromkeys(range(5), (8, 18)), 5: (9, 14)},
    minutes=60,
    days=3,
    notice=timedelta(minutes=20),
    capacity=4,
)


class CallbackWindow(Shape):
    """A time at which somebody is free to call."""

    starts_at: Moment
    ends_at: Moment
    zone: str


class Callback(Shape):
    """A call that was promised."""

    callback_id: str
    customer_id: str
    phone: str
    topic: str
    starts_at: Moment
    status: str
    created_at: Moment


class AskCallback(Body):
    """Ask for a call."""

    phone: str = Field(
        min_length=1, max_length=40, description="International form, or that of the customer's country."
    )
    starts_at: str = Field(min_length=1, max_length=40)
    topic: str = Field(min_length=1, max_length=1000)


def list_free(
    connection: sqlite3.Connection, _path: Mapping[str, str], query: Mapping[str, str], _language: str
) -> list[CallbackWindow]:
    """Times with somebody free, after now or after a stated moment."""
    try:
        after = datetime.fromisoformat(query["after"]) if query.get("after") else utc_now()
    except ValueError:
        raise Refusal("invalid_request", "after is an ISO 8601 time.") from None
    return _free(connection, after)


def _free(connection: sqlite3.Connection, after: datetime) -> list[CallbackWindow]:
    rows = connection.execute(
        "SELECT starts_at, COUNT(*) AS count FROM callback WHERE status = 'planned' GROUP BY starts_at"
    )
    booked = {row["starts_at"]: row["count"] for row in rows}
    return [
        CallbackWindow(starts_at=w.starts_at, ends_at=w.ends_at, zone=ZONE)
        for w in list_windows(PLAN, ZONE, after)
        if places_taken("callback", w.starts_at, PLAN.capacity) + booked.get(w.starts_at, 0) < PLAN.capacity
    ]


def ask_callback(write: Write, customer_id: str, body: AskCallback) -> Callback:
    """Promise a call; one at a time for each customer."""
    customer = find_customer(write.connection, customer_id)
    phone = read_phone(body.phone, customer.address.country)
    waiting = write.connection.execute(
        "SELECT 1 FROM callback WHERE customer_id = ? AND status = 'planned' AND starts_at > ?",
        (customer_id, write.at),
    ).fetchone()
    if waiting:
        raise Refusal("callback_planned")
    if body.starts_at not in {w.starts_at for w in _free(write.connection, datetime.fromisoformat(write.at))}:
        raise Refusal("window_not_free")
    callback = Callback(
        callback_id=next_number(write, "callback", "T"),
        customer_id=customer_id,
        phone=phone,
        topic=body.topic,
        starts_at=body.starts_at,
        status="planned",
        created_at=write.at,
    )
    write.run("INSERT INTO callback VALUES (?, ?, ?, ?, ?, ?, ?)", *callback.model_dump().values())
    write.record(
        customer_id, None, "callback_planned", callback_id=callback.callback_id, starts_at=body.starts_at
    )
    return callback
