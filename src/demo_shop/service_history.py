"""What a made-up shop has beside its orders: subscriptions, failed payments, claims, appointments, notices.

Drawn from a seed of its own, so that customers and orders stay what they are.
"""

import random
import sqlite3
from datetime import datetime, timedelta

from demo_shop.appointments import PLAN, ZONES, region_of
from demo_shop.demand import CONSUMABLES_EVERY
from demo_shop.journeys import Course
from demo_shop.models import Address
from demo_shop.people import Person
from demo_shop.text import iso
from demo_shop.windows import list_windows

_SUBSCRIBED_SHARE = 0.08
_NEWSLETTER_SHARE = 0.55
_TROUBLED_SHARE = 0.03
_CLAIMED_SHARE = 0.015
_APPOINTED_SHARE = 0.2
_NOTICE_SHARE = 0.12
_BONUS_POINTS = 300
_BONUS_AGE = timedelta(days=60)
_REASONS = ("declined", "insufficient_funds", "expired_card", "not_confirmed", "connection_lost")
_FAULTS = ("does_not_start", "stopped_working", "part_broken", "battery", "noise")


def store_services(
    connection: sqlite3.Connection, seed: int, people: list[Person], courses: list[Course], now: datetime
) -> None:
    """Fill the tables beside orders."""
    rng = random.Random(f"services/{seed}")  # noqa: S311 - made-up data
    _store_subscriptions(connection, rng, people, courses, now)
    _store_payment_attempts(connection, rng, courses, now)
    _store_warranty_claims(connection, rng, courses, now)
    _store_appointments(connection, rng, courses, now)
    _store_notices(connection, rng, people, now)
    _store_letters(connection, rng, people, now)


def _store_subscriptions(
    connection: sqlite3.Connection,
    rng: random.Random,
    people: list[Person],
    courses: list[Course],
    now: datetime,
) -> None:
    """A supply somebody has bought before; the showcase customers have one that can be changed today."""
    bought: dict[str, str] = {}
    for course in courses:
        for line in course.plan.lines:
            if line.product.is_consumable:
                bought.setdefault(course.plan.person.customer_id, line.variant.item_id)
    rows = []
    for person in people:
        item_id = bought.get(person.customer_id)
        if item_id is None or not (person.is_showcase or rng.random() < _SUBSCRIBED_SHARE):
            continue
        every = 30 if person.is_showcase else rng.choice(CONSUMABLES_EVERY)
        begun = now - timedelta(days=rng.randint(70, 300))
        is_paused = not person.is_showcase and rng.random() < 0.15
        days = 9 if person.is_showcase else rng.randint(3, every)
        until = iso(now + timedelta(days=days)) if is_paused else None
        status = "paused" if is_paused else "active"
        rows.append(
            (person.customer_id, item_id, every, status, iso(now + timedelta(days=days)), until, iso(begun))
        )
    connection.executemany(
        "INSERT INTO subscription VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [(f"S{100001 + n}", *row) for n, row in enumerate(rows)],
    )


def _store_payment_attempts(
    connection: sqlite3.Connection, rng: random.Random, courses: list[Course], now: datetime
) -> None:
    """Some payments took two attempts; the newest order of each showcase customer still waits for its second."""
    newest = {c.plan.person.customer_id: c for c in courses if c.plan.person.is_showcase}
    rows: list[tuple[str, str, str, int, str, str | None, str]] = []
    for course in courses:
        plan = course.plan
        is_open = course is newest.get(plan.person.customer_id) and course.status == "pending"
        if not is_open and rng.random() >= _TROUBLED_SHARE:
            continue
        cents = sum(line.variant.price_cents for line in plan.lines)
        facts = (course.order_id, plan.person.customer_id, plan.wallet.method_id, cents)
        reason = "declined" if is_open else rng.choice(_REASONS)
        first = plan.placed_at + timedelta(minutes=1)
        rows.append((*facts, "failed", reason, iso(min(first, now))))
        if not is_open:
            again = first + timedelta(minutes=rng.randint(3, 50))
            rows.append((*facts, "succeeded", None, iso(min(again, now))))
    connection.executemany(
        "INSERT INTO payment_attempt VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [(f"A{100001 + n}", *row) for n, row in enumerate(rows)],
    )


