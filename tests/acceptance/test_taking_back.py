"""A procedure that acts on each of several records, runs another one, and is taken back in words."""

from __future__ import annotations

import pytest
from tests.acceptance.support.customer import Customer, is_confirmation, signed_in
from tests.acceptance.support.shop import RunningShop, Shopper
from tests.acceptance.support.system import System

from rapport.procedures import api as procedures

MOVE = """
procedure: move_orders
version: 1
identify: verified_customer
title: {en: Move orders}
slots:
  orders: {type: shop.order, many: true, where: "order.status == 'pending'", ask: {en: "Which orders?"}}
confirm:
  lines: [{en: "Send {orders} to New Street 5"}]
do:
  - action: shop.change_address
    each: orders
    with: {order_id: item.id, address: "{'address1': 'New Street 5', 'city': 'Brno', 'country': 'CZ', 'zip': '60200'}"}
    as: moved
    undo: {action: shop.change_address, with: {order_id: item.id, address: item.address}}
  - {run: note_it, with: {what: "orders[0].id"}, as: noted}
done: {en: "Moved {moved|count}: {noted.slots.what}."}
undo: {within: "30 minutes", say: {en: "They go where they went before."}}
"""

NOTE = """
procedure: note_it
version: 1
identify: none
title: {en: Note it}
slots:
  what: {type: text, ask: {en: "What?"}}
  who: {type: choice, options: [{value: me, title: {en: Me}}, {value: you, title: {en: You}}], ask: {en: "For whom?"}}
done: {en: "Noted for {who}."}
"""


@pytest.fixture
def shopper(shop: RunningShop) -> Shopper:
    return shop.shopper(having="pending")


@pytest.fixture
def moved(system: System, shopper: Shopper) -> Customer:
    for source in (MOVE, NOTE):
        procedures.publish(source)
    procedures.forget_book()
    customer = signed_in(system, shopper)
    customer.command("start:move_orders")
    if not is_confirmation(customer.last):
        customer.say("all")
    assert is_confirmation(customer.last)
    customer.click("confirm:yes")
    assert "For whom?" in customer.last["content"]
    return customer


def changes(system: System, customer: Customer) -> list[tuple[str, str, str]]:
    """Every call: its action, its order and the street it was about."""
    return [
        (c.action, c.arguments["order_id"], c.arguments["address"]["address1"])
        for c in system.calls(customer.id)
    ]


def test_given_several_records_when_all_is_done_then_undo_takes_each_back(
    system: System, shopper: Shopper, moved: Customer
) -> None:
    orders = [call[1] for call in changes(system, moved)]
    assert {call[2] for call in changes(system, moved)} == {"New Street 5"}
    assert len(set(orders)) == len(orders) >= 1
    moved.click("me")
    assert "Noted for Me." in moved.last["content"]
    assert f"Moved {len(orders)}: {orders[0]}." in moved.last["content"]
    asked = moved.say("undo that please")
    assert is_confirmation(asked)
    assert "Take back: Move orders" in asked["content"]
    assert len(changes(system, moved)) == len(orders)
    moved.click("confirm:yes")
    assert "They go where they went before." in moved.last["content"]
    taken = changes(system, moved)[len(orders) :]
    assert [call[1] for call in taken] == orders[::-1]
    assert "New Street 5" not in {call[2] for call in taken}


def test_given_the_other_procedure_when_it_is_cancelled_then_all_is_taken_back(
    system: System, moved: Customer
) -> None:
    before = len(changes(system, moved))
    moved.say("cancel")
    assert len(changes(system, moved)) == 2 * before
    assert "They go where they went before." in moved.last["content"]
