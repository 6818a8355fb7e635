"""Invoices: one per order from dispatch on, kept for ten years; a copy goes by mail or as a link."""

import sqlite3
from datetime import datetime, timedelta
from typing import Literal

from pydantic import Field

from demo_shop.models import Moment, Money, Order, Shape
from demo_shop.numbering import make_token, next_number
from demo_shop.reads import find_customer, find_order, list_customer_orders
from demo_shop.refusals import Refusal
from demo_shop.requests import OrderWrite
from demo_shop.rules import check_owner
from demo_shop.text import iso
from demo_shop.writes import Write

LINK_VALID = timedelta(days=7)


class Invoice(Shape):
    """An order's invoice; it exists once the order has been sent."""

    order_id: str
    customer_id: str
    number: str = Field(description="Empty until the order is sent.")
    is_issued: bool
    issued_at: Moment | None
    total: Money
    currency: str
    names: list[str] = Field(description="What is on it, in the asked language.")


class InvoiceCopy(Shape):
    """A copy that was sent."""

    copy_id: str
    order_id: str
    customer_id: str
    number: str
    delivery: Literal["email", "link"]
    sent_to: str = Field(description="E-mail address for a copy by mail; empty for a link.")
    path: str = Field(description="Path of the page with the copy below the shop's address, for a link.")
    expires_at: Moment
    total: Money
    currency: str


class SendInvoice(OrderWrite):
    """Send a copy of an order's invoice."""

    delivery: Literal["email", "link"] = "email"


def make_invoice(order: Order) -> Invoice:
    """The invoice of an order: issued when its parcel was packed."""
    is_issued = bool(order.fulfillments) and order.status != "cancelled"
    at = order.placed_at if is_issued else None
    return Invoice(
        order_id=order.order_id,
        customer_id=order.customer_id,
        number=f"F{order.order_id.lstrip('#W')}" if is_issued else "",
        is_issued=is_issued,
        issued_at=at,
        total=order.total,
        currency=order.currency,
        names=list(dict.fromkeys(item.display_name for item in order.items)),
    )


def list_invoices(connection: sqlite3.Connection, customer_id: str, language: str) -> list[Invoice]:
    """Every order's invoice, the newest first; those still to come are there too."""
    return [make_invoice(order) for order in list_customer_orders(connection, customer_id, language)]


def find_copy(connection: sqlite3.Connection, token: str, now: datetime) -> tuple[Order, str]:
    """The order and number behind a link, or refuse with ``not_found``: unknown, or no longer valid."""
    row = connection.execute("SELECT * FROM invoice_copy WHERE token = ?", (token,)).fetchone()
    if row is None or row["expires_at"] < iso(now):
        raise Refusal("not_found")
    order = find_order(connection, row["order_id"])
    return order, make_invoice(order).number


def send_invoice(write: Write, order_id: str, body: SendInvoice) -> InvoiceCopy:
    """Send a copy to the customer's own address, or make a link that is valid for a week."""
    order = find_order(write.connection, order_id)
    check_owner(order, body.customer_id)
    invoice = make_invoice(order)
    if not invoice.is_issued:
        raise Refusal("invoice_not_ready", f"The status is '{order.status}'.")
    customer = find_customer(write.connection, order.customer_id)
    copy_id = next_number(write, "invoice_copy", "K")
    token = make_token(copy_id, order.order_id, order.customer_id, write.at)
    expires_at = iso(datetime.fromisoformat(write.at) + LINK_VALID)
    write.run(
        "INSERT INTO invoice_copy VALUES (?, ?, ?, ?, ?, ?, ?)",
        copy_id, order.order_id, order.customer_id, body.delivery, token, write.at, expires_at,
    )  # fmt: skip
    write.record(order.customer_id, order.order_id, "invoice_sent", number=invoice.number, by=body.delivery)
    is_mail = body.delivery == "email"
    return InvoiceCopy(
        copy_id=copy_id,
        order_id=order.order_id,
        customer_id=order.customer_id,
        number=invoice.number,
        delivery=body.delivery,
        sent_to=customer.email if is_mail else "",
        path="" if is_mail else f"/invoices/{token}",
        expires_at=expires_at,
        total=invoice.total,
        currency=invoice.currency,
    )
