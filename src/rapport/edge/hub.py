"""Fan-out of the change feed to open streams.

One task reads the feed. An event is encoded once; the bytes are shared by all streams. The fan-out loop
calls the server's `send` itself: a send that does not have to wait costs no task switch. Only a stream whose
client is slow gets a task, which drains its queue; when the queue is full the stream is ended and the
browser comes back with `Last-Event-ID`.
"""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict, deque
from collections.abc import Awaitable, Generator, Iterable
from typing import Any

from rapport.edge.asgi import Send
from rapport.jobs.api import FeedRow, FeedSource

logger = logging.getLogger(__name__)

QUEUE_EVENTS = 256
QUEUE_BYTES = 512 * 1024
HEARTBEAT_S = 20.0
SLICE = 250
RESUME_LIMIT = 500
TROUBLE_PAUSE_S = 1.0

OPENING = "retry: 2000\nid: {position}\n\n"
HEARTBEAT = b":\n\n"
RESYNC = b"event: resync\ndata: {}\n\n"
GOODBYE = b"retry: 1000\n\n"


def encode(row: FeedRow) -> bytes:
    """An event in the wire format of server-sent events."""
    return f"id: {row.id}\nevent: {row.kind}\ndata: {row.body}\n\n".encode()


class Stream:
    """One open stream: its topics and the way to its client."""

    __slots__ = (
        "_drain",
        "_queue",
        "_queued_bytes",
        "_send",
        "ended",
        "is_held",
        "is_resuming",
        "seen",
        "topics",
    )

    def __init__(self, topics: frozenset[str], send: Send, ended: asyncio.Future[None]) -> None:
        self.topics = topics
        self.ended = ended
        """Resolved when the stream must end."""
        self.is_held = True
        """Whether news is queued: while the stream resumes, and while its client is slow."""
        self.is_resuming = True
        """Whether what was missed is still being looked up; news is then queued event by event."""
        self.seen: frozenset[int] = frozenset()
        """Events sent while resuming; the feed may read some of them only later."""
        self._send = send
        self._queue: deque[tuple[int, bytes]] = deque()
        self._queued_bytes = 0
        self._drain: asyncio.Task[None] | None = None

    def offer(self, last_id: int, chunk: bytes) -> None:
        """Send now if that is possible without waiting, else queue."""
        if self.ended.done():
            return
        if self.is_held:
            self._queue.append((last_id, chunk))
            self._queued_bytes += len(chunk)
            if len(self._queue) > QUEUE_EVENTS or self._queued_bytes > QUEUE_BYTES:
                self.end()
            return
        waiting = self._send({"type": "http.response.body", "body": chunk, "more_body": True}).__await__()
        try:
            first = next(waiting)
        except StopIteration:
            return
        except Exception:  # noqa: BLE001 - servers raise what they like when the client is gone
            self.end()
            return
        self.is_held = True
        self._drain = asyncio.get_running_loop().create_task(self._drain_queue(_Begun(first, waiting)))

    async def release(self) -> None:
        """Send what was queued, without what was sent while resuming, and go live."""
        while self._queue:
            last_id, chunk = self._queue.popleft()
            self._queued_bytes -= len(chunk)
            if last_id not in self.seen:
                await self._send({"type": "http.response.body", "body": chunk, "more_body": True})
        self.is_held = self.is_resuming = False

    def end(self) -> None:
        """Let the stream's request return."""
        if not self.ended.done():
            self.ended.set_result(None)

    def stop_draining(self) -> None:
        if self._drain is not None:
            self._drain.cancel()

    async def _drain_queue(self, begun: Awaitable[None]) -> None:
        try:
            await begun
            await self.release()
        except Exception:  # noqa: BLE001 - servers raise what they like when the client is gone
            self.end()
        finally:
            self._drain = None


class _Begun:
    """An awaitable whose first step was made outside a task; the rest is made inside one."""

    def __init__(self, first: Any, rest: Generator[Any, Any, None]) -> None:
        self._first, self._rest = first, rest

    def __await__(self) -> Generator[Any, Any, None]:
        yield self._first
        yield from self._rest


