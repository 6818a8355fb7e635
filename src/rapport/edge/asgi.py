"""The ASGI names this package speaks, and small answers of its own."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
ASGIApp = Callable[[Scope, Receive, Send], Awaitable[None]]

Header = tuple[bytes, bytes]


async def answer_json(send: Send, status: int, data: Any, headers: tuple[Header, ...] = ()) -> None:
    """Send a complete JSON answer."""
    body = json.dumps(data, ensure_ascii=False).encode()
    own = ((b"content-type", b"application/json"), (b"cache-control", b"no-store"))
    length = (b"content-length", str(len(body)).encode())
    await send({"type": "http.response.start", "status": status, "headers": [*own, length, *headers]})
    await send({"type": "http.response.body", "body": body})


async def answer_text(send: Send, status: int, text: str, headers: tuple[Header, ...] = ()) -> None:
    """Send a complete plain-text answer."""
    body = text.encode()
    own = ((b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(body)).encode()))
    await send({"type": "http.response.start", "status": status, "headers": [*own, *headers]})
    await send({"type": "http.response.body", "body": body})
