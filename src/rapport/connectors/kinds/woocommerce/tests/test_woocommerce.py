"""WooCommerce: what is its own; what every platform promises stands in `connectors/tests/test_shop_platforms.py`."""

from __future__ import annotations

from typing import Any

from rapport.connectors.contracts import Principal
from rapport.connectors.kinds.woocommerce import system
from rapport.connectors.kinds.woocommerce.tests.fake_shop import FakeWoo
from rapport.connectors.selling.platform import mark_of
from rapport.connectors.tests.opened_shop import ADDRESS, Opened


def open_shop(**form: Any) -> Opened:
    return Opened(
        "woocommerce", system, FakeWoo(), "cs_b", base_url="https://shop.example", user="ck_a", **form
    )


def test_a_guest_is_known_by_the_e_mail_of_the_order() -> None:
    opened = open_shop()
    guest = opened.shop.find_customer(order_id="504", email="gus@guest.example")
    assert guest["id"] == "email:gus@guest.example"
    me = Principal(guest["id"], "code")
    assert [r.value for r in opened.shop.list_records("shop.order", me, {})] == ["#504"]
    assert opened.call("change_customer_address", me, address=ADDRESS).code == "no_account"
    assert opened.call("get_order", me, order_id="#501").code == "not_owner"


def test_a_refund_of_woocommerce_names_lines_taxes_and_the_mark() -> None:
    opened = open_shop(gateway="no")
    opened.call("refund_items", order_id="#502", item_ids=["12.1"])
    method, path, body = opened.fake.writes[0]
    assert (method, path) == ("POST", "orders/502/refunds")
    assert body == {
        "amount": "4.00", "reason": "Rapport", "api_refund": False,
        "line_items": [{"id": 12, "quantity": 1, "refund_total": 3.33, "refund_tax": [{"id": 9, "refund_total": 0.67}]}],
        "meta_data": [{"key": mark_of("k1"), "value": "refund"}],
    }  # fmt: skip
