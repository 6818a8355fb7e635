"""Subscriptions: a supply that comes by itself; paused, resumed, or one delivery left out."""

import json
import sqlite3
from datetime import datetime, timedelta
from typing import Literal

from pydantic import Field

from demo_shop.database import read_meta
from demo_shop.models import Moment, Money, Shape
from demo_shop.refusals import Refusal
from demo_shop.requests import Body
from demo_shop.text import from_cents, iso
from demo_shop.vocabulary import say_options
from demo_shop.writes import Write

CLOSED_BEFORE = timedelta(hours=48)
"""From when on the next delivery is being packed and stays."""

_SELECT = """
SELECT subscription.*, variant.options, variant.price_cents, product.name, product.names, product.product_id
FROM subscription JOIN variant USING (item_id) JOIN product USING (product_id)
"""


class Subscription(Shape):
    """A supply that is sent every so many days."""

    subscription_id: str
    customer_id: str
    product_id: str
    item_id: str
    name: str
    display_name: str
    display_options: dict[str, str]
    price: Money
    currency: str
    every_days: int
    status: Literal["active", "paused", "cancelled"]
    next_at: Moment
    changeable_until: Moment = Field(description="Until when the next delivery can be left out or put off.")
    paused_until: Moment | None
    created_at: Moment


class SubscriptionWrite(Body):
    """What every change of a subscription may carry."""

    customer_id: str | None = Field(None, description="When given, the subscription must be this customer's.")


class PauseSubscription(SubscriptionWrite):
    """Pause for some weeks; it goes on by itself."""

    weeks: int = Field(ge=1, le=12)


def _subscription(connection: sqlite3.Connection, row: sqlite3.Row, language: str) -> Subscription:
    names = json.loads(row["names"] or "{}")
    changeable = datetime.fromisoformat(row["next_at"]) - CLOSED_BEFORE
    return Subscription(
        subscription_id=row["subscription_id"],
        customer_id=row["customer_id"],
        product_id=row["product_id"],
        item_id=row["item_id"],
        name=row["name"],
        display_name=names.get(language, row["name"]),
        display_options=say_options(json.loads(row["options"]), language),
        price=from_cents(row["price_cents"]),
        currency=read_meta(connection, "currency", "EUR"),
        every_days=row["every_days"],
        status=row["status"],
        next_at=row["next_at"],
        changeable_until=iso(changeable),
        paused_until=row["paused_until"],
        created_at=row["created_at"],
    )


def list_subscriptions(connection: sqlite3.Connection, customer_id: str, language: str) -> list[Subscription]:
    """A customer's subscriptions, in the order they were begun."""
    rows = connection.execute(_SELECT + " WHERE customer_id = ? ORDER BY created_at", (customer_id,))
    return [_subscription(connection, row, language) for row in rows]


def _access(write: Write, subscription_id: str, body: SubscriptionWrite) -> Subscription:
    row = write.connection.execute(_SELECT + " WHERE subscription_id = ?", (subscription_id,)).fetchone()
    if row is None:
        raise Refusal("subscription_not_found")
    if body.customer_id is not None and row["customer_id"] != body.customer_id:
        raise Refusal("not_owner")
    return _subscription(write.connection, row, "en")


def _check_changeable(write: Write, found: Subscription) -> None:
    if found.status != "active":
        raise Refusal("subscription_not_active", f"The status is '{found.status}'.")
    if write.at > found.changeable_until:
        raise Refusal("delivery_too_close", f"It goes out on {found.next_at}.")


def _store(write: Write, found: Subscription, kind: str, **values: str | None) -> Subscription:
    sets = ", ".join(f"{name} = ?" for name in values)
    write.run(
        f"UPDATE subscription SET {sets} WHERE subscription_id = ?",  # noqa: S608 - names from the calls below
        *values.values(), found.subscription_id,
    )  # fmt: skip
    write.record(
        found.customer_id, None, kind, subscription_id=found.subscription_id, next_at=values["next_at"]
    )
    row = write.connection.execute(
        _SELECT + " WHERE subscription_id = ?", (found.subscription_id,)
    ).fetchone()
    return _subscription(write.connection, row, "en")


def _later(moment: str, **by: int) -> str:
    return iso(datetime.fromisoformat(moment) + timedelta(**by))


def pause_subscription(write: Write, subscription_id: str, body: PauseSubscription) -> Subscription:
    """Send nothing for some weeks from now on; the delivery after that comes when its turn is."""
    found = _access(write, subscription_id, body)
    _check_changeable(write, found)
    until = _later(write.at, weeks=body.weeks)
    next_at = found.next_at
    while next_at < until:
        next_at = _later(next_at, days=found.every_days)
    return _store(write, found, "subscription_paused", status="paused", paused_until=until, next_at=next_at)


def resume_subscription(write: Write, subscription_id: str, body: SubscriptionWrite) -> Subscription:
    """Go on at once: the next delivery leaves in three days."""
    found = _access(write, subscription_id, body)
    if found.status != "paused":
        raise Refusal("subscription_not_paused", f"The status is '{found.status}'.")
    next_at = _later(write.at, days=3)
    return _store(write, found, "subscription_resumed", status="active", paused_until=None, next_at=next_at)


def skip_delivery(write: Write, subscription_id: str, body: SubscriptionWrite) -> Subscription:
    """Leave the next delivery out."""
    found = _access(write, subscription_id, body)
    _check_changeable(write, found)
    next_at = _later(found.next_at, days=found.every_days)
    return _store(write, found, "subscription_delivery_skipped", next_at=next_at)
