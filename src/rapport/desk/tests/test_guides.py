"""Guides: procedures for staff's own work, in a conversation nobody else takes part in."""

from __future__ import annotations

import pytest
from django.test import Client

from rapport.conversations import api as conversations
from rapport.conversations.contracts import Owner
from rapport.desk.tests.conftest import Desk
from rapport.procedures import api as procedures

GUIDE = """
procedure: count_stock
version: 1
audience: staff
menu: 10
icon: package
title: {en: Count a shelf, cs: Spočítat regál}
description: {en: Once a week}
identify: none
slots:
  shelf:
    type: text
    ask: {en: "Which shelf?", cs: "Který regál?"}
  counted:
    type: number
    ask: {en: "How many boxes stand there?"}
done: {en: "Shelf {shelf}: {counted} boxes."}
"""
SHARED = """
procedure: opening_hours
version: 1
menu: 20
title: {en: Opening hours}
identify: none
done: {en: Nine to five.}
"""


@pytest.fixture(autouse=True)
def _published(desk: Desk) -> None:
    for source in (GUIDE, SHARED):
        procedures.publish(source, actor_id=desk.agent.pk)


def test_guides_for_own_work_stand_before_what_customers_can_do(browser: Client) -> None:
    page = browser.get("/guides/").content.decode()
    assert page.index("Count a shelf") < page.index("What customers can do") < page.index("Opening hours")
    assert 'href="/guides/"' in browser.get("/desk/").content.decode()


def test_a_guide_leads_to_its_end_in_a_conversation_of_ones_own(desk: Desk, browser: Client) -> None:
    answer = browser.post("/guides/start", {"procedure": "count_stock"})
    (info,) = conversations.list_internal(desk.agent.pk)
    assert answer["Location"] == f"/desk/conversations/{info.display_id}#procedure"
    assert (info.owner, info.inbox.channel_kind) == (Owner.AGENT, conversations.INTERNAL)
    assert "Count a shelf" in browser.get("/guides/").content.decode().split("For your own work")[0]

    pane = f"/desk/conversations/{info.display_id}/procedures"
    assert "Which shelf?" in browser.get(pane).content.decode()
    assert "How many boxes" in browser.post(pane, {"move": "fill", "shelf": "A3"}).content.decode()
    said = browser.post(pane, {"move": "fill", "counted": "12"}).content.decode()
    assert "Shelf A3: 12 boxes." in said
    assert "Put into the reply" not in said, "nobody is there to be written to"
    assert conversations.list_internal(desk.agent.pk) == []
    found = conversations.find_conversation(info.id)
    assert found is not None
    assert found.status == "resolved"


def test_a_guide_speaks_the_language_of_who_is_led(desk: Desk, browser: Client) -> None:
    browser.defaults["HTTP_ACCEPT_LANGUAGE"] = "cs"
    assert "Spočítat regál" in browser.get("/guides/").content.decode()
    browser.post("/guides/start", {"procedure": "count_stock"})
    (info,) = conversations.list_internal(desk.agent.pk)
    pane = browser.get(f"/desk/conversations/{info.display_id}/procedures").content.decode()
    assert "Který regál?" in pane
    assert "Spočítat regál" in pane


def test_the_same_person_stays_one_contact(desk: Desk, browser: Client) -> None:
    for _ in range(2):
        browser.post("/guides/start", {"procedure": "count_stock"})
    one, two = conversations.list_internal(desk.agent.pk)
    assert one.customer_id == two.customer_id


def test_nothing_is_begun_that_is_not_in_force(desk: Desk, browser: Client) -> None:
    assert browser.post("/guides/start", {"procedure": "count_stars"})["Location"] == "/guides/"
    assert conversations.list_internal(desk.agent.pk) == []


def test_nobody_writes_to_the_inbox_of_internal_work(desk: Desk, browser: Client) -> None:
    browser.post("/guides/start", {"procedure": "count_stock"})
    (info,) = conversations.list_internal(desk.agent.pk)
    url = f"/public/api/v1/inboxes/{info.inbox.identifier}/contacts"
    assert Client().post(url, "{}", content_type="application/json").status_code == 404


def test_who_may_not_answer_has_no_guides() -> None:
    assert Client().get("/guides/")["Location"].startswith("/sign-in")
    assert Client().post("/guides/start")["Location"].startswith("/sign-in")
