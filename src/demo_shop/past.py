"""The shop as it was: who ordered what when, and one customer's orders set back to an earlier moment.

Used only while history is made. A conversation of the past must meet the orders of that day; afterwards what
the conversation changed stays and takes its course, and everything else is as it was before.
"""

import json
import sqlite3
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from demo_shop.database import Database, read_meta
from demo_shop.rules import MODIFIED
from demo_shop.text import iso

_STATUS_AFTER = {
    "order_placed": "pending",
    "order_items_changed": MODIFIED,
    "order_cancelled": "cancelled",
    "order_packed": "processed",
    "parcel_picked_up": "shipped",
    "parcel_delivered": "delivered",
    "return_requested": "return requested",
    "refund_paid": "refunded",
    "exchange_requested": "exchange requested",
    "exchange_sent": "exchanged",
}
_TABLES = ("orders", "order_item", "payment", "fulfillment", "carrier_event", "event")
"""Parents first; claims stay, because their numbers count the rows."""
_FINAL = {"order_cancelled", "return_requested", "exchange_requested"}
_PARCEL_BACK = timedelta(days=9)
_REFUND_TAKES = timedelta(days=7)

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Person:
    """A customer of the shop, as a simulation needs to know them."""

    customer_id: str
    name: str
    email: str
    language: str
    address: dict[str, str]
    is_showcase: bool
    """Kept untouched for people who try the demonstration."""
    has_gift_card: bool
    claimed_at: tuple[datetime, ...]


@dataclass(frozen=True, slots=True)
class Course:
    """When the stages of an order were reached; None for what has not happened."""

    order_id: str
    customer_id: str
    placed_at: datetime
    packed_at: datetime | None
    delivered_at: datetime | None
    ended_kind: str
    """``cancelled``, ``return requested``, ``exchange requested`` or empty."""
    ended_at: datetime | None
    closed_at: datetime | None
    """When the refund was paid or the exchange was sent."""
    is_modified: bool
    payments: int
    methods: int
    """Ways to pay its customer has."""
    pieces: int


def list_people(database: Path) -> list[Person]:
    """Read every customer, in the shop's order."""
    shop = Database(database)
    with shop.reading() as connection:
        showcase = set(json.loads(read_meta(connection, "showcase", "[]")))
        cards = {
            r[0]
            for r in connection.execute("SELECT customer_id FROM payment_method WHERE source = 'gift_card'")
        }
        claims: dict[str, list[datetime]] = defaultdict(list)
        for row in connection.execute("SELECT customer_id, created_at FROM claim"):
            claims[row[0]].append(datetime.fromisoformat(row[1]))
        people = [
            Person(
                row["customer_id"],
                f"{row['first_name']} {row['last_name']}",
                row["email"],
                row["language"] or "en",
                json.loads(row["address"]),
                row["customer_id"] in showcase,
                row["customer_id"] in cards,
                tuple(claims[row["customer_id"]]),
            )
            for row in connection.execute("SELECT * FROM customer ORDER BY position")
        ]
    shop.close()
    return people


def list_courses(database: Path) -> list[Course]:
    """Read every order's course, oldest first; orders without recorded events are left out."""
    shop = Database(database)
    found: dict[str, dict[str, datetime]] = defaultdict(dict)
    with shop.reading() as connection:
        for row in connection.execute(
            "SELECT order_id, kind, at FROM event WHERE order_id IS NOT NULL ORDER BY at, id"
        ):
            found[row[0]][row[1]] = datetime.fromisoformat(row[2])
        counts = (
            "SELECT o.order_id, o.customer_id,"
            " (SELECT COUNT(*) FROM payment p WHERE p.order_id = o.order_id),"
            " (SELECT COUNT(*) FROM payment_method m WHERE m.customer_id = o.customer_id),"
            " (SELECT COUNT(*) FROM order_item i WHERE i.order_id = o.order_id) FROM orders o ORDER BY o.position"
        )
        rows = [tuple(row) for row in connection.execute(counts)]
    shop.close()
    return [_course(found[row[0]], row) for row in rows if "order_placed" in found[row[0]]]


