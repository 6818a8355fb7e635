"""Stock notices: one mail when a sold-out variant is back; kept 90 days, nothing is reserved."""

import json
import sqlite3
from datetime import datetime, timedelta

from pydantic import Field

from demo_shop.models import Moment, Shape
from demo_shop.numbering import next_number
from demo_shop.reads import find_customer
from demo_shop.refusals import Refusal
from demo_shop.requests import Body
from demo_shop.text import iso
from demo_shop.vocabulary import say_options
from demo_shop.writes import Write, tell_waiting

KEPT = timedelta(days=90)

_SELECT = """
SELECT stock_notice.*, variant.options, product.name, product.names, product.product_id
FROM stock_notice JOIN variant USING (item_id) JOIN product USING (product_id)
"""


class StockNotice(Shape):
    """A wish to be told."""

    stock_notice_id: str
    customer_id: str
    item_id: str
    product_id: str
    display_name: str
    display_options: dict[str, str]
    created_at: Moment
    expires_at: Moment
    notified_at: Moment | None


class AskNotice(Body):
    """Ask to be told when a variant is back."""

    item_id: str = Field(min_length=1, max_length=100)


class StockState(Shape):
    """What is there of a variant, and how many people were told."""

    item_id: str
    available: bool
    stock: int | None
    told: int


class AddStock(Body):
    """Goods that have come into the warehouse."""

    pieces: int = Field(ge=1, le=100_000)


def _notice(row: sqlite3.Row, language: str) -> StockNotice:
    names = json.loads(row["names"] or "{}")
    return StockNotice(
        stock_notice_id=row["stock_notice_id"],
        customer_id=row["customer_id"],
        item_id=row["item_id"],
        product_id=row["product_id"],
        display_name=names.get(language, row["name"]),
        display_options=say_options(json.loads(row["options"]), language),
        created_at=row["created_at"],
        expires_at=row["expires_at"],
        notified_at=row["notified_at"],
    )


def list_notices(connection: sqlite3.Connection, customer_id: str, language: str) -> list[StockNotice]:
    """A customer's notices, the newest first."""
    rows = connection.execute(
        _SELECT + " WHERE customer_id = ? ORDER BY created_at DESC, stock_notice_id DESC", (customer_id,)
    )
    return [_notice(row, language) for row in rows]


def ask_notice(write: Write, customer_id: str, body: AskNotice) -> StockNotice:
    """Note the wish; for what is in stock there is nothing to wait for."""
    customer = find_customer(write.connection, customer_id)
    variant = write.connection.execute(
        "SELECT available FROM variant WHERE item_id = ?", (body.item_id,)
    ).fetchone()
    if variant is None:
        raise Refusal("variant_not_found")
    if variant["available"]:
        raise Refusal("variant_in_stock")
    waiting = write.connection.execute(
        "SELECT 1 FROM stock_notice WHERE customer_id = ? AND item_id = ? AND notified_at IS NULL AND expires_at > ?",
        (customer_id, body.item_id, write.at),
    ).fetchone()
    if waiting:
        raise Refusal("notice_exists")
    number = next_number(write, "stock_notice", "N")
    expires_at = iso(datetime.fromisoformat(write.at) + KEPT)
    write.run(
        "INSERT INTO stock_notice VALUES (?, ?, ?, ?, ?, NULL)",
        number, customer_id, body.item_id, write.at, expires_at,
    )  # fmt: skip
    write.record(customer_id, None, "stock_notice_asked", stock_notice_id=number, item_id=body.item_id)
    row = write.connection.execute(_SELECT + " WHERE stock_notice_id = ?", (number,)).fetchone()
    return _notice(row, customer.language or "en")


def add_stock(write: Write, item_id: str, body: AddStock) -> StockState:
    """Put goods on the shelf; whoever waits for them is told, once, in the order they asked."""
    row = write.connection.execute("SELECT * FROM variant WHERE item_id = ?", (item_id,)).fetchone()
    if row is None:
        raise Refusal("variant_not_found")
    stock = None if row["stock"] is None else row["stock"] + body.pieces
    write.run("UPDATE variant SET stock = ?, available = 1 WHERE item_id = ?", stock, item_id)
    told = tell_waiting(write, item_id)
    return StockState(item_id=item_id, available=True, stock=stock, told=told)
