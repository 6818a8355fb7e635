"""One turn reads the shop as it is, but asks the same question once."""

from __future__ import annotations

import httpx2

from rapport.connectors import api as connectors
from rapport.connectors.kinds.shop.client import ShopClient


def _client(asked: list[str]) -> ShopClient:
    def answer(request: httpx2.Request) -> httpx2.Response:
        asked.append(f"{request.method} {request.url.raw_path.decode()}")
        return httpx2.Response(200, json={"asked": len(asked), "status_code": 200, "response": {}})

    return ShopClient("http://shop.example", "secret", httpx2.MockTransport(answer))


def test_outside_a_block_every_read_reaches_the_shop():
    asked: list[str] = []
    client = _client(asked)
    assert [client.read("/orders/1")["asked"], client.read("/orders/1")["asked"]] == [1, 2]


def test_inside_a_block_the_same_question_is_asked_once():
    asked: list[str] = []
    client = _client(asked)
    with connectors.reading_once():
        client.read("/orders/1", language="en")
        client.read("/orders/1", language="en")
        client.read("/orders/1", language="cs")
    client.read("/orders/1", language="en")
    assert asked == [
        "GET /orders/1?language=en",
        "GET /orders/1?language=cs",
        "GET /orders/1?language=en",
    ]


def test_a_write_makes_everything_read_before_doubtful():
    asked: list[str] = []
    client = _client(asked)
    with connectors.reading_once():
        client.read("/orders/1")
        client.write("POST", "/orders/1/cancel", {}, "key")
        assert client.read("/orders/1")["asked"] == 3


def test_the_fate_of_a_write_is_never_remembered():
    asked: list[str] = []
    client = _client(asked)
    with connectors.reading_once():
        client.find_operation("key")
        client.find_operation("key")
    assert asked == ["GET /operations/key", "GET /operations/key"]
