"""Each write leaves exactly the rows it should, in the snapshot's shape."""

CARD = "credit_card_1"
PLACE = {"address1": "2 Oak", "address2": "", "city": "York", "country": "USA", "state": "PA", "zip": "20002"}


def _paid(kind: str, amount: float, method: str) -> dict[str, object]:
    return {"transaction_type": kind, "amount": amount, "payment_method_id": method}


def test_cancel_refunds_the_card(shop, snapshot) -> None:
    answer = shop.post("/orders/%23W1000001/cancel", {"reason": "ordered by mistake"})
    expected = snapshot["orders"]["#W1000001"]
    expected["status"] = "cancelled"
    expected["cancel_reason"] = "ordered by mistake"
    expected["payment_history"].append(_paid("refund", 50.5, CARD))
    assert answer.status_code == 200
    assert shop.dump() == snapshot
    refund = answer.json()["payment_history"][1]
    assert refund["at"] is not None
    assert refund["settled_at"] is None


def test_cancel_refunds_the_gift_card_at_once(shop) -> None:
    answer = shop.post("/orders/W1000002/cancel", {"reason": "no longer needed"})
    assert shop.balance() == 45.7
    assert answer.json()["payment_history"][1]["settled_at"] is not None


def test_cancel_after_a_change_of_payment_refunds_only_what_is_still_paid(shop) -> None:
    shop.post("/orders/W1000002/payment", {"payment_method_id": "paypal_1"})
    shop.post("/orders/W1000002/cancel", {"reason": "no longer needed"})
    assert shop.order(1000002)["payment_history"] == [
        _paid("payment", 20.2, "gift_card_1"),
        _paid("payment", 20.2, "paypal_1"),
        _paid("refund", 20.2, "gift_card_1"),
        _paid("refund", 20.2, "paypal_1"),
    ]
    assert shop.balance() == 45.7


def test_payment_moves_to_a_gift_card_that_covers_it(shop, snapshot) -> None:
    snapshot["users"]["ada_miller_1001"]["payment_methods"]["gift_card_1"]["balance"] = 45.7
    shop.post("/orders/W1000002/payment", {"payment_method_id": "paypal_1"})
    snapshot["orders"]["#W1000002"]["payment_history"] += [
        _paid("payment", 20.2, "paypal_1"),
        _paid("refund", 20.2, "gift_card_1"),
    ]
    assert shop.dump() == snapshot


def test_items_are_replaced_and_the_difference_is_paid_from_the_gift_card(shop, snapshot) -> None:
    body = {"item_ids": ["lamp-red"], "new_item_ids": ["lamp-blue"], "payment_method_id": "gift_card_1"}
    answer = shop.post("/orders/W1000001/items", {**body, "customer_id": "ada_miller_1001"})
    order = snapshot["orders"]["#W1000001"]
    order["status"] = "pending (item modified)"
    order["items"][0] |= {"item_id": "lamp-blue", "price": 30.3, "options": {"color": "blue"}}
    order["payment_history"].append(_paid("payment", 20.2, "gift_card_1"))
    snapshot["users"]["ada_miller_1001"]["payment_methods"]["gift_card_1"]["balance"] = 5.3
    assert answer.status_code == 200
    assert shop.dump() == snapshot


def test_two_variants_change_places_and_nothing_is_owed(shop) -> None:
    """Lines are found before any is changed, so the first change does not feed the second."""
    body = {
        "item_ids": ["lamp-red", "lamp-blue"],
        "new_item_ids": ["lamp-blue", "lamp-red"],
        "payment_method_id": CARD,
    }
    shop.post("/orders/W1000001/items", body)
    order = shop.order(1000001)
    assert [item["item_id"] for item in order["items"]] == ["lamp-blue", "lamp-red", "lamp-red"]
    assert order["payment_history"][1] == _paid("refund", 0.0, CARD)


def test_the_same_item_twice_in_a_list_changes_two_lines(shop) -> None:
    body = {"item_ids": ["lamp-red"] * 2, "new_item_ids": ["lamp-blue"] * 2, "payment_method_id": CARD}
    shop.post("/orders/W1000001/items", body)
    order = shop.order(1000001)
    assert [item["item_id"] for item in order["items"]] == ["lamp-blue"] * 3
    assert order["payment_history"][1] == _paid("payment", 40.4, CARD)