class Hub:
    """All open streams, by topic."""

    def __init__(self, feed: FeedSource) -> None:
        self._feed = feed
        self._by_topic: dict[str, set[Stream]] = defaultdict(set)
        self._streams: set[Stream] = set()
        self._tasks: list[asyncio.Task[None]] = []
        self.is_following = False
        self.delivered = 0

    @property
    def position(self) -> int:
        """Newest event read."""
        return self._feed.position

    @property
    def stream_count(self) -> int:
        return len(self._streams)

    async def start(self) -> None:
        """Begin to follow the feed."""
        await self._feed.start()
        self.is_following = True
        loop = asyncio.get_running_loop()
        self._tasks = [loop.create_task(self._follow()), loop.create_task(self._beat())]

    async def close(self) -> None:
        """End all streams and stop following."""
        self.end_streams()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks = []
        self.is_following = False
        await self._feed.close()

    def end_streams(self) -> None:
        """Ask every stream to end; browsers reconnect."""
        for stream in self._streams:
            stream.end()

    def add(self, stream: Stream) -> None:
        """Deliver to a stream from now on."""
        self._streams.add(stream)
        for topic in stream.topics:
            self._by_topic[topic].add(stream)

    def remove(self, stream: Stream) -> None:
        """Deliver no more."""
        stream.end()
        stream.stop_draining()
        self._streams.discard(stream)
        for topic in stream.topics:
            listeners = self._by_topic[topic]
            listeners.discard(stream)
            if not listeners:
                del self._by_topic[topic]

    async def missed(self, last_id: int, topics: frozenset[str]) -> tuple[bytes, frozenset[int]]:
        """What a returning stream has missed, and the ids in it; a call to reload if it is too much."""
        rows = await self._feed.rows_after(last_id, RESUME_LIMIT)
        if len(rows) == RESUME_LIMIT or last_id > self.position:
            return RESYNC, frozenset(row.id for row in rows)
        wanted = [row for row in rows if not topics.isdisjoint(row.topics)]
        return b"".join(map(encode, wanted)), frozenset(row.id for row in wanted)

    async def deliver(self, rows: Iterable[FeedRow]) -> None:
        """Give each stream the events it may hear, several in one chunk."""
        wanted: dict[Stream, list[int]] = defaultdict(list)
        encoded: dict[int, bytes] = {}
        for row in rows:
            listeners = [self._by_topic[topic] for topic in row.topics if topic in self._by_topic]
            if listeners:
                encoded[row.id] = encode(row)
                for stream in listeners[0] if len(listeners) == 1 else set().union(*listeners):
                    if row.id not in stream.seen:
                        wanted[stream].append(row.id)
        joined: dict[tuple[int, ...], bytes] = {}
        for count, (stream, ids) in enumerate(wanted.items(), 1):
            if stream.is_resuming:
                for pk in ids:
                    stream.offer(pk, encoded[pk])
                self.delivered += len(ids)
                continue
            key = tuple(ids)
            chunk = joined.get(key)
            if chunk is None:
                chunk = joined[key] = b"".join(encoded[pk] for pk in ids)
            stream.offer(key[-1], chunk)
            self.delivered += len(key)
            if not count % SLICE:
                await asyncio.sleep(0)

    async def _follow(self) -> None:
        while True:
            try:
                rows = await self._feed.next_rows()
                if rows:
                    await self.deliver(rows)
                self.is_following = True
            except Exception:  # the loop that keeps every screen alive outlives any one failure
                self.is_following = False
                logger.exception("following the feed failed; trying again")
                await asyncio.sleep(TROUBLE_PAUSE_S)

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(HEARTBEAT_S)
            for count, stream in enumerate(list(self._streams), 1):
                if not stream.is_held:
                    stream.offer(0, HEARTBEAT)
                if not count % SLICE:
                    await asyncio.sleep(0)
