"""Warranty: each delivered piece is covered for 24 months, longer where the law says so."""

import json
import sqlite3
from datetime import datetime, timedelta
from typing import Literal

from pydantic import Field

from demo_shop.models import Moment, Order, OrderItem, Shape
from demo_shop.numbering import next_number
from demo_shop.reads import find_order, list_customer_orders
from demo_shop.refusals import Refusal
from demo_shop.requests import OrderWrite
from demo_shop.rules import AFTER_DELIVERY, check_owner
from demo_shop.text import iso, utc_now
from demo_shop.writes import Write

MONTHS = 24
MONTHS_BY_LAW = {"ES": 36}
REPAIR_TAKES = timedelta(days=30)
_CLOSED = ("repaired", "replaced", "refused")

Fault = Literal["does_not_start", "stopped_working", "part_broken", "battery", "noise", "other"]


class WarrantyItem(Shape):
    """A delivered piece and its warranty; ``line`` counts the pieces of the order from 1."""

    order_id: str
    customer_id: str
    line: int
    item_id: str
    name: str
    display_name: str
    display_options: dict[str, str]
    delivered_at: Moment | None
    covered_until: Moment | None = Field(
        description="Null where the shop does not know when it was delivered."
    )
    state: Literal["covered", "expired", "claimed"]
    warranty_claim_id: str = Field(description="The open claim, when there is one.")
    claim_status: str


class WarrantyClaim(Shape):
    """A claim; the label for sending the piece in goes to the customer's address by mail."""

    warranty_claim_id: str
    order_id: str
    customer_id: str
    line: int
    display_name: str
    fault: str
    description: str
    status: str
    created_at: Moment
    ready_by: Moment = Field(description="Repaired or replaced by then, counted from today.")


class ClaimWarranty(OrderWrite):
    """Claim warranty for one piece."""

    line: int = Field(ge=1, le=100)
    fault: Fault
    description: str = Field(min_length=1, max_length=4000)


def covered_until(order: Order) -> datetime | None:
    """When the warranty of an order's pieces ends; None when the day of delivery is not known."""
    if order.delivered_at is None:
        return None
    months = MONTHS_BY_LAW.get(order.address.country, MONTHS)
    at = datetime.fromisoformat(order.delivered_at)
    day = min(at.day, 28)
    return at.replace(
        year=at.year + (at.month - 1 + months) // 12, month=(at.month - 1 + months) % 12 + 1, day=day
    )


def list_warranty_items(
    connection: sqlite3.Connection, customer_id: str, language: str
) -> list[WarrantyItem]:
    """Every piece a customer has and keeps, the newest first."""
    claims = {
        (row["order_id"], row["line"]): row
        for row in connection.execute("SELECT * FROM warranty_claim WHERE customer_id = ?", (customer_id,))
    }
    now = utc_now()
    found = []
    for order in list_customer_orders(connection, customer_id, language):
        if order.status not in AFTER_DELIVERY or order.status == "refunded":
            continue
        for line, item in enumerate(order.items, start=1):
            found.append(_warranty_item(order, line, item, claims.get((order.order_id, line)), now))
    return found


def _warranty_item(
    order: Order, line: int, item: OrderItem, claim: sqlite3.Row | None, now: datetime
) -> WarrantyItem:
    until = covered_until(order)
    is_claimed = claim is not None and claim["status"] not in _CLOSED
    state: Literal["covered", "expired"] = "covered" if until is None or until > now else "expired"
    return WarrantyItem(
        order_id=order.order_id,
        customer_id=order.customer_id,
        line=line,
        item_id=item.item_id,
        name=item.name,
        display_name=item.display_name,
        display_options=item.display_options,
        delivered_at=order.delivered_at,
        covered_until=iso(until) if until else None,
        state="claimed" if is_claimed else state,
        warranty_claim_id=claim["warranty_claim_id"] if is_claimed and claim else "",
        claim_status=claim["status"] if is_claimed and claim else "",
    )


def claim_warranty(write: Write, order_id: str, body: ClaimWarranty) -> WarrantyClaim:
    """Register a claim; the workshop looks at every piece, nothing is decided here."""
    order = find_order(write.connection, order_id)
    check_owner(order, body.customer_id)
    if order.status not in AFTER_DELIVERY or order.status == "refunded":
        raise Refusal("order_not_delivered", f"The status is '{order.status}'.")
    if body.line > len(order.items):
        raise Refusal("items_not_in_order")
    until = covered_until(order)
    if until is not None and iso(until) < write.at:
        raise Refusal("warranty_expired", f"It ended on {iso(until)}.")
    marks = ", ".join("?" * len(_CLOSED))
    open_claim = write.connection.execute(
        f"SELECT 1 FROM warranty_claim WHERE order_id = ? AND line = ? AND status NOT IN ({marks})",  # noqa: S608 - marks only
        (order.order_id, body.line, *_CLOSED),
    ).fetchone()
    if open_claim:
        raise Refusal("warranty_already_claimed")
    claim = WarrantyClaim(
        warranty_claim_id=next_number(write, "warranty_claim", "R"),
        order_id=order.order_id,
        customer_id=order.customer_id,
        line=body.line,
        display_name=order.items[body.line - 1].name,
        fault=body.fault,
        description=body.description,
        status="label_sent",
        created_at=write.at,
        ready_by=iso(datetime.fromisoformat(write.at) + REPAIR_TAKES),
    )
    write.run(
        "INSERT INTO warranty_claim VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        claim.warranty_claim_id, claim.order_id, claim.line, claim.customer_id, claim.fault, claim.description,
        claim.status, claim.created_at,
    )  # fmt: skip
    write.record(
        order.customer_id,
        order.order_id,
        "warranty_claimed",
        **json.loads(claim.model_dump_json(include={"warranty_claim_id", "fault"})),
    )
    return claim
