"""A snapshot comes out as it went in, and what it lacks is tolerated everywhere."""

import gzip
import json

import pytest

from demo_shop.snapshot import dump_snapshot, load_snapshot

from .conftest import Shop


def test_load_then_dump_is_equal(shop, snapshot) -> None:
    assert shop.dump() == snapshot


def test_a_gzipped_file_and_earlier_requests_are_read(tmp_path, snapshot) -> None:
    snapshot["orders"]["#W1000004"] |= {
        "status": "exchange requested",
        "exchange_items": ["lamp-red"],
        "exchange_new_items": ["lamp-blue"],
        "exchange_payment_method_id": "paypal_1",
        "exchange_price_difference": 20.2,
    }
    snapshot["orders"]["#W1000005"] |= {
        "status": "return requested",
        "return_items": ["lamp-blue"],
        "return_payment_method_id": "paypal_9",
    }
    snapshot["orders"]["#W1000001"] |= {"status": "cancelled", "cancel_reason": "no longer needed"}
    path = tmp_path / "db.json.gz"
    path.write_bytes(gzip.compress(json.dumps(snapshot).encode()))
    load_snapshot(tmp_path / "shop.db", path)
    assert dump_snapshot(tmp_path / "shop.db") == snapshot


def test_loading_replaces_what_was_there(shop, snapshot, snapshot_file) -> None:
    shop.post("/orders/W1000001/cancel", {"reason": "no longer needed"}, **{"Idempotency-Key": "k"})
    load_snapshot(shop.database, snapshot_file)
    assert shop.dump() == snapshot
    assert shop.get("/operations/k").status_code == 404


@pytest.mark.parametrize("language", ["en", "cs", "zh"])
def test_reads_do_without_language_phone_and_times(shop, language) -> None:
    orders = shop.get("/customers/ada_miller_1001/orders", language=language).json()
    assert [order["order_id"] for order in orders] == ["#W1000001", "#W1000002", "#W1000003", "#W1000004"]
    assert {order["currency"] for order in orders} == {"USD"}
    assert orders[0]["placed_at"] is None
    customer = shop.get("/customers/ada_miller_1001").json()
    assert (customer["language"], customer["phone"]) == (None, None)
    shipment = shop.get("/orders/W1000003/shipments").json()[0]
    assert (shipment["tracking_id"], shipment["events"]) == (["123456789012"], [])


def test_pages_do_without_them_too(shop) -> None:
    browser = Shop(shop.database).client
    assert browser.post("/account/sign-in", data={"customer_id": "ada_miller_1001"}).status_code == 200
    for path in (
        "/",
        "/account",
        "/orders/W1000001",
        "/orders/W1000003",
        "/products/lamp",
        "/pictures/of/lamp.svg",
    ):
        assert browser.get(path).status_code == 200
