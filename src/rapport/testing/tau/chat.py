"""One OpenAI-compatible server in a conversation: time limit, retries, tokens counted. No SDK, one POST request."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx2

from rapport.kernel.errors import RapportError

JsonDict = dict[str, Any]
RETRIES = 3
LONGEST_PAUSE_S = 30.0
MAX_BYTES = 4 * 1024 * 1024
_RETRYABLE = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 529})
_OPTIONAL = ("seed", "temperature")
"""Settings that some servers refuse; then they are left out."""


@dataclass(frozen=True, slots=True)
class ChatServer:
    """Where a model answers, and how it is asked."""

    url: str
    """Base address, usually ending in ``/v1``."""
    model: str
    key: str = field(default="", repr=False)
    timeout_s: float = 60.0
    temperature: float = 0.0
    retries: int = RETRIES


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A function that a model wants to have called."""

    id: str
    name: str
    arguments: str
    """JSON, as the model wrote it."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a model said."""

    content: str
    tool_calls: tuple[ToolCall, ...]
    message: JsonDict
    """As it goes back into the conversation."""


class ChatFailed(RapportError):
    """No answer, after all retries; `outcome` says why in one word."""

    code = "no_answer"

    def __init__(self, outcome: str, problem: str) -> None:
        self.outcome = outcome
        super().__init__(f"{outcome}: {problem}")


@dataclass(slots=True)
class Spent:
    """What a conversation has cost so far."""

    calls: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    retries: int = 0


class Chat:
    """Asks one server; `spent` grows with every call."""

    def __init__(
        self, server: ChatServer, *, seed: int | None = None, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self.server, self.spent = server, Spent()
        self._seed, self._sleep = seed, sleep
        self._left_out: set[str] = set()
        headers = {"Authorization": f"Bearer {server.key}"} if server.key else {}
        self._http = httpx2.Client(headers=headers, timeout=server.timeout_s, trust_env=False)

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def ask(self, messages: Sequence[JsonDict], tools: Sequence[JsonDict] = ()) -> Answer:
        """The model's next message. Raises ChatFailed."""
        for attempt in range(self.server.retries + 1):
            try:
                return self._ask(messages, tools)
            except _Again as again:
                if attempt == self.server.retries:
                    raise ChatFailed(again.outcome, again.problem) from again
                self.spent.retries += 1
                pause_s = again.pause_s if again.pause_s is not None else 2.0**attempt
                jitter_s = random.uniform(0.0, 0.5)  # noqa: S311 - jitter
                self._sleep(min(LONGEST_PAUSE_S, pause_s) + jitter_s)
        raise AssertionError("the last attempt returns or raises")

    def _ask(self, messages: Sequence[JsonDict], tools: Sequence[JsonDict]) -> Answer:
        payload: JsonDict = {"model": self.server.model, "messages": list(messages)}
        payload |= {"temperature": self.server.temperature}
        payload |= {"seed": self._seed} if self._seed is not None else {}
        payload |= {"tools": list(tools)} if tools else {}
        for name in self._left_out:
            payload.pop(name, None)
        status, headers, body = self._post(payload)
        if status in {400, 422} and any(name in payload for name in _OPTIONAL):
            self._left_out.update(_OPTIONAL)
            raise _Again("refused", f"HTTP {status}", 0.0)
        if status in _RETRYABLE or status >= 500:
            pause = headers.get("retry-after", "")
            outcome = "rate_limited" if status == 429 else "server_error"
            raise _Again(outcome, f"HTTP {status}", float(pause) if pause.strip().isdigit() else None)
        if status != 200:
            raise ChatFailed("refused", f"HTTP {status} {body[:200]!r}")
        return self._read(body, messages)

    def _post(self, payload: JsonDict) -> tuple[int, Mapping[str, str], bytes]:
        until = time.monotonic() + self.server.timeout_s
        parts: list[bytes] = []
        size = 0
        url = f"{self.server.url.rstrip('/')}/chat/completions"
        try:
            with self._http.stream("POST", url, json=payload) as response:
                for part in response.iter_bytes():
                    parts.append(part)
                    size += len(part)
                    if size > MAX_BYTES or time.monotonic() > until:
                        raise _Again("timeout", "the answer was too slow or too long")
        except httpx2.TimeoutException as problem:
            raise _Again("timeout", type(problem).__name__) from problem
        except httpx2.HTTPError as problem:
            raise _Again("no_connection", type(problem).__name__) from problem
        except httpx2.InvalidURL as problem:
            raise ChatFailed("refused", str(problem)) from problem
        return response.status_code, {k.lower(): v for k, v in response.headers.items()}, b"".join(parts)

    def _read(self, body: bytes, messages: Sequence[JsonDict]) -> Answer:
        try:
            data = json.loads(body)
            message = data["choices"][0]["message"]
            content = message.get("content") or ""
            calls = tuple(_call(entry) for entry in message.get("tool_calls") or ())
        except (ValueError, RecursionError, AttributeError, LookupError, TypeError) as problem:
            raise _Again("garbage", type(problem).__name__) from problem
        if not isinstance(content, str):
            raise _Again("garbage", "the content is no text")
        self._count(data.get("usage"), messages, content)
        kept: JsonDict = {"role": "assistant", "content": content}
        if calls:
            kept["tool_calls"] = [
                {"id": c.id, "type": "function", "function": {"name": c.name, "arguments": c.arguments}}
                for c in calls
            ]
        return Answer(content, calls, kept)

    def _count(self, usage: Any, messages: Sequence[JsonDict], content: str) -> None:
        """Tokens as the server counts them; without its count a quarter of the characters."""
        counted = usage if isinstance(usage, dict) else {}
        sent = sum(len(str(m.get("content") or "")) for m in messages)
        self.spent.calls += 1
        self.spent.tokens_in += _tokens(counted.get("prompt_tokens"), sent // 4)
        self.spent.tokens_out += _tokens(counted.get("completion_tokens"), len(content) // 4)


class _Again(Exception):
    """An attempt that may succeed a moment later."""

    def __init__(self, outcome: str, problem: str, pause_s: float | None = None) -> None:
        self.outcome, self.problem, self.pause_s = outcome, problem, pause_s
        super().__init__(f"{outcome}: {problem}")


def _tokens(value: Any, estimate: int) -> int:
    is_count = isinstance(value, int) and not isinstance(value, bool) and value >= 0
    return int(value) if is_count else estimate


def _call(entry: JsonDict) -> ToolCall:
    function = entry["function"]
    arguments = function.get("arguments")
    text = arguments if isinstance(arguments, str) else json.dumps(arguments or {})
    return ToolCall(str(entry.get("id") or "call"), str(function["name"]), text)
