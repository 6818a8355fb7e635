"""One order's course over time: from a plan to the rows it has left behind by now.

Everything that would happen after ``now`` is left out, so the status follows from the age.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from demo_shop.catalogue import StockedProduct, StockedVariant
from demo_shop.people import Person, Wallet

CARRIERS = ("Northpost", "Linden Express", "Swift Parcel")
_WAREHOUSE = "Olomouc"
_REFUND_TAKES = timedelta(days=7)
CLAIM_TEXTS = {
    "damaged": "The box was crushed and the item inside is cracked.",
    "wrong_item": "I received a different color than I ordered.",
    "missing_item": "One item was missing from the parcel.",
    "defective": "It worked for two days and does not switch on any more.",
}


@dataclass(slots=True)
class Line:
    """A piece in an order."""

    product: StockedProduct
    variant: StockedVariant


@dataclass(slots=True)
class OrderPlan:
    """What is decided about an order before its course is worked out."""

    person: Person
    placed_at: datetime
    lines: list[Line]
    wallet: Wallet
    fate: str = "kept"
    """``kept``, ``cancelled``, ``modified``, ``returned`` or ``exchanged``."""
    is_delayed: bool = False
    claim_kind: str | None = None
    hours_to_pack: float = 20
    """Time until the order is packed and can no longer be changed [h]."""
    days_to_ask: float | None = None
    """Time from delivery to the request of a return or exchange [days]; drawn when not set."""


@dataclass(slots=True)
class Course:
    """What has happened to an order by now."""

    plan: OrderPlan
    order_id: str
    tracking_id: str
    carrier: str
    now: datetime
    status: str = "pending"
    status_at: datetime | None = None
    delivered_at: datetime | None = None
    facts: dict[str, object] = field(default_factory=dict)
    payments: list[tuple[str, int, str, datetime, datetime | None]] = field(default_factory=list)
    scans: list[tuple[datetime, str, str]] = field(default_factory=list)
    events: list[tuple[datetime, str, dict[str, object]]] = field(default_factory=list)
    claims: list[tuple[datetime, str, str, str]] = field(default_factory=list)

    @property
    def total_cents(self) -> int:
        """Sum of the lines."""
        return sum(line.variant.price_cents for line in self.plan.lines)

    def has_passed(self, moment: datetime) -> bool:
        """Whether a moment lies before now."""
        return moment <= self.now

    def turn(self, moment: datetime, status: str, kind: str, **data: object) -> bool:
        """Move to a status if its moment has come."""
        if not self.has_passed(moment):
            return False
        self.status, self.status_at = status, moment
        self.events.append((moment, kind, data))
        return True

    def pay(self, moment: datetime, kind: str, cents: int, wallet: Wallet) -> None:
        """Add to the payment history; a gift card moves at once, other refunds take a week."""
        settled: datetime | None = moment
        if wallet.balance_cents is not None:
            wallet.balance_cents += cents if kind == "refund" else -cents
        elif kind == "refund" and not self.has_passed(moment + _REFUND_TAKES):
            settled = None
        elif kind == "refund":
            settled = moment + _REFUND_TAKES
        self.payments.append((kind, cents, wallet.method_id, moment, settled))

    def scan(self, moment: datetime, place: str, code: str) -> bool:
        """Add a carrier's scan if its moment has come."""
        if self.has_passed(moment):
            self.scans.append((moment, place, code))
            self.events.append((moment, f"parcel_{code}", {"tracking_id": self.tracking_id}))
        return self.has_passed(moment)


def follow(rng: random.Random, plan: OrderPlan, order_id: str, now: datetime) -> Course:
    """Work out an order's course up to now."""
    course = Course(plan, order_id, f"{rng.randint(10**11, 10**12 - 1)}", rng.choice(CARRIERS), now)
    placed = plan.placed_at
    course.facts["promised_at"] = (placed + timedelta(days=6)).replace(hour=18, minute=0, second=0)
    course.turn(placed, "pending", "order_placed", total=course.total_cents / 100, items=len(plan.lines))
    course.pay(placed, "payment", course.total_cents, plan.wallet)
    early = placed + timedelta(hours=rng.uniform(0.5, 4))
    if plan.fate == "cancelled" and course.has_passed(early):
        _cancel(rng, course, early)
        return course
    if plan.fate == "modified" and course.has_passed(early):
        _replace_one(rng, course, early, "pending (item modified)", "order_items_changed")
    packed = placed + timedelta(hours=plan.hours_to_pack)
    if course.turn(packed, "processed", "order_packed") and _deliver(rng, course, packed):
        _after_delivery(rng, course)
    return course


