"""Oak Club: a point per euro, counted 30 days after delivery; a hundred points are five euros on a gift card."""

import sqlite3
from datetime import datetime, timedelta

from pydantic import Field

from demo_shop.database import read_meta
from demo_shop.models import Moment, Money, Shape
from demo_shop.numbering import make_token, next_number
from demo_shop.reads import find_customer
from demo_shop.refusals import Refusal
from demo_shop.requests import Body
from demo_shop.text import from_cents, iso, utc_now
from demo_shop.writes import Write

CREDITED_AFTER = timedelta(days=30)
VALID = timedelta(days=730)
YEAR = timedelta(days=365)
GOLD_CENTS = 100_000
CENTS_PER_POINT = 5
STEP = 100
"""Points are redeemed by the hundred."""

_BOUGHT = """
SELECT orders.delivered_at, SUM(order_item.price_cents) AS cents FROM orders JOIN order_item USING (order_id)
WHERE customer_id = ? AND status IN ('delivered', 'exchanged') AND delivered_at IS NOT NULL
GROUP BY order_id ORDER BY delivered_at
"""


class LoyaltyAccount(Shape):
    """A customer's points."""

    customer_id: str
    points: int
    pending_points: int = Field(description="Of orders delivered less than 30 days ago.")
    value: Money = Field(description="What the points are worth that can be redeemed now, by the hundred.")
    tier: str = Field(description="'member' or 'gold'.")
    missing_to_gold: Money
    expiring_points: int = Field(description="Points that end next.")
    expires_at: Moment | None
    currency: str


class Redemption(Shape):
    """Points that became a gift card."""

    redemption_id: str
    customer_id: str
    points: int
    points_left: int
    amount: Money
    payment_method_id: str
    currency: str


class RedeemPoints(Body):
    """Turn points into a gift card."""

    points: int = Field(ge=1, le=1_000_000)


def find_account(
    connection: sqlite3.Connection, customer_id: str, now: datetime | None = None
) -> LoyaltyAccount:
    """Work a customer's points out of what they bought and redeemed: the oldest points go first."""
    find_customer(connection, customer_id)
    now = now or utc_now()
    lots: list[tuple[datetime, int]] = []
    pending, year_cents = 0, 0
    for row in connection.execute(_BOUGHT, (customer_id,)):
        delivered = datetime.fromisoformat(row["delivered_at"])
        points = row["cents"] // 100
        year_cents += row["cents"] if delivered > now - YEAR else 0
        if delivered > now - CREDITED_AFTER:
            pending += points
        else:
            lots.append((delivered + CREDITED_AFTER, points))
    for row in connection.execute(
        "SELECT points, at FROM points_bonus WHERE customer_id = ?", (customer_id,)
    ):
        lots.append((datetime.fromisoformat(row["at"]), row["points"]))
    lots.sort()
    redeemed = connection.execute(
        "SELECT COALESCE(SUM(points), 0) FROM redemption WHERE customer_id = ?", (customer_id,)
    ).fetchone()[0]
    left = []
    for credited, points in lots:
        taken = min(points, redeemed)
        redeemed -= taken
        if points - taken and credited + VALID > now:
            left.append((credited + VALID, points - taken))
    total = sum(points for _, points in left)
    return LoyaltyAccount(
        customer_id=customer_id,
        points=total,
        pending_points=pending,
        value=from_cents(total // STEP * STEP * CENTS_PER_POINT),
        tier="gold" if year_cents >= GOLD_CENTS else "member",
        missing_to_gold=from_cents(max(0, GOLD_CENTS - year_cents)),
        expiring_points=left[0][1] if left else 0,
        expires_at=iso(left[0][0]) if left else None,
        currency=read_meta(connection, "currency", "EUR"),
    )


def redeem_points(write: Write, customer_id: str, body: RedeemPoints) -> Redemption:
    """Take points and give a new gift card of their worth."""
    account = find_account(write.connection, customer_id, datetime.fromisoformat(write.at))
    if body.points % STEP:
        raise Refusal("points_not_allowed")
    if body.points > account.points:
        raise Refusal("points_not_enough", f"There are {account.points}.")
    number = next_number(write, "redemption", "O")
    cents = body.points * CENTS_PER_POINT
    card = f"gift_card_{int(make_token(number, customer_id, write.at), 16) % 10**7:07d}"
    write.run(
        "INSERT INTO payment_method SELECT ?, ?, COALESCE(MAX(position), 0) + 1, 'gift_card', NULL, NULL, ?"
        " FROM payment_method WHERE customer_id = ?",
        customer_id, card, cents, customer_id,
    )  # fmt: skip
    write.run(
        "INSERT INTO redemption VALUES (?, ?, ?, ?, ?)", number, customer_id, body.points, card, write.at
    )
    write.record(customer_id, None, "points_redeemed", points=body.points, amount=from_cents(cents))
    return Redemption(
        redemption_id=number,
        customer_id=customer_id,
        points=body.points,
        points_left=account.points - body.points,
        amount=from_cents(cents),
        payment_method_id=card,
        currency=account.currency,
    )
