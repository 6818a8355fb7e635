"""How a conversation goes: corrections, digressions, several requests, bursts, outdated clicks, languages."""

from __future__ import annotations

import pytest
from tests.acceptance.support.customer import Customer, buttons, is_confirmation, items, options, signed_in
from tests.acceptance.support.shop import RunningShop
from tests.acceptance.support.system import System

from rapport.assistant.api import say as wording
from rapport.conversations.contracts import Owner
from rapport.kernel.languages import LANGUAGES


def to_confirmation(customer: Customer, procedure: str) -> dict:
    """Click through a procedure up to what will happen."""
    customer.command(f"start:{procedure}")
    while not is_confirmation(customer.last):
        if customer.last["content_attributes"].get("expects") == "many":
            customer.choose(options(customer.last)[0])
        else:
            customer.click(items(customer.last)[0])
        assert len(customer.messages) < 20
    return customer.last


def test_given_words_alone_then_an_order_is_cancelled(system: System, shop: RunningShop) -> None:
    shopper = shop.shopper(having="pending")
    order = shopper.order("pending")
    customer = Customer(system)
    for text in (
        "I'd like to cancel my order",
        f"the number is {order.id}",
        f"my mail: {shopper.email}",
        order.id,
        "no longer needed",
        "yes please",
    ):
        if is_confirmation(customer.last) or "cancel it" in customer.last["content"] or text != order.id:
            customer.say(text)
    assert shop.status(order.id) == "cancelled"
    assert all(m["content_attributes"].get("submitted_values") is None for m in customer.messages)


def test_given_clicks_and_words_mixed_then_an_order_is_cancelled(system: System, shop: RunningShop) -> None:
    shopper = shop.shopper(having="pending")
    customer = Customer(system)
    customer.click("start:cancel_order")
    customer.say(f"{shopper.order('pending').id} {shopper.email}")
    customer.say("by mistake")
    if not is_confirmation(customer.last):
        customer.click("ordered_by_mistake")
    customer.say("yes")
    assert shop.status(shopper.order("pending").id) == "cancelled"


def test_given_a_confirmation_when_an_answer_is_corrected_then_it_is_asked_anew_with_the_new_one(
    system: System, shop: RunningShop
) -> None:
    shopper = shop.shopper(having="pending")
    customer = signed_in(system, shopper)
    customer.say(f"cancel my order {shopper.order('pending').id}")
    first = customer.say("I don't need it")
    assert "I no longer need it" in first["content"]
    second = customer.say("no, it was ordered by mistake")
    assert is_confirmation(second)
    assert "I ordered it by mistake" in second["content"]
    customer.click("confirm:yes")
    (call,) = system.calls(customer.id)
    assert call.arguments["reason"] == "ordered by mistake"


def test_given_a_confirmation_when_something_is_to_be_changed_by_clicks_then_it_is(
    system: System, shop: RunningShop
) -> None:
    shopper = shop.shopper(having="pending")
    customer = signed_in(system, shopper)
    to_confirmation(customer, "cancel_order")
    customer.click("confirm:no")
    customer.click("reason")
    customer.click("ordered_by_mistake")
    assert is_confirmation(customer.last)
    assert system.calls(customer.id) == []
    customer.click("confirm:yes")
    assert system.calls(customer.id)[0].arguments["reason"] == "ordered by mistake"


@pytest.mark.parametrize("stop", ["never mind", "confirm:cancel"])
def test_given_a_confirmation_when_the_customer_stops_then_nothing_happens(
    system: System, shop: RunningShop, stop: str
) -> None:
    shopper = shop.shopper(having="pending")
    customer = signed_in(system, shopper)
    to_confirmation(customer, "cancel_order")
    reply = customer.click(stop) if ":" in stop else customer.say(stop)
    assert reply["content"] == "All right, I've stopped. Nothing was changed."
    customer.say("yes")
    assert (system.calls(customer.id), shop.status(shopper.order("pending").id)) == ([], "pending")


