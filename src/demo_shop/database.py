"""The shop's SQLite file: schema, connections, and the one way to open a transaction."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from demo_shop.service_tables import SERVICE_SCHEMA, SERVICE_TABLES

_SCHEMA = """
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS product (
    product_id TEXT PRIMARY KEY, position INTEGER NOT NULL, name TEXT NOT NULL,
    names TEXT NOT NULL DEFAULT '{}', category TEXT NOT NULL DEFAULT '', picture TEXT NOT NULL DEFAULT '',
    is_consumable INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE IF NOT EXISTS variant (
    item_id TEXT PRIMARY KEY, product_id TEXT NOT NULL REFERENCES product, position INTEGER NOT NULL,
    options TEXT NOT NULL, price_cents INTEGER NOT NULL, available INTEGER NOT NULL, stock INTEGER
);
CREATE INDEX IF NOT EXISTS variant_product ON variant (product_id, position);
CREATE TABLE IF NOT EXISTS customer (
    customer_id TEXT PRIMARY KEY, position INTEGER NOT NULL,
    first_name TEXT NOT NULL, last_name TEXT NOT NULL, name_key TEXT NOT NULL,
    email TEXT NOT NULL, email_key TEXT NOT NULL, address TEXT NOT NULL, zip_key TEXT NOT NULL,
    phone TEXT, language TEXT, created_at TEXT
);
CREATE INDEX IF NOT EXISTS customer_email ON customer (email_key);
CREATE INDEX IF NOT EXISTS customer_name ON customer (name_key, zip_key);
CREATE INDEX IF NOT EXISTS customer_phone ON customer (phone);
CREATE TABLE IF NOT EXISTS payment_method (
    customer_id TEXT NOT NULL REFERENCES customer, payment_method_id TEXT NOT NULL,
    position INTEGER NOT NULL, source TEXT NOT NULL, brand TEXT, last_four TEXT, balance_cents INTEGER,
    PRIMARY KEY (customer_id, payment_method_id)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS orders (
    order_id TEXT PRIMARY KEY, position INTEGER NOT NULL,
    customer_id TEXT NOT NULL REFERENCES customer, customer_position INTEGER NOT NULL,
    address TEXT NOT NULL, status TEXT NOT NULL,
    placed_at TEXT, status_at TEXT, promised_at TEXT, delivered_at TEXT,
    cancel_reason TEXT, return_items TEXT, return_payment_method_id TEXT,
    exchange_items TEXT, exchange_new_items TEXT, exchange_payment_method_id TEXT,
    exchange_difference_cents INTEGER
);
CREATE INDEX IF NOT EXISTS orders_customer ON orders (customer_id, customer_position);
CREATE TABLE IF NOT EXISTS order_item (
    order_id TEXT NOT NULL REFERENCES orders, line INTEGER NOT NULL, item_id TEXT NOT NULL,
    product_id TEXT NOT NULL, name TEXT NOT NULL, price_cents INTEGER NOT NULL, options TEXT NOT NULL,
    PRIMARY KEY (order_id, line)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS payment (
    order_id TEXT NOT NULL REFERENCES orders, line INTEGER NOT NULL, transaction_type TEXT NOT NULL,
    amount_cents INTEGER NOT NULL, payment_method_id TEXT NOT NULL, at TEXT, settled_at TEXT,
    PRIMARY KEY (order_id, line)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS fulfillment (
    order_id TEXT NOT NULL REFERENCES orders, line INTEGER NOT NULL, tracking_ids TEXT NOT NULL,
    item_ids TEXT NOT NULL, carrier TEXT, PRIMARY KEY (order_id, line)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS carrier_event (
    id INTEGER PRIMARY KEY, order_id TEXT NOT NULL REFERENCES orders, tracking_id TEXT NOT NULL,
    at TEXT NOT NULL, place TEXT NOT NULL, code TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS carrier_event_order ON carrier_event (order_id, at);
CREATE TABLE IF NOT EXISTS claim (
    claim_id TEXT PRIMARY KEY, order_id TEXT NOT NULL REFERENCES orders, customer_id TEXT NOT NULL,
    kind TEXT NOT NULL, item_ids TEXT NOT NULL, description TEXT NOT NULL, wanted_remedy TEXT NOT NULL,
    status TEXT NOT NULL, created_at TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS claim_order ON claim (order_id);
CREATE TABLE IF NOT EXISTS event (
    id INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, customer_id TEXT NOT NULL, order_id TEXT,
    kind TEXT NOT NULL, data TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS event_customer ON event (customer_id, id);
CREATE TABLE IF NOT EXISTS operation (
    idempotency_key TEXT PRIMARY KEY, method TEXT NOT NULL, path TEXT NOT NULL, body_hash TEXT NOT NULL,
    status_code INTEGER NOT NULL, response TEXT NOT NULL, at TEXT NOT NULL
) WITHOUT ROWID;
"""

DATA_TABLES = (
    *SERVICE_TABLES, "operation", "event", "claim", "carrier_event", "fulfillment", "payment", "order_item", "orders",
    "payment_method", "customer", "variant", "product", "meta",
)  # fmt: skip
"""Every table, children first, so that emptying them in this order breaks no reference."""

_POOL_SIZE = 4


class Database:
    """A small pool of connections to one file, shared by threads; other processes may open it too."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._idle: list[sqlite3.Connection] = []
        path.parent.mkdir(parents=True, exist_ok=True)
        with self._connection() as connection:
            connection.executescript(_SCHEMA + SERVICE_SCHEMA)
        self.close()  # a server may fork after this; a connection must not be shared across a fork

    def _open(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self.path, timeout=15, isolation_level=None, check_same_thread=False)
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA cache_size = -2048")
        return connection

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        try:
            connection = self._idle.pop()
        except IndexError:
            connection = self._open()
        try:
            yield connection
        finally:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            if len(self._idle) < _POOL_SIZE:
                self._idle.append(connection)
            else:
                connection.close()

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Give a connection whose reads all see one state of the data."""
        with self._connection() as connection:
            connection.execute("BEGIN")
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Give a connection that holds the write lock; commit on return, roll back on an exception."""
        with self._connection() as connection:
            connection.execute("BEGIN IMMEDIATE")
            yield connection
            connection.execute("COMMIT")

    def close(self) -> None:
        """Close idle connections."""
        while self._idle:
            self._idle.pop().close()


def empty_all_tables(connection: sqlite3.Connection) -> None:
    """Delete every row, keeping the schema."""
    for table in DATA_TABLES:
        connection.execute(f"DELETE FROM {table}")  # noqa: S608 - names from the constant above


def read_meta(connection: sqlite3.Connection, key: str, default: str) -> str:
    """Read one shop-wide setting."""
    row = connection.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
    return str(row["value"]) if row else default


def write_meta(connection: sqlite3.Connection, key: str, value: str) -> None:
    """Store one shop-wide setting."""
    connection.execute("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)", (key, value))
