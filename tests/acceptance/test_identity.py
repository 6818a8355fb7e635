"""Who the customer is: proven by order number and e-mail, by a code, by the host page; nothing personal before."""

from __future__ import annotations

import datetime as dt
import re

from tests.acceptance.support.customer import Customer, buttons, sign, signed_in
from tests.acceptance.support.shop import RunningShop, Shopper
from tests.acceptance.support.system import System

from rapport.conversations import api as conversations
from rapport.kernel.clock import now, use_clock


def learned(customer: Customer, shopper: Shopper) -> list[str]:
    """Which of the shopper's secrets any response so far has told."""
    return [secret for secret in shopper.secrets if any(secret in body for body in customer.seen)]


def code_in(system: System) -> str:
    """The six digits of the latest mail."""
    found = re.search(r"\b\d{6}\b", system.outbox[-1].body)
    assert found is not None
    return found[0]


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


def test_given_order_number_and_email_in_the_form_then_the_request_goes_on(
    system: System, shop: RunningShop
) -> None:
    shopper = shop.shopper(having="shipped")
    customer = Customer(system)
    form = customer.say("where is my order?")
    assert [i["name"] for i in form["content_attributes"]["items"]] == ["order_number", "email"]
    assert "talk_to_person" in buttons(form)
    assert learned(customer, shopper) == []
    reply = customer.identify(shopper, shopper.order("shipped").id)
    assert reply["content"].startswith(f"Thank you, {shopper.first_name}.")
    verification = customer.info.verification
    assert verification is not None
    assert (verification.customer_ref, verification.method) == (shopper.ref, "order_and_email")
    assert customer.info.customer_name == f"{shopper.first_name} {shopper.last_name}"


def test_given_both_facts_in_the_first_words_then_no_form_is_needed(
    system: System, shop: RunningShop
) -> None:
    shopper = shop.shopper(having="shipped")
    order_id = shopper.order("shipped").id
    customer = Customer(system)
    reply = customer.say(f"where is my order {order_id}? my e-mail is {shopper.email.upper()}")
    assert reply["content_type"] != "form"
    assert order_id in reply["content"]
    assert len(system.decisions(customer.id)) == 1


def test_given_the_facts_one_after_another_in_words_then_both_are_remembered(
    system: System, shop: RunningShop
) -> None:
    shopper = shop.shopper(having="shipped")
    customer = Customer(system)
    customer.say("where is my order?")
    customer.say(f"the number is {shopper.order('shipped').id[1:]}")
    assert customer.info.verification is None
    reply = customer.say(f"and I wrote from {shopper.email}")
    assert shopper.first_name in reply["content"]
    assert customer.info.verification is not None


def test_given_a_code_by_mail_asked_for_by_click_then_it_proves_the_customer(
    system: System, shop: RunningShop
) -> None:
    shopper = shop.shopper(having="shipped")
    customer = Customer(system)
    customer.say("where is my order?")
    customer.click("identify:email_code")
    customer.fill(email=shopper.email)
    assert [m.to for m in system.outbox] == [[shopper.email]]
    assert learned(customer, shopper) == []
    reply = customer.fill(code=code_in(system))
    assert shopper.first_name in reply["content"]
    verification = customer.info.verification
    assert verification is not None
    assert (verification.customer_ref, verification.method) == (shopper.ref, "email_code")


def test_given_words_alone_then_a_code_by_mail_proves_the_customer(system: System, shop: RunningShop) -> None:
    shopper = shop.shopper(having="shipped")
    customer = Customer(system)
    customer.say("where is my order?")
    customer.say("please send me a code by e-mail")
    customer.say(shopper.email)
    code = code_in(system)
    reply = customer.say(f"it says {code[:3]} {code[3:]}")
    assert shopper.first_name in reply["content"]


def test_given_an_unknown_address_then_the_answer_is_the_same_and_no_mail_is_sent(
    system: System, shop: RunningShop
) -> None:
    shopper = shop.shopper(having="shipped")
    answers = []
    for email in (shopper.email, "nobody@example.com"):
        customer = Customer(system)
        customer.say("where is my order?")
        customer.click("identify:email_code")
        answers.append(customer.fill(email=email)["content"].replace(email, "…"))
    assert answers[0] == answers[1]
    assert [m.to for m in system.outbox] == [[shopper.email]]


def test_given_wrong_pairs_then_the_fifth_locks_and_a_person_is_called(
    system: System, shop: RunningShop
) -> None:
    shopper = shop.shopper(having="shipped")
    customer = Customer(system)
    customer.say("where is my order?")
    for _ in range(4):
        customer.fill(order_number=shopper.orders[0].id, email="mallory@example.com")
        assert (customer.info.owner, customer.last["content_type"]) == ("assistant", "form")
    reply = customer.fill(order_number=shopper.orders[0].id, email="mallory@example.com")
    assert reply["content_type"] == "text"
    assert (customer.info.owner, customer.info.briefing["reason"]) == ("queue", "not_identified")
    assert customer.info.verification is None
    assert learned(customer, shopper) in ([], [shopper.orders[0].id])


def test_given_wrong_pairs_when_the_customer_starts_over_then_the_attempts_still_count(
    system: System, shop: RunningShop
) -> None:
    shopper = shop.shopper(having="shipped")
    customer = Customer(system)
    for n in range(5):
        assert customer.info.owner == "assistant", n
        customer.say("where is my order?")
        customer.fill(order_number=shopper.orders[0].id, email="mallory@example.com")
        if n < 4:
            customer.say("never mind")
    assert (customer.info.owner, customer.info.briefing["reason"]) == ("queue", "not_identified")


