"""A shop of our own in the shape of a snapshot, and errands in both shapes that tasks come in."""

from __future__ import annotations

from typing import Any

ADDRESS = {
    "address1": "12 Mill Lane",
    "address2": "",
    "city": "Fresno",
    "country": "USA",
    "state": "CA",
    "zip": "40210",
}
NEW_ADDRESS = {**ADDRESS, "address1": "7 Harbour Road", "address2": "Flat 3"}


def _variants(product: str, *rows: tuple[str, str, float, bool]) -> dict[str, Any]:
    return {
        f"{product}{number}": {
            "item_id": f"{product}{number}",
            "options": {"colour": colour},
            "available": is_available,
            "price": price,
        }
        for number, colour, price, is_available in rows
    }


PRODUCTS: dict[str, Any] = {
    "100": {
        "name": "Desk Lamp",
        "product_id": "100",
        "variants": _variants(
            "100", ("1", "black", 40.0, True), ("2", "white", 44.0, True), ("3", "red", 39.0, False)
        ),
    },
    "200": {
        "name": "Kettle",
        "product_id": "200",
        "variants": _variants("200", ("1", "steel", 30.0, True), ("2", "green", 30.0, True), ("3", "copper", 95.0, True)),
    },
}  # fmt: skip


def _item(item_id: str) -> dict[str, Any]:
    product = PRODUCTS[item_id[:3]]
    variant = product["variants"][item_id]
    return {
        "name": product["name"],
        "product_id": product["product_id"],
        "item_id": item_id,
        "price": variant["price"],
        "options": dict(variant["options"]),
    }


def _order(order_id: str, user: str, status: str, items: list[str], method: str) -> dict[str, Any]:
    lines = [_item(i) for i in items]
    total = sum(line["price"] for line in lines)
    paid = {"transaction_type": "payment", "amount": total, "payment_method_id": method}
    return {
        "order_id": order_id,
        "user_id": user,
        "address": dict(ADDRESS),
        "items": lines,
        "status": status,
        "fulfillments": [] if status == "pending" else [{"tracking_id": ["81"], "item_ids": items}],
        "payment_history": [paid],
    }


def _user(
    key: str, first: str, last: str, orders: list[str], methods: list[dict[str, Any]]
) -> dict[str, Any]:
    return {
        "user_id": key,
        "name": {"first_name": first, "last_name": last},
        "address": dict(ADDRESS),
        "email": f"{first.lower()}@example.com",
        "payment_methods": {m["id"]: m for m in methods},
        "orders": orders,
    }


def snapshot() -> dict[str, Any]:
    """Two customers with every kind of order, and somebody else."""
    visa = {"source": "credit_card", "id": "credit_card_1", "brand": "visa", "last_four": "4242"}
    paypal = {"source": "paypal", "id": "paypal_1"}
    card = {"source": "gift_card", "id": "gift_card_1", "balance": 50.0}
    users = [
        _user("ada_novak_1", "Ada", "Novak", ["#W1000001", "#W1000002", "#W1000003"], [visa, paypal, card]),
        _user("ben_okoro_2", "Ben", "Okoro", ["#W2000001", "#W2000002"], [{**paypal, "id": "paypal_2"}]),
        _user("eva_lind_3", "Eva", "Lind", ["#W3000001", "#W3000002"], [{**visa, "id": "credit_card_3"}]),
    ]
    orders = [
        _order("#W1000001", "ada_novak_1", "delivered", ["1001", "2001", "2001"], "credit_card_1"),
        _order("#W1000002", "ada_novak_1", "pending", ["1001", "2002"], "paypal_1"),
        _order("#W1000003", "ada_novak_1", "pending", ["2001"], "gift_card_1"),
        _order("#W2000001", "ben_okoro_2", "processed", ["1002"], "paypal_2"),
        _order("#W2000002", "ben_okoro_2", "delivered", ["1002", "2003"], "paypal_2"),
        _order("#W3000001", "eva_lind_3", "pending", ["2003"], "credit_card_3"),
        _order("#W3000002", "eva_lind_3", "delivered", ["1001"], "credit_card_3"),
    ]
    return {
        "products": PRODUCTS,
        "users": {u["user_id"]: u for u in users},
        "orders": {o["order_id"]: o for o in orders},
    }


def _call(name: str, **arguments: Any) -> dict[str, Any]:
    return {"name": name, "arguments": arguments}


BY_NAME = _call("find_user_id_by_name_zip", first_name="Ada", last_name="Novak", zip="40210")
BY_EMAIL = _call("find_user_id_by_email", email="ben@example.com")


def _errand(number: str, *actions: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": number,
        "user_scenario": {"instructions": {"known_info": "see the actions"}},
        "evaluation_criteria": {"actions": list(actions)},
    }


ERRANDS: list[dict[str, Any]] = [
    _errand(
        "change-and-cancel",
        BY_NAME,
        _call("modify_pending_order_address", order_id="#W1000002", **NEW_ADDRESS),
        _call(
            "modify_pending_order_items",
            order_id="#W1000002",
            item_ids=["1001"],
            new_item_ids=["1002"],
            payment_method_id="credit_card_1",
        ),
        _call("cancel_pending_order", order_id="#W1000003", reason="ordered by mistake"),
    ),
    _errand(
        "two-of-one-kind",
        BY_NAME,
        _call(
            "exchange_delivered_order_items",
            order_id="#W1000001",
            item_ids=["2001", "2001"],
            new_item_ids=["2002", "2003"],
            payment_method_id="paypal_1",
        ),
    ),
    _errand(
        "return-by-email",
        BY_EMAIL,
        _call(
            "return_delivered_order_items",
            order_id="#W2000002",
            item_ids=["2003"],
            payment_method_id="paypal_2",
        ),
    ),
    _errand(
        "card-too-small",
        BY_NAME,
        _call(
            "exchange_delivered_order_items",
            order_id="#W1000001",
            item_ids=["2001"],
            new_item_ids=["2003"],
            payment_method_id="gift_card_1",
        ),
    ),
    _errand("person", BY_EMAIL, _call("transfer_to_human_agents", summary="wants a person")),
    _errand("question", BY_EMAIL, _call("get_order_details", order_id="#W2000001")),
]
OLDER: list[dict[str, Any]] = [
    {
        "user_id": "ada_novak_1",
        "instruction": "Your name is Ada Novak and your zip code is 40210.",
        "actions": [
            {
                "name": "modify_pending_order_payment",
                "kwargs": {"order_id": "#W1000002", "payment_method_id": "credit_card_1"},
            },
            {
                "name": "modify_pending_order_items",
                "kwargs": {
                    "order_id": "#W1000003",
                    "item_ids": ["2001"],
                    "new_item_ids": ["2002"],
                    "payment_method_id": "paypal_1",
                },
            },
        ],
    }
]
