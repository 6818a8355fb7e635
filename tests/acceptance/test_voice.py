"""The telephone: the same requests by speech and by keys, with the same end in the shop as in the chat."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.acceptance.support.caller import Caller, Platform, voice_inbox
from tests.acceptance.support.customer import Customer, is_confirmation, items, options, signed_in
from tests.acceptance.support.shop import Order, RunningShop
from tests.acceptance.support.system import System

from rapport.channels.kinds.voice import calls
from rapport.channels.kinds.voice.models import Call
from rapport.conversations import api as conversations
from rapport.desk.api import erase_customer

BY_KEYS = {"identity_methods": ["order_zip", "email_code"]}


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Jobs run between two requests here: nothing is gained by waiting within one."""
    monkeypatch.setattr(calls, "WAIT_S", 0.0)


def spoken(email: str) -> str:
    """An address as it is said."""
    return email.replace(".", " dot ").replace("@", " at ")


def bare(order: Order) -> str:
    """An order number as it is typed: figures."""
    return order.id.lstrip("#W")


def finish(caller: Caller, yes: str, *, at_most: int = 10) -> None:
    """The first possibility of everything, until a yes is asked for."""
    while not any(choice["title"] == yes for choice in caller.last["choices"]):
        caller.press("#" if "#" in [c["digit"] for c in caller.last["choices"]] else "1")
        at_most -= 1
        assert at_most, caller.said


def returned_in_chat(system: System, shop: RunningShop, **wanted: Any) -> Any:
    """What the shop holds after the same return in the chat."""
    shopper = shop.shopper(having="delivered", lacking="pending", **wanted)
    order = shopper.order("delivered")
    customer = signed_in(system, shopper)
    customer.say(f"I want to return something from {order.id}")
    while not is_confirmation(customer.last):
        asked = customer.last
        is_many = asked["content_attributes"].get("expects") == "many"
        customer.choose(options(asked)[0]) if is_many else customer.click(items(asked)[0])
    customer.click("confirm:yes")
    return end_state(shop, order, system, customer)


def end_state(shop: RunningShop, order: Order, system: System, who: Caller | Customer) -> Any:
    """What became of an order, and by which actions."""
    done = [(c.action, c.state, c.actor) for c in system.calls(who.id)]
    return shop.status(order.id), done, shop.operations(f"{order.id[1:]}/return")


@pytest.mark.parametrize("kind", [Caller, Platform])
def test_given_a_caller_when_order_number_and_email_are_said_then_the_order_is_told(
    system: System, shop: RunningShop, kind: type[Caller]
) -> None:
    shopper = shop.shopper(having="shipped")
    order = shopper.order("shipped")
    caller = kind(system, voice_inbox("en"))
    caller.dial()
    assert "I am an AI" in caller.said
    caller.say("where is my order")
    caller.press(bare(order))
    caller.say(spoken(shopper.email))
    assert caller.info.verification is None
    caller.press("1")
    assert caller.said.startswith(f"Thank you, {shopper.first_name}. Order W ")
    verification = caller.info.verification
    assert verification is not None
    assert (verification.customer_ref, verification.method) == (shopper.ref, "order_and_email")


@pytest.mark.parametrize("kind", [Caller, Platform])
def test_given_keys_alone_when_a_return_is_confirmed_then_the_shop_has_it_as_from_the_chat(
    system: System, shop: RunningShop, kind: type[Caller]
) -> None:
    shopper = shop.shopper(having="delivered", lacking="pending")
    order = shopper.order("delivered")
    caller = kind(system, voice_inbox("en", **BY_KEYS))
    caller.dial()
    caller.choose("Return items")
    caller.press(bare(order))
    caller.press(shopper.address["zip"])
    finish(caller, "Yes")
    assert (system.calls(caller.id), shop.status(order.id)) == ([], "delivered")
    caller.choose("Yes")
    assert "the return is requested" in caller.said
    assert end_state(shop, order, system, caller) == returned_in_chat(system, shop)
    caller.press("7")
    system.settle()
    (mail,) = [m for m in system.outbox if m.attachments]
    assert (mail.to, mail.attachments[0][2]) == ([shopper.email], "application/pdf")


def test_given_czech_speech_when_a_return_is_confirmed_then_the_shop_has_it_as_from_the_chat(
    system: System, shop: RunningShop
) -> None:
    shopper = shop.shopper(having="delivered", lacking="pending", language="cs")
    order = shopper.order("delivered")
    caller = Caller(system, voice_inbox("en", "cs", **BY_KEYS))
    caller.dial()
    caller.press("2")
    assert caller.said.startswith("Dobrý den")
    caller.say("chci vrátit zboží")
    caller.say("křížek W " + " ".join(bare(order)))
    caller.say(" ".join(shopper.address["zip"]))
    assert caller.info.verification is not None
    finish(caller, "Ano")
    caller.say("ano", confidence=0.4)
    assert (caller.said.startswith("Řekli jste: ano?"), shop.status(order.id)) == (True, "delivered")
    caller.say("ano", confidence=0.9)
    assert caller.said.startswith("Hotovo, vrácení je zažádáno.")
    assert end_state(shop, order, system, caller) == returned_in_chat(system, shop)
    assert caller.info.language == "cs"


