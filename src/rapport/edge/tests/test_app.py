"""The front: streams, health, mounts, start and stop."""

from __future__ import annotations

import asyncio
import json

import pytest

from rapport.edge import hub as hub_module
from rapport.edge import streams as streams_module
from rapport.edge.api import StreamGrant, create_application
from rapport.edge.streams import find_route
from rapport.edge.tests.asgi_client import Exchange, until
from rapport.jobs.api import FeedRow


class ScriptedFeed:
    """A change feed in memory."""

    def __init__(self):
        self.rows = []
        self.position = 0
        self.is_open = False
        self.is_broken = False
        self._news = asyncio.Queue()

    async def start(self):
        self.is_open = True

    async def next_rows(self):
        rows = await self._news.get()
        if self.is_broken:
            raise OSError("the disk is gone")
        self.position = rows[-1].id
        return rows

    async def rows_after(self, after_id, limit):
        return [row for row in self.rows if row.id > after_id][:limit]

    async def close(self):
        self.is_open = False

    def publish(self, *topics, count=1, kind="news"):
        begin = len(self.rows) + 1
        new = [FeedRow(n, kind, topics, f'{{"n":{n}}}') for n in range(begin, begin + count)]
        self.rows += new
        self._news.put_nowait(new)
        return new[-1].id


def page(environ, start):
    start("200 OK", [])
    return [b"django " + environ["PATH_INFO"].encode()]


def allow_all(_request):
    return StreamGrant(frozenset({"desk"}))


def run(scenario, *, authorize=allow_all, mounts=None):
    async def whole():
        feed = ScriptedFeed()
        app = create_application(wsgi=page, authorize=authorize, mounts=mounts or {}, feed=feed)
        await app.start()
        try:
            return await asyncio.wait_for(scenario(app, feed), 5)
        finally:
            await app.stop()
            assert not feed.is_open

    return asyncio.run(whole())


async def listen(app, **fields):
    """An open stream and the task that serves it."""
    exchange = Exchange(path="/events", **fields)
    task = asyncio.create_task(exchange.run(app))
    await until(lambda: exchange.chunks)
    return exchange, task


def test_paths_of_streams():
    assert find_route("/events") == ("desk", {})
    assert find_route("/widget/events") == ("widget", {})
    assert find_route("/api/v1/accounts/1/events") == ("account", {"account": "1"})
    public = "/public/api/v1/inboxes/web/contacts/abc/conversations/12/events"
    assert find_route(public) == ("public", {"inbox": "web", "source": "abc", "conversation": "12"})
    for path in ("/", "/desk/events", "/events/", "/api/v1/accounts/x/events", "/api/v1/accounts/1/2/events"):
        assert find_route(path) is None


def test_other_paths_and_methods_go_to_django():
    async def scenario(app, _feed):
        return [
            (await Exchange(path=path, method=method).run(app)).received
            for path, method in (("/desk/", "GET"), ("/events", "POST"))
        ]

    assert run(scenario) == [b"django /desk/", b"django /events"]


def test_the_authorizer_sees_who_asks_and_may_refuse():
    seen = []

    def refuse(request):
        seen.append(request)

    async def scenario(app, _feed):
        headers = [("cookie", "a=1"), ("cookie", "b=2"), ("api_access_token", "t"), ("x_other", "x")]
        return await Exchange(path="/widget/events", query="token=a&token=b", headers=headers).run(app)

    got = run(scenario, authorize=refuse)
    assert (got.status, json.loads(got.received)) == (
        401,
        {"error": "You are not signed in or may not hear this."},
    )
    (request,) = seen
    assert (request.route, request.query, request.cookies) == (
        "widget",
        {"token": "b"},
        {"a": "1", "b": "2"},
    )
    assert request.headers["api_access_token"] == "t"
    assert "x_other" not in request.headers


def test_a_stream_hears_its_topics_only_in_the_wire_format():
    async def scenario(app, feed):
        stream, task = await listen(app)
        feed.publish("conversation:9")
        feed.publish("conversation:1", "desk", kind="message_created")
        await until(lambda: len(stream.chunks) == 2)
        stream.leave()
        await task
        return stream

    got = run(scenario)
    assert got.header("content-type") == "text/event-stream; charset=utf-8"
    assert got.header("x-accel-buffering") == "no"
    assert got.chunks == [b"retry: 2000\nid: 0\n\n", b'id: 2\nevent: message_created\ndata: {"n":2}\n\n']