def test_given_a_procedure_under_way_when_something_else_is_asked_then_it_is_answered_and_the_first_goes_on(
    system: System, shop: RunningShop
) -> None:
    shopper = shop.shopper(having="delivered", lacking="pending")
    order = shopper.order("delivered")
    customer = signed_in(system, shopper)
    to_confirmation(customer, "return_items")
    reply = customer.say(f"where is my order {order.id} now?")
    assert f"Order {order.id} has been delivered" in reply["content"]
    assert "Return items" in reply["content"]
    assert is_confirmation(reply)
    customer.say("yes")
    assert shop.status(order.id) == "return requested"


def test_given_two_requests_in_one_message_then_both_are_dealt_with(
    system: System, shop: RunningShop
) -> None:
    shopper = shop.shopper(having="pending")
    order = shopper.order("pending")
    customer = signed_in(system, shopper)
    first = customer.say(f"Please cancel my order {order.id}. And also, where is my order {order.id}?")
    assert f"We have order {order.id}" in first["content"]
    assert "no_longer_needed" in items(first)
    customer.click("no_longer_needed")
    customer.click("confirm:yes")
    assert shop.status(order.id) == "cancelled"
    chosen = system.decisions(customer.id)[0].chosen
    assert chosen == "start:cancel_order + start:order_status"


def test_given_a_burst_of_messages_then_they_are_one_turn(system: System, shop: RunningShop) -> None:
    shopper = shop.shopper(having="pending")
    customer = signed_in(system, shopper)
    before = len(customer.replies)
    customer.say("hello", "I want to cancel my order", shopper.order("pending").id)
    assert len(customer.replies) == before + 1
    assert "no_longer_needed" in items(customer.last)
    (decision,) = system.decisions(customer.id)
    assert len([e for e in decision.evidence if e["kind"] == "message"]) == 3


def test_given_a_newer_question_when_an_old_confirmation_is_clicked_then_nothing_happens(
    system: System, shop: RunningShop
) -> None:
    shopper = shop.shopper(having="pending")
    customer = signed_in(system, shopper)
    outdated = to_confirmation(customer, "cancel_order")
    customer.say("no, it was ordered by mistake")
    reply = customer.click("confirm:yes", outdated)
    assert system.calls(customer.id) == []
    assert is_confirmation(reply)
    customer.click("confirm:yes")
    assert len(system.calls(customer.id)) == 1


def test_given_a_stopped_procedure_when_its_confirmation_is_clicked_then_nothing_happens(
    system: System, shop: RunningShop
) -> None:
    shopper = shop.shopper(having="pending")
    customer = signed_in(system, shopper)
    outdated = to_confirmation(customer, "cancel_order")
    customer.click("confirm:cancel")
    customer.click("confirm:yes", outdated)
    assert (system.calls(customer.id), shop.status(shopper.order("pending").id)) == ([], "pending")


@pytest.mark.parametrize("at_once", [True, False])
def test_given_two_tabs_when_both_confirm_then_it_happens_once(
    system: System, shop: RunningShop, at_once: bool
) -> None:
    shopper = shop.shopper(having="pending")
    order = shopper.order("pending")
    customer = signed_in(system, shopper)
    asked = to_confirmation(customer, "cancel_order")
    for _ in range(2):
        customer.call(
            "PATCH",
            f"{customer.url}/messages/{asked['id']}",
            {"submitted_values": [{"value": "confirm:yes"}]},
        )
        if not at_once:
            system.settle()
    system.settle()
    assert [c.attempts for c in system.calls(customer.id)] == [1]
    assert shop.operations(f"{order.id[1:]}/cancel") == 1
    said = [m for m in customer.replies if m["content"].startswith(f"Done: order {order.id} is cancelled")]
    assert len(said) == 1


