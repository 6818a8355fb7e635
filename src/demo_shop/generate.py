"""Fill a database with a made-up shop: the same seed and day give the same shop."""

import json
import random
import sqlite3
from datetime import UTC, date, datetime, time
from pathlib import Path

from demo_shop.catalogue import StockedProduct, build_catalogue
from demo_shop.database import Database, empty_all_tables, write_meta
from demo_shop.demand import plan_orders
from demo_shop.journeys import CLAIM_TEXTS, Course, follow
from demo_shop.people import Person, build_people
from demo_shop.reads import name_key
from demo_shop.service_history import store_services
from demo_shop.text import fold, fold_zip, iso, utc_now

CUSTOMERS = 500
ORDERS = 2000


def generate(database: Path, *, seed: int = 7, today: date | None = None) -> None:
    """Replace everything in the database by a generated shop.

    Args:
        database: SQLite file, created when missing.
        seed: decides everything but the time.
        today: nothing is dated later; a ``datetime`` is taken as it is, a ``date`` as 08:00 UTC of that day,
            nothing as the present moment.
    """
    now = _moment(today)
    rng = random.Random(seed)  # noqa: S311 - made-up data
    products = build_catalogue(rng)
    people = build_people(rng, CUSTOMERS, now)
    numbers = rng.sample(range(1_000_000, 10_000_000), ORDERS)
    plans = plan_orders(rng, people, products, ORDERS, now)
    courses = [follow(rng, plan, f"#W{number}", now) for plan, number in zip(plans, numbers, strict=True)]
    shop = Database(database)
    with shop.writing() as connection:
        empty_all_tables(connection)
        write_meta(connection, "currency", "EUR")
        write_meta(connection, "showcase", json.dumps([p.customer_id for p in people if p.is_showcase]))
        _store_products(connection, products)
        _store_people(connection, people)
        _store_orders(connection, courses)
        _store_courses(connection, courses)
        store_services(connection, seed, people, courses, now)
    shop.close()


def _moment(today: date | None) -> datetime:
    if today is None:
        return utc_now()
    if isinstance(today, datetime):
        return today.astimezone(UTC)
    return datetime.combine(today, time(8), UTC)


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _maybe_iso(moment: datetime | None) -> str | None:
    return None if moment is None else iso(moment)


def _store_products(connection: sqlite3.Connection, products: list[StockedProduct]) -> None:
    connection.executemany(
        "INSERT INTO product VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            (p.product_id, place, p.names["en"], _text(p.names), p.category, p.picture, p.is_consumable)
            for place, p in enumerate(products)
        ],
    )
    connection.executemany(
        "INSERT INTO variant VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            (v.item_id, p.product_id, place, _text(v.options), v.price_cents, v.stock > 0, v.stock)
            for p in products
            for place, v in enumerate(p.variants)
        ],
    )


def _store_people(connection: sqlite3.Connection, people: list[Person]) -> None:
    connection.executemany(
        "INSERT INTO customer VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                p.customer_id, place, p.first_name, p.last_name, name_key(p.first_name, p.last_name), p.email,
                fold(p.email), _text(p.address), fold_zip(p.address["zip"]), p.phone, p.language,
                iso(p.created_at),
            )
            for place, p in enumerate(people)
        ],
    )  # fmt: skip
    connection.executemany(
        "INSERT INTO payment_method VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            (p.customer_id, w.method_id, place, w.source, w.brand, w.last_four, w.balance_cents)
            for p in people
            for place, w in enumerate(p.wallets)
        ],
    )


def _store_orders(connection: sqlite3.Connection, courses: list[Course]) -> None:
    places: dict[str, int] = {}
    for position, course in enumerate(courses):
        person = course.plan.person
        place = places[person.customer_id] = places.get(person.customer_id, -1) + 1
        facts = course.facts
        values: dict[str, object] = {
            "order_id": course.order_id,
            "position": position,
            "customer_id": person.customer_id,
            "customer_position": place,
            "address": _text(person.address),
            "status": course.status,
            "placed_at": iso(course.plan.placed_at),
            "status_at": _maybe_iso(course.status_at),
            "delivered_at": _maybe_iso(course.delivered_at),
        }
        for key, value in facts.items():
            is_plain = value is None or isinstance(value, str | int)
            values[key] = iso(value) if isinstance(value, datetime) else value if is_plain else _text(value)
        marks = ", ".join(f":{key}" for key in values)
        connection.execute(f"INSERT INTO orders ({', '.join(values)}) VALUES ({marks})", values)  # noqa: S608


def _store_courses(connection: sqlite3.Connection, courses: list[Course]) -> None:
    """Store what hangs on the orders, then the feed of events in the order they happened."""
    for course in courses:
        _store_contents(connection, course)
    events = [
        (iso(at), course.plan.person.customer_id, course.order_id, kind, _text(data))
        for course in courses
        for at, kind, data in course.events
    ]
    connection.executemany(
        "INSERT INTO event (at, customer_id, order_id, kind, data) VALUES (?, ?, ?, ?, ?)", sorted(events)
    )
    claims = sorted(
        (iso(at), course.order_id, course.plan.person.customer_id, kind, item_id, status)
        for course in courses
        for at, kind, item_id, status in course.claims
    )
    connection.executemany(
        "INSERT INTO claim VALUES (?, ?, ?, ?, ?, ?, 'replacement', ?, ?)",
        [
            (f"C{100000 + number}", order_id, person, kind, _text([item_id]), CLAIM_TEXTS[kind], status, at)
            for number, (at, order_id, person, kind, item_id, status) in enumerate(claims, start=1)
        ],
    )


def _store_contents(connection: sqlite3.Connection, course: Course) -> None:
    order_id = course.order_id
    connection.executemany(
        "INSERT INTO order_item VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            (
                order_id, number, line.variant.item_id, line.product.product_id, line.product.names["en"],
                line.variant.price_cents, _text(line.variant.options),
            )
            for number, line in enumerate(course.plan.lines, start=1)
        ],
    )  # fmt: skip
    connection.executemany(
        "INSERT INTO payment VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            (order_id, number, kind, cents, method, iso(at), _maybe_iso(settled))
            for number, (kind, cents, method, at, settled) in enumerate(course.payments, start=1)
        ],
    )
    if course.status in ("pending", "pending (item modified)", "cancelled"):
        return
    item_ids = _text([line.variant.item_id for line in course.plan.lines])
    connection.execute(
        "INSERT INTO fulfillment VALUES (?, 1, ?, ?, ?)",
        (order_id, _text([course.tracking_id]), item_ids, course.carrier),
    )
    connection.executemany(
        "INSERT INTO carrier_event (order_id, tracking_id, at, place, code) VALUES (?, ?, ?, ?, ?)",
        [(order_id, course.tracking_id, iso(at), place, code) for at, place, code in course.scans],
    )
