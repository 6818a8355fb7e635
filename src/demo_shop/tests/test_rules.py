"""Each refusal has its code and changes nothing."""

from typing import Any

import pytest

CARD = "credit_card_1"
ITEMS = {"item_ids": ["lamp-red"], "new_item_ids": ["lamp-blue"], "payment_method_id": CARD}
PLACE = {"address1": "2 Oak", "address2": "", "city": "York", "country": "USA", "state": "PA", "zip": "2"}
CLAIM = {"kind": "damaged", "description": "Broken", "item_ids": []}

REFUSALS: list[tuple[str, dict[str, Any], int, str]] = [
    ("/orders/W1/cancel", {"reason": "no longer needed"}, 404, "order_not_found"),
    ("/orders/W1000001/cancel", {"reason": "too expensive"}, 422, "reason_not_allowed"),
    ("/orders/W1000003/cancel", {"reason": "no longer needed"}, 409, "order_not_pending"),
    (
        "/orders/W1000001/cancel",
        {"reason": "no longer needed", "customer_id": "ben_fox_1002"},
        403,
        "not_owner",
    ),
    ("/orders/W1000001/cancel", {}, 422, "invalid_request"),
    ("/orders/W1000001/cancel", {"reason": "no longer needed", "force": True}, 422, "invalid_request"),
    ("/orders/W1000004/address", PLACE, 409, "order_not_pending"),
    ("/orders/W1000001/address", {**PLACE, "customer_id": "ben_fox_1002"}, 403, "not_owner"),
    ("/orders/W1000004/items", ITEMS, 409, "order_not_pending"),
    ("/orders/W1000001/items", {**ITEMS, "new_item_ids": ["pan-24"]}, 422, "other_product"),
    ("/orders/W1000001/items", {**ITEMS, "new_item_ids": ["lamp-none"]}, 409, "variant_unavailable"),
    ("/orders/W1000001/items", {**ITEMS, "new_item_ids": ["lamp-pink"]}, 422, "variant_not_found"),
    ("/orders/W1000001/items", {**ITEMS, "new_item_ids": ["lamp-red"]}, 422, "same_variant"),
    ("/orders/W1000001/items", {**ITEMS, "item_ids": ["lamp-gold"]}, 422, "items_not_in_order"),
    (
        "/orders/W1000001/items",
        {**ITEMS, "item_ids": ["lamp-red"] * 3, "new_item_ids": ["lamp-blue"] * 3},
        422,
        "items_not_in_order",
    ),
    ("/orders/W1000001/items", {**ITEMS, "new_item_ids": ["lamp-blue"] * 2}, 422, "items_do_not_match"),
    ("/orders/W1000001/items", {**ITEMS, "item_ids": [], "new_item_ids": []}, 422, "invalid_request"),
    ("/orders/W1000001/items", {**ITEMS, "payment_method_id": "paypal_9"}, 422, "payment_method_not_found"),
    (
        "/orders/W1000001/items",
        {**ITEMS, "new_item_ids": ["lamp-gold"], "payment_method_id": "gift_card_1"},
        409,
        "gift_card_insufficient",
    ),
    ("/orders/W1000003/payment", {"payment_method_id": CARD}, 409, "order_not_pending"),
    ("/orders/W1000001/payment", {"payment_method_id": CARD}, 422, "payment_method_unchanged"),
    ("/orders/W1000001/payment", {"payment_method_id": "paypal_9"}, 422, "payment_method_not_found"),
    ("/orders/W1000001/payment", {"payment_method_id": "gift_card_1"}, 409, "gift_card_insufficient"),
    (
        "/orders/W1000001/return",
        {"item_ids": ["pan-24"], "payment_method_id": CARD},
        409,
        "order_not_delivered",
    ),
    (
        "/orders/W1000004/return",
        {"item_ids": ["pan-24"], "payment_method_id": "paypal_1"},
        422,
        "payment_method_not_allowed",
    ),
    (
        "/orders/W1000004/return",
        {"item_ids": ["pan-24"] * 2, "payment_method_id": CARD},
        422,
        "items_not_in_order",
    ),
    (
        "/orders/W1000004/return",
        {"item_ids": ["pan-24"], "payment_method_id": "x"},
        422,
        "payment_method_not_found",
    ),
    ("/orders/W1000001/exchange", ITEMS, 409, "order_not_delivered"),
    ("/orders/W1000004/exchange", {**ITEMS, "new_item_ids": ["pan-24"]}, 422, "other_product"),
    ("/orders/W1000004/exchange", {**ITEMS, "new_item_ids": ["lamp-none"]}, 409, "variant_unavailable"),
    (
        "/orders/W1000004/exchange",
        {**ITEMS, "new_item_ids": ["lamp-gold"], "payment_method_id": "gift_card_1"},
        409,
        "gift_card_insufficient",
    ),
    ("/orders/W1000001/claims", CLAIM, 409, "claim_too_early"),
    ("/orders/W1000004/claims", {**CLAIM, "item_ids": ["lamp-blue"]}, 422, "items_not_in_order"),
    ("/orders/W1000004/claims", {**CLAIM, "kind": "ugly"}, 422, "invalid_request"),
    ("/customers/ada_miller_1001/vouchers", {"amount": 5000, "reason": "sorry"}, 422, "invalid_request"),
    ("/customers/nobody/vouchers", {"amount": 5, "reason": "sorry"}, 404, "customer_not_found"),
    (
        "/orders/W1000001/carrier-events",
        {"tracking_id": "1", "code": "delayed", "place": "York"},
        409,
        "carrier_event_not_possible",
    ),
]


