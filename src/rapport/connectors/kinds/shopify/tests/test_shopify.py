"""Shopify: what is its own; what every platform promises stands in `connectors/tests/test_shop_platforms.py`."""

from __future__ import annotations

from typing import Any

from rapport.connectors.kinds.shopify import system
from rapport.connectors.kinds.shopify.tests.fake_shop import FakeShopify
from rapport.connectors.selling.platform import mark_of
from rapport.connectors.tests.opened_shop import Opened


def open_shop(**form: Any) -> Opened:
    return Opened("shopify", system, FakeShopify(), "shpat_b", base_url="https://ada.myshopify.com", **form)


def test_a_nearly_full_bucket_slows_the_next_call() -> None:
    opened = open_shop()
    opened.fake.bucket = "38/40"
    opened.call("list_orders")
    opened.call("list_orders")
    assert opened.pauses[0] == 1.0


def test_a_refund_of_shopify_is_computed_by_the_platform() -> None:
    opened = open_shop()
    opened.call("refund_items", order_id="#502", item_ids=["12.1"])
    refund = opened.fake.writes[0][2]["refund"]
    assert refund["transactions"] == [
        {"kind": "refund", "parent_id": 66, "amount": "4.00", "gateway": "shopify_payments"}
    ]
    assert refund["refund_line_items"] == [{"line_item_id": 12, "quantity": 1, "restock_type": "no_restock"}]
    assert (refund["note"], "shipping" in refund) == (mark_of("k1"), False)