def _course(times: dict[str, datetime], row: tuple[Any, ...]) -> Course:
    ended = next((kind for kind in _FINAL if kind in times), "")
    return Course(
        order_id=row[0],
        customer_id=row[1],
        placed_at=times["order_placed"],
        packed_at=times.get("order_packed"),
        delivered_at=times.get("parcel_delivered"),
        ended_kind=_STATUS_AFTER.get(ended, ""),
        ended_at=times.get(ended),
        closed_at=times.get("refund_paid") or times.get("exchange_sent"),
        is_modified="order_items_changed" in times,
        payments=row[2],
        methods=row[3],
        pieces=row[4],
    )


class Past:
    """Sets one customer's orders back and forth."""

    def __init__(self, database: Path) -> None:
        self._shop = Database(database)
        self._kept: dict[str, dict[str, list[Row]]] = {}
        self._last_event = 0

    def go_back(self, customer_id: str, moment: datetime) -> None:
        """Show the customer's orders as they were; later ones are not there."""
        assert not self._kept, "come back first"
        with self._shop.writing() as connection:
            rows = connection.execute("SELECT order_id FROM orders WHERE customer_id = ?", (customer_id,))
            order_ids = [row[0] for row in rows.fetchall()]
            self._kept = {order_id: _read(connection, order_id) for order_id in order_ids}
            self._last_event = connection.execute("SELECT COALESCE(MAX(id), 0) FROM event").fetchone()[0]
            for order_id, tables in self._kept.items():
                _rewind(connection, order_id, tables, iso(moment))

    def come_back(self, now: datetime) -> None:
        """Return to the present: changes made meanwhile stay and take their course up to now."""
        with self._shop.writing() as connection:
            for order_id, tables in self._kept.items():
                current = _read(connection, order_id)
                new = [event for event in current["event"] if event["id"] > self._last_event]
                if not new:
                    _replace(connection, order_id, tables)
                elif new[-1]["kind"] in _FINAL:
                    _finish(connection, current, new[-1], now)
                else:
                    _replace(connection, order_id, _merge(tables, current, new))
        self._kept = {}

    def close(self) -> None:
        """Close the connections."""
        self._shop.close()


def _read(connection: sqlite3.Connection, order_id: str) -> dict[str, list[Row]]:
    return {
        table: [dict(r) for r in connection.execute(f"SELECT * FROM {table} WHERE order_id = ?", (order_id,))]  # noqa: S608 - names from the constant above
        for table in _TABLES
    }


def _insert(connection: sqlite3.Connection, table: str, row: Row) -> None:
    marks = ", ".join(f":{name}" for name in row)
    connection.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})", row)  # noqa: S608 - names from the constant above


def _update_order(connection: sqlite3.Connection, row: Row) -> None:
    sets = ", ".join(f"{name} = :{name}" for name in row)
    connection.execute(f"UPDATE orders SET {sets} WHERE order_id = :order_id", row)  # noqa: S608 - names from the constant above


def _replace(connection: sqlite3.Connection, order_id: str, tables: dict[str, list[Row]]) -> None:
    """Put these rows in the place of the order's rows; the order's own row is updated, for claims hang on it."""
    for table in reversed(_TABLES[1:]):
        connection.execute(f"DELETE FROM {table} WHERE order_id = ?", (order_id,))  # noqa: S608 - names from the constant above
    order = tables["orders"][0]
    if connection.execute("SELECT 1 FROM orders WHERE order_id = ?", (order_id,)).fetchone():
        _update_order(connection, order)
    else:
        _insert(connection, "orders", order)
    for table in _TABLES[1:]:
        for row in tables[table]:
            _insert(connection, table, row)


