"""Rate limits: per address, in a sliding window, with a time to wait."""

from __future__ import annotations

import pytest
from django.test import RequestFactory

from rapport.channels import limits
from rapport.channels.errors import TooManyRequests
from rapport.channels.limits import Limit, SlidingWindows, client_address
from rapport.channels.tests.conftest import Api
from rapport.conversations.contracts import InboxInfo


def test_refuses_above_the_count_and_recovers(monkeypatch: pytest.MonkeyPatch) -> None:
    at = 100.0
    monkeypatch.setattr("rapport.channels.limits.time.monotonic", lambda: at)
    windows, limit = SlidingWindows(), Limit("x", 2, 60)
    windows.check(limit, "a")
    at = 130.0
    windows.check(limit, "a")
    with pytest.raises(TooManyRequests) as refused:
        windows.check(limit, "a")
    assert refused.value.facts == {"limit": "x", "retry_after_s": 30}
    windows.check(limit, "b")
    at = 160.0
    windows.check(limit, "a")
    with pytest.raises(TooManyRequests):
        windows.check(limit, "a")


def test_answer_says_when_to_try_again(
    api: Api, inbox: InboxInfo, settings: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.RATE_LIMITS = True
    monkeypatch.setattr(limits, "REQUESTS", Limit("requests", 3, 60))
    path = f"/public/api/v1/inboxes/{inbox.identifier}"
    statuses = [api("GET", path).status for _ in range(3)]
    refused = api("GET", path)
    assert (statuses, refused.status) == ([200, 200, 200], 429)
    assert int(refused.headers["Retry-After"]) in range(1, 61)
    assert (refused.data["error"]["code"], refused.data["error"]["retryable"]) == ("too_many_requests", True)
    assert refused.headers["Access-Control-Allow-Origin"] == "*"


def test_off_by_default_in_tests(api: Api, inbox: InboxInfo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "REQUESTS", Limit("requests", 1, 60))
    assert {api("GET", f"/public/api/v1/inboxes/{inbox.identifier}").status for _ in range(3)} == {200}


@pytest.mark.parametrize(
    ("peer", "forwarded", "expected"),
    [
        ("127.0.0.1", "", "127.0.0.1"),
        ("127.0.0.1", "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        ("203.0.113.5", "10.0.0.1", "203.0.113.5"),
        ("", "203.0.113.9", ""),
    ],
)
def test_forwarded_addresses_count_only_from_a_near_proxy(peer: str, forwarded: str, expected: str) -> None:
    request = RequestFactory().get("/", REMOTE_ADDR=peer, HTTP_X_FORWARDED_FOR=forwarded)
    assert client_address(request) == expected
