"""Requests about calls are held for an answer, but never by all threads of the process."""

from __future__ import annotations

import threading

import pytest

from rapport.channels.kinds.voice import calls


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