def _cancel(rng: random.Random, course: Course, moment: datetime) -> None:
    reason = rng.choice(("no longer needed", "ordered by mistake"))
    course.turn(moment, "cancelled", "order_cancelled", reason=reason)
    course.facts["cancel_reason"] = reason
    course.pay(moment, "refund", course.total_cents, course.plan.wallet)


def _other_variant(rng: random.Random, line: Line) -> StockedVariant | None:
    others = [v for v in line.product.variants if v.stock > 0 and v is not line.variant]
    return rng.choice(others) if others else None


def _replace_one(rng: random.Random, course: Course, moment: datetime, status: str, kind: str) -> None:
    """Put another variant in the place of the first line and settle the difference by card."""
    line = course.plan.lines[0]
    other = _other_variant(rng, line)
    if other is None or not course.turn(moment, status, kind):
        return
    difference = other.price_cents - line.variant.price_cents
    wallet = next(w for w in course.plan.person.wallets if w.balance_cents is None)
    course.plan.lines[0] = Line(line.product, other)
    course.pay(moment, "payment" if difference > 0 else "refund", abs(difference), wallet)


def _stops(rng: random.Random, course: Course, picked_up: datetime) -> Iterator[tuple[datetime, str, str]]:
    """The parcel's way, some of it possibly still to come."""
    city = course.plan.person.city
    yield picked_up, _WAREHOUSE, "picked_up"
    moment = picked_up + timedelta(hours=rng.uniform(6, 14))
    yield moment, _WAREHOUSE, "in_transit"
    if course.plan.is_delayed:
        moment += timedelta(hours=rng.uniform(18, 30))
        yield moment, rng.choice(("Wien", "Praha", "Frankfurt")), "delayed"
        moment += timedelta(days=rng.uniform(3, 5))
    moment += timedelta(hours=rng.uniform(16, 44))
    yield moment, city, "arrived_at_depot"
    moment = (moment + timedelta(days=1)).replace(hour=7, minute=rng.randint(0, 50))
    yield moment, city, "out_for_delivery"
    if rng.random() < 0.05:
        yield moment + timedelta(hours=5), city, "delivery_failed"
        moment += timedelta(days=1)
        yield moment, city, "out_for_delivery"
    yield moment + timedelta(hours=rng.uniform(2, 9)), city, "delivered"


def _deliver(rng: random.Random, course: Course, packed: datetime) -> bool:
    """Send the parcel; true when it has arrived."""
    for moment, place, code in _stops(rng, course, packed + timedelta(hours=rng.uniform(4, 20))):
        if not course.scan(moment, place, code):
            return False
        course.status = "delivered" if code == "delivered" else "shipped"
        if code in ("picked_up", "delivered"):
            course.status_at = moment
        if code == "delivered":
            course.delivered_at = moment
    return True


def _after_delivery(rng: random.Random, course: Course) -> None:
    delivered_at = course.delivered_at
    assert delivered_at is not None
    plan = course.plan
    if plan.claim_kind is not None:
        moment = delivered_at + timedelta(hours=rng.uniform(2, 60))
        if course.has_passed(moment):
            item_id = plan.lines[0].variant.item_id
            status = "resolved" if course.has_passed(moment + timedelta(days=9)) else "open"
            course.claims.append((moment, plan.claim_kind, item_id, status))
            course.events.append((moment, "claim_reported", {"problem": plan.claim_kind}))
    asked = delivered_at + timedelta(days=plan.days_to_ask or rng.uniform(2, 18))
    closed = asked + timedelta(days=rng.uniform(7, 11))
    if plan.fate == "returned" and course.turn(asked, "return requested", "return_requested"):
        back = plan.lines[: rng.randint(1, len(plan.lines))]
        course.facts["return_items"] = sorted(line.variant.item_id for line in back)
        course.facts["return_payment_method_id"] = plan.wallet.method_id
        if course.turn(closed, "refunded", "refund_paid"):
            course.pay(closed, "refund", sum(line.variant.price_cents for line in back), plan.wallet)
    elif plan.fate == "exchanged":
        _exchange(rng, course, asked, closed)


def _exchange(rng: random.Random, course: Course, asked: datetime, closed: datetime) -> None:
    line = course.plan.lines[0]
    other = _other_variant(rng, line)
    if other is None or not course.turn(asked, "exchange requested", "exchange_requested"):
        return
    difference = other.price_cents - line.variant.price_cents
    wallet = next(w for w in course.plan.person.wallets if w.balance_cents is None)
    course.facts["exchange_items"] = [line.variant.item_id]
    course.facts["exchange_new_items"] = [other.item_id]
    course.facts["exchange_payment_method_id"] = wallet.method_id
    course.facts["exchange_difference_cents"] = difference
    if course.turn(closed, "exchanged", "exchange_sent"):
        course.plan.lines[0] = Line(line.product, other)
        course.pay(closed, "payment" if difference > 0 else "refund", abs(difference), wallet)
