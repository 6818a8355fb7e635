"""One POST to an address somebody gave us: pinned to a checked address, not redirected, bounded in time and size."""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from rapport.channels.webhooks.logic.addresses import Network, may_call

ANSWER_BYTES = 2000
"""So much of an answer is read and kept."""


@dataclass(frozen=True, slots=True)
class Answered:
    """How an attempt ended."""

    status: int | None
    """HTTP status; None without an answer."""
    text: str
    """The beginning of the answer."""
    took_ms: int
    problem: str = ""
    """``status``, ``redirect``, ``timeout``, ``no_connection``, ``no_answer``, ``unknown_host``,
    ``refused_address``, ``certificate``, ``not_http``; empty: delivered."""
    retry_after_s: float = 0.0
    """The receiver asks to be left alone for so long."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What an attempt may cost, and where it may go."""

    timeout_s: float = 10.0
    """For all of it: name, connection, answer."""
    networks: tuple[Network, ...] = ()
    """Networks of one's own that may be called."""


class _Refused(Exception):
    """The attempt ends here, for this reason."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


def post(url: str, body: bytes, headers: Mapping[str, str], limits: Limits) -> Answered:
    """Send it once. Never raises for what a receiver or the network does."""
    started = time.monotonic()
    try:
        status, text, retry_after_s = _Exchange(urlsplit(url), limits, started).run(body, headers)
    except _Refused as refusal:
        return Answered(None, "", _ms_since(started), refusal.problem)
    problem = "" if 200 <= status < 300 else "redirect" if 300 <= status < 400 else "status"
    return Answered(status, text, _ms_since(started), problem, retry_after_s)


def _ms_since(started: float) -> int:
    return round((time.monotonic() - started) * 1000)


class _Exchange:
    """One request and its answer, on a connection of its own."""

    def __init__(self, parts: SplitResult, limits: Limits, started: float) -> None:
        self._parts, self._limits = parts, limits
        self._ends = started + limits.timeout_s
        self._raw: socket.socket | None = None
        self._is_late = False

    def run(self, body: bytes, headers: Mapping[str, str]) -> tuple[int, str, float]:
        watchdog = threading.Timer(
            self._left_s(), self._cut
        )  # a receiver that sends a byte a second ends too
        watchdog.daemon = True
        watchdog.start()
        try:
            return self._exchange(body, headers)
        except _Refused as refusal:
            raise _Refused("timeout") if self._is_late else refusal from refusal
        except (OSError, http.client.HTTPException, ValueError) as problem:
            raise _Refused("timeout" if self._is_late else _name_of(problem)) from problem
        finally:
            watchdog.cancel()
            if self._raw is not None:
                self._raw.close()

    def _exchange(self, body: bytes, headers: Mapping[str, str]) -> tuple[int, str, float]:
        parts = self._parts
        host = parts.hostname or ""
        port = parts.port or (443 if parts.scheme == "https" else 80)
        connection = http.client.HTTPConnection(host, port)
        connection.default_port = 443 if parts.scheme == "https" else 80
        connection.sock = self._connect(host, self._addresses(host, port), port)
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        try:
            connection.request("POST", target, body, {**headers, "Connection": "close"})
            answer = connection.getresponse()
            if self._is_late:  # headers that were cut off read like headers that ended
                raise _Refused("timeout")
            text = answer.read(ANSWER_BYTES).decode("utf-8", "replace").replace("\x00", "")
            return answer.status, text, _wait_asked(answer.getheader("Retry-After", ""))
        finally:
            connection.close()

    def _addresses(self, host: str, port: int) -> Sequence[str]:
        """Where the name leads; every address must be allowed, as a name may lead to one after another."""
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as problem:
            raise _Refused("unknown_host") from problem
        addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
        if self._is_late:  # looking a name up cannot be cut short
            raise _Refused("timeout")
        if not addresses or not all(may_call(a, self._limits.networks) for a in addresses):
            raise _Refused("refused_address")
        return addresses

    def _connect(self, host: str, addresses: Sequence[str], port: int) -> socket.socket:
        """A connection to the first address that takes one: to the very address that was checked."""
        for place, address in enumerate(addresses):
            try:
                self._raw = socket.create_connection((address, port), self._left_s())
                break
            except OSError as problem:
                if place == len(addresses) - 1:
                    late = isinstance(problem, TimeoutError)
                    raise _Refused("timeout" if late else "no_connection") from problem
        assert self._raw is not None, "there is at least one address"
        if self._parts.scheme != "https":
            return self._raw
        secured = ssl.create_default_context().wrap_socket(
            self._raw, server_hostname=host, do_handshake_on_connect=False
        )
        self._raw = secured
        secured.do_handshake()
        return secured

    def _left_s(self) -> float:
        return max(0.05, self._ends - time.monotonic())

    def _cut(self) -> None:
        self._is_late = True
        if self._raw is not None:
            try:
                self._raw.shutdown(socket.SHUT_RDWR)
            except OSError:
                return  # it has ended by itself


def _name_of(problem: Exception) -> str:
    if isinstance(problem, TimeoutError):
        return "timeout"
    if isinstance(problem, ssl.SSLError):
        return "certificate"
    return "no_answer" if isinstance(problem, OSError) else "not_http"


def _wait_asked(text: str | None) -> float:
    value = (text or "").strip()
    return float(min(int(value), 3600)) if value.isascii() and value.isdigit() and len(value) < 9 else 0.0
