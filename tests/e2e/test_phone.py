"""The telephone on a page of the settings: called, answered by keys and words, and hung up."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from tests.e2e.chromium import NEEDS_CHROMIUM
from tests.e2e.signing_in import signed_in

pytestmark = NEEDS_CHROMIUM


@pytest.fixture
def page(browser: Any, live_system: Any) -> Iterator[Any]:
    """The browser of an administrator, at the demonstration's telephone."""
    with signed_in(browser, live_system.base_url, "admin@demo.example") as page:
        page.goto("/settings/")
        page.click("text=Demo phone")
        page.click("text=Call it here")
        page.wait_for_load_state()
        yield page


def heard(page: Any, words: str) -> None:
    """Wait until words were said."""
    page.wait_for_selector(f".phone-said li:has-text('{words}')")


def test_a_call_by_keys_and_words(page: Any) -> None:
    assert page.is_disabled("[data-key='1']")
    page.click("[data-call]")
    heard(page, "For English, press 1.")
    page.click("[data-key='1']")
    heard(page, "I am an AI, not a person.")
    page.fill("#phone-text", "where is my order")
    page.keyboard.press("Enter")
    heard(page, "Please say or type your order number")
    for key in "1234567":
        page.click(f"[data-key='{key}']")
    assert page.inner_text(".phone-typed") == "1234567"
    page.click("[data-key='#']")
    heard(page, "postal code")
    page.fill("#phone-text", "thank you, goodbye")
    page.keyboard.press("Enter")
    heard(page, "The call has ended.")
    assert page.is_visible("[data-call]")
    assert page.is_disabled("#phone-text")
