"""Requests about calls are held for an answer, but never by all threads of the process."""

from __future__ import annotations

import threading
from typing import cast

import pytest

from rapport.channels.kinds.voice import calls
from rapport.conversations.contracts import ConversationInfo


def test_half_of_the_threads_may_hold_a_request() -> None:
    calls._places.cache_clear()
    places = calls._places()
    assert [places.acquire(blocking=False) for _ in range(3)] == [True, True, False]  # of four threads
    calls._places.cache_clear()


def test_where_all_places_are_taken_a_request_is_answered_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object) -> None:
        raise AssertionError("it was held")

    monkeypatch.setattr(calls, "_places", lambda: threading.Semaphore(0))
    monkeypatch.setattr(calls.time, "sleep", never)
    monkeypatch.setattr(calls, "list_answers", never)
    calls._wait(1, 1)


def test_where_all_places_are_taken_no_shop_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object) -> dict[str, int]:
        raise AssertionError("it was asked")

    monkeypatch.setattr(calls, "_places", lambda: threading.Semaphore(0))
    monkeypatch.setattr(calls, "rank_menu", never)
    assert calls._rank(cast("ConversationInfo", None)) == {}


def test_a_place_is_given_back(monkeypatch: pytest.MonkeyPatch) -> None:
    places = threading.Semaphore(1)
    monkeypatch.setattr(calls, "_places", lambda: places)
    monkeypatch.setattr(calls, "rank_menu", lambda _: {"start:a": 0})
    for _ in range(2):
        assert calls._rank(cast("ConversationInfo", None)) == {"start:a": 0}
    with calls._held() as is_first, calls._held() as is_second:
        assert (is_first, is_second) == (True, False)
    assert places.acquire(blocking=False)
