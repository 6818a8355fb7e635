"""The bridge between the asynchronous front and the synchronous application."""

from __future__ import annotations

import asyncio
import contextvars
import io
import sys
import threading
import time

import pytest

from rapport.edge import bodies
from rapport.edge import bridge as bridge_module
from rapport.edge.bodies import MAX_BODY_BYTES
from rapport.edge.bridge import Bridge
from rapport.edge.tests.asgi_client import Exchange, until


def echo(environ, start):
    body = environ["wsgi.input"].read()
    start("200 OK", [("Content-Type", "text/plain"), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")])
    return [environ["REQUEST_METHOD"].encode(), b" ", str(len(body)).encode()]


class Streaming:
    """A streamed answer as Django makes one."""

    streaming = True

    def __init__(self, chunks):
        self.chunks = chunks
        self.is_closed = threading.Event()

    def __iter__(self):
        return iter(self.chunks)

    def close(self):
        self.is_closed.set()


def streaming(result):
    def app(_environ, start):
        start("200 OK", [])
        return result

    return app


def serve(app, exchange_of, **options):
    async def run():
        bridge = Bridge(app, **options)
        exchange = exchange_of()
        await asyncio.wait_for(exchange.run(bridge), 5)
        await bridge.close(1)
        return exchange

    return asyncio.run(run())


def request(app=echo, *, bridge=None, **fields):
    return serve(app, lambda: Exchange(**fields), **(bridge or {}))


def post(*chunks, **fields):
    length = str(sum(map(len, chunks)))
    return request(method="POST", body=chunks, headers=[("content-length", length)], **fields)


def test_an_ordinary_answer_keeps_repeated_headers():
    got = request()
    assert (got.status, got.received, got.is_complete) == (200, b"GET 0", True)
    assert got.sent_headers == [
        (b"content-type", b"text/plain"),
        (b"set-cookie", b"a=1"),
        (b"set-cookie", b"b=2"),
    ]


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "PROPFIND"])
def test_bodies_arrive_with_any_method(method):
    got = request(method=method, body=[b"ab", b"c"], headers=[("content-length", "3")])
    assert got.received == f"{method} 3".encode()


def test_a_large_body_goes_through_a_file():
    assert post(*[b"x" * 65536] * 48).received == b"POST 3145728"


def test_a_body_may_be_up_to_the_limit():
    too_long = request(method="POST", headers=[("content-length", str(MAX_BODY_BYTES + 1))])
    assert (too_long.status, too_long.header("connection")) == (413, "close")


class Rules:
    """Forms below ``/up`` may be long, other bodies not; ``/api`` refuses in JSON."""

    def limit_bytes(self, environ):
        return 3_000_000 if environ["PATH_INFO"] == "/up" else 10

    def refusal(self, path, status, text, facts):
        return f"{path} {status} {text} {facts}".encode() if path == "/api" else None


def test_addresses_have_limits_and_refusals_of_their_own():
    def ask(path, length, body=(), *, leaves=True):
        async def run():
            bridge = Bridge(echo)
            bridge.rules = Rules()
            headers = [("content-length", str(length))]
            exchange = Exchange(path=path, method="POST", headers=headers, body=body, leaves_in_body=leaves)
            await asyncio.wait_for(exchange.run(bridge), 5)
            await bridge.close(1)
            return exchange

        return asyncio.run(run())

    assert ask("/up", 2_000_000, [b"x" * 2_000_000], leaves=False).received == b"POST 2000000"
    refused = ask("/api", 11)
    assert (refused.status, refused.header("content-type")) == (413, "application/json")
    assert refused.received == b"/api 413 This request may carry at most 0 KB. {'limit_bytes': 10}"
    assert refused.header("content-length") == str(len(refused.received))
    plain = ask("/page", 11)
    assert (plain.status, plain.header("content-type")) == (413, "text/plain; charset=utf-8")


def test_a_refused_client_may_finish_sending_and_nothing_of_it_is_kept():
    chunks = [b"x" * 1_000_000] * 31

    async def run():
        bridge = Bridge(echo)
        exchange = Exchange(
            method="POST", headers=[("content-length", "31000000")], body=chunks, leaves_in_body=True
        )
        await asyncio.wait_for(exchange.run(bridge), 5)
        await bridge.close(1)
        return exchange

    exchange = asyncio.run(run())
    assert (exchange.status, exchange.is_complete, exchange._incoming) == (413, True, [])
    assert exchange.received == b"This request may carry at most 25 MB.\n"


def test_bodies_without_a_length_are_refused():
    assert request(method="POST", headers=[("transfer-encoding", "chunked")]).status == 411
    assert request(method="POST", http_version="2").status == 411
    assert request(method="GET", http_version="2").status == 200


@pytest.mark.parametrize("length", ["-1", "x", "1,1", "²"])
def test_a_length_that_is_no_number_is_refused(length):
    assert request(method="POST", headers=[("content-length", length)]).status == 400


