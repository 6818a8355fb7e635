"""Calls of a shop platform's HTTP API: pages, limits of rate, repeated reads, amounts, and what a refusal means."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import urlencode, urlsplit

from rapport.connectors.contracts import ConnectorDown, RateLimited, UnknownOutcome
from rapport.connectors.outbound import Incoming, Outbound, Outgoing
from rapport.connectors.pointing import plain_text

TRIES = 3
MAX_PAUSE_S = 2.0
_PAUSE_S = 0.3
MAX_PAGES = 10
_AGAIN = frozenset({500, 502, 503, 504})
_NEXT = re.compile(r'<([^<>]+)>\s*;[^,]*\brel="?next"?', re.IGNORECASE)


def amount(text: Any) -> Decimal:
    """An amount as a platform writes it; nothing is zero."""
    try:
        found = Decimal(str(text or "0"))
    except InvalidOperation:
        return Decimal(0)
    return found if found.is_finite() else Decimal(0)


class Refused(Exception):
    """The platform names a reason; nothing happened."""

    def __init__(self, code: str, message: str = "") -> None:
        self.code, self.message = code, message
        super().__init__(code)


class PlatformHttp:
    """One platform's API below one address."""

    def __init__(
        self,
        http: Outbound,
        base_url: str,
        headers: Mapping[str, str],
        *,
        pace: Callable[[Incoming], float] = lambda _: 0.0,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """`pace` tells from an answer how long to wait [s] before the next call."""
        self._http, self._base = http, base_url.rstrip("/")
        self._headers = {"Accept": "application/json", **headers}
        self._pace, self._sleep = pace, sleep
        self._wait_s = 0.0

    def close(self) -> None:
        """End open connections."""
        self._http.close()

    def read(self, path: str, query: Mapping[str, str] | None = None) -> Any:
        """The JSON behind a path; None when there is none. Raises ConnectorDown."""
        answer = self._read(self._address(path, query))
        return None if answer is None else _json(answer, ConnectorDown)

    def read_pages(self, path: str, query: Mapping[str, str], inside: str = "") -> list[Any]:
        """All items of a list that links its next page, up to `MAX_PAGES`. Raises ConnectorDown."""
        url = self._address(path, query)
        items: list[Any] = []
        for _ in range(MAX_PAGES):
            answer = self._read(url)
            if answer is None:
                break
            found = _json(answer, ConnectorDown)
            page = found.get(inside) if inside and isinstance(found, dict) else found
            if not isinstance(page, list):
                raise ConnectorDown("the answer is no list")
            items += page
            following = _NEXT.search(answer.headers.get("link", ""))
            if following is None or not page:
                break
            url = self._same_place(following[1])
        return items

    def write(self, method: str, path: str, body: Any) -> Any:
        """Send a change; a PUT, which has its effect once however often sent, is repeated after a lost answer.

        Raises Refused, ConnectorDown (it did not happen), UnknownOutcome (it may have).
        """
        url, content = self._address(path, None), json.dumps(body, ensure_ascii=False).encode()
        headers = {**self._headers, "Content-Type": "application/json"}
        for attempt in range(1, TRIES + 1):
            is_last = attempt == TRIES
            self._keep_pace()
            try:
                answer = self._http.write(Outgoing(method, url, headers, content))
            except UnknownOutcome:
                if is_last or method != "PUT":
                    raise
                self._sleep(_PAUSE_S)
                continue
            self._wait_s = self._pace(answer)
            if answer.status == 429:
                self._come_back(answer, is_last=is_last)
                continue
            if answer.status in _AGAIN and method == "PUT" and not is_last:
                self._sleep(_PAUSE_S)
                continue
            return _written(answer)
        raise UnknownOutcome("no clear answer")

    def ask(self, path: str, body: Any) -> Any:
        """A POST that only computes. Raises Refused, ConnectorDown."""
        try:
            return self.write("POST", path, body)
        except UnknownOutcome as problem:
            raise ConnectorDown(str(problem)) from problem

    def _read(self, url: str) -> Incoming | None:
        for attempt in range(1, TRIES + 1):
            is_last = attempt == TRIES
            self._keep_pace()
            try:
                answer = self._http.read(Outgoing("GET", url, self._headers))
            except ConnectorDown:
                if is_last:
                    raise
                self._sleep(_PAUSE_S)
                continue
            self._wait_s = self._pace(answer)
            if answer.status == 429:
                self._come_back(answer, is_last=is_last)
            elif answer.status in _AGAIN and not is_last:
                self._sleep(_PAUSE_S)
            elif answer.status == 404:
                return None
            elif answer.status != 200:
                raise ConnectorDown(f"HTTP {answer.status}")
            else:
                return answer
        raise ConnectorDown("no clear answer")

    def _keep_pace(self) -> None:
        if self._wait_s > 0:
            self._sleep(min(self._wait_s, MAX_PAUSE_S))
            self._wait_s = 0.0

    def _come_back(self, answer: Incoming, *, is_last: bool) -> None:
        """Wait as asked, if that is short. Raises RateLimited."""
        pause_s = answer.retry_after_s or 1.0
        if is_last or pause_s > MAX_PAUSE_S:
            raise RateLimited(pause_s)
        self._sleep(pause_s)

    def _address(self, path: str, query: Mapping[str, str] | None) -> str:
        return f"{self._base}/{path}" + (f"?{urlencode(query)}" if query else "")

    def _same_place(self, url: str) -> str:
        """The next page, if it is where the first was: the key goes nowhere else. Raises ConnectorDown."""
        here, there = urlsplit(self._base), urlsplit(url)
        if (here.scheme, here.netloc) != (there.scheme, there.netloc) or not there.path.startswith(here.path):
            raise ConnectorDown("the next page leads to another host")
        return url


def _json(answer: Incoming, unclear: type[Exception]) -> Any:
    try:
        return json.loads(answer.content)
    except (ValueError, RecursionError) as problem:
        raise unclear("the answer is not JSON") from problem


def _written(answer: Incoming) -> Any:
    if 200 <= answer.status < 300:
        return _json(answer, UnknownOutcome) if answer.content.strip() else {}
    if answer.status in {401, 403}:
        raise Refused("not_allowed")
    if 400 <= answer.status < 500 and answer.status != 408:
        raise Refused(*_reason(answer))
    raise UnknownOutcome(f"HTTP {answer.status}")


def _reason(answer: Incoming) -> tuple[str, str]:
    """Code and message as the platform gives them; its `errors` may be a text, a list or texts by field."""
    try:
        body = json.loads(answer.content)
    except (ValueError, RecursionError):
        body = {}
    body = body if isinstance(body, dict) else {}
    code = re.sub(r"[^a-z0-9_]+", "_", str(body.get("code") or "").lower()).strip("_")[:60]
    said = body.get("message") or body.get("errors") or body.get("error") or ""
    text = said if isinstance(said, str) else json.dumps(said, ensure_ascii=False)
    return code or f"http_{answer.status}", plain_text(text, 300)
