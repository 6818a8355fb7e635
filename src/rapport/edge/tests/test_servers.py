"""The edge under the servers it may run on, over real sockets."""

from __future__ import annotations

import hashlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest


class Server:
    def __init__(self, kind, folder):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        env = {
            **os.environ,
            "DATABASE_URL": f"sqlite://{folder / 'edge.sqlite3'}",
            "DATA_DIR": "/nonexistent",
            "PYTHONPATH": str(Path(__file__).parents[3]),
            "DJANGO_SETTINGS_MODULE": "rapport.jobs.tests.settings_jobs",
        }
        command = [sys.executable, "-m", "rapport.edge.tests.served_app", kind, str(self.port)]
        self.process = subprocess.Popen(command, env=env)
        for _ in range(300):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    break
            time.sleep(0.03)
        else:
            raise AssertionError("the server did not start")

    def ask(self, method, path, body=None, headers=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        connection.request(method, path, body, headers or {})
        response = connection.getresponse()
        found = response.status, response.read().decode()
        connection.close()
        return found

    def open(self, path, *headers, receive_bytes=None):
        one = socket.socket()
        if receive_bytes:
            one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_bytes)
        one.settimeout(10)
        one.connect(("127.0.0.1", self.port))
        lines = [f"GET {path} HTTP/1.1", "Host: localhost", *headers, "", ""]
        one.sendall("\r\n".join(lines).encode())
        return one

    def memory_mb(self):
        pages = int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 2**20

    def streams(self):
        import json

        return json.loads(self.ask("GET", "/healthz")[1])["streams"]


@pytest.fixture(scope="module", params=["granian", "uvicorn"])
def server(request, tmp_path_factory):
    server = Server(request.param, tmp_path_factory.mktemp("edge"))
    yield server
    server.process.kill()
    server.process.wait()


def until(is_so, timeout_s=5):
    end = time.monotonic() + timeout_s
    while not is_so():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.02)


def read_until(one, wanted):
    found = b""
    while wanted not in found:
        chunk = one.recv(65536)
        assert chunk, found
        found += chunk
    return found


@pytest.mark.parametrize("size", [0, 3, 70_000, 3_000_000])
@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_bodies_arrive_whole(server, size, method):
    body = os.urandom(size)
    assert server.ask(method, "/echo", body) == (200, f"{method} {size} {hashlib.sha256(body).hexdigest()}")


def test_a_chunked_body_is_refused(server):
    one = socket.create_connection(("127.0.0.1", server.port), timeout=10)
    one.sendall(
        b"POST /echo HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n"
    )
    assert read_until(one, b"Content-Length.").startswith(b"HTTP/1.1 411")
    one.close()


def test_an_oversized_body_is_refused_before_it_is_sent(server):
    one = socket.create_connection(("127.0.0.1", server.port), timeout=10)
    one.sendall(b"POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 30000000\r\n\r\n")
    assert read_until(one, b"25 MB").startswith(b"HTTP/1.1 413")
    one.close()


def test_head_has_the_length_and_no_body(server):
    one = server.open("/echo", "Connection: close")
    one.close()
    assert server.ask("HEAD", "/echo") == (200, "")


def test_a_stream_begins_before_it_ends(server):
    one = server.open("/paused")
    assert b"second" not in read_until(one, b"first")
    read_until(one, b"second")
    one.close()


def test_a_client_that_leaves_ends_the_generator(server):
    before = server.ask("GET", "/closed")[1].count("endless")
    one = server.open("/endless")
    read_until(one, b"xxx")
    one.close()
    until(lambda: server.ask("GET", "/closed")[1].count("endless") == before + 1)


def test_a_paused_download_costs_little_memory_and_no_thread(server):
    before = server.memory_mb()
    downloads = [server.open("/file") for _ in range(3)]
    for one in downloads:
        read_until(one, b"\r\n\r\n")
    time.sleep(0.3)
    assert server.ask("GET", "/echo")[0] == 200
    assert server.memory_mb() - before < 30
    for one in downloads:
        one.close()


def test_a_stream_needs_permission(server):
    status, body = server.ask("GET", "/api/v1/accounts/1/events")
    assert (status, body) == (401, '{"error": "You are not signed in or may not hear this."}')


def test_news_reaches_a_stream_and_a_returning_client_misses_nothing(server):
    one = server.open("/api/v1/accounts/1/events", "api_access_token: good")
    read_until(one, b"retry: 2000")
    first = server.ask("GET", "/publish?1")[1]
    found = read_until(one, b'"n":0').decode()
    assert f"id: {first}\nevent: news\ndata: " in found
    one.close()
    missed = server.ask("GET", "/publish?3")[1]
    again = server.open("/events", "api-access-token: good", f"Last-Event-ID: {first}")
    found = read_until(again, f"id: {missed}\nevent".encode() + b"").decode()
    assert f"id: {first}\nevent" not in found
    assert found.count("event: news") == 3
    again.close()
    until(lambda: server.streams() == 0)


def test_a_reader_that_stops_reading_is_let_go(server):
    one = server.open("/events", "api_access_token: good", receive_bytes=4096)
    read_until(one, b"retry: 2000")
    other = server.open("/events", "api_access_token: good")
    before = server.memory_mb()
    for _ in range(60):
        last = server.ask("GET", "/publish?250")[1]
        read_until(other, f"id: {last}\n".encode())
        if server.streams() == 1:
            break
    assert server.streams() == 1
    assert server.memory_mb() - before < 30
    one.close()
    other.close()
    until(lambda: server.streams() == 0)


@pytest.mark.parametrize("server", ["granian"], indirect=True)
def test_stopping_ends_streams_cleanly_and_soon(server):
    one = server.open("/events", "api_access_token: good")
    read_until(one, b"retry: 2000")
    begun = time.monotonic()
    server.process.send_signal(signal.SIGTERM)
    rest = b""
    while chunk := one.recv(65536):
        rest += chunk
    one.close()
    assert server.process.wait(10) is not None
    assert time.monotonic() - begun < 5
    assert rest.endswith(b"0\r\n\r\n"), rest
