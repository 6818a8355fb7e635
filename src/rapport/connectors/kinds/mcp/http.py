"""A server behind an address (streamable HTTP): each message a POST, the answer as JSON or as a stream of events."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator

import httpx2

from rapport.connectors.contracts import ConnectorDown, JsonDict, RateLimited, UnknownOutcome
from rapport.connectors.kinds.mcp import messages
from rapport.connectors.outbound import ONE_REQUEST_A_CONNECTION, Incoming, check_address


class SessionEnded(ConnectorDown):
    """The server does not know the session any more; a new one must be begun."""


class HttpTransport:
    """One session with a server."""

    def __init__(
        self, url: str, secret: str, timeout_s: float, transport: httpx2.BaseTransport | None = None
    ) -> None:
        self._url = url
        self._timeout_s = timeout_s
        self._numbers = itertools.count(1)
        self._session = self._protocol = ""
        if transport is None:
            check_address(url)
        self._http = httpx2.Client(
            timeout=httpx2.Timeout(timeout_s, connect=min(3.0, timeout_s)),
            transport=transport,
            follow_redirects=False,
            limits=ONE_REQUEST_A_CONNECTION,
            trust_env=False,
            headers={
                "Accept": "application/json, text/event-stream",
                "Accept-Encoding": "identity",
                "Content-Type": "application/json",
                "User-Agent": "Rapport",
                **({"Authorization": f"Bearer {secret}"} if secret else {}),
            },
        )

    def request(self, method: str, params: JsonDict) -> JsonDict:
        """Ask and wait. Raises ConnectorDown (not done), UnknownOutcome (maybe done), Refused."""
        number = next(self._numbers)
        for message in self._post(messages.request(number, method, params)):
            if messages.is_answer(message, number):
                result = messages.result_of(message)
                if method == "initialize":
                    self._protocol = str(result.get("protocolVersion", messages.PROTOCOL))
                return result
            reply = messages.answer_to(message)
            if reply is not None:
                list(self._post(reply))
        raise UnknownOutcome("the answer is missing")

    def notify(self, method: str) -> None:
        """Tell without waiting."""
        list(self._post(messages.notification(method)))

    def _headers(self) -> dict[str, str]:
        headers = {"Mcp-Session-Id": self._session, "MCP-Protocol-Version": self._protocol}
        return {name: value for name, value in headers.items() if value}

    def _post(self, content: bytes) -> Iterator[JsonDict]:
        deadline = time.monotonic() + self._timeout_s
        try:
            with self._http.stream("POST", self._url, content=content, headers=self._headers()) as answer:
                self._check(answer)
                self._session = answer.headers.get("mcp-session-id", "") or self._session
                is_stream = answer.headers.get("content-type", "").startswith("text/event-stream")
                events = _events(answer, deadline) if is_stream else _whole(answer, deadline)
                for event in events:
                    message = messages.parse(event)
                    if message is not None:
                        yield message
        except (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.UnsupportedProtocol) as problem:
            raise ConnectorDown("no connection") from problem
        except (httpx2.HTTPError, httpx2.InvalidURL) as problem:
            raise UnknownOutcome(type(problem).__name__) from problem

    def _check(self, answer: httpx2.Response) -> None:
        status = answer.status_code
        if status == 404 and self._session:
            raise SessionEnded("the session has ended")
        if status == 429:
            headers = {k.lower(): v for k, v in answer.headers.items()}
            raise RateLimited(Incoming(status, headers, b"").retry_after_s)
        if 300 <= status < 400:
            raise ConnectorDown("it redirects to another address, which is not followed")
        if 400 <= status < 500:
            raise ConnectorDown(f"HTTP {status}")
        if status >= 500:
            raise UnknownOutcome(f"HTTP {status}")

    def close(self) -> None:
        """End the session, if the server still listens."""
        try:
            if self._session:
                self._http.request("DELETE", self._url, headers=self._headers(), timeout=1.0)
        except httpx2.HTTPError:
            pass  # a server that is gone has no session to end
        finally:
            self._http.close()


def _parts(answer: httpx2.Response, deadline: float) -> Iterator[bytes]:
    size = 0
    for part in answer.iter_bytes():
        size += len(part)
        if size > messages.MAX_MESSAGE_BYTES:
            raise UnknownOutcome("the answer is too large")
        if time.monotonic() > deadline:
            raise UnknownOutcome("no answer in time")
        yield part


def _whole(answer: httpx2.Response, deadline: float) -> Iterator[bytes]:
    yield b"".join(_parts(answer, deadline))


def _events(answer: httpx2.Response, deadline: float) -> Iterator[bytes]:
    """The data of each server-sent event."""
    rest, data = b"", []
    for part in _parts(answer, deadline):
        *lines, rest = (rest + part).split(b"\n")
        for line in (raw.rstrip(b"\r") for raw in lines):
            if line.startswith(b"data:"):
                data.append(line[5:].removeprefix(b" "))
            elif not line and data:
                yield b"\n".join(data)
                data = []
    if data:
        yield b"\n".join(data)
