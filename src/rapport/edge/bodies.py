"""Reading request bodies in the event loop, so that a slow upload holds no thread."""

from __future__ import annotations

import asyncio
import io
import tempfile
from typing import IO, Any, cast

from rapport.edge.asgi import Header, Receive

MAX_BODY_BYTES = 25 * 1024 * 1024
"""Of an address that has no limit of its own."""
IN_MEMORY_BYTES = 1024 * 1024
SLOWEST_BYTES_PER_S = 16 * 1024
LINGER_BYTES, LINGER_S, LINGER_PAUSE_S = 64 * 1024 * 1024, 30.0, 0.5
"""So much of a refused body is read and thrown away: many clients read no answer before they have sent it all."""
WITH_BODY = frozenset({"POST", "PUT", "PATCH"})
CLOSE: Header = (b"connection", b"close")


class Refused(Exception):
    """The edge answers itself, without asking the application."""

    def __init__(self, status: int, text: str, *headers: Header, **facts: Any) -> None:
        super().__init__(text)
        self.status = status
        self.headers = headers
        self.facts = facts


class ClientGone(ConnectionError):
    """The client left, or took nothing for too long."""


def check_length(environ: dict[str, Any], limit: int = MAX_BODY_BYTES) -> int:
    """Length of the request's body; refuses bodies without a length, and too long ones."""
    text = environ.get("CONTENT_LENGTH", "")
    if "HTTP_TRANSFER_ENCODING" in environ or (
        not text and environ["SERVER_PROTOCOL"] >= "HTTP/2" and environ["REQUEST_METHOD"] in WITH_BODY
    ):
        raise Refused(411, "Send the body with a Content-Length.", CLOSE)
    if not text:
        return 0
    if not (text.isascii() and text.isdigit()):
        raise Refused(400, "Content-Length must be a number.", CLOSE)
    if len(text) > 18 or int(text) > limit:
        raise Refused(413, f"This request may carry at most {_megabytes(limit)}.", CLOSE, limit_bytes=limit)
    return int(text)


def _megabytes(limit: int) -> str:
    return f"{limit // 2**20} MB" if limit >= 2**20 else f"{limit // 1024} KB"


async def discard_body(receive: Receive) -> None:
    """Read what a refused client still sends, keeping nothing."""
    received = 0
    try:
        async with asyncio.timeout(LINGER_S):
            while received < LINGER_BYTES:
                async with asyncio.timeout(LINGER_PAUSE_S):
                    message = await receive()
                received += len(message.get("body", b""))
                if message["type"] == "http.disconnect" or not message.get("more_body"):
                    return
    except TimeoutError:
        return


async def read_body(receive: Receive, length: int, timeout_s: float) -> IO[bytes]:
    """Read a body into memory, beyond 1 MB into a temporary file; the caller closes it.

    Raises: Refused: it comes too slowly or is too long; ClientGone: the client left before its end.
    """
    if not length:
        return io.BytesIO()
    body = cast("IO[bytes]", tempfile.SpooledTemporaryFile(IN_MEMORY_BYTES))  # noqa: SIM115 - caller closes
    try:
        async with asyncio.timeout(timeout_s + length / SLOWEST_BYTES_PER_S):
            await _fill(body, receive, length, timeout_s)
    except TimeoutError:
        body.close()
        raise Refused(408, "The request body did not arrive in time.", CLOSE) from None
    except BaseException:
        body.close()
        raise
    body.seek(0)
    return body


async def _fill(body: IO[bytes], receive: Receive, length: int, timeout_s: float) -> None:
    received = 0
    while True:
        async with asyncio.timeout(timeout_s):
            message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientGone
        chunk = message.get("body", b"")
        received += len(chunk)
        if received > length:
            raise Refused(400, "The body is longer than its Content-Length.", CLOSE)
        body.write(chunk)
        if not message.get("more_body"):
            return
