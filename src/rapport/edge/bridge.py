"""ASGI to WSGI: Django's synchronous stack in a few threads behind the asynchronous front.

A request's body is read in the event loop. An ordinary answer takes one hop to a thread and back. A large
file is read by two threads of its own and paced by its reader. A generator keeps its thread (database
connections belong to threads) and is paced by its reader; one thread always stays free of generators.
"""

from __future__ import annotations

import asyncio
import contextvars
import logging
from collections.abc import Awaitable, Callable, Collection, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import IO, Any, Protocol, cast

from rapport.edge.asgi import Message, Receive, Scope, Send, answer_text
from rapport.edge.bodies import MAX_BODY_BYTES, ClientGone, Refused, check_length, discard_body, read_body
from rapport.edge.contracts import RequestRules
from rapport.edge.environ import LOOPBACK, BadRequest, build_environ

logger = logging.getLogger(__name__)

MAX_UPLOADS = 256
FILE_CHUNK_BYTES = 256 * 1024
HOP_BY_HOP = frozenset({"connection", "keep-alive", "transfer-encoding", "upgrade"})

WSGIApp = Callable[..., Iterable[bytes]]


class FileWrapper:
    """``wsgi.file_wrapper``: a file to be sent as it is."""

    def __init__(self, file: IO[bytes], block_size: int = FILE_CHUNK_BYTES) -> None:
        self.file = file
        self.block_size = block_size
        self.first = b""
        """What was read before the event loop took over."""

    def __iter__(self) -> Iterator[bytes]:
        return iter(lambda: self.file.read(self.block_size), b"")

    def close(self) -> None:
        self.file.close()


class Bridge:
    """An ASGI application that serves a WSGI application."""

    def __init__(
        self,
        wsgi: WSGIApp,
        *,
        threads: int = 4,
        queue_limit: int = 128,
        timeout_s: float = 30.0,
        trusted_proxies: Collection[str] = LOOPBACK,
    ) -> None:
        """Prepare the bridge.

        Args:
            wsgi: the application.
            threads: requests served at once.
            queue_limit: requests that may wait for a thread; more are answered 503.
            timeout_s: longest pause of a client that sends a body or takes an answer [seconds].
            trusted_proxies: peers whose forwarding headers are believed.
        """
        self._wsgi = wsgi
        self.rules: RequestRules | None = None
        """Limits and refusals of certain addresses; without them all are alike."""
        self._limit = threads + queue_limit
        self._timeout_s = timeout_s
        self.trusted_proxies = trusted_proxies
        self._executor = ThreadPoolExecutor(threads, "wsgi")
        self._files = ThreadPoolExecutor(2, "files")
        self._generator_slots = max(1, threads - 1)
        self._is_closing = False
        self._uploads = 0
        self.in_flight = 0
        """Requests waiting for a thread or in one."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one HTTP request."""
        try:
            self._check_room()
            environ = build_environ(scope, self.trusted_proxies)
            length = check_length(environ, self.rules.limit_bytes(environ) if self.rules else MAX_BODY_BYTES)
        except BadRequest as error:
            await answer_text(send, 400, f"{error}\n")
            return
        except Refused as refusal:
            await self._refuse(scope, receive, send, refusal)
            return
        try:
            with await self._read_body(receive, length) as body:
                environ["wsgi.input"] = body
                environ["wsgi.file_wrapper"] = FileWrapper
                await self._serve(environ, receive, send)
        except Refused as refusal:
            await self._refuse(scope, receive, send, refusal)
        except ClientGone:
            logger.debug("client left %s", scope["path"])

    async def _refuse(self, scope: Scope, receive: Receive, send: Send, refusal: Refused) -> None:
        """Answer without the application; what a client sends of a body that is too long is read away first."""
        path, status, text = scope["path"], refusal.status, str(refusal)
        is_asking = any(name == b"expect" for name, _ in scope["headers"])
        if status == 413 and not is_asking:
            await discard_body(receive)
        body = self.rules.refusal(path, status, text, refusal.facts) if self.rules else None
        if body is None:
            await answer_text(send, status, f"{text}\n", refusal.headers)
            return
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": status, "headers": [*headers, *refusal.headers]})
        await send({"type": "http.response.body", "body": body})

    async def close(self, timeout_s: float = 10.0) -> None:
        """Refuse new requests, wait for those being served, and stop the threads."""
        self._is_closing = True
        end = asyncio.get_running_loop().time() + timeout_s
        while self.in_flight and asyncio.get_running_loop().time() < end:  # noqa: ASYNC110 - once, at the end
            await asyncio.sleep(0.02)
        for executor in (self._executor, self._files):
            executor.shutdown(wait=not self.in_flight, cancel_futures=True)

    def _check_room(self) -> None:
        if self._is_closing or self.in_flight >= self._limit:
            raise Refused(503, "The server is busy; try again in a moment.", _RETRY)

    async def _read_body(self, receive: Receive, length: int) -> IO[bytes]:
        self._uploads += 1
        try:
            if self._uploads > MAX_UPLOADS:
                raise Refused(503, "The server is busy; try again in a moment.", _RETRY)
            return await read_body(receive, length, self._timeout_s)
        finally:
            self._uploads -= 1

    async def _serve(self, environ: dict[str, Any], receive: Receive, send: Send) -> None:
        self._check_room()
        loop = asyncio.get_running_loop()
        exchange = _Exchange(self, environ, loop, receive, send)
        self.in_flight += 1
        try:
            run = contextvars.copy_context().run
            start, body = await loop.run_in_executor(self._executor, run, exchange.run)
        finally:
            self.in_flight -= 1
        if start is None:
            return
        if isinstance(body, FileWrapper):
            await self._send_file(start, body, send)
        else:
            await send(start)
            await send({"type": "http.response.body", "body": body})

    async def _send_file(self, start: Message, file: FileWrapper, send: Send) -> None:
        loop, chunk = asyncio.get_running_loop(), file.first
        try:
            await send(start)
            while chunk:
                await self.send_paced(send, {"type": "http.response.body", "body": chunk, "more_body": True})
                chunk = await loop.run_in_executor(self._files, file.file.read, FILE_CHUNK_BYTES)
            await send({"type": "http.response.body", "body": b""})
        finally:
            await loop.run_in_executor(self._files, file.close)

    async def send_paced(self, send: Send, message: Message) -> None:
        """Send, giving up on a client that takes nothing for too long."""
        try:
            await asyncio.wait_for(_awaited(send(message)), self._timeout_s)
        except TimeoutError:
            raise ClientGone("the client takes nothing") from None

    def take_generator_slot(self) -> bool:
        """Whether a thread may be kept by a generator; called in the event loop."""
        has_slot = self._generator_slots > 0
        self._generator_slots -= has_slot
        return has_slot

    def give_generator_slot(self) -> None:
        self._generator_slots += 1


