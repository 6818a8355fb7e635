"""A retail snapshot in and out: one JSON file with ``products``, ``users`` and ``orders``.

A snapshot knows less than the shop (no languages, telephones, times or scans); what it does not
know stays empty, and a dump writes exactly what the file's shape has room for. What a shop has beside
orders (subscriptions, claims, appointments …) stands under ``services``, when there is any.
"""

import gzip
import json
import sqlite3
from pathlib import Path
from typing import Any

from demo_shop.database import Database, empty_all_tables, write_meta
from demo_shop.reads import name_key
from demo_shop.service_tables import SERVICE_TABLES
from demo_shop.text import fold, fold_zip, from_cents, to_cents

Json = dict[str, Any]
_OPTIONAL_TEXT = ("cancel_reason", "return_payment_method_id", "exchange_payment_method_id")
_OPTIONAL_LISTS = ("return_items", "exchange_items", "exchange_new_items")


def read_snapshot(path: Path) -> Json:
    """Read a snapshot file, gzipped or not."""
    raw = path.read_bytes()
    if raw[:2] == b"\x1f\x8b":
        raw = gzip.decompress(raw)
    data: Json = json.loads(raw)
    return data


def load_snapshot(database: Path, path: Path) -> None:
    """Replace everything in the database by the snapshot; its prices are in US dollars."""
    data = read_snapshot(path)
    shop = Database(database)
    with shop.writing() as connection:
        empty_all_tables(connection)
        write_meta(connection, "currency", "USD")
        for position, product in enumerate(data["products"].values()):
            _load_product(connection, position, product)
        for position, user in enumerate(data["users"].values()):
            _load_user(connection, position, user)
        places = {
            order_id: place
            for user in data["users"].values()
            for place, order_id in enumerate(user["orders"])
        }
        for position, order in enumerate(data["orders"].values()):
            _load_order(connection, position, places[order["order_id"]], order)
        _load_services(connection, data.get("services", {}))
    shop.close()


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _load_product(connection: sqlite3.Connection, position: int, product: Json) -> None:
    connection.execute(
        "INSERT INTO product (product_id, position, name) VALUES (?, ?, ?)",
        (product["product_id"], position, product["name"]),
    )
    connection.executemany(
        "INSERT INTO variant VALUES (?, ?, ?, ?, ?, ?, NULL)",
        [
            (
                v["item_id"],
                product["product_id"],
                place,
                _text(v["options"]),
                to_cents(v["price"]),
                v["available"],
            )
            for place, v in enumerate(product["variants"].values())
        ],
    )


def _load_user(connection: sqlite3.Connection, position: int, user: Json) -> None:
    first, last = user["name"]["first_name"], user["name"]["last_name"]
    connection.execute(
        "INSERT INTO customer VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, NULL, NULL)",
        (
            user["user_id"], position, first, last, name_key(first, last), user["email"], fold(user["email"]),
            _text(user["address"]), fold_zip(user["address"]["zip"]),
        ),
    )  # fmt: skip
    for place, method in enumerate(user["payment_methods"].values()):
        balance = method.get("balance")
        connection.execute(
            "INSERT INTO payment_method VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                user["user_id"], method["id"], place, method["source"], method.get("brand"),
                method.get("last_four"), None if balance is None else to_cents(balance),
            ),
        )  # fmt: skip


def _load_order(connection: sqlite3.Connection, position: int, place: int, order: Json) -> None:
    difference = order.get("exchange_price_difference")
    optional: Json = {key: order.get(key) for key in _OPTIONAL_TEXT}
    optional |= {key: None if order.get(key) is None else _text(order[key]) for key in _OPTIONAL_LISTS}
    values = {
        "order_id": order["order_id"],
        "position": position,
        "customer_id": order["user_id"],
        "customer_position": place,
        "address": _text(order["address"]),
        "status": order["status"],
        "exchange_difference_cents": None if difference is None else to_cents(difference),
        **optional,
    }
    marks = ", ".join(f":{key}" for key in values)
    connection.execute(f"INSERT INTO orders ({', '.join(values)}) VALUES ({marks})", values)  # noqa: S608
    order_id = order["order_id"]
    connection.executemany(
        "INSERT INTO order_item VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            (
                order_id,
                line,
                i["item_id"],
                i["product_id"],
                i["name"],
                to_cents(i["price"]),
                _text(i["options"]),
            )
            for line, i in enumerate(order["items"], start=1)
        ],
    )
    connection.executemany(
        "INSERT INTO payment VALUES (?, ?, ?, ?, ?, NULL, NULL)",
        [
            (order_id, line, p["transaction_type"], to_cents(p["amount"]), p["payment_method_id"])
            for line, p in enumerate(order["payment_history"], start=1)
        ],
    )
    connection.executemany(
        "INSERT INTO fulfillment VALUES (?, ?, ?, ?, NULL)",
        [
            (order_id, line, _text(f["tracking_id"]), _text(f["item_ids"]))
            for line, f in enumerate(order["fulfillments"], start=1)
        ],
    )


