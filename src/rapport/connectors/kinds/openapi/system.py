"""A system reached by the operations of its OpenAPI document that an administrator made actions of."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from urllib.parse import urlencode

import httpx2

from rapport.connectors.contracts import (
    ActionEffect,
    CallOutcome,
    ConnectorDown,
    JsonDict,
    Principal,
    Trial,
    UnknownOutcome,
)
from rapport.connectors.declared import DeclaredAction, InvalidArguments, declared_actions
from rapport.connectors.kinds.openapi.answers import read_outcome
from rapport.connectors.kinds.openapi.credentials import Credentials, read_login
from rapport.connectors.kinds.openapi.requesting import build
from rapport.connectors.outbound import Incoming, Outbound, Outgoing
from rapport.connectors.owning import find_by_asking, guarded
from rapport.connectors.pointing import look_up, plain_text

TRIES = 2
MAX_PAUSE_S = 2.0
_PAUSE_S = 0.2
_SHOWN_CHARS = 20_000
_HIDDEN = "••••"


class OpenApiSystem:
    """One connected system of this kind."""

    def __init__(
        self, base_url: str, secret: str, settings: JsonDict, transport: httpx2.BaseTransport | None = None
    ) -> None:
        timeout_s = min(max(float(settings.get("timeout_s", 8)), 0.1), 60.0)
        self._base_url = base_url
        self._actions = declared_actions(settings)
        self._http = Outbound(base_url, timeout_s, transport)
        login = read_login(settings)
        self._tokens = Outbound(login.token_url, timeout_s, transport) if login.token_url else None
        self._credentials = Credentials(login, secret, self._tokens)

    def close(self) -> None:
        """End open connections."""
        self._http.close()
        if self._tokens is not None:
            self._tokens.close()

    def check(self) -> str:
        """Whether the address answers at all, with whatever status."""
        answer = self._http.read(Outgoing("GET", self._base_url + "/", {"Accept": "application/json"}))
        if answer.status >= 500:
            raise ConnectorDown(f"HTTP {answer.status}")
        return f"HTTP {answer.status}"

    def call(self, action: str, arguments: JsonDict, principal: Principal | None, key: str) -> CallOutcome:
        """Perform an action. Raises ConnectorDown, UnknownOutcome."""
        return self.trial(action, arguments, principal, key).outcome

    def find_outcome(
        self, action: str, arguments: JsonDict, principal: Principal | None, key: str
    ) -> CallOutcome | None:
        """Whether an earlier call happened, by the action declared to find it."""
        return find_by_asking(self._actions, action, lambda name: self._ask(name, arguments, principal, key))

    def may_repeat(self, action: str) -> bool:
        """Whether the same call may be made again without having its effect twice."""
        return action in self._actions and self._actions[action].is_repeatable

    def trial(self, action: str, arguments: JsonDict, principal: Principal | None, key: str) -> Trial:
        """Perform an action and tell what was sent and answered."""
        declared = self._actions[action]
        refusal = guarded(self._actions, declared, lambda name: self._ask(name, arguments, principal, key))
        if refusal is not None:
            return Trial("", "", refusal)
        try:
            request = build(declared, self._base_url, arguments, principal, key)
        except InvalidArguments as problem:
            return Trial("", "", CallOutcome(ok=False, code="invalid_arguments", message=str(problem)))
        answer = self._send(declared, request)
        outcome = read_outcome(declared, answer, is_read=declared.effect is ActionEffect.READ)
        if declared.owner and outcome.ok and not _is_owner(declared, answer, principal):
            outcome = CallOutcome(ok=False, code="not_owner")
        return Trial(_shown(request), _shown_answer(answer), outcome)

    def _ask(self, name: str, arguments: JsonDict, principal: Principal | None, key: str) -> CallOutcome:
        return self.trial(name, arguments, principal, key).outcome

    def _send(self, action: DeclaredAction, request: Outgoing) -> Incoming:
        """Send with credentials; again, once, where that does no harm."""
        for attempt in range(1, TRIES + 1):
            is_last = attempt == TRIES or not action.is_repeatable
            try:
                answer = self._send_once(action, request)
            except UnknownOutcome:
                if is_last:
                    raise
            except ConnectorDown:
                if is_last or action.effect is not ActionEffect.READ:
                    raise
            else:
                pause_s = answer.retry_after_s if answer.status in {429, 503} else _PAUSE_S
                if answer.status == 401:
                    self._credentials.forget_token()
                if is_last or answer.status not in {429, 500, 502, 503, 504} or pause_s > MAX_PAUSE_S:
                    return answer
                time.sleep(pause_s)
                continue
            time.sleep(_PAUSE_S)
        raise ConnectorDown("no answer")

    def _send_once(self, action: DeclaredAction, request: Outgoing) -> Incoming:
        headers = {**request.headers, **self._credentials.headers()}
        url, query = request.url, self._credentials.query()
        if query:
            url += ("&" if "?" in url else "?") + urlencode(query)
        complete = replace(request, url=url, headers=headers)
        if action.effect is ActionEffect.READ:
            return self._http.read(complete)
        return self._http.write(complete)


def _is_owner(action: DeclaredAction, answer: Incoming, principal: Principal | None) -> bool:
    found = look_up(json.loads(answer.content or b"null"), action.owner)
    return principal is not None and bool(principal.customer_ref) and str(found) == principal.customer_ref


def _shown(request: Outgoing) -> str:
    """A request as shown to an administrator: without credentials, which are added later."""
    lines = [f"{request.method} {request.url}", *(f"{k}: {v}" for k, v in request.headers.items())]
    body = request.content.decode("utf-8", "replace")
    return plain_text("\n".join([*lines, f"(credentials: {_HIDDEN})", "", body]).rstrip(), _SHOWN_CHARS)


def _shown_answer(answer: Incoming) -> str:
    kind = answer.headers.get("content-type", "")
    text = answer.content.decode("utf-8", "replace")
    return plain_text(f"HTTP {answer.status} {kind}\n\n{text}", _SHOWN_CHARS)
