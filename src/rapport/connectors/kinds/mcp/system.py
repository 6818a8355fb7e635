"""A system whose actions are tools of an MCP server."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Any, Protocol

import httpx2
from django.conf import settings as django_settings

from rapport.connectors.contracts import (
    ActionEffect,
    CallOutcome,
    ConnectorDown,
    JsonDict,
    Principal,
    Trial,
    UnknownOutcome,
)
from rapport.connectors.declared import DeclaredAction, InvalidArguments, declared_actions, fill, pick
from rapport.connectors.kinds.mcp.http import HttpTransport, SessionEnded
from rapport.connectors.kinds.mcp.messages import PROTOCOL, Refused
from rapport.connectors.kinds.mcp.servers import FILE_NAME, Server, read_servers
from rapport.connectors.kinds.mcp.stdio import StdioTransport
from rapport.connectors.kinds.mcp.tools import MAX_TOOLS, Tool, read_tool
from rapport.connectors.owning import find_by_asking, guarded
from rapport.connectors.pointing import look_up, plain_text, put

MAX_PAGES = 30
_SHOWN_CHARS = 20_000
_INVALID = (-32601, -32602)


class Transport(Protocol):
    """A way to a server."""

    def request(self, method: str, params: JsonDict) -> JsonDict:
        """Ask and wait. Raises ConnectorDown, UnknownOutcome, Refused."""
        ...

    def notify(self, method: str) -> None:
        """Tell without waiting."""
        ...

    def close(self) -> None:
        """End it."""
        ...


class McpSystem:
    """One connected server; its session is begun at the first call and begun again after a fault."""

    def __init__(
        self, base_url: str, secret: str, settings: JsonDict, transport: httpx2.BaseTransport | None = None
    ) -> None:
        self._base_url, self._secret, self._settings = base_url, secret, settings
        self._timeout_s = min(max(float(settings.get("timeout_s", 8)), 0.1), 60.0)
        self._actions = declared_actions(settings)
        self._fake = transport
        self._lock = threading.Lock()
        self._transport: Transport | None = None
        self._tools: dict[str, Tool] = {}

    def close(self) -> None:
        """End the session and its process."""
        with self._lock:
            transport, self._transport = self._transport, None
        if transport is not None:
            transport.close()

    def check(self) -> str:
        """Begin a session and count the tools. Raises ConnectorDown."""
        return f"{len(self.list_tools())} tools"

    def list_tools(self) -> tuple[Tool, ...]:
        """What the server offers now. Raises ConnectorDown."""
        self.close()
        self._begun()
        return tuple(self._tools.values())

    def call(self, action: str, arguments: JsonDict, principal: Principal | None, key: str) -> CallOutcome:
        """Perform an action. Raises ConnectorDown, UnknownOutcome."""
        return self.trial(action, arguments, principal, key).outcome

    def may_repeat(self, action: str) -> bool:
        """Whether the same call may be made again without having its effect twice."""
        return action in self._actions and self._actions[action].is_repeatable

    def find_outcome(
        self, action: str, arguments: JsonDict, principal: Principal | None, key: str
    ) -> CallOutcome | None:
        """Whether an earlier call happened, by the action declared to find it."""
        return find_by_asking(self._actions, action, lambda name: self._ask(name, arguments, principal, key))

    def trial(self, action: str, arguments: JsonDict, principal: Principal | None, key: str) -> Trial:
        """Perform an action and tell what was sent and answered."""
        declared = self._actions[action]
        refusal = guarded(self._actions, declared, lambda name: self._ask(name, arguments, principal, key))
        if refusal is not None:
            return Trial("", "", refusal)
        given: JsonDict = {}
        try:
            for name, value in fill(declared, arguments, principal, key).items():
                put(given, name.partition(":")[2], value)
        except InvalidArguments as problem:
            return Trial("", "", CallOutcome(ok=False, code="invalid_arguments", message=str(problem)))
        params = {"name": declared.target["tool"], "arguments": given}
        shown = plain_text("tools/call\n" + json.dumps(params, ensure_ascii=False, indent=2), _SHOWN_CHARS)
        try:
            result, outcome = self._perform(declared, params, principal)
        except UnknownOutcome as problem:
            if declared.effect is ActionEffect.READ:
                raise ConnectorDown(str(problem)) from problem
            raise
        return Trial(shown, result, outcome)

    def _ask(self, name: str, arguments: JsonDict, principal: Principal | None, key: str) -> CallOutcome:
        return self.trial(name, arguments, principal, key).outcome

    def _perform(
        self, action: DeclaredAction, params: JsonDict, principal: Principal | None
    ) -> tuple[str, CallOutcome]:
        transport = self._begun()
        tool = self._tools.get(str(action.target["tool"]))
        if tool is None or tool.digest != action.target["digest"]:
            message = "The server describes this tool differently now; confirm it again."
            return "", CallOutcome(ok=False, code="tool_changed", message=message)
        try:
            result = self._request(transport, "tools/call", params)
        except SessionEnded:
            result = self._request(self._begun(), "tools/call", params)
        except Refused as problem:
            if problem.code in _INVALID:
                return "", _refused("invalid_arguments", str(problem))
            raise UnknownOutcome(f"JSON-RPC error {problem.code}") from problem
        shown = plain_text(json.dumps(result, ensure_ascii=False, indent=2), _SHOWN_CHARS)
        return shown, _outcome(action, result, principal)

    def _request(self, transport: Transport, method: str, params: JsonDict) -> JsonDict:
        try:
            return transport.request(method, params)
        except (ConnectorDown, UnknownOutcome):
            self._drop(transport)
            raise

    def _drop(self, transport: Transport) -> None:
        """The session is of no use any more."""
        with self._lock:
            if self._transport is transport:
                self._transport = None
        transport.close()

    def _begun(self) -> Transport:
        """The session, begun when there is none. Raises ConnectorDown."""
        with self._lock:
            if self._transport is None:
                self._transport = self._begin()
            return self._transport

    def _begin(self) -> Transport:
        transport = self._open()
        try:
            transport.request(
                "initialize",
                {
                    "protocolVersion": PROTOCOL,
                    "capabilities": {},
                    "clientInfo": {"name": "rapport", "version": "1"},
                },
            )
            transport.notify("notifications/initialized")
            self._tools = _tools(transport)
        except (UnknownOutcome, Refused) as problem:
            transport.close()
            raise ConnectorDown(plain_text(str(problem), 200)) from problem
        except ConnectorDown:
            transport.close()
            raise
        return transport

    def _open(self) -> Transport:
        if self._settings.get("transport") == "stdio":
            server = known_servers().get(str(self._settings.get("server", "")))
            if server is None:
                raise ConnectorDown("no such server in the operator's file")
            return StdioTransport(server, self._timeout_s)
        return HttpTransport(self._base_url, self._secret, self._timeout_s, self._fake)


def known_servers() -> dict[str, Server]:
    """Servers the machine's operator allows to be started."""
    return read_servers(Path(django_settings.CONFIG.data_dir) / FILE_NAME)


