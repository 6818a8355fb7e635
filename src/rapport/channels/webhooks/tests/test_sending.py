"""One POST to an address somebody gave: what ends it, and where it never goes."""

from __future__ import annotations

import socket
import time

import pytest

from rapport.channels.webhooks.logic.addresses import parse_networks
from rapport.channels.webhooks.sending import Limits, post
from rapport.channels.webhooks.tests.receiver import run_garbage

LOOPBACK = parse_networks("127.0.0.0/8, ::1/128")
NEAR = Limits(0.6, LOOPBACK)


def send(url, limits=NEAR):
    return post(url, b"{}", {"X-Test": "1"}, limits)


def test_what_is_answered_is_kept_in_part(receiver):
    answered = send(f"{receiver.url}?token=a%20b#part")
    assert (answered.status, answered.text, answered.problem) == (200, "thanks", "")
    assert [(p.path, p.headers["X-Test"], p.body) for p in receiver.posts] == [
        ("/hook?token=a%20b", "1", b"{}")
    ]
    port = receiver.url.split(":")[2].split("/")[0]
    assert receiver.posts[0].headers["Host"] == f"127.0.0.1:{port}"


@pytest.mark.parametrize(
    ("status", "problem"), [(204, ""), (302, "redirect"), (308, "redirect"), (404, "status"), (500, "status")]
)
def test_only_2xx_is_success_and_nothing_is_followed(receiver, status, problem):
    receiver.statuses, receiver.headers = [status], {"Location": receiver.url}
    answered = send(receiver.url)
    assert (answered.status, answered.problem, len(receiver.posts)) == (status, problem, 1)


def test_a_slow_receiver_ends_in_time(receiver):
    receiver.slow_s = 1.2
    started = time.monotonic()
    assert send(receiver.url).problem == "timeout"
    assert time.monotonic() - started < 1.0


def test_one_that_answers_a_byte_at_a_time_ends_in_time_too():
    with run_garbage(b"HTTP/1.1 200 OK\r\n" + b"X-A: b\r\n" * 1000, pause_s=0.05) as address:
        started = time.monotonic()
        assert send(address).problem == "timeout"
        assert time.monotonic() - started < 1.0


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (b"", "no_answer"),
        (b"SSH-2.0-OpenSSH_9.2\r\n", "not_http"),
        (b"HTTP/1.1 abc OK\r\n\r\n", "not_http"),
        (b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 200 + b"\r\n", "not_http"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\nhi", ""),
    ],
)
def test_garbage_is_a_failure_like_any(answer, problem):
    with run_garbage(answer) as address:
        assert send(address, Limits(2.0, LOOPBACK)).problem == problem


def test_a_long_answer_is_cut_and_never_breaks_the_row():
    with run_garbage(b"HTTP/1.0 500 No\r\n\r\n" + b"\x00\xffabc" * 2000) as address:
        answered = send(address, Limits(5.0, LOOPBACK))
    assert (answered.status, len(answered.text), "\x00" in answered.text) == (500, 1600, False)


def test_a_closed_port_is_no_connection():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    assert send(f"http://127.0.0.1:{port}/").problem == "no_connection"


def test_without_tls_there_is_no_https(receiver):
    assert send(receiver.url.replace("http:", "https:")).problem == "certificate"
    assert receiver.posts == []


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "0x7f.1", "[::1]", "[::ffff:127.0.0.1]", "2130706433"]
)
def test_private_addresses_are_refused_however_they_are_written(receiver, host):
    port = receiver.url.split(":")[2].split("/")[0]
    assert send(f"http://{host}:{port}/", Limits(0.6)).problem == "refused_address"
    assert receiver.posts == []


def test_a_name_is_refused_when_one_of_its_addresses_is(receiver, monkeypatch):
    both = [(2, 1, 6, "", (ip, 80)) for ip in ("93.184.215.14", "127.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_more: both)
    assert send("http://two.example/", Limits(0.6)).problem == "refused_address"
    assert receiver.posts == []


def test_the_address_that_was_checked_is_the_one_that_is_called(receiver, monkeypatch):
    port = int(receiver.url.split(":")[2].split("/")[0])
    asked = []

    def resolve(host, *_args, **_more):
        asked.append(host)
        return [(2, 1, 6, "", ("127.0.0.1" if len(asked) == 1 else "10.0.0.1", port))]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    called = []
    monkeypatch.setattr(socket, "create_connection", lambda to, *more: called.append(to) or _plain(to, *more))
    assert send(f"http://crm.example:{port}/").status == 200
    assert (asked, called) == (["crm.example"], [("127.0.0.1", port)])
    assert receiver.posts[0].headers["Host"] == f"crm.example:{port}"


def _plain(to, timeout_s):
    """A connection without another look-up."""
    peer = socket.socket()
    peer.settimeout(timeout_s)
    peer.connect(to)
    return peer


def test_a_name_nobody_knows(monkeypatch):
    def unknown(*_args, **_more):
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    assert send("https://nobody.example/").problem == "unknown_host"