@pytest.mark.parametrize(("path", "body", "status", "code"), REFUSALS)
def test_a_refusal_names_its_rule_and_changes_nothing(shop, snapshot, path, body, status, code) -> None:
    answer = shop.post(path, body)
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
    assert shop.dump() == snapshot
    assert shop.get("/events").json() == []


def test_items_are_modified_once_and_then_nothing_more(shop) -> None:
    assert shop.post("/orders/W1000001/items", ITEMS).status_code == 200
    before = shop.dump()
    attempts: list[tuple[str, dict[str, Any]]] = [
        ("items", {**ITEMS, "new_item_ids": ["lamp-gold"]}),
        ("cancel", {"reason": "no longer needed"}),
        ("address", PLACE),
        ("payment", {"payment_method_id": "paypal_1"}),
    ]
    for path, body in attempts:
        answer = shop.post(f"/orders/W1000001/{path}", body)
        assert (answer.status_code, answer.json()["error"]["code"]) == (409, "already_modified")
    assert shop.dump() == before


def test_payment_changes_once(shop) -> None:
    assert shop.post("/orders/W1000001/payment", {"payment_method_id": "paypal_1"}).status_code == 200
    before = shop.dump()
    answer = shop.post("/orders/W1000001/payment", {"payment_method_id": CARD})
    assert answer.json()["error"]["code"] == "payment_already_modified"
    assert shop.dump() == before


@pytest.mark.parametrize("second", ["return", "exchange"])
def test_return_and_exchange_exclude_each_other(shop, second) -> None:
    first = {"return": "exchange", "exchange": "return"}[second]
    bodies = {"return": {"item_ids": ["pan-24"], "payment_method_id": CARD}, "exchange": ITEMS}
    assert shop.post(f"/orders/W1000004/{first}", bodies[first]).status_code == 200
    before = shop.dump()
    for again in (first, second):
        answer = shop.post(f"/orders/W1000004/{again}", bodies[again])
        assert answer.json()["error"]["code"] == "already_requested"
    assert shop.dump() == before


def test_the_change_of_an_unknown_customers_address_is_refused(shop, snapshot) -> None:
    answer = shop.client.put("/api/v1/customers/nobody/address", json=PLACE)
    assert answer.json()["error"]["code"] == "customer_not_found"
    assert shop.dump() == snapshot
