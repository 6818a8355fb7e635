"""Variants of an article by the keyboard: proposed, looked at against the article, approved and withdrawn by a key."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from tests.e2e.chromium import NEEDS_CHROMIUM
from tests.e2e.signing_in import signed_in

PAGE = "/knowledge/track-parcel/en/variants"

pytestmark = NEEDS_CHROMIUM


@pytest.fixture
def page(browser: Any, live_system: Any) -> Iterator[Any]:
    """The browser of a supervisor."""
    with signed_in(browser, live_system.base_url, "supervisor@demo.example") as page:
        yield page


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