def _rewind(connection: sqlite3.Connection, order_id: str, tables: dict[str, list[Row]], moment: str) -> None:
    events = sorted((e for e in tables["event"] if e["at"] <= moment), key=lambda e: (e["at"], e["id"]))
    if not events:
        if connection.execute("SELECT 1 FROM claim WHERE order_id = ?", (order_id,)).fetchone():
            return
        for table in reversed(_TABLES):
            connection.execute(f"DELETE FROM {table} WHERE order_id = ?", (order_id,))  # noqa: S608 - names from the constant above
        return
    stages = [(e["kind"], e["at"]) for e in events if e["kind"] in _STATUS_AFTER]
    kind, at = stages[-1]
    reached = {k for k, _ in stages}
    order = {**tables["orders"][0], "status": _STATUS_AFTER[kind], "status_at": at}
    if "parcel_delivered" not in reached:
        order["delivered_at"] = None
    if "order_cancelled" not in reached:
        order["cancel_reason"] = None
    for prefix, event in (("return_", "return_requested"), ("exchange_", "exchange_requested")):
        if event not in reached:
            order |= {name: None for name in order if name.startswith(prefix)}
    payments = [
        {**p, "settled_at": p["settled_at"] if p["settled_at"] and p["settled_at"] <= moment else None}
        for p in tables["payment"]
        if p["at"] <= moment
    ]
    earlier = {
        **tables,
        "orders": [order],
        "payment": payments,
        "fulfillment": tables["fulfillment"] if "order_packed" in reached else [],
        "carrier_event": [e for e in tables["carrier_event"] if e["at"] <= moment],
        "event": events,
    }
    _replace(connection, order_id, earlier)


def _merge(
    before: dict[str, list[Row]], current: dict[str, list[Row]], new: list[Row]
) -> dict[str, list[Row]]:
    """The order's recorded course, with what was changed on the way (address, items, payment, claims)."""
    kinds = {event["kind"] for event in new}
    order = {**before["orders"][0], "address": current["orders"][0]["address"]}
    merged = {**before, "orders": [order], "event": [*before["event"], *new]}
    if "order_items_changed" in kinds:
        if order["status"] == "pending":
            order |= {"status": MODIFIED, "status_at": new[-1]["at"]}
        merged["order_item"] = current["order_item"]
        ids = json.dumps([item["item_id"] for item in current["order_item"]])
        merged["fulfillment"] = [{**f, "item_ids": ids} for f in before["fulfillment"]]
    if kinds & {"order_items_changed", "order_payment_changed"}:
        known = {(p["at"], p["transaction_type"], p["amount_cents"]) for p in current["payment"]}
        later = [
            p for p in before["payment"] if (p["at"], p["transaction_type"], p["amount_cents"]) not in known
        ]
        payments = sorted([*current["payment"], *later], key=lambda p: p["at"])
        merged["payment"] = [{**p, "line": line} for line, p in enumerate(payments, start=1)]
    return merged


def _finish(connection: sqlite3.Connection, current: dict[str, list[Row]], event: Row, now: datetime) -> None:
    """Let a cancellation's refund arrive, or a parcel come back, if there was time for it."""
    order, at = current["orders"][0], datetime.fromisoformat(event["at"])
    closed = at + (_REFUND_TAKES if event["kind"] == "order_cancelled" else _PARCEL_BACK)
    if closed > now:
        return
    if event["kind"] == "order_cancelled":
        connection.execute(
            "UPDATE payment SET settled_at = ? WHERE order_id = ? AND settled_at IS NULL",
            (iso(closed), order["order_id"]),
        )
        return
    is_return = event["kind"] == "return_requested"
    kind = "refund_paid" if is_return else "exchange_sent"
    cents = _returned_cents(current) if is_return else order["exchange_difference_cents"]
    method = order["return_payment_method_id"] if is_return else order["exchange_payment_method_id"]
    _insert(
        connection,
        "payment",
        {
            "order_id": order["order_id"],
            "line": max(p["line"] for p in current["payment"]) + 1,
            "transaction_type": "payment" if not is_return and cents > 0 else "refund",
            "amount_cents": abs(cents),
            "payment_method_id": method,
            "at": iso(closed),
            "settled_at": iso(closed),
        },
    )
    connection.execute(
        "INSERT INTO event (at, customer_id, order_id, kind, data) VALUES (?, ?, ?, ?, '{}')",
        (iso(closed), order["customer_id"], order["order_id"], kind),
    )
    _update_order(connection, {**order, "status": _STATUS_AFTER[kind], "status_at": iso(closed)})


def _returned_cents(current: dict[str, list[Row]]) -> int:
    wanted = list(json.loads(current["orders"][0]["return_items"]))
    total = 0
    for item in current["order_item"]:
        if item["item_id"] in wanted:
            wanted.remove(item["item_id"])
            total += item["price_cents"]
    return total