def _store_warranty_claims(
    connection: sqlite3.Connection, rng: random.Random, courses: list[Course], now: datetime
) -> None:
    rows = []
    for course in courses:
        is_due = course.status == "delivered" and not course.plan.person.is_showcase
        if not is_due or course.delivered_at is None or rng.random() >= _CLAIMED_SHARE:
            continue
        line = rng.randint(1, len(course.plan.lines))
        if course.plan.lines[line - 1].product.is_consumable:
            continue
        at = course.delivered_at + timedelta(days=rng.uniform(15, 200))
        if at > now:
            continue
        is_closed = at + timedelta(days=20) < now
        status = (
            rng.choice(("repaired", "replaced")) if is_closed else rng.choice(("label_sent", "in_repair"))
        )
        rows.append(
            (course.order_id, line, course.plan.person.customer_id, rng.choice(_FAULTS), "-", status, iso(at))
        )
    connection.executemany(
        "INSERT INTO warranty_claim VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [(f"R{100001 + n}", *row) for n, row in enumerate(sorted(rows, key=lambda row: row[-1]))],
    )


def _store_appointments(
    connection: sqlite3.Connection, rng: random.Random, courses: list[Course], now: datetime
) -> None:
    rows = []
    for course in courses:
        person = course.plan.person
        is_under_way = course.status in ("processed", "shipped") and not person.is_showcase
        if not is_under_way or rng.random() >= _APPOINTED_SHARE:
            continue
        address = Address.model_validate(person.address)
        window = rng.choice(list_windows(PLAN, ZONES.get(address.country, "Europe/Prague"), now))
        rows.append(
            (
                course.order_id,
                person.customer_id,
                region_of(address),
                window.starts_at,
                window.ends_at,
                0,
                iso(now),
            )
        )
    connection.executemany("INSERT INTO appointment VALUES (?, ?, ?, ?, ?, ?, ?)", rows)


def _store_notices(
    connection: sqlite3.Connection, rng: random.Random, people: list[Person], now: datetime
) -> None:
    sold_out = [
        row["item_id"]
        for row in connection.execute("SELECT item_id FROM variant WHERE NOT available ORDER BY item_id")
    ]
    rows = []
    for person in people:
        if person.is_showcase or not sold_out or rng.random() >= _NOTICE_SHARE:
            continue
        at = now - timedelta(days=rng.uniform(0, 80))
        rows.append((person.customer_id, rng.choice(sold_out), iso(at), iso(at + timedelta(days=90))))
    connection.executemany(
        "INSERT INTO stock_notice VALUES (?, ?, ?, ?, ?, NULL)",
        [(f"N{100001 + n}", *row) for n, row in enumerate(sorted(rows, key=lambda row: row[2]))],
    )


def _store_letters(
    connection: sqlite3.Connection, rng: random.Random, people: list[Person], now: datetime
) -> None:
    """Who reads the newsletter, and the points of a campaign that every showcase customer took part in."""
    letters = [
        (person.customer_id, 1, iso(person.created_at))
        for person in people
        if rng.random() < _NEWSLETTER_SHARE
    ]
    connection.executemany("INSERT INTO newsletter VALUES (?, ?, ?)", letters)
    at = iso(now - _BONUS_AGE)
    bonus = [
        (f"B{100001 + n}", person.customer_id, _BONUS_POINTS, "autumn campaign", at)
        for n, person in enumerate(p for p in people if p.is_showcase)
    ]
    connection.executemany("INSERT INTO points_bonus VALUES (?, ?, ?, ?, ?)", bonus)