def _load_services(connection: sqlite3.Connection, services: Json) -> None:
    """Take what the shop has beside orders, where the file knows of it."""
    for table in SERVICE_TABLES:
        for row in services.get(table, []):
            marks = ", ".join(f":{name}" for name in row)
            connection.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})", row)  # noqa: S608 - tables of ours


def _dump_services(connection: sqlite3.Connection) -> Json:
    """Every table with rows, in the order they were written; empty ones are left out."""
    found = {
        table: [dict(row) for row in connection.execute(f"SELECT * FROM {table} ORDER BY rowid")]  # noqa: S608 - tables of ours
        for table in SERVICE_TABLES
    }
    return {table: rows for table, rows in found.items() if rows}


def dump_snapshot(database: Path) -> Json:
    """Write the shop's state in the snapshot's shape."""
    shop = Database(database)
    with shop.reading() as connection:
        data = {
            "products": _dump_products(connection),
            "users": _dump_users(connection),
            "orders": _dump_orders(connection),
        }
        services = _dump_services(connection)
        if services:
            data["services"] = services
    shop.close()
    return data


def _dump_products(connection: sqlite3.Connection) -> Json:
    products: Json = {}
    for row in connection.execute("SELECT * FROM product ORDER BY position"):
        product_id = row["product_id"]
        products[product_id] = {"name": row["name"], "product_id": product_id, "variants": {}}
    for row in connection.execute("SELECT * FROM variant ORDER BY product_id, position"):
        products[row["product_id"]]["variants"][row["item_id"]] = {
            "item_id": row["item_id"],
            "options": json.loads(row["options"]),
            "available": bool(row["available"]),
            "price": from_cents(row["price_cents"]),
        }
    return products


def _dump_users(connection: sqlite3.Connection) -> Json:
    users: Json = {}
    for row in connection.execute("SELECT * FROM customer ORDER BY position"):
        users[row["customer_id"]] = {
            "user_id": row["customer_id"],
            "name": {"first_name": row["first_name"], "last_name": row["last_name"]},
            "address": json.loads(row["address"]),
            "email": row["email"],
            "payment_methods": {},
            "orders": [],
        }
    for row in connection.execute("SELECT * FROM payment_method ORDER BY customer_id, position"):
        method: Json = {"source": row["source"], "id": row["payment_method_id"]}
        if row["source"] == "credit_card":
            method |= {"brand": row["brand"], "last_four": row["last_four"]}
        if row["balance_cents"] is not None:
            method["balance"] = from_cents(row["balance_cents"])
        users[row["customer_id"]]["payment_methods"][method["id"]] = method
    for row in connection.execute("SELECT * FROM orders ORDER BY customer_id, customer_position"):
        users[row["customer_id"]]["orders"].append(row["order_id"])
    return users


def _dump_orders(connection: sqlite3.Connection) -> Json:
    orders: Json = {}
    for row in connection.execute("SELECT * FROM orders ORDER BY position"):
        order: Json = {
            "order_id": row["order_id"],
            "user_id": row["customer_id"],
            "address": json.loads(row["address"]),
            "items": [],
            "status": row["status"],
            "fulfillments": [],
            "payment_history": [],
        }
        order |= {key: row[key] for key in _OPTIONAL_TEXT if row[key] is not None}
        order |= {key: json.loads(row[key]) for key in _OPTIONAL_LISTS if row[key] is not None}
        if row["exchange_difference_cents"] is not None:
            order["exchange_price_difference"] = from_cents(row["exchange_difference_cents"])
        orders[row["order_id"]] = order
    for row in connection.execute("SELECT * FROM order_item ORDER BY order_id, line"):
        orders[row["order_id"]]["items"].append(
            {
                "name": row["name"],
                "product_id": row["product_id"],
                "item_id": row["item_id"],
                "price": from_cents(row["price_cents"]),
                "options": json.loads(row["options"]),
            }
        )
    for row in connection.execute("SELECT * FROM payment ORDER BY order_id, line"):
        orders[row["order_id"]]["payment_history"].append(
            {
                "transaction_type": row["transaction_type"],
                "amount": from_cents(row["amount_cents"]),
                "payment_method_id": row["payment_method_id"],
            }
        )
    for row in connection.execute("SELECT * FROM fulfillment ORDER BY order_id, line"):
        orders[row["order_id"]]["fulfillments"].append(
            {"tracking_id": json.loads(row["tracking_ids"]), "item_ids": json.loads(row["item_ids"])}
        )
    return orders