def test_cheaper_items_are_refunded(shop) -> None:
    body = {"item_ids": ["lamp-blue"], "new_item_ids": ["lamp-red"], "payment_method_id": "gift_card_1"}
    shop.post("/orders/W1000001/items", body)
    assert shop.order(1000001)["payment_history"][1] == _paid("refund", 20.2, "gift_card_1")
    assert shop.balance() == 45.7


def test_return_is_noted_with_sorted_items(shop, snapshot) -> None:
    body = {"item_ids": ["pan-24", "lamp-red", "lamp-red"], "payment_method_id": "gift_card_1"}
    shop.post("/orders/W1000004/return", body)
    snapshot["orders"]["#W1000004"] |= {
        "status": "return requested",
        "return_items": ["lamp-red", "lamp-red", "pan-24"],
        "return_payment_method_id": "gift_card_1",
    }
    assert shop.dump() == snapshot


def test_exchange_is_noted_with_its_difference(shop, snapshot) -> None:
    body = {
        "item_ids": ["lamp-red"] * 2,
        "new_item_ids": ["lamp-gold", "lamp-blue"],
        "payment_method_id": CARD,
    }
    shop.post("/orders/W1000004/exchange", body)
    snapshot["orders"]["#W1000004"] |= {
        "status": "exchange requested",
        "exchange_items": ["lamp-red", "lamp-red"],
        "exchange_new_items": ["lamp-blue", "lamp-gold"],
        "exchange_payment_method_id": CARD,
        "exchange_price_difference": 410.1,
    }
    assert shop.dump() == snapshot


def test_addresses_are_replaced_whole(shop, snapshot) -> None:
    assert shop.post("/orders/W1000001/address", PLACE).status_code == 200
    answer = shop.client.put("/api/v1/customers/ada_miller_1001/address", json=PLACE)
    assert answer.status_code == 200
    snapshot["orders"]["#W1000001"]["address"] = PLACE
    snapshot["users"]["ada_miller_1001"]["address"] = PLACE
    assert shop.dump() == snapshot
    found = shop.get("/customers", first_name="ada", last_name="MULLER", zip="20002").json()
    assert [customer["customer_id"] for customer in found] == ["ada_miller_1001"]


def test_a_claim_is_recorded_beside_the_order(shop, snapshot) -> None:
    body = {
        "kind": "damaged",
        "description": "Cracked",
        "item_ids": ["pan-24"],
        "wanted_remedy": "replacement",
    }
    answer = shop.post("/orders/W1000004/claims", body)
    assert answer.status_code == 201
    assert shop.get("/orders/W1000004").json()["claims"] == [answer.json()]
    assert (answer.json()["claim_id"], answer.json()["status"]) == ("C100001", "open")
    assert shop.dump() == snapshot


def test_a_voucher_is_a_new_gift_card(shop) -> None:
    answer = shop.post("/customers/ben_fox_1002/vouchers", {"amount": 12.5, "reason": "late parcel"})
    assert answer.status_code == 201
    methods = shop.get("/customers/ben_fox_1002/payment-methods").json()
    assert [method["source"] for method in methods] == ["paypal", "gift_card"]
    assert methods[1] == answer.json()


def test_a_carriers_scans_move_the_order(shop) -> None:
    scan = {"tracking_id": "123456789012", "place": "York"}
    assert (
        shop.post("/orders/W1000003/carrier-events", {**scan, "code": "delayed"}).json()["status"]
        == "shipped"
    )
    order = shop.post("/orders/W1000003/carrier-events", {**scan, "code": "delivered"}).json()
    assert (order["status"], order["latest_carrier_event"]["code"]) == ("delivered", "delivered")
    assert [event["code"] for event in shop.get("/orders/W1000003/shipments").json()[0]["events"]] == [
        "delayed",
        "delivered",
    ]
    assert [event["kind"] for event in shop.get("/events").json()] == ["parcel_delayed", "parcel_delivered"]
