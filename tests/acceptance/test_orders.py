"""A customer's orders: where they are, cancelling them, changing them before they are sent."""

from __future__ import annotations

import json

from tests.acceptance.support.customer import Customer, buttons, is_confirmation, items, options, signed_in
from tests.acceptance.support.shop import SECRET, RunningShop
from tests.acceptance.support.system import System

from rapport.connectors import api as connectors


def test_given_a_shipped_order_when_its_status_is_asked_then_the_carrier_s_news_are_told(
    system: System, shop: RunningShop
) -> None:
    shopper = shop.shopper(having="shipped")
    order = shopper.order("shipped")
    customer = signed_in(system, shopper)
    reply = customer.say(f"where is my order {order.id}?")
    assert order.id in reply["content"]
    (parcel,) = shop.rows("SELECT tracking_ids FROM fulfillment WHERE order_id = ?", order.id)
    assert json.loads(parcel["tracking_ids"])[0] in reply["content"]
    assert system.calls(customer.id) == []


def test_given_several_orders_when_none_is_named_then_the_customer_chooses(
    system: System, shop: RunningShop
) -> None:
    shopper = shop.shopper(having="shipped", fewest=False)
    customer = signed_in(system, shopper)
    asked = customer.click("start:order_status")
    assert set(items(asked)) <= {o.id for o in shopper.orders}
    assert len(items(asked)) > 1
    reply = customer.click(items(asked)[0])
    assert items(asked)[0] in reply["content"]


def test_given_a_pending_order_when_cancelling_is_confirmed_then_it_is_cancelled_once(
    system: System, shop: RunningShop
) -> None:
    shopper = shop.shopper(having="pending")
    order = shopper.order("pending")
    customer = signed_in(system, shopper)
    assert items(customer.say(f"cancel my order {order.id} please")) == [
        "no_longer_needed",
        "ordered_by_mistake",
        "other",
    ]
    confirmation = customer.say("I ordered it by mistake")
    assert is_confirmation(confirmation)
    assert order.id in confirmation["content"]
    assert (system.calls(customer.id), shop.status(order.id)) == ([], "pending")
    done = customer.click("confirm:yes")
    assert done["content"].startswith(f"Done: order {order.id} is cancelled.")
    (call,) = system.calls(customer.id)
    assert (call.action, call.state, call.customer_ref) == ("shop.cancel_order", "done", shopper.ref)
    assert call.arguments == {"order_id": order.id, "reason": "ordered by mistake"}
    assert shop.status(order.id) == "cancelled"
    assert shop.operations(f"{order.id[1:]}/cancel") == 1


def test_given_an_unacceptable_reason_when_cancelling_then_the_rule_is_told_and_nothing_happens(
    system: System, shop: RunningShop
) -> None:
    shopper = shop.shopper(having="pending")
    customer = signed_in(system, shopper)
    customer.say("cancel my order")
    reply = customer.click("other")
    assert "only when it is no longer needed or was ordered by mistake" in reply["content"]
    assert (system.calls(customer.id), shop.status(shopper.order("pending").id)) == ([], "pending")
    decision = system.decisions(customer.id)[-1]
    assert [r["name"] for r in decision.rules if not r["held"]] == ["reason_is_accepted"]
    assert decision.counterfactual


def test_given_a_delivered_order_when_cancelling_it_then_a_return_is_offered(
    system: System, shop: RunningShop
) -> None:
    shopper = shop.shopper(having="delivered", lacking="pending")
    order = shopper.order("delivered")
    reply = signed_in(system, shopper).say(f"cancel my order {order.id}")
    assert "has already been delivered" in reply["content"]
    assert "start:return_items" in buttons(reply)


def test_given_a_pending_order_when_its_address_is_changed_in_words_then_the_shop_has_the_new_one(
    system: System, shop: RunningShop
) -> None:
    shopper = shop.shopper(having="pending", language="en")
    order = shopper.order("pending")
    customer = signed_in(system, shopper)
    asked = customer.say(f"please change the delivery address of {order.id}")
    assert asked["content_type"] == "form"
    confirmation = customer.say("7 Birch Road, M1 4PD Manchester")
    assert is_confirmation(confirmation)
    assert "7 Birch Road" in confirmation["content"]
    customer.say("yes")
    (row,) = shop.rows("SELECT address FROM orders WHERE order_id = ?", order.id)
    assert json.loads(row["address"])["address1"] == "7 Birch Road"
    assert [c.action for c in system.calls(customer.id)] == ["shop.change_address"]


def test_given_a_town_in_another_country_when_the_address_is_changed_then_the_old_region_is_forgotten(
    system: System, shop: RunningShop
) -> None:
    shopper = shop.shopper(having="pending", language="en")
    customer = signed_in(system, shopper)
    customer.command("start:change_address")
    confirmation = customer.say("12 Rose Lane, 1010 Wien, Austria")
    assert "12 Rose Lane, 1010 Wien, AT" in confirmation["content"]
    assert shopper.address["state"] not in confirmation["content"]


