"""Hearing of other connections' commits, and following the feed."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
import time

import pytest

from rapport.jobs import feed_source
from rapport.jobs.feed_source import POLL_HOT_S, Gaps, SqliteFeedSource
from rapport.jobs.wake import POLL_ACTIVE_S, POLL_IDLE_S, DataVersion, SqliteWaker


@pytest.fixture
def writer(tmp_path):
    connection = sqlite3.connect(tmp_path / "feed.sqlite3", isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute(
        "CREATE TABLE jobs_feedevent"
        " (id integer PRIMARY KEY AUTOINCREMENT, kind text, topics text, body text)"
    )
    yield connection
    connection.close()


def write(connection, kind="news"):
    connection.execute(
        "INSERT INTO jobs_feedevent (kind, topics, body) VALUES (?, ' desk a:1 ', '{}')", [kind]
    )


def test_no_commit_is_missed_even_within_one_tick_of_the_file_clock(tmp_path, writer):
    version = DataVersion(str(tmp_path / "feed.sqlite3"))
    assert not version.has_changed()
    for _ in range(50):
        write(writer)
        assert version.has_changed()
        assert not version.has_changed()


def test_waiting_ends_with_the_commit_or_with_the_time(tmp_path, writer):
    waker = SqliteWaker(str(tmp_path / "feed.sqlite3"))
    assert waker.wait(0.02) is False
    timer = threading.Timer(0.05, write, [writer])
    timer.start()
    begun = time.monotonic()
    assert waker.wait(30) is True
    assert time.monotonic() - begun < 20
    timer.join()
    waker.close()


def test_the_source_begins_after_the_newest_row_and_brings_what_comes(tmp_path, writer):
    async def follow():
        write(writer, "old")
        source = SqliteFeedSource(str(tmp_path / "feed.sqlite3"))
        await source.start()
        assert source.position == 1
        write(writer, "new")
        rows = []
        while not rows:
            rows = await source.next_rows()
        resumed = await source.rows_after(0, 10)
        await source.close()
        return rows, resumed

    rows, resumed = asyncio.run(follow())
    assert [(row.id, row.kind, row.topics, row.body) for row in rows] == [(2, "new", ("desk", "a:1"), "{}")]
    assert [row.kind for row in resumed] == ["old", "new"]


def test_positions_that_were_skipped_are_awaited_for_a_while():
    now = [0.0]
    gaps = Gaps(lambda: now[0])
    assert gaps.note([1, 2, 5], 0) == 5
    assert gaps.open() == [3, 4]
    assert gaps.note([4, 6], 5) == 6
    assert gaps.open() == [3]
    now[0] = 61
    assert gaps.open() == []


def test_a_returning_stream_begins_before_what_came_late_or_may_still_come():
    now = [0.0]
    gaps = Gaps(lambda: now[0])
    gaps.note([1, 2, 5], 0)
    assert gaps.resume_from(5) == 2
    gaps.note([3, 4], 5)
    assert gaps.resume_from(5) == 2
    assert gaps.resume_from(1) == 1
    now[0] = 61
    assert gaps.resume_from(5) == 5


def test_looks_come_close_together_right_after_news_and_seldom_after_a_minute(tmp_path, monkeypatch):
    source, clock = SqliteFeedSource(str(tmp_path / "feed.sqlite3")), [1000.0]
    monkeypatch.setattr(feed_source.time, "monotonic", lambda: clock[0])
    assert source._pause_after(has_news=True) == POLL_ACTIVE_S
    found = []
    for passed_s in (0.01, 0.4, 0.2, 50, 20):
        clock[0] += passed_s
        found.append(source._pause_after(has_news=False))
    assert found == [POLL_HOT_S, POLL_HOT_S, POLL_ACTIVE_S, POLL_ACTIVE_S, POLL_IDLE_S]