def test_contradicting_lengths_are_refused():
    assert request(method="POST", headers=[("content-length", "1"), ("content-length", "2")]).status == 400


def test_more_body_than_announced_is_refused():
    assert request(method="POST", body=[b"abc"], headers=[("content-length", "2")]).status == 400


def test_a_client_that_leaves_during_its_upload_costs_no_thread():
    calls = []
    got = request(
        lambda *_: calls.append(1),
        method="POST",
        body=[b"a"],
        leaves_in_body=True,
        headers=[("content-length", "9")],
    )
    assert (got.status, calls) == (0, [])


def test_a_slow_upload_is_cut_off():
    got = request(bridge={"timeout_s": 0.05}, method="POST", headers=[("content-length", "9")])
    assert got.status == 408


def test_a_trickling_upload_is_cut_off(monkeypatch):
    monkeypatch.setattr(bodies, "SLOWEST_BYTES_PER_S", 100)

    async def run():
        exchange = Exchange(method="POST", headers=[("content-length", "5")])

        async def trickle():
            await asyncio.sleep(0.03)
            return {"type": "http.request", "body": b"", "more_body": True}

        exchange.receive = trickle
        bridge = Bridge(echo, timeout_s=0.05)
        await asyncio.wait_for(exchange.run(bridge), 2)
        await bridge.close()
        return exchange.status

    assert asyncio.run(run()) == 408


def test_slow_uploads_do_not_take_the_place_of_requests(monkeypatch):
    monkeypatch.setattr(bridge_module, "MAX_UPLOADS", 2)

    async def run():
        bridge = Bridge(echo, threads=1, queue_limit=0)
        slow = [Exchange(method="POST", headers=[("content-length", "5")]) for _ in range(3)]
        tasks = [asyncio.create_task(exchange.run(bridge)) for exchange in slow]
        await until(lambda: slow[2].status)
        for task in tasks[:2]:
            task.cancel()
        await asyncio.wait(tasks)
        page = await Exchange().run(bridge)
        await bridge.close()
        return slow[2].status, page.status

    assert asyncio.run(run()) == (503, 200)


def test_head_has_headers_but_no_body():
    got = request(method="HEAD")
    assert (got.status, got.received) == (200, b"")


@pytest.mark.parametrize("status", ["204 No Content", "304 Not Modified"])
def test_statuses_without_a_body(status):
    def app(_environ, start):
        start(status, [])
        return [b"oops"]

    assert request(app).received == b""


def test_connection_headers_of_the_application_are_dropped():
    def app(_environ, start):
        start("200 OK", [("Connection", "close"), ("Transfer-Encoding", "chunked"), ("X-A", "1")])
        return [b""]

    assert request(app).sent_headers == [(b"x-a", b"1")]


def test_a_failing_application_answers_500_and_its_answer_is_closed():
    closed = []

    class Failing:
        def __iter__(self):
            yield b"a"
            raise ValueError("half way")

        def close(self):
            closed.append(1)

    def app(_environ, start):
        start("200 OK", [])
        return Failing()

    got = request(app)
    assert (got.status, got.received, closed) == (500, b"Internal server error\n", [1])


def test_exc_info_replaces_headers_that_were_not_sent():
    def app(_environ, start):
        start("200 OK", [("X-A", "1")])
        try:
            raise ValueError  # noqa: TRY301
        except ValueError:
            start("500 Oops", [("X-B", "2")], sys.exc_info())
        return [b"sorry"]

    got = request(app)
    assert (got.status, got.sent_headers, got.received) == (500, [(b"x-b", b"2")], b"sorry")


def test_the_write_callable_still_works():
    def app(_environ, start):
        write = start("200 OK", [])
        write(b"first ")
        return [b"second"]

    assert request(app).received == b"first second"


def test_the_first_chunk_of_a_stream_is_sent_at_once():
    async def run():
        go_on = threading.Event()

        def chunks():
            yield b"first"
            go_on.wait(3)
            yield b"second"

        bridge = Bridge(streaming(Streaming(chunks())))
        exchange = Exchange()
        task = asyncio.create_task(exchange.run(bridge))
        await until(lambda: exchange.chunks == [b"first"])
        go_on.set()
        await task
        await bridge.close()
        return exchange

    got = asyncio.run(run())
    assert (got.received, got.is_complete) == (b"firstsecond", True)


def test_a_client_that_leaves_a_stream_frees_its_thread():
    async def run():
        def endless():
            while True:
                time.sleep(0.001)
                yield b"x"

        result = Streaming(endless())
        bridge = Bridge(streaming(result), threads=1)
        exchange = Exchange()
        task = asyncio.create_task(exchange.run(bridge))
        await until(lambda: len(exchange.chunks) > 3)
        exchange.leave()
        await asyncio.wait_for(task, 3)
        assert result.is_closed.is_set()
        assert bridge.in_flight == 0
        await bridge.close()

    asyncio.run(run())


