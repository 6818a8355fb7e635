"""Writes of the shop: check the rules, then change rows, inside the caller's transaction.

Amounts are whole cents throughout. Each function returns what the API answers.
"""

import hashlib
import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from demo_shop import rules
from demo_shop.models import Claim, Customer, Order, PaymentMethod
from demo_shop.reads import find_customer, find_order, list_payment_methods
from demo_shop.refusals import Refusal
from demo_shop.requests import (
    CancelOrder,
    ChangeCustomerAddress,
    ChangeOrderAddress,
    ChangeOrderItems,
    ChangeOrderPayment,
    ExchangeItems,
    GiveVoucher,
    OrderWrite,
    ReportCarrierEvent,
    ReportClaim,
    ReturnItems,
)
from demo_shop.text import fold_zip, to_cents


@dataclass(frozen=True, slots=True)
class Write:
    """The transaction a write happens in, and the moment it is said to happen."""

    connection: sqlite3.Connection
    at: str

    def run(self, sql: str, *values: object) -> None:
        """Execute one statement."""
        self.connection.execute(sql, values)

    def record(self, customer_id: str, order_id: str | None, kind: str, **data: object) -> None:
        """Append to the shop's event feed."""
        self.run(
            "INSERT INTO event (at, customer_id, order_id, kind, data) VALUES (?, ?, ?, ?, ?)",
            self.at, customer_id, order_id, kind, json.dumps(data, ensure_ascii=False),
        )  # fmt: skip


def _access_order(write: Write, order_id: str, body: OrderWrite) -> Order:
    order = find_order(write.connection, order_id)
    rules.check_owner(order, body.customer_id)
    return order


def _access_method(write: Write, customer_id: str, method_id: str) -> PaymentMethod:
    for method in list_payment_methods(write.connection, customer_id):
        if method.id == method_id:
            return method
    raise Refusal("payment_method_not_found")


def _set_status(write: Write, order: Order, status: str) -> None:
    write.run(
        "UPDATE orders SET status = ?, status_at = ? WHERE order_id = ?", status, write.at, order.order_id
    )


def _add_payment(write: Write, order: Order, transaction_type: str, cents: int, method_id: str) -> None:
    """Append to the payment history and move a gift card's balance; other refunds take some days."""
    is_refund = transaction_type == "refund"
    moved = write.connection.execute(
        "UPDATE payment_method SET balance_cents = balance_cents + ?"
        " WHERE customer_id = ? AND payment_method_id = ? AND source = 'gift_card'",
        (cents if is_refund else -cents, order.customer_id, method_id),
    ).rowcount
    settled_at = write.at if moved or not is_refund else None
    write.run(
        "INSERT INTO payment SELECT ?, COALESCE(MAX(line), 0) + 1, ?, ?, ?, ?, ?"
        " FROM payment WHERE order_id = ?",
        order.order_id, transaction_type, cents, method_id, write.at, settled_at, order.order_id,
    )  # fmt: skip


def _move_stock(write: Write, item_id: str, pieces: int) -> None:
    """Change a counted stock; imported variants have no count and keep their availability."""
    row = write.connection.execute("SELECT stock FROM variant WHERE item_id = ?", (item_id,)).fetchone()
    write.run(
        "UPDATE variant SET stock = MAX(stock + ?, 0), available = stock + ? > 0"
        " WHERE item_id = ? AND stock IS NOT NULL",
        pieces, pieces, item_id,
    )  # fmt: skip
    if pieces > 0 and row is not None and row["stock"] == 0:
        tell_waiting(write, item_id)


def tell_waiting(write: Write, item_id: str) -> int:
    """Tell everybody who waits for a variant, once, in the order they asked; returns how many."""
    waiting = write.connection.execute(
        "SELECT * FROM stock_notice WHERE item_id = ? AND notified_at IS NULL AND expires_at > ?"
        " ORDER BY created_at, stock_notice_id",
        (item_id, write.at),
    ).fetchall()
    for notice in waiting:
        number = notice["stock_notice_id"]
        write.run("UPDATE stock_notice SET notified_at = ? WHERE stock_notice_id = ?", write.at, number)
        write.record(notice["customer_id"], None, "back_in_stock", stock_notice_id=number, item_id=item_id)
    return len(waiting)


def cancel_order(write: Write, order_id: str, body: CancelOrder) -> Order:
    """Cancel a pending order and refund each method what it still pays for."""
    order = _access_order(write, order_id, body)
    rules.check_pending(order)
    rules.check_reason(body.reason)
    paid: dict[str, int] = {}
    for payment in order.payment_history:
        sign = 1 if payment.transaction_type == "payment" else -1
        cents = sign * to_cents(payment.amount)
        paid[payment.payment_method_id] = paid.get(payment.payment_method_id, 0) + cents
    for method_id, cents in paid.items():
        if cents > 0:
            _add_payment(write, order, "refund", cents, method_id)
    for item in order.items:
        _move_stock(write, item.item_id, 1)
    _set_status(write, order, "cancelled")
    write.run("UPDATE orders SET cancel_reason = ? WHERE order_id = ?", body.reason, order.order_id)
    write.record(order.customer_id, order.order_id, "order_cancelled", reason=body.reason)
    return find_order(write.connection, order.order_id)