def test_an_event_with_two_of_a_streams_topics_comes_once_and_a_burst_in_one_chunk():
    async def scenario(app, feed):
        stream, task = await listen(app)
        feed.publish("a", "b", count=3)
        await until(lambda: len(stream.chunks) == 2)
        stream.leave()
        await task
        return stream.chunks[1]

    got = run(scenario, authorize=lambda _request: StreamGrant(frozenset({"a", "b"})))
    assert got == b"".join(b'id: %d\nevent: news\ndata: {"n":%d}\n\n' % (n, n) for n in (1, 2, 3))


def test_a_returning_stream_gets_what_it_missed_then_goes_live():
    async def scenario(app, feed):
        feed.publish("desk", count=2)
        feed.publish("other")
        await until(lambda: feed.position == 3)
        stream, task = await listen(app, headers=[("last-event-id", "1")])
        feed.publish("desk")
        await until(lambda: len(stream.chunks) == 2)
        stream.leave()
        await task
        return stream.received

    assert run(scenario) == (
        b'id: 2\nevent: news\ndata: {"n":2}\n\nretry: 2000\nid: 3\n\nid: 4\nevent: news\ndata: {"n":4}\n\n'
    )


@pytest.mark.parametrize("last_id", ["0", "99999"])
def test_a_stream_that_missed_too_much_is_told_to_reload(last_id):
    async def scenario(app, feed):
        feed.publish("desk", count=600)
        await until(lambda: feed.position == 600)
        stream, task = await listen(app, query=f"last_event_id={last_id}")
        stream.leave()
        await task
        return stream.received

    assert run(scenario).startswith(b"event: resync\ndata: {}\n\n")


def test_a_slow_client_gets_everything_late_and_holds_up_nobody():
    async def scenario(app, feed):
        quick, one = await listen(app)
        slow, two = await listen(app)
        slow._flowing.clear()
        for _ in range(5):
            feed.publish("desk")
        await until(lambda: quick.received.count(b"event: news") == 5)
        assert slow.received.count(b"event: news") == 0
        slow.resume()
        await until(lambda: slow.received.count(b"event: news") == 5)
        for exchange in (quick, slow):
            exchange.leave()
        await asyncio.gather(one, two)
        return quick.received == slow.received

    assert run(scenario) is True


def test_a_client_that_takes_nothing_is_let_go(monkeypatch):
    monkeypatch.setattr(hub_module, "QUEUE_EVENTS", 3)

    async def scenario(app, feed):
        slow, task = await listen(app)
        slow._flowing.clear()
        for _ in range(5):
            feed.publish("desk")
            await asyncio.sleep(0)
        await asyncio.wait_for(task, 2)
        return json.loads((await Exchange(path="/healthz").run(app)).received)["streams"]

    assert run(scenario) == 0


def test_a_client_that_does_not_even_take_the_opening_is_let_go(monkeypatch):
    monkeypatch.setattr(hub_module, "QUEUE_EVENTS", 3)

    async def scenario(app, feed):
        task = asyncio.create_task(Exchange(path="/events", stalls=True).run(app))
        for _ in range(9):
            await asyncio.sleep(0.005)
            feed.publish("desk")
        await asyncio.wait_for(task, 2)

    run(scenario)


def test_a_stream_is_authorized_anew_after_a_while(monkeypatch):
    monkeypatch.setattr(streams_module, "MAX_AGE_S", 0.02)

    async def scenario(app, _feed):
        stream, task = await listen(app)
        await task
        return stream.is_complete

    assert run(scenario) is True


def test_quiet_streams_hear_a_heartbeat(monkeypatch):
    monkeypatch.setattr(hub_module, "HEARTBEAT_S", 0.02)

    async def scenario(app, _feed):
        stream, task = await listen(app)
        await until(lambda: stream.chunks[-1] == b":\n\n")
        stream.leave()
        await task

    run(scenario)


