"""HTTP to the shop: one place for time-outs, errors and the meaning of an answer."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import httpx2

from rapport.connectors.contracts import CallOutcome, ConnectorDown, UnknownOutcome
from rapport.connectors.remembering import forget_answers, once
from rapport.kernel.clock import is_simulated, now

TIMEOUT = httpx2.Timeout(8.0, connect=2.0)


class ShopClient:
    """Calls of one shop; keeps its connections open."""

    def __init__(self, base_url: str, secret: str, transport: httpx2.BaseTransport | None = None) -> None:
        self.base_url = base_url.rstrip("/")
        self._http = httpx2.Client(
            base_url=base_url.rstrip("/"),
            timeout=TIMEOUT,
            transport=transport,
            headers={"Authorization": f"Bearer {secret}"},
            trust_env=False,
        )

    def read(self, path: str, **query: str) -> Any:
        """The JSON behind a path, or None when the shop says there is none. Raises ConnectorDown.

        The same value may be handed out again (`reading_once`): do not change it.
        """
        question = (id(self), path, tuple(sorted(query.items())))
        return once(question, lambda: self._read(path, query))

    def _read(self, path: str, query: dict[str, str]) -> Any:
        try:
            answer = self._http.get(path, params=query)
        except httpx2.HTTPError as problem:
            raise ConnectorDown(type(problem).__name__) from problem
        if answer.status_code in {403, 404, 422}:
            return None
        if answer.status_code != 200:
            raise ConnectorDown(f"HTTP {answer.status_code}")
        return _json(answer)

    def write(self, method: str, path: str, body: dict[str, Any], key: str) -> CallOutcome:
        """Perform a write exactly once per key.

        Raises ConnectorDown when it certainly did not happen, UnknownOutcome when it may have.
        """
        headers = {"Idempotency-Key": key}
        if is_simulated():
            headers["X-Occurred-At"] = now().isoformat()
        forget_answers()
        try:
            answer = self._http.request(method, path, json=body, headers=headers)
        except httpx2.ConnectError as problem:
            raise ConnectorDown("no connection") from problem
        except httpx2.HTTPError as problem:
            raise UnknownOutcome(type(problem).__name__) from problem
        return _outcome(answer)

    def find_operation(self, key: str) -> CallOutcome | None:
        """What the shop remembers of a key. Raises ConnectorDown."""
        found = self._read(f"/operations/{quote(key, safe='')}", {})
        if found is None:
            return None
        return _from_status(int(found["status_code"]), found["response"])


def _json(answer: httpx2.Response) -> Any:
    try:
        return answer.json()
    except ValueError as problem:
        raise ConnectorDown("the answer is not JSON") from problem


def _outcome(answer: httpx2.Response) -> CallOutcome:
    if answer.status_code >= 500:
        raise UnknownOutcome(f"HTTP {answer.status_code}")
    try:
        body = answer.json()
    except ValueError as problem:
        raise UnknownOutcome("the answer is not JSON") from problem
    return _from_status(answer.status_code, body)


def _from_status(status: int, body: Any) -> CallOutcome:
    if 200 <= status < 300:
        return CallOutcome(ok=True, data=body if isinstance(body, dict) else {"value": body})
    error = body.get("error", {}) if isinstance(body, dict) else {}
    return CallOutcome(
        ok=False, code=str(error.get("code") or f"http_{status}"), message=str(error.get("message", ""))
    )