def test_given_a_form_when_the_address_is_typed_into_it_then_it_is_taken_as_typed(
    system: System, shop: RunningShop
) -> None:
    shopper = shop.shopper(having="pending", language="de")
    customer = signed_in(system, shopper, language="de")
    form = customer.click("start:change_address")
    names = {i["name"] for i in form["content_attributes"]["items"]}
    given = {
        "address1": "Birkenweg 7",
        "address2": "",
        "zip": "10115",
        "city": "Berlin",
        "state": "Berlin",
        "country": "DE",
    }
    assert names == {f"address.{n}" for n in given}
    customer.fill(**{f"address.{n}": value for n, value in given.items()})
    customer.click("confirm:yes")
    (row,) = shop.rows("SELECT address FROM orders WHERE order_id = ?", shopper.order("pending").id)
    assert json.loads(row["address"]) == given


def test_given_a_pending_order_when_an_item_is_changed_then_another_variant_is_ordered(
    system: System, shop: RunningShop
) -> None:
    shopper = shop.shopper(having="pending")
    order = shopper.order("pending")
    customer = signed_in(system, shopper)
    customer.click("start:change_items")
    while not is_confirmation(customer.last):
        asked = customer.last
        if asked["content_attributes"]["expects"] == "many":
            customer.choose(options(asked)[0])
        else:
            customer.click(items(asked)[0])
        assert len(customer.messages) < 16
    before = order.items[0]["item_id"]
    customer.click("confirm:yes")
    after = [r["item_id"] for r in shop.rows("SELECT item_id FROM order_item WHERE order_id = ?", order.id)]
    assert shop.status(order.id) == "pending (item modified)"
    assert before not in after or len(after) > 1
    assert [(c.action, c.state) for c in system.calls(customer.id)] == [("shop.change_items", "done")]


def test_given_another_card_when_the_payment_is_changed_then_the_order_is_paid_by_it(
    system: System, shop: RunningShop
) -> None:
    shopper = shop.shopper(having="pending", methods=2)
    order = shopper.order("pending")
    customer = signed_in(system, shopper)
    customer.click("start:change_payment")
    if not is_confirmation(customer.last):
        customer.click(items(customer.last)[0])
    customer.click("confirm:yes")
    (call,) = system.calls(customer.id)
    assert (call.action, call.state) == ("shop.change_payment", "done")
    paid = shop.rows(
        "SELECT payment_method_id, transaction_type FROM payment WHERE order_id = ? ORDER BY line", order.id
    )
    assert [p["transaction_type"] for p in paid] == ["payment", "payment", "refund"]
    assert paid[1]["payment_method_id"] == call.arguments["payment_method_id"] != paid[0]["payment_method_id"]


def test_given_the_shop_does_not_answer_when_an_order_is_asked_for_then_a_person_takes_over(
    system: System, shop: RunningShop
) -> None:
    customer = signed_in(system, shop.shopper(having="delivered"))
    connectors.save_connector("shop", "shop", "http://127.0.0.1:9/api/v1", "x")
    customer.call("POST", f"{customer.url}/messages", {"content": "where is my order?"})
    system.settle(3, is_strict=False)
    assert (customer.info.owner, len(customer.replies)) == ("assistant", 1), "first it is tried again"
    system.settle(30, is_strict=False)
    assert customer.info.owner == "queue"
    assert customer.info.briefing["reason"] == "system_unavailable"
    assert len(system.decisions(customer.id)) == 1


def test_given_the_shop_is_away_for_a_moment_then_the_customer_hears_nothing_of_it(
    system: System, shop: RunningShop
) -> None:
    shopper = shop.shopper(having="pending")
    order = shopper.order("pending")
    customer = signed_in(system, shopper)
    customer.say(f"cancel my order {order.id}")
    asked = customer.click("no_longer_needed")
    connectors.save_connector("shop", "shop", "http://127.0.0.1:9/api/v1", "x")
    values = {"submitted_values": [{"value": "confirm:yes"}]}
    customer.call("PATCH", f"{customer.url}/messages/{asked['id']}", values)
    system.settle(2, is_strict=False)
    connectors.save_connector("shop", "shop", shop.url, SECRET)
    system.settle(30)
    assert customer.last["content"].startswith(f"Done: order {order.id} is cancelled")
    assert [c.state for c in system.calls(customer.id)] == ["done"]
    assert shop.operations(f"{order.id[1:]}/cancel") == 1


def test_given_no_words_at_all_when_only_clicking_then_an_order_is_cancelled(
    system: System, shop: RunningShop
) -> None:
    shopper = shop.shopper(having="pending")
    customer = Customer(system)
    customer.click("start:cancel_order")
    customer.identify(shopper)
    while not is_confirmation(customer.last):
        customer.click(items(customer.last)[0])
        assert len(customer.messages) < 16
    customer.click("confirm:yes")
    assert shop.status(shopper.order("pending").id) == "cancelled"
    assert all(not d.understanding.get("intents") for d in system.decisions(customer.id))
