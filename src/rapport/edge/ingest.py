"""The short way to store: small JSON posts answered by a few threads of their own, several at a time.

The event loop reads a post and puts it in a queue; a thread takes all that wait there and has them answered
together, after one commit. What the ingest does not answer goes on to Django as if it had just arrived.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Collection, Sequence
from queue import Empty, SimpleQueue
from typing import Any

from django.db import close_old_connections, connection

from rapport.edge.asgi import ASGIApp, Message, Receive, Scope, Send, answer_text
from rapport.edge.bodies import CLOSE
from rapport.edge.contracts import Answered, Ingest
from rapport.edge.environ import LOOPBACK, BadRequest, build_environ

logger = logging.getLogger(__name__)

MAX_BYTES = 64 * 1024
"""Longer bodies go the ordinary way."""
MAX_WAITING = 256
"""Posts in the queue; when it is full the ordinary way decides."""
JSON_TYPES = frozenset({"application/json", "application/json; charset=utf-8"})
UNUSUAL = ("HTTP_TRANSFER_ENCODING", "HTTP_COOKIE", "HTTP_CONTENT_ENCODING", "HTTP_EXPECT")
"""Headers whose meaning is left to the ordinary way."""

Waiting = tuple[dict[str, Any], bytes, asyncio.Future[Answered | None]]


class ShortWay:
    """An ASGI application in front of another: answers what the ingest answers, passes on the rest."""

    def __init__(
        self,
        ingest: Ingest,
        ordinary: ASGIApp,
        *,
        timeout_s: float = 30.0,
        trusted_proxies: Collection[str] = LOOPBACK,
    ) -> None:
        """Prepare it; threads start with the first post.

        Args:
            ingest: answers posts in threads of ours.
            ordinary: serves everything else.
            timeout_s: how long a body may take to arrive [seconds].
            trusted_proxies: peers whose forwarding headers are believed.
        """
        self._ingest, self._ordinary = ingest, ordinary
        self._timeout_s = timeout_s
        self._trusted_proxies = trusted_proxies
        self._queue: SimpleQueue[Waiting | None] = SimpleQueue()
        self._threads: list[threading.Thread] = []
        self._is_closing = False
        self.in_flight = 0
        """Posts waiting for a thread or in one."""

    def takes(self, scope: Scope) -> bool:
        """Whether to bring this request here."""
        return scope["method"] == "POST" and not scope["query_string"] and self._ingest.takes(scope["path"])

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one post."""
        environ, length = self._environ(scope)
        if environ is None or self._is_closing or self.in_flight >= MAX_WAITING:
            await self._ordinary(scope, receive, send)
            return
        messages: list[Message] = []
        try:
            async with asyncio.timeout(self._timeout_s):
                body = await _read(receive, messages, length)
        except TimeoutError:
            await answer_text(send, 408, "The request body did not arrive in time.\n", (CLOSE,))
            return
        answered = None if body is None else await self._ask(environ, body)
        if answered is None:
            await self._ordinary(scope, _replay(messages, receive), send)
            return
        status, headers, answer = answered
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": answer})

    async def close(self, timeout_s: float = 10.0) -> None:
        """Answer what waits, then stop the threads."""
        self._is_closing = True
        end = asyncio.get_running_loop().time() + timeout_s
        while self.in_flight and asyncio.get_running_loop().time() < end:  # noqa: ASYNC110 - once, at the end
            await asyncio.sleep(0.02)
        for _ in self._threads:
            self._queue.put(None)

    def _environ(self, scope: Scope) -> tuple[dict[str, Any] | None, int]:
        """The request for the ingest with the length of its body; None for an unusual request."""
        try:
            environ = build_environ(scope, self._trusted_proxies)
        except BadRequest:
            return None, 0
        length = environ.get("CONTENT_LENGTH", "")
        is_usual = (
            length.isascii()
            and length.isdigit()
            and 0 < int(length) <= MAX_BYTES
            and environ.get("CONTENT_TYPE", "").lower() in JSON_TYPES
            and not any(name in environ for name in UNUSUAL)
        )
        return (environ, int(length)) if is_usual else (None, 0)

    async def _ask(self, environ: dict[str, Any], body: bytes) -> Answered | None:
        if not self._threads:
            self._start()
        answer: asyncio.Future[Answered | None] = asyncio.get_running_loop().create_future()
        self.in_flight += 1
        try:
            self._queue.put((environ, body, answer))
            return await answer
        finally:
            self.in_flight -= 1

    def _start(self) -> None:
        """One thread that writes many at a time where there is one writer anyway, else one at a time each."""
        is_single = connection.vendor == "sqlite"
        count, batch = (1, 32) if is_single else (4, 1)
        loop = asyncio.get_running_loop()
        self._threads = [
            threading.Thread(target=self._work, args=(loop, batch), name=f"ingest-{n}", daemon=True)
            for n in range(count)
        ]
        for thread in self._threads:
            thread.start()

    def _work(self, loop: asyncio.AbstractEventLoop, batch: int) -> None:
        while (first := self._queue.get()) is not None:
            waiting = [first]
            try:
                while len(waiting) < batch and (another := self._queue.get_nowait()) is not None:
                    waiting.append(another)
            except Empty:
                pass
            answers = self._answer(waiting)
            try:
                loop.call_soon_threadsafe(_settle, waiting, answers)
            except RuntimeError:  # the loop was closed without us
                break
        connection.close()

    def _answer(self, waiting: list[Waiting]) -> Sequence[Answered | None]:
        try:
            close_old_connections()
            return self._ingest.answer_all([(environ, body) for environ, body, _ in waiting])
        except Exception:  # the request boundary: the ordinary way answers, with the error if there is one
            logger.exception("the short way failed; taking the ordinary one")
            return [None] * len(waiting)


def _settle(waiting: list[Waiting], answers: Sequence[Answered | None]) -> None:
    for (_, _, future), answer in zip(waiting, answers, strict=True):
        if not future.done():
            future.set_result(answer)


async def _read(receive: Receive, messages: list[Message], length: int) -> bytes | None:
    """The body; None when it is not what was announced, for the ordinary way to say so."""
    received = 0
    while True:
        message = await receive()
        messages.append(message)
        received += len(message.get("body", b""))
        if message["type"] != "http.request" or received > length:
            return None
        if not message.get("more_body"):
            break
    return b"".join(part.get("body", b"") for part in messages) if received == length else None


def _replay(messages: list[Message], receive: Receive) -> Receive:
    """Gives what was received once more, then what comes."""
    waiting = iter(messages)

    async def again() -> Message:
        return next(waiting, None) or await receive()

    return again