def test_a_client_that_takes_nothing_is_given_up():
    result = Streaming([b"x"] * 10)
    got = serve(streaming(result), lambda: Exchange(stalls=True), timeout_s=0.05)
    assert result.is_closed.is_set()
    assert got.chunks == []


def test_one_thread_stays_free_of_streams():
    async def run():
        bridge = Bridge(lambda e, s: (pages if e["PATH_INFO"] == "/page" else streams)(e, s), threads=2)
        first, second, page = (Exchange(path=path, stalls=path == "/1") for path in ("/1", "/2", "/page"))
        tasks = [asyncio.create_task(first.run(bridge))]
        await until(lambda: first.status == 200)
        await second.run(bridge)
        await page.run(bridge)
        first.resume()
        await asyncio.gather(*tasks)
        third = await Exchange(path="/3").run(bridge)
        await bridge.close()
        return first.received, second.status, page.received, third.received

    def pages(environ, start):
        return echo(environ, start)

    def streams(environ, start):
        return streaming(Streaming([b"ab"]))(environ, start)

    assert asyncio.run(run()) == (b"ab", 503, b"GET 0", b"ab")


def test_a_failing_stream_breaks_the_connection():
    def broken():
        yield b"a"
        raise ValueError("half way")

    with pytest.raises(ValueError, match="half way"):
        serve(streaming(Streaming(broken())), Exchange)


class File(io.BytesIO):
    is_given_back = False

    def close(self):
        self.is_given_back = True
        super().close()


def files(file):
    def app(environ, start):
        start("200 OK", [])
        return environ["wsgi.file_wrapper"](file)

    return app


def test_a_file_is_sent_without_keeping_a_thread():
    async def run():
        file = File(b"x" * 600_000)
        bridge = Bridge(lambda e, s: (echo if e["PATH_INFO"] == "/page" else files(file))(e, s), threads=1)
        download, page = Exchange(stalls=True), Exchange(path="/page")
        task = asyncio.create_task(download.run(bridge))
        await until(lambda: download.status == 200)
        assert bridge.in_flight == 0
        await page.run(bridge)
        assert page.received == b"GET 0"
        download.resume()
        await task
        await bridge.close()
        return file, download

    file, download = asyncio.run(run())
    assert (len(download.received), download.is_complete, file.is_given_back) == (600_000, True, True)


def test_a_small_file_is_sent_like_a_page():
    file = File(b"x" * 10)
    got = serve(files(file), Exchange)
    assert (got.received, len(got.chunks), file.is_given_back) == (b"x" * 10, 1, True)


def test_a_file_is_closed_when_its_client_takes_nothing():
    file = File(b"x" * 600_000)
    serve(files(file), lambda: Exchange(stalls=True), timeout_s=0.05)
    assert file.is_given_back


def test_head_of_a_file_reads_nothing():
    file = File(b"x" * 10)
    got = serve(files(file), lambda: Exchange(method="HEAD"))
    assert (got.received, file.is_given_back) == (b"", True)


def test_too_many_waiting_requests_are_turned_away():
    async def run():
        go_on = threading.Event()

        def app(environ, start):
            go_on.wait(3)
            return echo(environ, start)

        bridge = Bridge(app, threads=1, queue_limit=1)
        tasks = [asyncio.create_task(Exchange().run(bridge)) for _ in range(3)]
        await until(lambda: any(task.done() for task in tasks))
        go_on.set()
        done = await asyncio.gather(*tasks)
        await bridge.close()
        return sorted(exchange.status for exchange in done), done[2].header("retry-after")

    assert asyncio.run(run()) == ([200, 200, 503], "1")


def test_stopping_waits_for_requests_and_refuses_new_ones():
    async def run():
        def app(environ, start):
            time.sleep(0.1)
            return echo(environ, start)

        bridge = Bridge(app)
        running = asyncio.create_task(Exchange().run(bridge))
        await until(lambda: bridge.in_flight == 1)
        closing = asyncio.create_task(bridge.close())
        await asyncio.sleep(0)
        late = await Exchange().run(bridge)
        await closing
        return (await running).status, late.status

    assert asyncio.run(run()) == (200, 503)


def test_context_variables_reach_the_thread():
    variable = contextvars.ContextVar("variable", default="unset")

    def app(_environ, start):
        start("200 OK", [])
        return [variable.get().encode()]

    async def run():
        bridge = Bridge(app)
        variable.set("set in the loop")
        exchange = await Exchange().run(bridge)
        await bridge.close()
        return exchange.received

    assert asyncio.run(run()) == b"set in the loop"


def test_requests_run_side_by_side():
    barrier = threading.Barrier(3, timeout=3)

    def app(environ, start):
        barrier.wait()
        return echo(environ, start)

    async def run():
        bridge = Bridge(app, threads=3)
        done = await asyncio.gather(*(Exchange().run(bridge) for _ in range(3)))
        await bridge.close()
        return [exchange.status for exchange in done]

    assert asyncio.run(run()) == [200, 200, 200]
