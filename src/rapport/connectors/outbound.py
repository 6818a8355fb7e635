"""HTTP to systems an administrator named: no redirects, no proxies from the environment, limits on size and time.

Private addresses are allowed, as systems of record often live in the same network; addresses that no system of
record has (link-local, where clouds keep their credentials; multicast; unspecified) are refused.
"""

from __future__ import annotations

import ipaddress
import socket
import time
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import httpx2

from rapport.connectors.contracts import ConnectorDown, RateLimited, UnknownOutcome

MAX_ANSWER_BYTES = 2_000_000
CONNECT_TIMEOUT_S = 3.0
ONE_REQUEST_A_CONNECTION = httpx2.Limits(max_keepalive_connections=0)
"""A second answer on a connection must never be taken for the answer to the next request."""
_LINK_LOCAL_LITERALS = ("metadata.google.internal",)


class AddressRefused(ConnectorDown):
    """The address is one no system of record has."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One request, complete but for the credentials."""

    method: str
    url: str
    headers: dict[str, str] = field(default_factory=dict)
    content: bytes = b""


@dataclass(frozen=True, slots=True)
class Incoming:
    """One answer, complete."""

    status: int
    headers: dict[str, str]
    content: bytes

    @property
    def retry_after_s(self) -> float:
        """Seconds the system asks to wait; 0 when it names none (or a date, which is not read)."""
        text = self.headers.get("retry-after", "").strip()
        return float(min(int(text), 86_400)) if text.isascii() and text.isdigit() else 0.0


def check_address(url: str) -> None:
    """Refuse what is no address of a system of record. Raises AddressRefused, ConnectorDown."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme not in {"http", "https"} or not host or host in _LINK_LOCAL_LITERALS:
        raise AddressRefused("this address is not allowed")
    try:
        found = socket.getaddrinfo(host, parts.port or 443, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError, ValueError) as problem:
        raise ConnectorDown("the host's name is not known") from problem
    for entry in found:
        address = ipaddress.ip_address(str(entry[4][0]).partition("%")[0])
        mapped = getattr(address, "ipv4_mapped", None)
        plain = mapped or address
        if plain.is_link_local or plain.is_multicast or plain.is_unspecified:
            raise AddressRefused("this address is not allowed")


class Outbound:
    """Sends requests to one host, each on a connection of its own."""

    def __init__(
        self,
        base_url: str,
        timeout_s: float = 8.0,
        transport: httpx2.BaseTransport | None = None,
        max_bytes: int = MAX_ANSWER_BYTES,
    ) -> None:
        self._base_url = base_url
        self._timeout_s = timeout_s
        self._max_bytes = max_bytes
        self._is_checked = transport is not None
        self._http = httpx2.Client(
            timeout=httpx2.Timeout(timeout_s, connect=min(CONNECT_TIMEOUT_S, timeout_s)),
            transport=transport,
            follow_redirects=False,
            limits=ONE_REQUEST_A_CONNECTION,
            trust_env=False,
            headers={"Accept-Encoding": "identity", "User-Agent": "Rapport"},
        )

    def close(self) -> None:
        """End open connections."""
        self._http.close()

    def read(self, request: Outgoing) -> Incoming:
        """Send a request that changes nothing. Raises ConnectorDown for everything that is no answer."""
        try:
            return self._send(request)
        except UnknownOutcome as problem:
            raise ConnectorDown(str(problem)) from problem

    def write(self, request: Outgoing) -> Incoming:
        """Send a request that changes something.

        Raises ConnectorDown when it certainly did not arrive, UnknownOutcome when it may have.
        """
        return self._send(request)

    def _send(self, request: Outgoing) -> Incoming:
        if not self._is_checked:
            check_address(self._base_url)
            self._is_checked = True
        deadline = time.monotonic() + self._timeout_s
        try:
            with self._http.stream(
                request.method, request.url, headers=request.headers, content=request.content or None
            ) as answer:
                content = self._content(answer, deadline)
                headers = {k.lower(): v for k, v in answer.headers.items()}
                return Incoming(answer.status_code, headers, content)
        except (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.UnsupportedProtocol) as problem:
            raise ConnectorDown("no connection") from problem
        except (httpx2.HTTPError, httpx2.InvalidURL) as problem:
            raise UnknownOutcome(type(problem).__name__) from problem

    def _content(self, answer: httpx2.Response, deadline: float) -> bytes:
        kept = bytearray()
        for part in answer.iter_bytes():
            kept += part
            if len(kept) > self._max_bytes:
                raise UnknownOutcome("the answer is too large")
            if time.monotonic() > deadline:
                raise UnknownOutcome("the answer takes too long")
        return bytes(kept)


def refuse_wait(answer: Incoming) -> None:
    """Raise RateLimited for an answer that asks to come back later; such a request was not carried out."""
    if answer.status == 429:
        raise RateLimited(answer.retry_after_s)
