"""Variants of an article by the keyboard: proposed, looked at against the article, approved and withdrawn by a key."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from tests.e2e.chromium import NEEDS_CHROMIUM

WAIT_MS = 30_000
PAGE = "/knowledge/track-parcel/en/variants"

pytestmark = NEEDS_CHROMIUM


@pytest.fixture
def page(browser: Any, live_system: Any) -> Iterator[Any]:
    """A supervisor's browser; any error of a script fails the test."""
    context = browser.new_context(
        viewport={"width": 1280, "height": 860}, locale="en-GB", base_url=live_system.base_url
    )
    context.set_default_timeout(WAIT_MS)
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto("/sign-in")
    page.fill("#email", "supervisor@demo.example")
    page.fill("#password", "rapport-demo")
    page.click("form button.btn-primary")
    page.wait_for_load_state()
    yield page
    context.close()
    assert problems == []


def statuses(page: Any) -> list[str]:
    """Status of each card, from the top."""
    page.wait_for_load_state()
    found = page.eval_on_selector_all(".variant", "cards => cards.map((card) => card.className)")
    return [name.split("variant-")[-1] for name in found]


def test_keys_approve_and_withdraw(page: Any) -> None:
    page.goto(PAGE)
    page.click('button[value="propose"]')
    page.wait_for_selector(".variant")
    waiting = statuses(page).count("draft")
    assert waiting >= 2
    page.keyboard.press("j")
    with page.expect_navigation():
        page.keyboard.press("a")
    assert statuses(page).count("draft") == waiting - 1
    card = page.locator(".variant:target")
    assert "variant-draft" in (card.get_attribute("class") or "")
    card.get_by_role("tab", name="Against the article").click()
    assert card.locator(".difference-text:visible").count() == 1
    with page.expect_navigation():
        page.keyboard.press("w")
    assert statuses(page).count("withdrawn") >= 1
    page.keyboard.press("j")
    page.keyboard.press("e")
    assert page.locator("dialog[open] textarea[name=text]").is_visible()
    page.keyboard.press("a")
    assert page.locator("dialog[open]").count() == 1
