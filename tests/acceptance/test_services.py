"""What a shop does beside orders, from the first click to the shop's own tables."""

from __future__ import annotations

import json
import urllib.request
from typing import Any

from tests.acceptance.support.customer import is_confirmation, items, signed_in
from tests.acceptance.support.shop import SECRET, RunningShop, Shopper
from tests.acceptance.support.system import System

from rapport.procedures import api as procedures


def subscriber(shop: RunningShop) -> Shopper:
    """A customer with a subscription that nobody else of these tests uses."""
    sql = "SELECT customer_id FROM subscription WHERE status = 'active' ORDER BY subscription_id DESC"
    ref = next(r["customer_id"] for r in shop.rows(sql) if r["customer_id"] not in shop._used)
    shop._used.add(ref)
    return shop.find(ref)


def post(shop: RunningShop, path: str, body: dict[str, Any]) -> Any:
    """Something happens in the shop itself."""
    request = urllib.request.Request(
        f"{shop.url}{path}",
        json.dumps(body).encode(),
        {"Authorization": f"Bearer {SECRET}", "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request) as answer:
        return json.loads(answer.read())


def test_given_a_sent_order_when_its_invoice_is_wanted_then_a_link_opens_it(
    system: System, shop: RunningShop
) -> None:
    shopper = shop.shopper(having="delivered")
    customer = signed_in(system, shopper)
    customer.command("start:invoice_copy")
    if customer.last["content_attributes"].get("slot") == "invoice":
        customer.click(shopper.order("delivered").id)
    reply = customer.click("link")
    link = next(word for word in reply["content"].split() if word.startswith("http"))
    with urllib.request.urlopen(link) as page:
        assert b"F" + shopper.order("delivered").id.lstrip("#W").encode() in page.read()


def test_given_a_subscription_when_the_next_delivery_is_skipped_then_the_shop_moves_it(
    system: System, shop: RunningShop
) -> None:
    shopper = subscriber(shop)
    sql = "SELECT next_at FROM subscription WHERE customer_id = ?"
    before = shop.rows(sql, shopper.ref)[0]["next_at"]
    customer = signed_in(system, shopper)
    customer.command("start:change_subscription")
    customer.click("skip")
    assert is_confirmation(customer.last)
    assert shop.rows(sql, shopper.ref)[0]["next_at"] == before
    reply = customer.click("confirm:yes")
    assert reply["content"].startswith(
        ("Done, I've left that delivery out", "The next delivery is being packed")
    )
    (call,) = system.calls(customer.id)
    moved = shop.rows(sql, shopper.ref)[0]["next_at"] > before
    assert moved is (call.state == "done")


def test_given_a_stock_notice_when_the_goods_arrive_then_the_conversation_goes_on(
    system: System, shop: RunningShop
) -> None:
    row = shop.rows(
        "SELECT variant.item_id, product.product_id FROM variant JOIN product USING (product_id)"
        " WHERE NOT available ORDER BY item_id LIMIT 1"
    )[0]
    customer = signed_in(system, shop.shopper(having="delivered"))
    customer.command("start:stock_notice")
    while not is_confirmation(customer.last):
        shown = items(customer.last)
        wanted = [value for value in (row["item_id"], row["product_id"]) if value in shown]
        customer.click(wanted[0] if wanted else shown[0])
        assert len(customer.messages) < 14
    customer.click("confirm:yes")
    (call,) = system.calls(customer.id)
    waiting = call.arguments["variant_id"]
    assert procedures.follow_shop() == 0
    assert post(shop, f"/variants/{waiting}/stock", {"pieces": 5})["told"] >= 1
    assert procedures.follow_shop() == 1
    system.settle()
    assert customer.last["content"].startswith("Good news")
