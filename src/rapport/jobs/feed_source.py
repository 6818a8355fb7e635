"""Following the change feed from an event loop, on a connection beside Django's."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Protocol

from django.db import connection

from rapport.jobs.contracts import FeedRow
from rapport.jobs.enqueueing import FEED_CHANNEL
from rapport.jobs.wake import ACTIVE_FOR_S, POLL_ACTIVE_S, POLL_IDLE_S, DataVersion, postgres_parameters

if TYPE_CHECKING:
    import psycopg

logger = logging.getLogger(__name__)

COLUMNS = "SELECT id, kind, topics, body FROM jobs_feedevent WHERE "
LATE_S = 60.0
MAX_GAPS = 2000
POLL_HOT_S = 0.004
HOT_FOR_S = 0.5
"""So long after news its answer is likely: somebody waits for it."""


class FeedSource(Protocol):
    """The change feed as the edge follows it; one per process, used from one event loop."""

    position: int
    """Newest row read."""

    async def start(self) -> None:
        """Connect, and begin after the newest row."""
        ...

    async def next_rows(self) -> list[FeedRow]:
        """Wait for news and return it in order of arrival; may return nothing."""
        ...

    async def rows_after(self, after_id: int, limit: int) -> list[FeedRow]:
        """Stored rows, for a stream that resumes."""
        ...

    async def close(self) -> None: ...


def open_feed_source() -> FeedSource:
    """The source that suits the application's database; call after Django is set up."""
    if connection.vendor == "postgresql":
        return PostgresFeedSource(postgres_parameters())
    return SqliteFeedSource(str(connection.settings_dict["NAME"]))


class SqliteFeedSource:
    """Polls the data version; reads take well under a millisecond, so they run in the loop itself.

    What is committed between two looks is read at once, so that many small commits cost few reads.
    """

    def __init__(self, path: str) -> None:
        self._path = path
        self._version: DataVersion | None = None
        self._news_at = 0.0
        self._pause_s = 0.0
        self.position = 0

    async def start(self) -> None:
        self._version = DataVersion(self._path)
        self._version.connection.execute("PRAGMA query_only=ON")
        self.position = self._query("SELECT coalesce(max(id), 0) FROM jobs_feedevent")[0][0]

    async def next_rows(self) -> list[FeedRow]:
        assert self._version is not None, "start() first"
        await asyncio.sleep(self._pause_s)
        has_news = self._version.has_changed()
        self._pause_s = self._pause_after(has_news=has_news)
        if not has_news:
            return []
        rows = _rows(self._query(f"{COLUMNS} id > ? ORDER BY id", self.position))
        if rows:
            self.position = rows[-1].id
        return rows

    def _pause_after(self, *, has_news: bool) -> float:
        """Seconds to the next look: what is committed right after news is still taken together."""
        now = time.monotonic()
        if has_news:
            self._news_at = now
            return POLL_ACTIVE_S
        quiet_s = now - self._news_at
        if quiet_s < HOT_FOR_S:
            return POLL_HOT_S
        return POLL_ACTIVE_S if quiet_s < ACTIVE_FOR_S else POLL_IDLE_S

    async def rows_after(self, after_id: int, limit: int) -> list[FeedRow]:
        return _rows(self._query(f"{COLUMNS} id > ? ORDER BY id LIMIT ?", after_id, limit))

    async def close(self) -> None:
        if self._version is not None:
            self._version.connection.close()
            self._version = None

    def _query(self, sql: str, *values: Any) -> list[Any]:
        assert self._version is not None, "start() first"
        return self._version.connection.execute(sql, values).fetchall()


class Gaps:
    """Positions that were skipped and may still be committed by a slower transaction (PostgreSQL)."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._until: dict[int, float] = {}
        self._late: dict[int, float] = {}

    def open(self) -> list[int]:
        """Positions still awaited."""
        now = self._now()
        self._until = {pk: end for pk, end in self._until.items() if end > now}
        return list(self._until)

    def note(self, ids: Iterable[int], position: int) -> int:
        """Take note of the positions read, in rising order; returns the new position."""
        now = self._now()
        for pk in ids:
            if pk <= position:
                self._until.pop(pk, None)
                self._late[pk] = now + LATE_S
                continue
            for missing in range(max(position + 1, pk - MAX_GAPS), pk):
                self._until[missing] = now + LATE_S
            position = pk
        return position

    def resume_from(self, after_id: int) -> int:
        """Where a stream that had seen `after_id` must begin so that it misses nothing that came late."""
        now = self._now()
        self._late = {pk: end for pk, end in self._late.items() if end > now}
        return min((pk - 1 for pk in (*self._late, *self.open()) if pk <= after_id), default=after_id)


class PostgresFeedSource:
    """Listens; rows of transactions that commit out of order are fetched when they appear."""

    def __init__(self, parameters: dict[str, Any]) -> None:
        self._parameters = parameters
        self._listener: psycopg.AsyncConnection[Any] | None = None
        self._reader: psycopg.AsyncConnection[Any] | None = None
        self._gaps = Gaps()
        self.position = 0

    async def start(self) -> None:
        await self._connect()
        found = await self._query("SELECT coalesce(max(id), 0) FROM jobs_feedevent")
        begin = max(0, found[0][0] - 100)
        known = await self._query("SELECT id FROM jobs_feedevent WHERE id > %s ORDER BY id", begin)
        self.position = self._gaps.note((row[0] for row in known), begin)

    async def next_rows(self) -> list[FeedRow]:
        import psycopg  # noqa: PLC0415 - an optional dependency

        try:
            if self._listener is None:
                await self._connect()
            else:
                async for _ in self._listener.notifies(timeout=1.0, stop_after=1):
                    pass
            wanted = f"{COLUMNS} id > %s OR id = ANY(%s) ORDER BY id"
            rows = _rows(await self._query(wanted, self.position, self._gaps.open()))
        except psycopg.OperationalError:
            logger.warning("lost the connection that follows the feed; reconnecting", exc_info=True)
            await self.close()
            await asyncio.sleep(0.5)
            return []
        self.position = self._gaps.note((row.id for row in rows), self.position)
        return rows

    async def rows_after(self, after_id: int, limit: int) -> list[FeedRow]:
        wanted = f"{COLUMNS} id > %s ORDER BY id LIMIT %s"
        return _rows(await self._query(wanted, self._gaps.resume_from(after_id), limit))

    async def close(self) -> None:
        for one in (self._listener, self._reader):
            if one is not None:
                await one.close()
        self._listener = self._reader = None

    async def _connect(self) -> None:
        import psycopg  # noqa: PLC0415 - an optional dependency

        listener = await psycopg.AsyncConnection.connect(**self._parameters, autocommit=True)
        self._reader = await psycopg.AsyncConnection.connect(**self._parameters, autocommit=True)
        await listener.execute(f"LISTEN {FEED_CHANNEL}")
        self._listener = listener

    async def _query(self, sql: str, *values: Any) -> list[Any]:
        assert self._reader is not None, "start() first"
        cursor = await self._reader.execute(sql, values)
        return await cursor.fetchall()


def _rows(found: list[Any]) -> list[FeedRow]:
    return [FeedRow(pk, kind, tuple(topics.split()), body) for pk, kind, topics, body in found]
