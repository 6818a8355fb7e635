"""Reads of the shop: rows in, API shapes out. Nothing here writes."""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable

from demo_shop.database import read_meta
from demo_shop.models import (
    CarrierEvent,
    Claim,
    Customer,
    Event,
    Fulfillment,
    Order,
    OrderItem,
    Payment,
    PaymentMethod,
    Shipment,
)
from demo_shop.refusals import Refusal
from demo_shop.text import fold, fold_zip, from_cents, full_order_id
from demo_shop.vocabulary import say, say_options

Rows = dict[str, list[sqlite3.Row]]


def _by_order(connection: sqlite3.Connection, sql: str, order_ids: list[str]) -> Rows:
    """Run a query with one ``IN (…)`` over the orders and group its rows."""
    grouped: Rows = defaultdict(list)
    for start in range(0, len(order_ids), 500):
        part = order_ids[start : start + 500]
        marks = ",".join("?" * len(part))
        for row in connection.execute(sql.replace("(…)", f"({marks})"), part):
            grouped[row["order_id"]].append(row)
    return grouped


def _money(cents: int | None) -> float | None:
    return None if cents is None else from_cents(cents)


def _json_list(text: str | None) -> list[str] | None:
    return None if text is None else list(json.loads(text))


def paying_method(payments: Iterable[tuple[str, str, int]]) -> str | None:
    """Find the method that pays for an order now: the first whose payments exceed its refunds.

    Args: payments: ``(transaction_type, payment_method_id, amount_cents)`` in the order they happened.
    """
    net: dict[str, int] = {}
    first = None
    for transaction_type, method, cents in payments:
        first = first or method
        net[method] = net.get(method, 0) + (cents if transaction_type == "payment" else -cents)
    return next((method for method, cents in net.items() if cents > 0), first)


def _carrier_event(row: sqlite3.Row, language: str) -> CarrierEvent:
    text = say("carrier", row["code"], language)
    return CarrierEvent(at=row["at"], place=row["place"], code=row["code"], text=text)


def _items(rows: list[sqlite3.Row], language: str) -> list[OrderItem]:
    items = []
    for row in rows:
        options = json.loads(row["options"])
        names = json.loads(row["names"] or "{}")
        items.append(
            OrderItem(
                name=row["name"],
                product_id=row["product_id"],
                item_id=row["item_id"],
                price=from_cents(row["price_cents"]),
                options=options,
                display_name=names.get(language, row["name"]),
                display_options=say_options(options, language),
            )
        )
    return items


def _claim(row: sqlite3.Row, photos: Rows) -> Claim:
    names = [
        photo["name"] for photo in photos.get(row["order_id"], []) if photo["claim_id"] == row["claim_id"]
    ]
    return Claim.model_validate({**dict(row), "item_ids": json.loads(row["item_ids"]), "photos": names})


def _fulfillments(rows: list[sqlite3.Row]) -> list[Fulfillment]:
    return [
        Fulfillment(
            tracking_id=json.loads(row["tracking_ids"]),
            item_ids=json.loads(row["item_ids"]),
            carrier=row["carrier"],
        )
        for row in rows
    ]


def _payments(rows: list[sqlite3.Row]) -> list[Payment]:
    return [
        Payment(
            transaction_type=row["transaction_type"],
            amount=from_cents(row["amount_cents"]),
            payment_method_id=row["payment_method_id"],
            at=row["at"],
            settled_at=row["settled_at"],
        )
        for row in rows
    ]


def _orders(connection: sqlite3.Connection, rows: list[sqlite3.Row], language: str) -> list[Order]:
    """Complete order rows with what hangs on them, in one query per table."""
    ids = [row["order_id"] for row in rows]
    items = _by_order(
        connection,
        "SELECT order_item.*, product.names FROM order_item LEFT JOIN product USING (product_id)"
        " WHERE order_id IN (…) ORDER BY line",
        ids,
    )
    payments = _by_order(connection, "SELECT * FROM payment WHERE order_id IN (…) ORDER BY line", ids)
    parcels = _by_order(connection, "SELECT * FROM fulfillment WHERE order_id IN (…) ORDER BY line", ids)
    claims = _by_order(connection, "SELECT * FROM claim WHERE order_id IN (…) ORDER BY created_at", ids)
    photos = _by_order(
        connection,
        "SELECT claim.order_id, claim_photo.* FROM claim_photo JOIN claim USING (claim_id)"
        " WHERE order_id IN (…) ORDER BY position",
        [order_id for order_id in ids if order_id in claims],
    )
    scans = _by_order(connection, "SELECT * FROM carrier_event WHERE order_id IN (…) ORDER BY at, id", ids)
    currency = read_meta(connection, "currency", "EUR")
    orders = []
    for row in rows:
        order_id = row["order_id"]
        paid = [
            (p["transaction_type"], p["payment_method_id"], p["amount_cents"]) for p in payments[order_id]
        ]
        own_scans = scans[order_id]
        orders.append(
            Order(
                order_id=order_id,
                customer_id=row["customer_id"],
                status=row["status"],
                display_status=say("statuses", row["status"], language),
                currency=currency,
                total=from_cents(sum(item["price_cents"] for item in items[order_id])),
                address=json.loads(row["address"]),
                items=_items(items[order_id], language),
                fulfillments=_fulfillments(parcels[order_id]),
                payment_history=_payments(payments[order_id]),
                payment_method_id=paying_method(paid),
                latest_carrier_event=_carrier_event(own_scans[-1], language) if own_scans else None,
                claims=[_claim(claim, photos) for claim in claims[order_id]],
                placed_at=row["placed_at"],
                status_at=row["status_at"],
                promised_at=row["promised_at"],
                delivered_at=row["delivered_at"],
                cancel_reason=row["cancel_reason"],
                return_items=_json_list(row["return_items"]),
                return_payment_method_id=row["return_payment_method_id"],
                exchange_items=_json_list(row["exchange_items"]),
                exchange_new_items=_json_list(row["exchange_new_items"]),
                exchange_payment_method_id=row["exchange_payment_method_id"],
                exchange_price_difference=_money(row["exchange_difference_cents"]),
            )
        )
    return orders


