"""A tiny shop in the snapshot's shape: one customer who has everything, and one other."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from demo_shop.app import create_app
from demo_shop.generate import generate
from demo_shop.snapshot import dump_snapshot, load_snapshot

SECRET = "shop-secret"
ADDRESS = {
    "address1": "1 Elm Street",
    "address2": "",
    "city": "Leeds",
    "country": "USA",
    "state": "OH",
    "zip": "10001",
}


def _variant(item_id: str, price: float, available: bool = True, **options: str) -> dict[str, Any]:
    return {"item_id": item_id, "options": options, "available": available, "price": price}


PRODUCTS = {
    "lamp": {
        "name": "Lamp",
        "product_id": "lamp",
        "variants": {
            "lamp-red": _variant("lamp-red", 10.1, color="red"),
            "lamp-blue": _variant("lamp-blue", 30.3, color="blue"),
            "lamp-gold": _variant("lamp-gold", 400.0, color="gold"),
            "lamp-none": _variant("lamp-none", 5.0, available=False, color="black"),
        },
    },
    "pan": {
        "name": "Pan",
        "product_id": "pan",
        "variants": {"pan-24": _variant("pan-24", 20.2, size="24 cm")},
    },
}


def _item(product_id: str, item_id: str) -> dict[str, Any]:
    product: dict[str, Any] = PRODUCTS[product_id]
    variant = product["variants"][item_id]
    return {
        "name": product["name"], "product_id": product_id, "item_id": item_id, "price": variant["price"],
        "options": variant["options"],
    }  # fmt: skip


def _order(order_id: str, user_id: str, status: str, method: str, *item_ids: str) -> dict[str, Any]:
    items = [_item(item_id.split("-")[0], item_id) for item_id in item_ids]
    is_sent = status in ("processed", "delivered")
    return {
        "order_id": order_id,
        "user_id": user_id,
        "address": ADDRESS,
        "items": items,
        "status": status,
        "fulfillments": [{"tracking_id": ["123456789012"], "item_ids": list(item_ids)}] if is_sent else [],
        "payment_history": [
            {
                "transaction_type": "payment",
                "amount": round(sum(item["price"] for item in items), 2),
                "payment_method_id": method,
            }
        ],
    }


def make_snapshot() -> dict[str, Any]:
    """Build the snapshot anew, so that a test may change it."""
    ada = "ada_miller_1001"
    orders = [
        _order("#W1000001", ada, "pending", "credit_card_1", "lamp-red", "lamp-blue", "lamp-red"),
        _order("#W1000002", ada, "pending", "gift_card_1", "pan-24"),
        _order("#W1000003", ada, "processed", "paypal_1", "pan-24"),
        _order("#W1000004", ada, "delivered", "credit_card_1", "lamp-red", "lamp-red", "pan-24"),
        _order("#W1000005", "ben_fox_1002", "delivered", "paypal_9", "lamp-blue"),
    ]
    users = {
        ada: {
            "user_id": ada,
            "name": {"first_name": "Ada", "last_name": "Müller"},
            "address": ADDRESS,
            "email": "ada.miller1001@example.com",
            "payment_methods": {
                "credit_card_1": {
                    "source": "credit_card", "id": "credit_card_1", "brand": "visa", "last_four": "0042",
                },
                "gift_card_1": {"source": "gift_card", "id": "gift_card_1", "balance": 25.5},
                "paypal_1": {"source": "paypal", "id": "paypal_1"},
            },
            "orders": ["#W1000001", "#W1000002", "#W1000003", "#W1000004"],
        },
        "ben_fox_1002": {
            "user_id": "ben_fox_1002",
            "name": {"first_name": "Ben", "last_name": "Fox"},
            "address": ADDRESS,
            "email": "ben.fox1002@example.com",
            "payment_methods": {"paypal_9": {"source": "paypal", "id": "paypal_9"}},
            "orders": ["#W1000005"],
        },
    }  # fmt: skip
    data = {"products": PRODUCTS, "users": users, "orders": {order["order_id"]: order for order in orders}}
    copy: dict[str, Any] = json.loads(json.dumps(data))
    return copy


class Shop:
    """A shop loaded from a snapshot, with a signed client."""

    def __init__(self, database: Path, **options: Any) -> None:
        self.database = database
        self.client = TestClient(
            create_app(database, secret=SECRET, **options), headers={"Authorization": f"Bearer {SECRET}"}
        )

    def post(self, path: str, body: dict[str, Any], **headers: str) -> Any:
        return self.client.post(f"/api/v1{path}", json=body, headers=headers)

    def get(self, path: str, **query: str) -> Any:
        return self.client.get(f"/api/v1{path}", params=query)

    def dump(self) -> dict[str, Any]:
        return dump_snapshot(self.database)

    def order(self, number: int) -> dict[str, Any]:
        order: dict[str, Any] = self.dump()["orders"][f"#W{number}"]
        return order

    def balance(self) -> float:
        methods = self.dump()["users"]["ada_miller_1001"]["payment_methods"]
        return float(methods["gift_card_1"]["balance"])


@pytest.fixture
def snapshot() -> dict[str, Any]:
    return make_snapshot()


@pytest.fixture
def snapshot_file(tmp_path: Path, snapshot: dict[str, Any]) -> Path:
    path = tmp_path / "db.json"
    path.write_text(json.dumps(snapshot), encoding="utf-8")
    return path


@pytest.fixture
def shop(tmp_path: Path, snapshot_file: Path) -> Shop:
    database = tmp_path / "shop.db"
    load_snapshot(database, snapshot_file)
    return Shop(database)


@pytest.fixture(scope="session")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A generated shop that no test changes."""
    database = tmp_path_factory.mktemp("generated") / "shop.db"
    generate(database, seed=7, today=date(2026, 5, 20))
    return database
