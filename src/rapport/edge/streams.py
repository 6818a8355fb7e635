"""The stream endpoints: who asks, what they may hear, what they missed, then live."""

from __future__ import annotations

import asyncio
import random
import re
from concurrent.futures import ThreadPoolExecutor

from django.db import close_old_connections
from starlette.datastructures import Headers, QueryParams
from starlette.requests import cookie_parser

from rapport.edge.asgi import Receive, Scope, Send, answer_json
from rapport.edge.contracts import Authorize, StreamGrant, StreamRequest
from rapport.edge.environ import WITH_UNDERSCORE
from rapport.edge.hub import GOODBYE, OPENING, Hub, Stream

MAX_STREAMS = 10_000
MAX_AGE_S = 900.0
"""How long a stream lasts before its browser must come back and is asked again who it is."""
ROUTES = (
    ("desk", re.compile(r"/events")),
    ("widget", re.compile(r"/widget/events")),
    ("account", re.compile(r"/api/v1/accounts/(?P<account>\d+)/events")),
    (
        "public",
        re.compile(
            r"/public/api/v1/inboxes/(?P<inbox>[^/]+)/contacts/(?P<source>[^/]+)"
            r"/conversations/(?P<conversation>[^/]+)/events"
        ),
    ),
)
HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
]
ANY_ORIGIN = (b"access-control-allow-origin", b"*")


def find_route(path: str) -> tuple[str, dict[str, str]] | None:
    """Which kind of stream a path asks for, with the parts of the path."""
    if path.endswith("/events"):
        for name, pattern in ROUTES:
            if found := pattern.fullmatch(path):
                return name, found.groupdict()
    return None


class Streams:
    """Serves the stream endpoints."""

    def __init__(self, hub: Hub, authorize: Authorize) -> None:
        self._hub = hub
        self._authorize = authorize
        self._executor = ThreadPoolExecutor(2, "streams")

    async def serve(
        self, route: tuple[str, dict[str, str]], scope: Scope, receive: Receive, send: Send
    ) -> None:
        """Serve one stream until its client leaves or it is ended."""
        if self._hub.stream_count >= MAX_STREAMS:
            await answer_json(send, 503, {"error": "Too many open streams."}, ((b"retry-after", b"5"),))
            return
        request = read_request(route, scope)
        grant = await asyncio.get_running_loop().run_in_executor(self._executor, self._ask, request)
        if grant is None:
            await answer_json(send, 401, {"error": "You are not signed in or may not hear this."})
            return
        is_public = route[0] == "public"
        headers = [*HEADERS, ANY_ORIGIN] if is_public else HEADERS
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await self._run(request, grant, receive, send)

    def close(self) -> None:
        """Stop the threads that ask who may hear what."""
        self._executor.shutdown(wait=False, cancel_futures=True)

    async def _run(self, request: StreamRequest, grant: StreamGrant, receive: Receive, send: Send) -> None:
        loop = asyncio.get_running_loop()
        stream = Stream(grant.topics, send, loop.create_future())
        leaving = loop.create_task(_until_gone(receive))
        opening = loop.create_task(self._open(stream, request, grant, send))
        self._hub.add(stream)
        try:
            await asyncio.wait({opening, leaving, stream.ended}, return_when=asyncio.FIRST_COMPLETED)
            if opening.done() and not opening.exception():
                age_s = MAX_AGE_S * random.uniform(0.9, 1.1)  # noqa: S311 - spreads reconnections
                await asyncio.wait(
                    {leaving, stream.ended}, timeout=age_s, return_when=asyncio.FIRST_COMPLETED
                )
                if not leaving.done() and not stream.is_held:
                    await send({"type": "http.response.body", "body": GOODBYE, "more_body": False})
        finally:
            self._hub.remove(stream)
            for task in (opening, leaving):
                task.cancel()

    async def _open(self, stream: Stream, request: StreamRequest, grant: StreamGrant, send: Send) -> None:
        missed, position = b"", self._hub.position
        last_id = read_last_id(request)
        if last_id is not None:
            missed, stream.seen = await self._hub.missed(last_id, grant.topics)
            position = max(self._hub.position, *stream.seen, 0)
        chunk = missed + OPENING.format(position=position).encode()
        await send({"type": "http.response.body", "body": chunk, "more_body": True})
        await stream.release()

    def _ask(self, request: StreamRequest) -> StreamGrant | None:
        close_old_connections()
        return self._authorize(request)


def read_request(route: tuple[str, dict[str, str]], scope: Scope) -> StreamRequest:
    """What `authorize` may look at."""
    allowed = [(n, v) for n, v in scope["headers"] if b"_" not in n or n.lower() in WITH_UNDERSCORE]
    headers = Headers(raw=allowed)
    named = {name.lower(): value for name, value in headers.items()}
    if "api-access-token" in named:  # some proxies pass no underscores
        named.setdefault("api_access_token", named["api-access-token"])
    return StreamRequest(
        path=scope["path"],
        headers=named,
        query=dict(QueryParams(scope["query_string"])),
        cookies=cookie_parser("; ".join(headers.getlist("cookie"))),
        route=route[0],
        params=route[1],
    )


def read_last_id(request: StreamRequest) -> int | None:
    """The last event a returning client has seen: `Last-Event-ID`, or the query's ``last_event_id``."""
    text = request.headers.get("last-event-id") or request.query.get("last_event_id", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
