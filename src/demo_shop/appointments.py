"""Delivery appointments: a two-hour window for an order that is not delivered yet, per region."""

import sqlite3
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Literal

from pydantic import Field

from demo_shop.models import Address, Moment, Order, Shape
from demo_shop.reads import find_order, list_customer_orders
from demo_shop.refusals import Refusal
from demo_shop.requests import OrderWrite
from demo_shop.rules import check_owner
from demo_shop.text import iso, utc_now
from demo_shop.windows import Plan, list_windows, places_taken
from demo_shop.writes import Write

PLAN = Plan(
    hours=dict.fromkeys(range(5), (8, 18)), minutes=120, days=4, notice=timedelta(hours=28), capacity=3
)
FREE_MOVE = timedelta(hours=24)
"""Until how long before its beginning an appointment can be moved."""
ZONES = {
    "CZ": "Europe/Prague",
    "DE": "Europe/Berlin",
    "ES": "Europe/Madrid",
    "GB": "Europe/London",
    "RU": "Europe/Moscow",
    "CN": "Asia/Shanghai",
}
_BOOKABLE = ("pending", "pending (item modified)", "processed", "shipped")


class Appointment(Shape):
    """An order under way and when it is to be brought; without times nothing is booked."""

    order_id: str
    customer_id: str
    status: str
    names: list[str]
    region: str
    zone: str = Field(description="Time zone of the address, IANA name.")
    state: Literal["open", "booked", "fixed"] = Field(description="fixed: too close to be moved.")
    starts_at: Moment | None
    ends_at: Moment | None


class DeliveryWindow(Shape):
    """A window with room."""

    starts_at: Moment
    ends_at: Moment
    zone: str


class BookAppointment(OrderWrite):
    """Book a window for an order, or move its appointment there."""

    starts_at: str = Field(min_length=1, max_length=40)


def region_of(address: Address) -> str:
    """Where an address belongs: its city."""
    return f"{address.country}/{address.city}"


def zone_of(address: Address) -> str:
    """Time zone of an address; the warehouse's where the country has none of its own here."""
    return ZONES.get(address.country, "Europe/Prague")


def list_appointments(connection: sqlite3.Connection, customer_id: str, language: str) -> list[Appointment]:
    """The customer's orders under way with what is booked."""
    rows = connection.execute("SELECT * FROM appointment WHERE customer_id = ?", (customer_id,))
    booked = {row["order_id"]: row for row in rows}
    orders = list_customer_orders(connection, customer_id, language)
    at = iso(utc_now())
    return [_appointment(o, booked.get(o.order_id), at) for o in orders if o.status in _BOOKABLE]


def _appointment(order: Order, row: sqlite3.Row | None, at: str) -> Appointment:
    return Appointment(
        order_id=order.order_id,
        customer_id=order.customer_id,
        status=order.status,
        names=list(dict.fromkeys(item.display_name for item in order.items)),
        region=region_of(order.address),
        zone=zone_of(order.address),
        state="open" if row is None else "fixed" if _is_fixed(row, at) else "booked",
        starts_at=row["starts_at"] if row else None,
        ends_at=row["ends_at"] if row else None,
    )


def _is_fixed(row: sqlite3.Row, at: str) -> bool:
    return iso(datetime.fromisoformat(at) + FREE_MOVE) > str(row["starts_at"])


def list_free(
    connection: sqlite3.Connection, path: Mapping[str, str], query: Mapping[str, str], _language: str
) -> list[DeliveryWindow]:
    """Windows with room for an order, after now or after a stated moment."""
    order = find_order(connection, path["order_id"])
    try:
        after = datetime.fromisoformat(query["after"]) if query.get("after") else utc_now()
    except ValueError:
        raise Refusal("invalid_request", "after is an ISO 8601 time.") from None
    if order.status not in _BOOKABLE:
        return []
    return _free(connection, order, after)


def _free(connection: sqlite3.Connection, order: Order, after: datetime) -> list[DeliveryWindow]:
    region, zone = region_of(order.address), zone_of(order.address)
    rows = connection.execute(
        "SELECT starts_at, COUNT(*) AS count FROM appointment WHERE region = ? GROUP BY starts_at", (region,)
    )
    booked = {row["starts_at"]: row["count"] for row in rows}
    return [
        DeliveryWindow(starts_at=window.starts_at, ends_at=window.ends_at, zone=zone)
        for window in list_windows(PLAN, zone, after)
        if places_taken(region, window.starts_at, PLAN.capacity) + booked.get(window.starts_at, 0)
        < PLAN.capacity
    ]


def book_appointment(write: Write, order_id: str, body: BookAppointment) -> Appointment:
    """Book or move; an appointment that begins within a day stays."""
    order = find_order(write.connection, order_id)
    check_owner(order, body.customer_id)
    if order.status not in _BOOKABLE:
        raise Refusal("appointment_not_possible", f"The status is '{order.status}'.")
    row = write.connection.execute(
        "SELECT * FROM appointment WHERE order_id = ?", (order.order_id,)
    ).fetchone()
    if row is not None and _is_fixed(row, write.at):
        raise Refusal("appointment_too_close", f"It begins at {row['starts_at']}.")
    free = _free(write.connection, order, datetime.fromisoformat(write.at))
    window = next((w for w in free if w.starts_at == body.starts_at), None)
    if window is None:
        raise Refusal("window_not_free")
    write.run(
        "INSERT INTO appointment VALUES (?, ?, ?, ?, ?, 0, ?) ON CONFLICT (order_id) DO UPDATE SET"
        " starts_at = excluded.starts_at, ends_at = excluded.ends_at, moves = moves + 1,"
        " booked_at = excluded.booked_at",
        order.order_id, order.customer_id, region_of(order.address), window.starts_at, window.ends_at, write.at,
    )  # fmt: skip
    kind = "appointment_booked" if row is None else "appointment_moved"
    write.record(order.customer_id, order.order_id, kind, starts_at=window.starts_at)
    row = write.connection.execute(
        "SELECT * FROM appointment WHERE order_id = ?", (order.order_id,)
    ).fetchone()
    return _appointment(order, row, write.at)