def find_order(connection: sqlite3.Connection, order_id: str, language: str = "en") -> Order:
    """Find one order, or refuse with ``order_not_found``."""
    row = connection.execute("SELECT * FROM orders WHERE order_id = ?", (full_order_id(order_id),)).fetchone()
    if row is None:
        raise Refusal("order_not_found")
    return _orders(connection, [row], language)[0]


def list_customer_orders(
    connection: sqlite3.Connection, customer_id: str, language: str = "en"
) -> list[Order]:
    """List all orders of a customer with their contents, newest first (imported ones as imported)."""
    find_customer(connection, customer_id)
    rows = connection.execute(
        "SELECT * FROM orders WHERE customer_id = ? ORDER BY placed_at DESC, customer_position",
        (customer_id,),
    ).fetchall()
    return _orders(connection, rows, language)


def list_shipments(connection: sqlite3.Connection, order_id: str, language: str = "en") -> list[Shipment]:
    """List the parcels of an order with their scans."""
    order = find_order(connection, order_id, language)
    scans: Rows = defaultdict(list)
    for row in connection.execute(
        "SELECT * FROM carrier_event WHERE order_id = ? ORDER BY at, id", (order.order_id,)
    ):
        scans[row["tracking_id"]].append(row)
    return [
        Shipment(
            **parcel.model_dump(),
            events=[
                _carrier_event(row, language) for tracking in parcel.tracking_id for row in scans[tracking]
            ],
            promised_at=order.promised_at,
            delivered_at=order.delivered_at,
        )
        for parcel in order.fulfillments
    ]


def list_payment_methods(connection: sqlite3.Connection, customer_id: str) -> list[PaymentMethod]:
    """List a customer's payment methods in the order they were added."""
    return [
        PaymentMethod(
            id=row["payment_method_id"],
            source=row["source"],
            brand=row["brand"],
            last_four=row["last_four"],
            balance=_money(row["balance_cents"]),
        )
        for row in connection.execute(
            "SELECT * FROM payment_method WHERE customer_id = ? ORDER BY position", (customer_id,)
        )
    ]


def _customer(connection: sqlite3.Connection, row: sqlite3.Row) -> Customer:
    customer_id = row["customer_id"]
    orders = connection.execute(
        "SELECT order_id FROM orders WHERE customer_id = ? ORDER BY customer_position", (customer_id,)
    )
    return Customer.model_validate(
        {
            "customer_id": customer_id,
            "name": {"first_name": row["first_name"], "last_name": row["last_name"]},
            "email": row["email"],
            "phone": row["phone"],
            "language": row["language"],
            "address": json.loads(row["address"]),
            "payment_methods": list_payment_methods(connection, customer_id),
            "orders": [order["order_id"] for order in orders],
            "created_at": row["created_at"],
        }
    )


def find_customer(connection: sqlite3.Connection, customer_id: str) -> Customer:
    """Find one customer, or refuse with ``customer_not_found``."""
    row = connection.execute("SELECT * FROM customer WHERE customer_id = ?", (customer_id,)).fetchone()
    if row is None:
        raise Refusal("customer_not_found")
    return _customer(connection, row)


def list_customers_by_email(connection: sqlite3.Connection, email: str) -> list[Customer]:
    """List customers with this e-mail address, ignoring case."""
    rows = connection.execute("SELECT * FROM customer WHERE email_key = ?", (fold(email),)).fetchall()
    return [_customer(connection, row) for row in rows]


def list_customers_by_phone(connection: sqlite3.Connection, phone: str) -> list[Customer]:
    """List customers with this telephone number in international form."""
    wanted = "+" + "".join(c for c in phone if c.isdigit())
    rows = connection.execute("SELECT * FROM customer WHERE phone = ?", (wanted,)).fetchall()
    return [_customer(connection, row) for row in rows]


def list_customers_by_name(
    connection: sqlite3.Connection, first_name: str, last_name: str, zip_code: str
) -> list[Customer]:
    """List customers by name and postal code, ignoring case and accents."""
    rows = connection.execute(
        "SELECT * FROM customer WHERE name_key = ? AND zip_key = ?",
        (name_key(first_name, last_name), fold_zip(zip_code)),
    ).fetchall()
    return [_customer(connection, row) for row in rows]


def name_key(first_name: str, last_name: str) -> str:
    """Build the key under which a name is found."""
    return f"{fold(first_name)}\n{fold(last_name)}"


def list_events(
    connection: sqlite3.Connection, after_id: int, limit: int, customer_id: str | None
) -> list[Event]:
    """List what happened in the shop after a given event, oldest first."""
    rows = connection.execute(
        "SELECT * FROM event WHERE id > :after AND (:customer IS NULL OR customer_id = :customer)"
        " ORDER BY id LIMIT :limit",
        {"after": after_id, "customer": customer_id, "limit": limit},
    )
    return [Event.model_validate({**dict(row), "data": json.loads(row["data"])}) for row in rows]
