"""Delivered goods: returning, exchanging, the money, and what arrived damaged."""

from __future__ import annotations

from tests.acceptance.support.customer import Customer, buttons, is_confirmation, items, options, signed_in
from tests.acceptance.support.shop import RunningShop, Shopper
from tests.acceptance.support.system import System


def finish(customer: Customer, *, at_most: int = 16) -> None:
    """Choose the first possibility until everything is known."""
    while not is_confirmation(customer.last):
        asked = customer.last
        if asked["content_attributes"].get("expects") == "many":
            customer.choose(options(asked)[0])
        else:
            customer.click(items(asked)[0])
        assert len(customer.messages) < at_most


def test_given_a_delivered_order_when_a_return_is_confirmed_then_the_shop_has_it_once(
    system: System, shop: RunningShop
) -> None:
    shopper = shop.shopper(having="delivered", lacking="pending")
    order = shopper.order("delivered")
    customer = signed_in(system, shopper)
    customer.say(f"I want to return something from {order.id}")
    finish(customer)
    assert (system.calls(customer.id), shop.status(order.id)) == ([], "delivered")
    reply = customer.click("confirm:yes")
    assert reply["content"].startswith("Done, the return is requested.")
    assert shop.status(order.id) == "return requested"
    call, label = system.calls(customer.id)
    assert (call.action, call.state, call.actor, call.attempts) == (
        "shop.return_items",
        "done",
        "assistant",
        1,
    )
    assert call.finished_at is not None
    assert shop.operations(f"{order.id[1:]}/return") == 1
    assert (label.action, label.state) == ("documents.return_label", "done")
    (file,) = reply["attachments"]
    assert (file["file_size"], reply["content"].count("The return label is attached")) == (
        label.result["file"]["size"],
        1,
    )


def with_exchangeable_order(shop: RunningShop) -> Shopper:
    """A customer whose delivered items all come in another variant that is in stock."""
    refs = """
        SELECT customer_id FROM orders GROUP BY 1
        HAVING SUM(status = 'delivered') = 1 AND SUM(status = 'pending') = 0 ORDER BY 1 DESC
    """
    variants = "SELECT 1 FROM variant WHERE product_id = ? AND available AND item_id != ?"
    found = (shop.find(r["customer_id"]) for r in shop.rows(refs) if r["customer_id"] not in shop._used)
    shopper = next(
        s
        for s in found
        if all(shop.rows(variants, i["product_id"], i["item_id"]) for i in s.order("delivered").items)
    )
    shop._used.add(shopper.ref)
    return shopper


def test_given_a_delivered_item_when_exchanged_for_another_variant_then_the_shop_has_it(
    system: System, shop: RunningShop
) -> None:
    shopper = with_exchangeable_order(shop)
    order = shopper.order("delivered")
    customer = signed_in(system, shopper)
    customer.say("I'd like to exchange something")
    finish(customer)
    assert shop.status(order.id) == "delivered"
    customer.click("confirm:yes")
    assert shop.status(order.id) == "exchange requested"
    assert [(c.action, c.state) for c in system.calls(customer.id)] == [
        ("shop.exchange_items", "done"),
        ("documents.return_label", "done"),
    ]
    assert len(customer.last["attachments"]) == 1


def test_given_a_return_under_way_when_the_same_order_is_returned_again_then_it_is_refused(
    system: System, shop: RunningShop
) -> None:
    shopper = shop.shopper(having="return requested")
    order = shopper.order("return requested")
    customer = signed_in(system, shopper)
    reply = customer.say(f"I want to return something from {order.id}")
    assert "already been requested" in reply["content"]
    assert (system.calls(customer.id), shop.status(order.id)) == ([], "return requested")


def test_given_a_refunded_order_when_the_refund_is_asked_for_then_amount_and_day_are_told(
    system: System, shop: RunningShop
) -> None:
    shopper = shop.shopper(having="refunded")
    order = shopper.order("refunded")
    reply = signed_in(system, shopper).say(f"what about my refund for {order.id}?")
    assert order.id in reply["content"]
    assert "€" in reply["content"]


def test_given_a_damaged_delivery_when_reported_then_a_claim_is_registered_and_the_care_team_takes_over(
    system: System, shop: RunningShop
) -> None:
    shopper = shop.shopper(having="delivered", lacking="pending")
    order = shopper.order("delivered")
    customer = signed_in(system, shopper)
    customer.say(f"my order {order.id} arrived damaged")
    if customer.last["content_attributes"].get("expects") == "many":
        customer.choose(options(customer.last)[0])
    customer.say("a crack across the lid")
    assert customer.last["content_type"] == "input_file"
    customer.click(buttons(customer.last)[0])
    customer.click("replacement")
    assert is_confirmation(customer.last)
    assert shop.rows("SELECT 1 FROM claim WHERE order_id = ?", order.id) == []
    reply = customer.click("confirm:yes")
    assert "is registered" in reply["content"]
    (claim,) = shop.rows("SELECT kind, wanted_remedy, description FROM claim WHERE order_id = ?", order.id)
    assert tuple(claim) == ("damaged", "replacement", "a crack across the lid")

    info = customer.info
    assert (info.owner, info.status) == ("queue", "open")
    assert info.team_id is not None
    briefing = info.briefing
    assert (briefing["reason"], briefing["team"]) == ("person_decides", "care")
    assert shopper.last_name in briefing["who"]
    assert briefing["tried"] == ["Report damaged, wrong or missing goods: done"]
    assert any(order.id in text for text in briefing["left"])
    assert "a crack across the lid" in briefing["asked"]
