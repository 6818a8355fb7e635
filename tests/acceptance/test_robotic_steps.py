"""Robotic steps in a procedure: nothing is clicked before a person's yes; the customer learns what became of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import pytest
from tests.acceptance.support.customer import Customer, is_confirmation, signed_in, transcript
from tests.acceptance.support.shop import RunningShop
from tests.acceptance.support.system import System

from rapport.accounts import api as accounts
from rapport.accounts.contracts import Staff
from rapport.connectors import api as connectors
from rapport.connectors import opening
from rapport.connectors.kinds.browser.steps import Step
from rapport.connectors.kinds.browser.system import BrowserSystem
from rapport.connectors.kinds.browser.walking import Download, StepFailed
from rapport.procedures import api as procedures

STEPS = """
book:
  title: Book a visit
  steps:
    - open: "/new?for={customer}"
    - fill: {label: Day, with: "{day}"}
    - click: {button: Book}
      commits: true
    - expect: {text: Thank you}
    - read: {css: "#number", into: number}
"""
SOURCE = """
procedure: book_visit
version: 1
title: {en: Book a visit, cs: Objednat, de: Termin, es: Visita, ru: Визит, zh: 预约}
identify: verified_customer
slots:
  day: {type: choice, options: [{value: monday, title: {en: Monday}}, {value: friday, title: {en: Friday}}],
        ask: {en: "Which day?"}}
confirm: {lines: [{en: "Visit on {day}"}], question: {en: "Shall I book it?"}}
do:
  - action: erp.book
    with: {day: day}
    as: visit
done: {en: "Your visit has the number {visit.number}."}
"""


class Page:
    """A page made of data; `thanks` is whether booking succeeds visibly."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.thanks = True

    def open(self, address: str) -> None:
        self.done.append(f"open {address}")

    def act(self, step: Step, target: str, value: str) -> None:
        self.done.append(f"{step.kind} {target} {value}".strip())

    def shows(self, step: Step, target: str) -> bool:
        return self.thanks

    def read(self, step: Step, target: str) -> str:
        if not self.thanks:
            raise StepFailed
        return "V-7"

    def download(self, step: Step, target: str) -> Download:
        raise StepFailed

    def picture(self) -> bytes:
        return b"\xff\xd8\xff"


@pytest.fixture
def page(system: System, monkeypatch: pytest.MonkeyPatch) -> Iterator[Page]:
    made = Page()

    @contextmanager
    def opened(_: Any) -> Iterator[Page]:
        yield made

    monkeypatch.setitem(opening.KINDS, "browser", partial(BrowserSystem, open_screen=opened))
    connectors.connect_by_form("browser", "erp", {"base_url": "https://erp.example", "actions": STEPS})
    procedures.publish(SOURCE)
    procedures.forget_book()
    yield made
    procedures.forget_book()
    opening.close_systems()


@pytest.fixture
def boss(system: System) -> Staff:
    found = accounts.find_staff(accounts.create_staff("bea@example.com", "Bea Boss", "supervisor").pk)
    assert found is not None
    return found


def wants_a_visit(system: System, shop: RunningShop) -> Customer:
    customer = signed_in(system, shop.shopper(having="shipped"))
    customer.command("start:book_visit")
    assert is_confirmation(customer.click("monday"))
    customer.click("confirm:yes")
    return customer


def test_given_a_yes_of_a_person_then_it_is_clicked_once(
    system: System, shop: RunningShop, page: Page, boss: Staff
) -> None:
    customer = wants_a_visit(system, shop)
    assert (page.done, system.calls(customer.id)) == ([], []), transcript(customer)
    (asked,) = procedures.list_approvals(boss, "en")
    assert asked.actions == ({"action": "erp.book", "arguments": {"day": "monday"}},)
    procedures.decide(asked.id, boss, is_approved=True, reason="fine")
    system.settle()
    assert customer.last["content"] == "Your visit has the number V-7."
    (call,) = system.calls(customer.id)
    assert (call.state, [file["name"] for file in call.result["screens"]]) == (
        "done",
        ["before.jpg", "after.jpg"],
    )
    assert page.done == [f"open /new?for={call.customer_ref}", "fill Day monday", "click Book"]
    assert customer.last["attachments"] == [], "pictures are for staff"


def test_given_a_no_then_nothing_is_opened_and_the_customer_is_told(
    system: System, shop: RunningShop, page: Page, boss: Staff
) -> None:
    customer = wants_a_visit(system, shop)
    heard = len(customer.replies)
    procedures.decide(procedures.list_approvals(boss, "en")[0].id, boss, is_approved=False, reason="no")
    system.settle()
    assert (page.done, len(customer.replies)) == ([], heard + 1)


def test_given_an_unclear_page_after_the_click_then_it_is_not_clicked_again_and_a_person_looks(
    system: System, shop: RunningShop, page: Page, boss: Staff
) -> None:
    page.thanks = False
    customer = wants_a_visit(system, shop)
    procedures.decide(procedures.list_approvals(boss, "en")[0].id, boss, is_approved=True, reason="")
    system.settle(90, is_strict=False)
    assert page.done.count("click Book") == 1
    assert "A colleague will take care of this" in customer.last["content"]
    assert customer.info.owner == "queue"
    connectors.settle_open_intents(older_than_s=-300)
    (call,) = connectors.list_calls(customer.id)
    assert (call.state, call.code) == ("failed", "outcome_unknown")
    assert [file["name"] for file in call.files] == ["before.jpg"]
