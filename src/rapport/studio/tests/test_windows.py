"""Two windows on the same card: neither puts its form over what the other has changed, unless it says so."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import unquote

import pytest
from django.test import Client

from rapport.accounts import api as accounts
from rapport.accounts.models import User
from rapport.procedures import api as procedures
from rapport.studio.queries import find_draft

pytestmark = pytest.mark.django_db

EDIT = "/settings/procedures/cancel_order/edit"
CARD = "slots/order"


@pytest.fixture(autouse=True)
def published() -> None:
    for template in procedures.list_templates():
        if template.name == "cancel_order":
            procedures.publish(template.source, cases=template.cases)
    procedures.forget_book()


@pytest.fixture
def user() -> User:
    return accounts.create_staff("root@example.com", "Root", "administrator", "a-long-enough-secret")


@pytest.fixture
def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def source(user: User) -> str:
    found = find_draft(user.pk, "cancel_order")
    assert found is not None
    return found.source


def hidden(page: str) -> dict[str, str]:
    """What a window knows of the form it shows."""
    return dict(re.findall(r'<input type="hidden" name="(#opened|#window)"[^>]* value="([^"]+)"', page))


def open_form(browser: Client, card: str = CARD) -> dict[str, str]:
    page = browser.get(f"{EDIT}/form", {"card": card}).content.decode()
    return {"card": card, "#form": "1", **hidden(page)}


def send(browser: Client, form: dict[str, str], status: int = 200, **fields: Any) -> str:
    answer = browser.post(f"{EDIT}/change", {**form, **{k.replace("__", "/"): v for k, v in fields.items()}})
    assert answer.status_code == status
    return answer.content.decode() or unquote(answer.get("X-Problem", ""))


def test_the_second_window_is_refused_and_may_insist(browser: Client, user: User) -> None:
    first, second = open_form(browser), open_form(browser)
    send(browser, first, ask__en="The first window's?")
    refused = send(browser, second, 409, ask__en="The second window's?")
    assert "changed in another window" in refused
    assert "The first window" in source(user)
    (seen,) = re.findall(r'name="#opened" value="([^"]+)"', refused)
    send(browser, {**second, "#opened": seen}, ask__en="The second window's?")
    assert "The second window" in source(user)
    assert "changed in another window" in send(browser, first, 409, ask__en="Again the first's?")


def test_a_window_is_not_in_its_own_way(browser: Client, user: User) -> None:
    form = open_form(browser)
    for text in ("W", "Wh", "Which?"):  # sent while the answer to the one before is on its way
        answer = send(browser, form, ask__en=text)
    assert "Which?" in source(user)
    fresh = {**form, **hidden(answer)}
    assert fresh["#opened"] != form["#opened"]
    send(browser, open_form(browser, "slots/reason"), ask__en="Why?")  # another card in between
    send(browser, fresh, ask__en="Which one?")
    assert "Which one?" in source(user)


def test_other_cards_and_the_same_words_are_no_conflict(browser: Client, user: User) -> None:
    first, second = open_form(browser), open_form(browser)
    start, reason = open_form(browser, ""), open_form(browser, "slots/reason")
    send(browser, first, ask__en="Which?")
    send(browser, second, ask__en="Which?")
    send(browser, reason, ask__en="Why?")
    send(browser, start, title__en="Call an order off")
    for text in ("Which?", "Why?", "Call an order off"):
        assert text in source(user)


def test_a_card_that_has_moved_is_not_written_into_another(browser: Client, user: User) -> None:
    rules = open_form(browser, "rules/0")
    before = source(user)
    browser.post(f"{EDIT}/change", {"do": "add", "kind": "rule", "into": "rules", "index": "0"})
    changed = source(user)
    assert changed != before
    send(browser, rules, 409, say__en="No.")
    assert source(user) == changed


def test_a_change_taken_back_leaves_what_was_opened_valid(browser: Client, user: User) -> None:
    form = open_form(browser)
    other = open_form(browser)
    send(browser, other, ask__en="Other?")
    browser.post(f"{EDIT}/step", {"do": "undo"})
    send(browser, form, ask__en="Mine?")
    assert "Mine?" in source(user)
