"""A member of staff's browser."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

WAIT_MS = 30_000


@contextmanager
def signed_in(browser: Any, base_url: str, email: str) -> Iterator[Any]:
    """A page after the sign-in; any error of a script fails the test."""
    context = browser.new_context(viewport={"width": 1280, "height": 860}, locale="en-GB", base_url=base_url)
    context.set_default_timeout(WAIT_MS)
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto("/sign-in")
    page.fill("#email", email)
    page.fill("#password", "rapport-demo")
    page.click("form button.btn-primary")
    page.wait_for_load_state()
    yield page
    context.close()
    assert problems == []