def change_order_address(write: Write, order_id: str, body: ChangeOrderAddress) -> Order:
    """Send a pending order to another address."""
    order = _access_order(write, order_id, body)
    rules.check_pending(order)
    address = json.dumps(body.model_dump(exclude={"customer_id"}), ensure_ascii=False)
    write.run("UPDATE orders SET address = ? WHERE order_id = ?", address, order.order_id)
    write.record(order.customer_id, order.order_id, "order_address_changed")
    return find_order(write.connection, order.order_id)


def change_customer_address(write: Write, customer_id: str, body: ChangeCustomerAddress) -> Customer:
    """Replace a customer's default address; orders keep theirs."""
    find_customer(write.connection, customer_id)
    address = json.dumps(body.model_dump(), ensure_ascii=False)
    write.run(
        "UPDATE customer SET address = ?, zip_key = ? WHERE customer_id = ?",
        address, fold_zip(body.zip), customer_id,
    )  # fmt: skip
    write.record(customer_id, None, "customer_address_changed")
    return find_customer(write.connection, customer_id)


def _plan_replacement(write: Write, order: Order, item_ids: Sequence[str], new_ids: Sequence[str]) -> int:
    """Check that each new item may take the place of the old one; return the price difference [cents]."""
    rules.check_items_in_order(order, item_ids)
    rules.check_same_length(item_ids, new_ids)
    held = {item.item_id: item for item in order.items}
    wanted: dict[str, int] = {}
    difference = 0
    for item_id, new_id in zip(item_ids, new_ids, strict=True):
        if item_id == new_id:
            raise Refusal("same_variant", f"Item {item_id}.")
        row = write.connection.execute("SELECT * FROM variant WHERE item_id = ?", (new_id,)).fetchone()
        if row is None:
            raise Refusal("variant_not_found", f"Item {new_id}.")
        if row["product_id"] != held[item_id].product_id:
            raise Refusal("other_product", f"Item {new_id}.")
        wanted[new_id] = wanted.get(new_id, 0) + 1
        if not row["available"] or (row["stock"] is not None and row["stock"] < wanted[new_id]):
            raise Refusal("variant_unavailable", f"Item {new_id}.")
        difference += row["price_cents"] - to_cents(held[item_id].price)
    return difference


def _take_lines(order: Order, item_ids: Sequence[str]) -> list[int]:
    """Find the line of each item before any is changed, so that two variants can change places."""
    free = [item.item_id for item in order.items]
    lines = []
    for item_id in item_ids:
        index = free.index(item_id)
        free[index] = ""
        lines.append(index + 1)
    return lines


def change_order_items(write: Write, order_id: str, body: ChangeOrderItems) -> Order:
    """Replace items of a pending order, once, and settle the price difference."""
    order = _access_order(write, order_id, body)
    rules.check_pending(order)
    difference = _plan_replacement(write, order, body.item_ids, body.new_item_ids)
    method = _access_method(write, order.customer_id, body.payment_method_id)
    rules.check_covers(method, difference)
    lines = _take_lines(order, body.item_ids)
    for line, item_id, new_id in zip(lines, body.item_ids, body.new_item_ids, strict=True):
        write.run(
            "UPDATE order_item SET item_id = v.item_id, price_cents = v.price_cents, options = v.options"
            " FROM (SELECT * FROM variant WHERE item_id = ?) AS v WHERE order_id = ? AND line = ?",
            new_id, order.order_id, line,
        )  # fmt: skip
        _move_stock(write, item_id, 1)
        _move_stock(write, new_id, -1)
    _add_payment(write, order, "payment" if difference > 0 else "refund", abs(difference), method.id)
    _set_status(write, order, rules.MODIFIED)
    write.record(order.customer_id, order.order_id, "order_items_changed", difference=difference / 100)
    return find_order(write.connection, order.order_id)


def change_order_payment(write: Write, order_id: str, body: ChangeOrderPayment) -> Order:
    """Pay a pending order with another method and refund the first."""
    order = _access_order(write, order_id, body)
    rules.check_pending(order)
    method = _access_method(write, order.customer_id, body.payment_method_id)
    rules.check_new_payment(order, method)
    first = order.payment_history[0]
    cents = to_cents(first.amount)
    _add_payment(write, order, "payment", cents, method.id)
    _add_payment(write, order, "refund", cents, first.payment_method_id)
    write.record(order.customer_id, order.order_id, "order_payment_changed")
    return find_order(write.connection, order.order_id)


