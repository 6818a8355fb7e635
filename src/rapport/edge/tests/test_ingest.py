"""The short way: what it takes, what it passes on, several at a time."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence
from typing import Any

import pytest

from rapport.edge.contracts import Answered
from rapport.edge.ingest import MAX_BYTES, ShortWay
from rapport.edge.tests.asgi_client import Exchange, until

JSON = ("content-type", "application/json")
HEADERS = [(b"content-type", b"application/json"), (b"x-way", b"short")]


class Echo:
    """Answers with the body; ``no`` is not for it, ``bang`` breaks it, and a closed gate holds it."""

    def __init__(self) -> None:
        self.batches: list[list[bytes]] = []
        self.gate = threading.Event()
        self.gate.set()

    def takes(self, path: str) -> bool:
        return path == "/store"

    def answer_all(self, posts: Sequence[tuple[dict[str, Any], bytes]]) -> list[Answered | None]:
        self.gate.wait(5)
        bodies = [body for _, body in posts]
        self.batches.append(bodies)
        if b"bang" in bodies:
            raise ValueError(bodies)
        return [None if body == b"no" else (200, HEADERS, body) for body in bodies]


class Ordinary:
    """Stands for Django: remembers the bodies it was sent."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        body, more = b"", True
        while more:
            message = await receive()
            body, more = body + message.get("body", b""), message.get("more_body", False)
        self.bodies.append(body)
        await send({"type": "http.response.start", "status": 202, "headers": []})
        await send({"type": "http.response.body", "body": body})


@pytest.fixture
def echo() -> Echo:
    return Echo()


@pytest.fixture
def ordinary() -> Ordinary:
    return Ordinary()


@pytest.fixture
def way(echo: Echo, ordinary: Ordinary) -> ShortWay:
    return ShortWay(echo, ordinary)


def post(*body: bytes, length: int | None = None, **fields: Any) -> Exchange:
    size = sum(map(len, body)) if length is None else length
    headers = [JSON, ("content-length", str(size)), *fields.pop("headers", ())]
    return Exchange("/store", "POST", headers=headers, body=body, **fields)


async def served(way: ShortWay, *exchanges: Exchange) -> None:
    await asyncio.gather(*(one.run(way) for one in exchanges))
    await way.close()


def test_takes_posts_without_query_to_its_paths(way: ShortWay) -> None:
    assert way.takes(post(b"x").scope())
    assert not way.takes(Exchange("/store", "GET").scope())
    assert not way.takes(Exchange("/store", "POST", query="a=1").scope())
    assert not way.takes(Exchange("/other", "POST").scope())


def test_answers_with_status_headers_and_body(way: ShortWay, ordinary: Ordinary) -> None:
    whole, parts = post(b"hello"), post(b"hel", b"lo")
    asyncio.run(served(way, whole, parts))
    for one in (whole, parts):
        assert (one.status, one.sent_headers, one.received, one.is_complete) == (200, HEADERS, b"hello", True)
    assert ordinary.bodies == []


@pytest.mark.parametrize("body", [b"no", b"bang"])
def test_what_it_does_not_answer_is_passed_on_whole(way: ShortWay, ordinary: Ordinary, body: bytes) -> None:
    whole, parts = post(body), post(body[:1], body[1:])
    asyncio.run(served(way, whole, parts))
    assert (whole.status, parts.status) == (202, 202)
    assert ordinary.bodies == [body, body]


@pytest.mark.parametrize(
    "unusual",
    [
        Exchange("/store", "POST", headers=[JSON], body=[b"x"]),
        Exchange("/store", "POST", headers=[("content-length", "1")], body=[b"x"]),
        post(b"x", headers=[("cookie", "a=b")]),
        post(b"x", headers=[("transfer-encoding", "chunked")]),
        post(b"x", headers=[("content-length", "2")]),
        post(b"x", headers=[("content-type", "text/plain")]),
        post(b"x", length=MAX_BYTES + 1),
        post(b"", length=0),
        post(b"xyz", length=2),
        post(b"x", length=2),
    ],
)
def test_unusual_requests_are_passed_on(
    way: ShortWay, echo: Echo, ordinary: Ordinary, unusual: Exchange
) -> None:
    asyncio.run(served(way, unusual))
    assert unusual.status == 202
    assert len(ordinary.bodies) == 1
    assert echo.batches == []


def test_what_waits_is_answered_together_and_each_gets_its_own(way: ShortWay, echo: Echo) -> None:
    exchanges = [post(b"%d" % n) for n in range(6)]
    echo.gate.clear()

    async def run() -> None:
        first = asyncio.create_task(exchanges[0].run(way))
        await until(lambda: way.in_flight == 1)
        await asyncio.sleep(0.02)
        rest = [asyncio.create_task(one.run(way)) for one in exchanges[1:]]
        await until(lambda: way.in_flight == 6)
        echo.gate.set()
        await asyncio.gather(first, *rest)
        await way.close()

    asyncio.run(run())
    assert [one.received for one in exchanges] == [b"%d" % n for n in range(6)]
    assert [len(batch) for batch in echo.batches] == [1, 5]


def test_a_client_that_left_does_not_spoil_the_batch(way: ShortWay, echo: Echo) -> None:
    gone, there = post(b"gone"), post(b"there")
    echo.gate.clear()

    async def run() -> None:
        first = asyncio.create_task(gone.run(way))
        await until(lambda: way.in_flight == 1)
        second = asyncio.create_task(there.run(way))
        await until(lambda: way.in_flight == 2)
        first.cancel()
        echo.gate.set()
        await second
        await way.close()

    asyncio.run(run())
    assert there.received == b"there"
    assert way.in_flight == 0


def test_a_body_that_does_not_come_is_answered_408(echo: Echo, ordinary: Ordinary) -> None:
    slow = post(length=3)
    asyncio.run(served(ShortWay(echo, ordinary, timeout_s=0.05), slow))
    assert slow.status == 408


def test_after_closing_everything_takes_the_ordinary_way(way: ShortWay, ordinary: Ordinary) -> None:
    late = post(b"late")

    async def run() -> None:
        await way.close()
        await late.run(way)

    asyncio.run(run())
    assert late.status == 202
    assert ordinary.bodies == [b"late"]