class _Closing(Protocol):
    def close(self) -> None: ...


class _Exchange:
    """One request in its thread."""

    def __init__(
        self,
        bridge: Bridge,
        environ: dict[str, Any],
        loop: asyncio.AbstractEventLoop,
        receive: Receive,
        send: Send,
    ) -> None:
        self.bridge, self.environ, self.loop = bridge, environ, loop
        self.receive, self.send = receive, send
        self.start: Message | None = None
        self.is_started = False
        self.has_body = environ["REQUEST_METHOD"] != "HEAD"
        self.written: list[bytes] = []

    def run(self) -> tuple[Message | None, bytes | FileWrapper]:
        """Call the application; returns what the event loop has still to send."""
        try:
            return self._run()
        except ClientGone:
            return None, b""
        except Exception:  # the request boundary: Django answers its own errors, this is the last resort
            logger.exception("the application failed at %s", self.environ["PATH_INFO"])
            if self.is_started:
                raise
            return _plain_500(), b"Internal server error\n"

    def _run(self) -> tuple[Message | None, bytes | FileWrapper]:
        result = self.bridge._wsgi(self.environ, self.start_response)  # noqa: SLF001 - two halves of one thing
        if isinstance(result, FileWrapper) and self.start is not None and self.has_body:
            first = result.file.read(FILE_CHUNK_BYTES)
            if len(first) == FILE_CHUNK_BYTES:
                result.first = first
                return self.start, result
            result.close()
            return self.start, first
        try:
            if getattr(result, "streaming", False):
                self._stream(result)
                return None, b""
            body = b"".join([*self.written, *result]) if self.has_body else b""
        finally:
            if hasattr(result, "close"):
                cast("_Closing", result).close()
        assert self.start is not None, "the application answered without start_response"
        return self.start, body

    def start_response(
        self, status: str, headers: list[tuple[str, str]], exc_info: Any = None
    ) -> Callable[[bytes], None]:
        """PEP 3333's ``start_response``."""
        try:
            if exc_info and self.is_started:
                raise exc_info[1].with_traceback(exc_info[2])
        finally:
            exc_info = None
        assert self.start is None or exc_info is None, "start_response was called twice"
        code = int(status[:3])
        self.has_body &= code >= 200 and code not in {204, 304}
        sent = [
            (name.lower().encode("latin-1"), value.strip().encode("latin-1"))
            for name, value in headers
            if name.lower() not in HOP_BY_HOP
        ]
        self.start = {"type": "http.response.start", "status": code, "headers": sent}
        return self.written.append

    def _stream(self, chunks: Iterable[bytes]) -> None:
        assert self.start is not None, "the application streams without start_response"
        if not self._in_loop(self._take_slot()):
            self.start = None
            self._in_loop(_busy(self.send))
            return
        watch = asyncio.run_coroutine_threadsafe(_until_gone(self.receive), self.loop)
        try:
            self.is_started = True
            self._in_loop(self._send(self.start))
            for chunk in chunks if self.has_body else ():
                if watch.done():
                    raise ClientGone
                if chunk:
                    self._in_loop(
                        self._send({"type": "http.response.body", "body": chunk, "more_body": True})
                    )
            self._in_loop(self._send({"type": "http.response.body", "body": b""}))
        finally:
            watch.cancel()
            self.loop.call_soon_threadsafe(self.bridge.give_generator_slot)

    async def _take_slot(self) -> bool:
        return self.bridge.take_generator_slot()

    async def _send(self, message: Message) -> bool:
        await self.bridge.send_paced(self.send, message)
        return True

    def _in_loop(self, awaitable: Any) -> bool:
        return bool(asyncio.run_coroutine_threadsafe(awaitable, self.loop).result())


_RETRY = (b"retry-after", b"1")


async def _awaited(awaitable: Awaitable[None]) -> None:
    """Servers return futures as well as coroutines; `asyncio` wants a coroutine."""
    await awaitable


async def _busy(send: Send) -> bool:
    await answer_text(send, 503, "The server is busy; try again in a moment.\n", (_RETRY,))
    return True


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _plain_500() -> Message:
    headers = [(b"content-type", b"text/plain; charset=utf-8")]
    return {"type": "http.response.start", "status": 500, "headers": headers}