def test_given_a_czech_caller_when_the_order_is_asked_for_by_keys_then_it_is_told_in_czech(
    system: System, shop: RunningShop
) -> None:
    shopper = shop.shopper(having="shipped", language="cs")
    order = shopper.order("shipped")
    caller = Caller(system, voice_inbox("cs", **BY_KEYS))
    caller.dial()
    caller.choose("Kde je moje objednávka?")
    caller.press(bare(order))
    caller.press(shopper.address["zip"].replace(" ", ""))
    assert caller.said.startswith(f"Děkuji, {shopper.first_name}. Objednávka W ")


def test_given_only_a_known_number_then_nothing_personal_is_said(system: System, shop: RunningShop) -> None:
    shopper = shop.shopper(having="shipped")
    first = Caller(system, voice_inbox("en", **BY_KEYS))
    first.dial()
    first.say("where is my order")
    first.press(bare(shopper.order("shipped")))
    first.press(shopper.address["zip"])
    assert first.info.verification is not None
    again = Caller(system, first.inbox, "c-2", first.number)
    again.dial()
    again.say("where is my order")
    assert again.info.verification is None
    assert [s for s in shopper.secrets if any(s in body for body in again.seen)] == []


def test_given_wrong_facts_five_times_then_the_check_is_locked_as_elsewhere(
    system: System, shop: RunningShop
) -> None:
    shopper = shop.shopper(having="shipped")
    caller = Caller(system, voice_inbox("en", **BY_KEYS))
    caller.dial()
    caller.say("where is my order")
    for _ in range(5):
        caller.press(bare(shopper.order("shipped")))
        caller.press("00000")
    assert "too many attempts" in caller.said
    assert (caller.info.owner, caller.info.briefing["reason"]) == ("queue", "not_identified")


def test_given_a_code_by_mail_when_typed_then_it_proves_the_caller(system: System, shop: RunningShop) -> None:
    shopper = shop.shopper(having="shipped")
    caller = Caller(system, voice_inbox("en", **BY_KEYS))
    caller.dial()
    caller.say("where is my order")
    caller.press("#")
    caller.choose("Code by e-mail")
    caller.say(spoken(shopper.email))
    caller.press("1")
    code = "".join(c for c in system.outbox[-1].body.split("10 minutes")[0] if c.isdigit())[:6]
    caller.press(code)
    assert caller.said.startswith(f"Thank you, {shopper.first_name}.")


def test_given_a_recognised_caller_then_the_menu_offers_what_their_orders_allow_first(
    system: System, shop: RunningShop
) -> None:
    from tests.acceptance.support.customer import sign

    shopper = shop.shopper(having="pending", lacking="delivered")
    inbox = voice_inbox("en")
    caller = Caller(system, inbox)
    system.inbox = inbox
    caller.dial(identifier=shopper.ref, identifier_hash=sign(system, shopper.ref))
    titles = [c["title"] for c in caller.last["choices"]]
    assert titles[0] == "Where is my order?"
    assert "Cancel an order" in titles
    assert "Return items" not in titles
    assert caller.info.verification is not None


def test_given_a_wish_for_a_person_then_the_call_is_connected_with_the_briefing_kept(
    system: System, shop: RunningShop
) -> None:
    caller = Platform(system, voice_inbox("en", voice={"transfer_to": "+44 20 7946 0001"}))
    caller.dial()
    caller.say("my lamp smokes and I want a person")
    if caller.last["expect"] != "transfer":
        caller.press("0")
    assert caller.last["expect"] == "transfer"
    assert "Your reference number is" in caller.said
    info = caller.info
    assert (info.owner, info.status) == ("queue", "open")
    assert "my lamp smokes and I want a person" in info.briefing["asked"]
    said = len(conversations.list_messages(info.id, with_private=False))
    caller.request(speech="hello?")
    system.settle()
    assert len(conversations.list_messages(info.id, with_private=False)) <= said + 1


def test_given_an_erased_customer_then_no_call_of_theirs_is_left(system: System, shop: RunningShop) -> None:
    shopper = shop.shopper(having="shipped")
    caller = Caller(system, voice_inbox("en", **BY_KEYS))
    caller.dial()
    caller.say("where is my order")
    caller.press(bare(shopper.order("shipped")))
    caller.press(shopper.address["zip"])
    other = Caller(system, caller.inbox, "c-2")
    other.dial()
    erased = erase_customer(int(caller.info.customer_id), actor_id=None)
    assert erased.rows["voice_call"] == 1
    assert [c.call_id for c in Call.objects.all()] == ["c-2"]
    assert shopper.last_name not in json.dumps(list(Call.objects.values_list("answer", flat=True)))