def test_draining_ends_streams_with_a_good_bye():
    async def scenario(app, _feed):
        stream, task = await listen(app)
        app.drain()
        await task
        return stream.is_complete, stream.chunks[-1]

    assert run(scenario) == (True, b"retry: 1000\n\n")


def test_public_streams_may_be_read_from_other_sites():
    async def scenario(app, _feed):
        exchange = Exchange(path="/public/api/v1/inboxes/i/contacts/c/conversations/1/events")
        task = asyncio.create_task(exchange.run(app))
        await until(lambda: exchange.chunks)
        exchange.leave()
        await task
        return exchange.header("access-control-allow-origin")

    assert run(scenario) == "*"


def test_health_tells_position_and_streams_and_trouble(monkeypatch):
    monkeypatch.setattr(hub_module, "TROUBLE_PAUSE_S", 0.05)

    async def scenario(app, feed):
        async def health():
            exchange = await Exchange(path="/healthz").run(app)
            return exchange.status, json.loads(exchange.received)

        stream, task = await listen(app)
        feed.publish("desk")
        await until(lambda: len(stream.chunks) == 2)
        well = await health()
        feed.is_broken = True
        feed.publish("desk")
        await asyncio.sleep(0.01)
        ill = await health()
        feed.is_broken = False
        await asyncio.sleep(0.06)
        feed.publish("desk")
        await until(lambda: len(stream.chunks) == 3)
        again = await health()
        stream.leave()
        await task
        return well, ill, again[0]

    well, ill, again = run(scenario)
    assert well == (200, {"status": "ok", "feed_position": 1, "streams": 1, "delivered": 1, "requests": 0})
    assert (ill[0], ill[1]["status"], again) == (503, "not following the feed", 200)


def test_a_mounted_application_knows_where_it_is():
    seen = []

    async def shop(scope, _receive, send):
        if scope["type"] == "lifespan":
            raise NotImplementedError
        seen.append((scope["root_path"], scope["path"]))
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"shop"})

    async def scenario(app, _feed):
        return [
            (await Exchange(path=path).run(app)).received for path in ("/shop", "/shop/cart", "/shopping")
        ]

    assert run(scenario, mounts={"/shop": shop}) == [b"shop", b"shop", b"django /shopping"]
    assert seen == [("/shop", "/shop"), ("/shop", "/shop/cart")]


def test_starlette_applications_can_be_mounted_and_are_started_and_stopped():
    from contextlib import asynccontextmanager

    from starlette.applications import Starlette
    from starlette.responses import PlainTextResponse
    from starlette.routing import Route

    steps = []

    @asynccontextmanager
    async def lifespan(_app):
        steps.append("start")
        yield
        steps.append("stop")

    shop = Starlette(
        routes=[Route("/cart", lambda request: PlainTextResponse(str(request.url_for("cart"))), name="cart")],
        lifespan=lifespan,
    )

    async def scenario(app, _feed):
        return (await Exchange(path="/shop/cart", headers=[("host", "x.example")]).run(app)).received

    assert run(scenario, mounts={"/shop": shop}) == b"http://x.example/shop/cart"
    assert steps == ["start", "stop"]


def test_the_lifespan_protocol_reports_a_failed_start():
    async def failing(scope, receive, send):
        await receive()
        await send({"type": "lifespan.startup.failed", "message": "no stock"})

    async def whole():
        app = create_application(
            wsgi=page, authorize=allow_all, mounts={"/shop": failing}, feed=ScriptedFeed()
        )
        sent = []

        async def receive():
            return {"type": "lifespan.startup"}

        async def send(message):
            sent.append(message)

        await app({"type": "lifespan"}, receive, send)
        await app.stop()
        return sent

    (answer,) = asyncio.run(whole())
    assert answer["type"] == "lifespan.startup.failed"
    assert "no stock" in answer["message"]


def test_websockets_are_declined():
    async def scenario(app, _feed):
        sent = []

        async def send(message):
            sent.append(message)

        await app({"type": "websocket", "path": "/cable"}, None, send)
        return sent

    assert run(scenario) == [{"type": "websocket.close", "code": 1000}]