def test_given_nothing_understood_three_times_then_a_person_is_offered(
    system: System, shop: RunningShop
) -> None:
    customer = Customer(system)
    for text in ("xyzzy blah", "frobnicate the quux", "blorp grelb mumble"):
        reply = customer.say(text)
    assert items(reply) == ["talk_to_person", "menu"]
    assert customer.info.owner == "assistant"
    assert "start:return_items" in items(customer.click("menu"))


def test_given_a_finished_procedure_then_what_comes_next_is_offered(
    system: System, shop: RunningShop
) -> None:
    shopper = shop.shopper(having="pending")
    customer = signed_in(system, shopper)
    to_confirmation(customer, "cancel_order")
    reply = customer.click("confirm:yes")
    assert buttons(reply) == ["start:refund_status"]
    reply = customer.click("start:refund_status")
    assert shopper.order("pending").id in str([reply["content"], items(reply)])


RETURN_IN = {
    "en": "I want to return something",
    "cs": "Dobrý den, chci vrátit zboží",
    "de": "Ich möchte etwas zurückgeben",
    "es": "Quiero devolver un artículo por favor",
    "ru": "Я хочу вернуть товар",
    "zh": "我想退货",
}
YES_IN = {"en": "yes", "cs": "ano", "de": "ja", "es": "sí", "ru": "да", "zh": "是的"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_given_a_language_then_everything_is_said_in_it(
    system: System, shop: RunningShop, language: str
) -> None:
    shopper = shop.shopper(having="delivered", lacking="pending", language=language)
    customer = Customer(system)
    form = customer.say(RETURN_IN[language])
    assert wording("identify_ask_order_email", language) in form["content"]
    customer.identify(shopper, shopper.order("delivered").id)
    while not is_confirmation(customer.last):
        if customer.last["content_attributes"].get("expects") == "many":
            customer.choose(options(customer.last)[0])
        else:
            customer.click(items(customer.last)[0])
    labels = [i["title"] for i in customer.last["content_attributes"]["items"]]
    assert labels == [wording(k, language) for k in ("yes", "change_something", "cancel")]
    customer.say(YES_IN[language])
    assert shop.status(shopper.order("delivered").id) == "return requested"
    assert customer.info.language == language
    decision = system.decisions(customer.id)[-1]
    assert decision.explanation["language"] == language


def test_given_another_language_in_the_middle_then_the_replies_follow(
    system: System, shop: RunningShop
) -> None:
    shopper = shop.shopper(having="delivered", lacking="pending")
    customer = signed_in(system, shopper)
    customer.say("I want to return something")
    reply = customer.say("Dobrý den, kde je moje objednávka prosím?")
    assert customer.info.language == "cs"
    assert "Objednávka" in reply["content"]


def test_given_unclear_words_when_the_meaning_is_chosen_then_what_they_held_is_not_asked_again(
    system: System, shop: RunningShop
) -> None:
    shopper = shop.shopper(having="delivered", lacking="pending", fewest=False)
    order = shopper.order("delivered")
    customer = signed_in(system, shopper)
    unclear = customer.say(f"Those things in {order.id}, well, hm.")
    assert "slot" not in unclear["content_attributes"]
    asked = customer.command("start:return_items")
    assert asked["content_attributes"].get("slot") != "order"


@pytest.mark.parametrize("language", ["en", "cs"])
def test_a_title_of_the_greetings_menu_typed_first_is_that_entry(system: System, language: str) -> None:
    customer = Customer(system, language=language)
    menu = customer.last["content_attributes"]["items"]
    entry = next(item for item in menu if item["value"] == "start:return_items")
    customer.say(f"{entry['title'].lower()}?")
    (decision,) = system.decisions(customer.id)
    assert (decision.chosen, decision.confidence) == ("start:return_items", None)
    person = Customer(system, language=language)
    person.say(menu[-1]["title"])
    assert person.info.owner is Owner.QUEUE


def test_words_that_are_no_title_of_the_menu_are_read(system: System) -> None:
    customer = Customer(system)
    customer.say("I want to return something I ordered from you")
    (decision,) = system.decisions(customer.id)
    assert decision.confidence is not None