def test_given_a_locked_check_when_a_quarter_of_an_hour_has_passed_then_it_may_be_tried_again(
    system: System, shop: RunningShop
) -> None:
    shopper = shop.shopper(having="shipped")
    customer = Customer(system)
    customer.say("where is my order?")
    for _ in range(5):
        customer.fill(order_number=shopper.orders[0].id, email="mallory@example.com")
    conversations.give_back(customer.id, "Ada Agent")
    system.settle()
    customer.say("where is my order?")
    assert customer.info.owner == "queue"
    conversations.give_back(customer.id, "Ada Agent")
    system.settle()
    later = now() + dt.timedelta(minutes=16)
    with use_clock(lambda: later):
        assert customer.say("where is my order?")["content_type"] == "form"
        customer.identify(shopper)
        assert customer.info.verification is not None


def test_given_wrong_codes_then_the_right_one_no_longer_helps(system: System, shop: RunningShop) -> None:
    shopper = shop.shopper(having="shipped")
    customer = Customer(system)
    customer.say("where is my order?")
    customer.click("identify:email_code")
    customer.fill(email=shopper.email)
    code = code_in(system)
    for _ in range(5):
        customer.fill(code=wrong(code))
    assert customer.info.owner == "queue"
    customer.say(code)
    assert customer.info.verification is None
    assert learned(customer, shopper) == []


def test_given_an_old_code_then_it_is_worth_nothing(system: System, shop: RunningShop) -> None:
    shopper = shop.shopper(having="shipped")
    customer = Customer(system)
    customer.say("where is my order?")
    customer.click("identify:email_code")
    customer.fill(email=shopper.email)
    later = now() + dt.timedelta(minutes=11)
    with use_clock(lambda: later):
        customer.fill(code=code_in(system))
        assert customer.info.verification is None


def test_given_a_code_of_another_conversation_then_it_is_worth_nothing(
    system: System, shop: RunningShop
) -> None:
    shopper = shop.shopper(having="shipped")
    owner, thief = Customer(system), Customer(system)
    for customer in (owner, thief):
        customer.say("where is my order?")
        customer.click("identify:email_code")
    owner.fill(email=shopper.email)
    code = code_in(system)
    thief.fill(email="thief@example.com")
    thief.fill(code=code)
    assert thief.info.verification is None
    assert learned(thief, shopper) == []


def test_given_somebody_else_s_order_number_then_nothing_is_told_of_it(
    system: System, shop: RunningShop
) -> None:
    mine, theirs = shop.shopper(having="shipped"), shop.shopper(having="delivered", lacking="pending")
    order = theirs.order("delivered")
    customer = signed_in(system, mine)
    for text in (
        f"where is my order {order.id}?",
        f"I want to return everything from {order.id}",
        "yes",
        "yes",
    ):
        customer.say(text)
    said = " ".join(m["content"] for m in customer.replies)
    assert not any(
        name in said for name in order.names if name not in " ".join(n for o in mine.orders for n in o.names)
    )
    assert theirs.last_name not in said
    assert [c for c in system.calls(customer.id) if order.id in str(c.arguments)] == []
    assert shop.status(order.id) == "delivered"


def test_given_somebody_else_s_order_in_an_application_s_click_then_it_is_refused(
    system: System, shop: RunningShop
) -> None:
    mine, theirs = shop.shopper(having="shipped", fewest=False), shop.shopper(having="delivered")
    customer = signed_in(system, mine)
    asked = customer.click("start:order_status")
    before = len(customer.messages)
    status, found = customer.request(
        "PATCH",
        f"{customer.url}/messages/{asked['id']}",
        {"submitted_values": [{"value": theirs.order("delivered").id}]},
    )
    assert (status, found["error"]["code"]) == (422, "not_answerable")
    assert len(customer.messages) == before


def test_given_a_signed_in_customer_then_nobody_is_asked_who_they_are(
    system: System, shop: RunningShop
) -> None:
    shopper = shop.shopper(having="shipped")
    customer = signed_in(system, shopper)
    reply = customer.say("where is my order?")
    assert reply["content_type"] != "form"
    assert customer.info.customer_name == f"{shopper.first_name} {shopper.last_name}"


def test_given_a_customer_the_shop_does_not_know_then_they_may_prove_who_they_are(
    system: System, shop: RunningShop
) -> None:
    shopper = shop.shopper(having="shipped")
    customer = Customer(system, identifier="nobody_1", identifier_hash=sign(system, "nobody_1"))
    form = customer.say("where is my order?")
    assert form["content_type"] == "form"
    customer.identify(shopper)
    verification = customer.info.verification
    assert verification is not None
    assert verification.customer_ref == shopper.ref


def test_given_another_request_while_a_code_is_awaited_then_the_check_is_asked_again(
    system: System, shop: RunningShop
) -> None:
    shopper = shop.shopper(having="shipped")
    customer = Customer(system)
    customer.say("where is my order?")
    customer.click("identify:email_code")
    customer.fill(email=shopper.email)
    reply = customer.say("I want to return something")
    assert reply["content_type"] == "form"
    reply = customer.say(code_in(system))
    assert shopper.first_name in reply["content"]


def test_given_a_crafted_order_number_then_nobody_is_taken_for_a_customer(
    system: System, shop: RunningShop
) -> None:
    shopper = shop.shopper(having="shipped")
    customer = Customer(system)
    customer.say("where is my order?")
    for number in (
        f"../customers/{shopper.ref}",
        f"{shopper.orders[0].id[1:]}/../../customers/{shopper.ref}",
    ):
        customer.fill(order_number=number, email=shopper.email)
        assert customer.info.verification is None
