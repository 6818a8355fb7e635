"""Undo in words, limits of procedures, and what is looked up before it is asked."""

from __future__ import annotations

import pytest
from tests.acceptance.support.customer import Customer, is_confirmation, signed_in
from tests.acceptance.support.shop import RunningShop
from tests.acceptance.support.system import System

from rapport.procedures import api as procedures

TWO_QUESTIONS = """
procedure: repair
version: 1
identify: none
title: {en: Repair, cs: Oprava, de: Reparatur, es: Reparación, ru: Ремонт, zh: 维修}
slots:
  what: {type: text, ask: {en: "What is broken?"}}
  since: {type: text, ask: {en: "Since when?"}}
confirm:
  lines: [{en: "{what}, since {since}"}]
done: {en: "Noted: {what} since {since}."}
"""
LETTER = """
procedure: letter
version: 1
identify: verified_customer
title: {en: Newsletter, cs: Zpravodaj, de: Newsletter, es: Boletín, ru: Рассылка, zh: 简报}
lookups:
  contact: {action: shop.get_contact_data, with: {}}
limits:
  - {name: once, count: 1, within: "365 days", of: customer, say: {en: "Once a year is enough."}}
confirm:
  lines: [{en: "Now you get it: {contact.is_subscribed}"}]
do:
  - action: shop.set_newsletter
    with: {is_subscribed: "!contact.is_subscribed"}
    undo: {action: shop.set_newsletter, with: {is_subscribed: contact.is_subscribed}}
done: {en: "Changed."}
undo: {within: "30 minutes", say: {en: "It is as it was."}}
"""


def publish(source: str) -> None:
    procedures.publish(source)
    procedures.forget_book()


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "undo"), ("cs", "zpět"), ("cs", "vrať to"), ("de", "rückgängig"), ("es", "deshacer"),
     ("ru", "отмени последнее"), ("zh", "撤销")],
)  # fmt: skip
def test_given_an_answer_when_it_is_taken_back_in_words_then_the_question_comes_again(
    system: System, language: str, words: str
) -> None:
    publish(TWO_QUESTIONS)
    customer = Customer(system, language=language)
    assert "What is broken?" in customer.command("start:repair")["content"]
    assert "Since when?" in customer.say("the lamp")["content"]
    assert "What is broken?" in customer.say(words)["content"]
    customer.say("the chair")
    assert is_confirmation(customer.say("monday"))
    assert customer.click("confirm:yes")["content"].startswith("Noted: the chair since monday.")


def subscribed(shop: RunningShop, ref: str) -> bool:
    rows = shop.rows("SELECT is_subscribed FROM newsletter WHERE customer_id = ?", ref)
    return bool(rows and rows[0]["is_subscribed"])


def test_given_something_done_when_it_is_taken_back_then_its_compensation_is_confirmed_and_done_once(
    system: System, shop: RunningShop
) -> None:
    publish(LETTER)
    shopper = shop.shopper(having="shipped")
    before = subscribed(shop, shopper.ref)
    customer = signed_in(system, shopper)
    asked = customer.command("start:letter")
    assert is_confirmation(asked)
    assert f"Now you get it: {'Yes' if before else 'No'}" in asked["content"]
    customer.click("confirm:yes")
    assert subscribed(shop, shopper.ref) is not before
    assert is_confirmation(customer.say("undo that please"))
    assert "It is as it was." in customer.click("confirm:yes")["content"]
    assert subscribed(shop, shopper.ref) is before
    assert [c.key.endswith("~undo") for c in system.calls(customer.id)] == [False, True]


def test_given_a_limit_when_the_procedure_was_done_before_then_it_is_refused_in_any_conversation(
    system: System, shop: RunningShop
) -> None:
    publish(LETTER)
    shopper = shop.shopper(having="processed")
    first = signed_in(system, shopper)
    first.command("start:letter")
    first.click("confirm:yes")
    again = signed_in(system, shopper)
    assert "Once a year is enough." in again.command("start:letter")["content"]
    assert len(system.calls(again.id)) == 0
    other = signed_in(system, shop.shopper(having="shipped", fewest=False))
    assert is_confirmation(other.command("start:letter"))
