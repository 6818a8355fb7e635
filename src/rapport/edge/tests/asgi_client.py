"""A client that speaks ASGI to an application directly, and can misbehave."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Exchange:
    """One request and what came back so far."""

    path: str = "/"
    method: str = "GET"
    query: str = ""
    headers: Sequence[tuple[str, str]] = ()
    body: Sequence[bytes] = ()
    leaves_in_body: bool = False
    scheme: str = "http"
    http_version: str = "1.1"
    peer: str = "127.0.0.1"
    stalls: bool = False
    """Takes nothing until `resume`."""
    status: int = 0
    sent_headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    chunks: list[bytes] = field(default_factory=list)
    is_complete: bool = False

    def __post_init__(self) -> None:
        self._left = asyncio.Event()
        self._flowing = asyncio.Event()
        self._incoming = list(self.body)
        if not self.stalls:
            self._flowing.set()

    @property
    def received(self) -> bytes:
        return b"".join(self.chunks)

    def header(self, name: str) -> str | None:
        found = [value.decode("latin-1") for key, value in self.sent_headers if key == name.encode()]
        return found[0] if found else None

    def scope(self) -> dict[str, Any]:
        return {
            "type": "http",
            "method": self.method,
            "path": self.path,
            "raw_path": None,
            "query_string": self.query.encode(),
            "headers": [(n.lower().encode("latin-1"), v.encode("latin-1")) for n, v in self.headers],
            "http_version": self.http_version,
            "scheme": self.scheme,
            "server": ("desk.example", 8000),
            "client": (self.peer, 50000),
            "root_path": "",
        }

    async def run(self, app: Any) -> Exchange:
        await app(self.scope(), self.receive, self.send)
        return self

    def leave(self) -> None:
        self._left.set()

    def resume(self) -> None:
        self._flowing.set()

    async def receive(self) -> dict[str, Any]:
        if self._incoming:
            chunk = self._incoming.pop(0)
            more = bool(self._incoming) or self.leaves_in_body
            return {"type": "http.request", "body": chunk, "more_body": more}
        if not self.leaves_in_body:
            await self._left.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            assert self.status == 0, "started twice"
            self.status, self.sent_headers = message["status"], list(message["headers"])
            return
        await self._flowing.wait()
        self.chunks.append(message.get("body", b""))
        self.is_complete = not message.get("more_body", False)


async def until(is_so: Any, timeout_s: float = 3.0) -> None:
    """Wait for something to become so."""
    end = asyncio.get_running_loop().time() + timeout_s
    while not is_so():
        assert asyncio.get_running_loop().time() < end, "it did not happen"
        await asyncio.sleep(0.005)