def _tools(transport: Transport) -> dict[str, Tool]:
    found: dict[str, Tool] = {}
    cursor: Any = None
    for _ in range(MAX_PAGES):
        page = transport.request("tools/list", {"cursor": cursor} if cursor else {})
        entries = page.get("tools")
        for given in entries if isinstance(entries, list) else []:
            tool = read_tool(given)
            if tool is not None and len(found) < MAX_TOOLS:
                found.setdefault(tool.name, tool)
        cursor = page.get("nextCursor")
        if not isinstance(cursor, str) or not cursor:
            break
    return found


def _refused(code: str, reason: str) -> CallOutcome:
    """A refusal whose reason is for staff: what a server says is not passed on to customers unasked."""
    return CallOutcome(ok=False, code=code, data={"reason": " ".join(plain_text(reason, 300).split())})


def _outcome(action: DeclaredAction, result: JsonDict, principal: Principal | None) -> CallOutcome:
    parts = result.get("content")
    texts = [
        str(part.get("text", ""))
        for part in (parts if isinstance(parts, list) else [])
        if isinstance(part, dict) and part.get("type") == "text"
    ]
    text = "\n".join(texts)
    if result.get("isError") is True:
        return _refused("tool_error", text)
    answer = _answer(result.get("structuredContent"), text)
    if not answer.get("text") and len(answer) == 1 and action.outputs:
        unclear = ConnectorDown if action.effect is ActionEffect.READ else UnknownOutcome
        raise unclear("the answer is empty")
    if action.owner:
        owner = look_up(answer, action.owner)
        if principal is None or not principal.customer_ref or str(owner) != principal.customer_ref:
            return CallOutcome(ok=False, code="not_owner")
    return CallOutcome(ok=True, data=pick(action, answer))


def _answer(structured: Any, text: str) -> JsonDict:
    """Structured content, or a text that is JSON, with the text itself under `text`."""
    if structured is None and text.lstrip()[:1] in {"{", "["}:
        try:
            structured = json.loads(text)
        except (ValueError, RecursionError):
            structured = None
    if isinstance(structured, list):
        structured = {"items": structured}
    return {"text": text, **structured} if isinstance(structured, dict) else {"text": text}
