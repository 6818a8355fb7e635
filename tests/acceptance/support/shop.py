"""The demonstration shop on a port of this process, and customers of it that no other test uses."""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import uvicorn

from demo_shop.app import create_app
from demo_shop.generate import generate

SECRET = "acceptance-shop"
TODAY = dt.date(2026, 5, 20)
"""The shop is generated as of this day, so that its orders are the same whenever the tests run."""


CHANGEABLE = {"pending", "delivered"}


@dataclass(frozen=True, slots=True)
class Order:
    """An order as the shop's own tables hold it."""

    id: str
    status: str
    items: tuple[dict[str, Any], ...]

    @property
    def names(self) -> list[str]:
        return [item["name"] for item in self.items]


@dataclass(frozen=True, slots=True)
class Shopper:
    """A customer of the shop."""

    ref: str
    first_name: str
    last_name: str
    email: str
    address: dict[str, str]
    orders: tuple[Order, ...]

    def order(self, status: str) -> Order:
        """The one order with a status."""
        (found,) = [o for o in self.orders if o.status == status]
        return found

    @property
    def secrets(self) -> list[str]:
        """What nobody may learn who has not proven to be this customer."""
        return [self.last_name, self.ref, self.address["address1"], *(o.id for o in self.orders)]


@dataclass
class RunningShop:
    """The shop's address and database."""

    database: Path
    port: int
    _used: set[str] = field(default_factory=set)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/api/v1"

    def rows(self, sql: str, *values: Any) -> list[sqlite3.Row]:
        """Look into the shop's tables."""
        with closing(sqlite3.connect(f"file:{self.database}?mode=ro", uri=True)) as connection:
            connection.row_factory = sqlite3.Row
            return connection.execute(sql, values).fetchall()

    def status(self, order_id: str) -> str:
        """An order's status now."""
        (row,) = self.rows("SELECT status FROM orders WHERE order_id = ?", order_id)
        return str(row["status"])

    def operations(self, path: str = "") -> int:
        """How many writes the shop remembers."""
        return len(self.rows("SELECT 1 FROM operation WHERE path LIKE ?", f"%{path}%"))

    def shopper(
        self,
        *,
        language: str = "",
        having: str = "",
        lacking: str = "",
        fewest: bool = True,
        methods: int = 1,
    ) -> Shopper:
        """A customer with exactly one order of status `having`, none of `lacking`, no claim; English ones last.

        `methods` asks for so many ways of paying besides gift cards.

        One whose order can be changed is given away once only.
        """
        sql = """
            SELECT c.customer_id, COUNT(*) AS n FROM customer c JOIN orders o USING (customer_id)
            WHERE ? IN ('', c.language) AND ? <= (
                SELECT COUNT(*) FROM payment_method m WHERE m.customer_id = c.customer_id AND source != 'gift_card'
            ) AND NOT EXISTS (SELECT 1 FROM claim k WHERE k.customer_id = c.customer_id) GROUP BY 1
            HAVING (? = '' OR SUM(o.status = ?) = 1) AND SUM(o.status = ?) = 0
            ORDER BY c.language = 'en', CASE WHEN ? THEN n ELSE -n END, 1
        """
        found = self.rows(sql, language, methods, having, having, lacking, fewest)
        ref = next(row["customer_id"] for row in found if row["customer_id"] not in self._used)
        if having in CHANGEABLE:
            self._used.add(ref)
        return self.find(ref)

    def find(self, ref: str) -> Shopper:
        """A customer by reference."""
        (row,) = self.rows("SELECT * FROM customer WHERE customer_id = ?", ref)
        orders = self.rows(
            "SELECT order_id, status FROM orders WHERE customer_id = ? ORDER BY customer_position", ref
        )
        return Shopper(
            ref,
            row["first_name"],
            row["last_name"],
            row["email"],
            json.loads(row["address"]),
            tuple(self._order(o["order_id"], o["status"]) for o in orders),
        )

    def _order(self, order_id: str, status: str) -> Order:
        items = self.rows("SELECT * FROM order_item WHERE order_id = ? ORDER BY line", order_id)
        return Order(order_id, status, tuple(dict(i) for i in items))


def make_shop(folder: Path) -> Path:
    """Generate the shop's database, to be copied for each file of tests."""
    database = folder / "shop.sqlite3"
    generate(database, seed=7, today=TODAY)
    return database


@contextmanager
def run_shop(made: Path, folder: Path) -> Iterator[RunningShop]:
    """Serve a copy of a generated shop, kept in a folder, on a free port of this process.

    Each file of tests has its own, so that the customers it gets do not depend on which files ran before.
    """
    database = folder / "copy.sqlite3"
    with closing(sqlite3.connect(made)) as source, closing(sqlite3.connect(database)) as copy:
        source.backup(copy)
    app = create_app(database, secret=SECRET, allow_backdating=True)
    settings = uvicorn.Config(
        app, host="127.0.0.1", port=0, log_level="warning", access_log=False, lifespan="off"
    )
    server = uvicorn.Server(settings)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive(), "the shop did not start"
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield RunningShop(database, port)
    finally:
        server.should_exit = True
        thread.join(timeout=5)
