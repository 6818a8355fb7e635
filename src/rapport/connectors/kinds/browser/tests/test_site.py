"""Where the robot may go."""

from __future__ import annotations

import pytest

pytest.importorskip("playwright", reason="the extra `browser` is not installed")

from rapport.connectors.kinds.browser.chromium import Site


@pytest.mark.parametrize(
    ("base_url", "url", "is_allowed"),
    [
        ("https://erp.example.com", "https://erp.example.com/list", True),
        ("https://erp.example.com", "http://erp.example.com/list", False),
        ("https://erp.example.com", "https://evil.example.com/list", False),
        ("https://erp.example.com", "about:blank", True),
        ("http://erp.example.com", "http://erp.example.com/list", True),
        ("http://erp.example.com", "https://erp.example.com/list", True),
    ],
)
def test_only_allowed_hosts_and_never_down_to_an_open_line(base_url: str, url: str, is_allowed: bool) -> None:
    assert Site(base_url, frozenset({"erp.example.com"}), 5.0, "").allows(url) is is_allowed


def test_no_step_opens_a_page_made_of_its_address() -> None:
    assert not Site("https://erp.example.com", frozenset({"erp.example.com"}), 5.0, "").reaches(
        "data:text/html,x"
    )
