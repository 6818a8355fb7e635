"""The desk in a real browser, by the keyboard: a canned response inserted, a conversation resolved by two keys."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from tests.e2e.chromium import NEEDS_CHROMIUM
from tests.e2e.signing_in import signed_in

API = "/api/v1/accounts/1"
OUTGOING = 1

pytestmark = NEEDS_CHROMIUM


@pytest.fixture
def page(browser: Any, live_system: Any) -> Iterator[Any]:
    """The browser of an administrator."""
    with signed_in(browser, live_system.base_url, "admin@demo.example") as page:
        yield page


def token(page: Any) -> str:
    """An API token of the administrator."""
    page.goto("/settings/tokens/")
    page.click('[data-opens="new-token"]')
    page.fill("#token-name", "e2e")
    page.click("#new-token button.btn-primary")
    return str(page.inner_text("#secret")).strip()


def ask(page: Any, key: str, method: str, path: str, body: Any = None) -> Any:
    """What the application API answers."""
    answer = page.request.fetch(API + path, method=method, data=body, headers={"api_access_token": key})
    assert answer.ok, (path, answer.status, answer.text())
    return answer.json()


def start(page: Any, key: str) -> int:
    """Number of a conversation of a German customer that waits for an answer."""
    inboxes = ask(page, key, "GET", "/inboxes")["payload"]
    inbox = next(i["id"] for i in inboxes if i["channel_type"] == "Channel::Api")
    who = {"name": "Mia Hoffmann", "language": "de", "inbox_id": inbox}
    source = ask(page, key, "POST", "/contacts", who)["payload"]["contact_inbox"]["source_id"]
    begun = {"inbox_id": inbox, "source_id": source, "language": "de", "status": "open"}
    return int(ask(page, key, "POST", "/conversations", begun)["id"])


def test_a_canned_response_is_found_and_inserted_by_the_keyboard(page: Any) -> None:
    key = token(page)
    number = start(page, key)
    page.goto(f"/desk/conversations/{number}?view=all")
    page.wait_for_selector("canned-picker", state="attached")
    page.wait_for_selector("canned-picker:defined", state="attached")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "reply-text"
    page.keyboard.type("a/b ")
    assert page.input_value("#reply-text") == "a/b "
    page.keyboard.type("/")
    query = page.get_by_role("combobox", name="Canned responses: type to search")
    assert query.get_attribute("aria-expanded") == "true"
    page.wait_for_selector('[role=option][aria-selected="true"]')
    page.keyboard.press("ArrowDown")
    second = page.locator("[role=option]").nth(1)
    assert query.get_attribute("aria-activedescendant") == second.get_attribute("id")
    assert second.get_attribute("aria-selected") == "true"
    page.keyboard.type("gree")
    page.wait_for_selector("[role=option]:only-child")
    page.keyboard.press("Escape")
    assert page.input_value("#reply-text") == "a/b /gree"
    page.fill("#reply-text", "")
    page.click("#reply-text")
    page.keyboard.type("/greeting")
    page.wait_for_selector("[role=option]:only-child")
    page.keyboard.press("Enter")
    assert page.input_value("#reply-text").startswith("Guten Tag Mia Hoffmann, hier ist ")
    assert page.evaluate("document.activeElement.id") == "reply-text"
    assert page.locator("canned-picker").is_hidden()
    page.fill("#reply-text", "")
    page.keyboard.type("/sorry-delay")
    page.wait_for_selector("[role=option]:only-child")
    page.keyboard.press("Enter")
    selected = "(t => t.value.slice(t.selectionStart, t.selectionEnd))(document.getElementById('reply-text'))"
    assert page.evaluate(selected) == "{{order.number}}"
    page.keyboard.press("Control+Enter")
    page.wait_for_selector(".toast-bad")
    said = ask(page, key, "GET", f"/conversations/{number}/messages")["payload"]
    assert not [m for m in said if m["message_type"] == OUTGOING]


def test_e_and_enter_resolve_with_what_was_filled_in(page: Any) -> None:
    key = token(page)
    number = start(page, key)
    page.goto(f"/desk/conversations/{number}?view=all")
    page.wait_for_selector("#disposition .disposition-edit")
    page.keyboard.press("t")
    page.wait_for_selector('[data-key="e"]')
    page.keyboard.press("e")
    page.wait_for_selector("#resolving-outcome")
    page.wait_for_selector("#resolve-body .btn-primary:focus")
    page.select_option("#resolving-outcome", "duplicate")
    page.focus("#resolve-body .btn-primary")
    page.keyboard.press("Enter")
    page.wait_for_selector('#thread[data-status="resolved"]')
    assert page.locator("#resolve-dialog").is_hidden()
    page.wait_for_selector("#disposition :text('Duplicate')")
    found = ask(page, key, "GET", f"/conversations/{number}/disposition")["payload"]
    assert (found["outcome"], found["details"]["outcome"]["state"]) == ("duplicate", "changed")