def return_items(write: Write, order_id: str, body: ReturnItems) -> Order:
    """Note that a customer wants to return items; the refund follows when they arrive."""
    order = _access_order(write, order_id, body)
    rules.check_delivered(order)
    rules.check_items_in_order(order, body.item_ids)
    method = _access_method(write, order.customer_id, body.payment_method_id)
    rules.check_refund_target(order, method)
    _set_status(write, order, "return requested")
    write.run(
        "UPDATE orders SET return_items = ?, return_payment_method_id = ? WHERE order_id = ?",
        json.dumps(sorted(body.item_ids)), method.id, order.order_id,
    )  # fmt: skip
    write.record(order.customer_id, order.order_id, "return_requested", item_ids=sorted(body.item_ids))
    return find_order(write.connection, order.order_id)


def exchange_items(write: Write, order_id: str, body: ExchangeItems) -> Order:
    """Note that a customer wants to exchange items; the difference is settled when they are sent."""
    order = _access_order(write, order_id, body)
    rules.check_delivered(order)
    difference = _plan_replacement(write, order, body.item_ids, body.new_item_ids)
    method = _access_method(write, order.customer_id, body.payment_method_id)
    rules.check_covers(method, difference)
    _set_status(write, order, "exchange requested")
    write.run(
        "UPDATE orders SET exchange_items = ?, exchange_new_items = ?, exchange_payment_method_id = ?,"
        " exchange_difference_cents = ? WHERE order_id = ?",
        json.dumps(sorted(body.item_ids)), json.dumps(sorted(body.new_item_ids)), method.id, difference,
        order.order_id,
    )  # fmt: skip
    write.record(order.customer_id, order.order_id, "exchange_requested", item_ids=sorted(body.item_ids))
    return find_order(write.connection, order.order_id)


def report_claim(write: Write, order_id: str, body: ReportClaim) -> Claim:
    """Record that something is wrong with an order; a person decides what follows."""
    order = _access_order(write, order_id, body)
    rules.check_claimable(order, body.kind)
    rules.check_items_in_order(order, body.item_ids)
    number = write.connection.execute("SELECT COUNT(*) FROM claim").fetchone()[0] + 1
    claim = Claim(
        claim_id=f"C{100000 + number}",
        order_id=order.order_id,
        customer_id=order.customer_id,
        kind=body.kind,
        item_ids=list(body.item_ids),
        description=body.description,
        wanted_remedy=body.wanted_remedy,
        status="open",
        created_at=write.at,
        photos=list(body.photos),
    )
    write.run(
        "INSERT INTO claim VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        *{**claim.model_dump(exclude={"photos"}), "item_ids": json.dumps(claim.item_ids)}.values(),
    )
    for position, name in enumerate(claim.photos):
        write.run("INSERT INTO claim_photo VALUES (?, ?, ?)", claim.claim_id, position, name)
    write.record(
        order.customer_id, order.order_id, "claim_reported", claim_id=claim.claim_id, problem=claim.kind
    )
    return claim


def give_voucher(write: Write, customer_id: str, body: GiveVoucher) -> PaymentMethod:
    """Give a customer a new gift card."""
    find_customer(write.connection, customer_id)
    count = write.connection.execute("SELECT COUNT(*) FROM payment_method").fetchone()[0]
    digest = hashlib.sha256(f"{customer_id} {count} {write.at}".encode()).hexdigest()
    method = PaymentMethod(
        id=f"gift_card_{int(digest, 16) % 10**7:07d}", source="gift_card", balance=body.amount
    )
    write.run(
        "INSERT INTO payment_method SELECT ?, ?, COALESCE(MAX(position), 0) + 1, ?, NULL, NULL, ?"
        " FROM payment_method WHERE customer_id = ?",
        customer_id, method.id, method.source, to_cents(body.amount), customer_id,
    )  # fmt: skip
    write.record(customer_id, None, "voucher_given", amount=body.amount, reason=body.reason)
    return method


def report_carrier_event(write: Write, order_id: str, body: ReportCarrierEvent) -> Order:
    """Add a carrier's scan and move the order with it."""
    order = find_order(write.connection, order_id)
    known = {tracking for parcel in order.fulfillments for tracking in parcel.tracking_id}
    if order.status not in ("processed", "shipped") or body.tracking_id not in known:
        raise Refusal("carrier_event_not_possible", f"The status is '{order.status}'.")
    write.run(
        "INSERT INTO carrier_event (order_id, tracking_id, at, place, code) VALUES (?, ?, ?, ?, ?)",
        order.order_id, body.tracking_id, write.at, body.place, body.code,
    )  # fmt: skip
    if body.code == "delivered":
        _set_status(write, order, "delivered")
        write.run("UPDATE orders SET delivered_at = ? WHERE order_id = ?", write.at, order.order_id)
    elif order.status == "processed":
        _set_status(write, order, "shipped")
    write.record(order.customer_id, order.order_id, f"parcel_{body.code}", tracking_id=body.tracking_id)
    return find_order(write.connection, order.order_id)
