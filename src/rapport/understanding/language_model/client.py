"""HTTP to an OpenAI-compatible server: deadline, one retry, forms of output, circuit breaker. Never raises."""

from __future__ import annotations

import datetime as dt
import json
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from email.utils import parsedate_to_datetime

import httpx2

from rapport.kernel.clock import now
from rapport.understanding.language_model.breaker import Breaker
from rapport.understanding.language_model.contracts import ChatAnswer, JsonDict, Message, Outcome
from rapport.understanding.language_model.settings import OUTPUT_MODES, OutputMode, Server

RETRIES = 1
FIRST_SHARE = 0.65
"""Share of the deadline the first attempt may take, so that a connection that hangs leaves time for another."""
CONNECT_S = 2.0
MAX_BYTES = 512 * 1024
TOOL = "answer"
_LEAST_S = 0.05
_JITTER_S = (0.2, 0.6)
_RETRYABLE = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 529})
_UNSUPPORTED = frozenset({400, 415, 422, 501})
"""How servers say that they do not know a form of output."""


@dataclass(frozen=True, slots=True)
class _Attempt:
    """What one request came to."""

    outcome: Outcome
    body: JsonDict | None = None
    problem: str = ""
    status: int = 0
    retry_after_s: float | None = None

    @property
    def is_retryable(self) -> bool:
        """Whether the same request may succeed a moment later."""
        return self.outcome in {"timeout", "no_connection", "rate_limited", "server_error"}


class ChatClient:
    """Asks one server; keeps its connections and the form of output that it accepts."""

    def __init__(
        self,
        server: Server,
        *,
        breaker: Breaker | None = None,
        transport: httpx2.BaseTransport | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.server = server
        self.breaker = breaker or Breaker()
        self._sleep = sleep
        self._mode: OutputMode = server.output or OUTPUT_MODES[0]
        headers = {"Authorization": f"Bearer {server.key}"} if server.key else {}
        self._http = httpx2.Client(headers=headers, transport=transport, trust_env=False)

    @property
    def mode(self) -> OutputMode:
        """The form of output in use."""
        return self._mode

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def ask(self, messages: Sequence[Message], schema: JsonDict) -> ChatAnswer:
        """The content of the server's answer, within the deadline; an outcome that says why when there is none."""
        if not self.breaker.lets_through():
            return ChatAnswer("circuit_open", problem="the server failed repeatedly and is left alone")
        started = time.monotonic()
        answer = self._ask(messages, schema, started + self.server.deadline_s)
        self.breaker.note(ok=answer.outcome in {"answered", "garbage"})
        return replace(answer, latency_ms=round((time.monotonic() - started) * 1000, 1))

    def _ask(self, messages: Sequence[Message], schema: JsonDict, deadline: float) -> ChatAnswer:
        attempts, retries_left, mode = 0, RETRIES, self._mode
        while True:
            attempts += 1
            patience_s = self.server.deadline_s * (FIRST_SHARE if retries_left else 1.0)
            until = min(deadline, time.monotonic() + patience_s)
            found = self._post(self._payload(messages, schema, mode), until)
            if found.outcome == "answered":
                self._mode = mode
            looser = self._looser(mode)
            if found.status in _UNSUPPORTED and looser:
                mode = looser
                continue
            if not found.is_retryable or not retries_left or not self._wait(found, deadline):
                return _answer(found, messages, attempts)
            retries_left -= 1

    def _looser(self, refused: OutputMode) -> OutputMode | None:
        """The next less strict form of output; None when there is none or the installation chose one."""
        place = OUTPUT_MODES.index(refused) + 1
        return None if self.server.output or place == len(OUTPUT_MODES) else OUTPUT_MODES[place]

    def _wait(self, found: _Attempt, deadline: float) -> bool:
        """Pause before the retry; False when the deadline does not leave the time."""
        asked_s = found.retry_after_s
        pause_s = asked_s if asked_s is not None else random.uniform(*_JITTER_S)  # noqa: S311 - jitter
        if time.monotonic() + pause_s + _LEAST_S >= deadline:
            return False
        self._sleep(pause_s)
        return True

    def _payload(self, messages: Sequence[Message], schema: JsonDict, mode: OutputMode) -> JsonDict:
        payload: JsonDict = {
            "model": self.server.model,
            "messages": [{"role": m.role, "content": m.content} for m in messages],
            "temperature": 0,
            "max_tokens": self.server.max_tokens,
        }
        if mode == "json_schema":
            form = {"name": TOOL, "schema": schema, "strict": True}
            payload["response_format"] = {"type": "json_schema", "json_schema": form}
        elif mode == "tool":
            payload["tools"] = [{"type": "function", "function": {"name": TOOL, "parameters": schema}}]
            payload["tool_choice"] = {"type": "function", "function": {"name": TOOL}}
        elif mode == "json_object":
            payload["response_format"] = {"type": "json_object"}
        return payload

    def _post(self, payload: JsonDict, deadline: float) -> _Attempt:
        left_s = deadline - time.monotonic()
        if left_s < _LEAST_S:
            return _Attempt("timeout", problem="the deadline has passed")
        timeout = httpx2.Timeout(left_s, connect=min(left_s, CONNECT_S))
        url = f"{self.server.url.rstrip('/')}/chat/completions"
        try:
            with self._http.stream("POST", url, json=payload, timeout=timeout) as response:
                body = _read_until(response, deadline)
        except httpx2.TimeoutException as problem:
            return _Attempt("timeout", problem=type(problem).__name__)
        except (httpx2.ConnectError, httpx2.RemoteProtocolError, httpx2.ReadError) as problem:
            return _Attempt("no_connection", problem=type(problem).__name__)
        except (httpx2.HTTPError, httpx2.InvalidURL, ValueError) as problem:
            return _Attempt("refused", problem=type(problem).__name__)
        if body is None:
            return _Attempt("timeout", problem="the answer was too slow or too long")
        return _judged(response, body)


def _read_until(response: httpx2.Response, deadline: float) -> bytes | None:
    """The body, or None when the deadline passes first or it grows too long: a slow stream is cut off."""
    parts, size = [], 0
    for part in response.iter_bytes():
        parts.append(part)
        size += len(part)
        if size > MAX_BYTES or time.monotonic() > deadline:
            return None
    return b"".join(parts)


def _judged(response: httpx2.Response, raw: bytes) -> _Attempt:
    status = response.status_code
    if status in _RETRYABLE:
        outcome: Outcome = "rate_limited" if status == 429 else "server_error"
        pause_s = _retry_after(response.headers.get("Retry-After", ""))
        return _Attempt(outcome, problem=f"HTTP {status}", status=status, retry_after_s=pause_s)
    if status != 200:
        return _Attempt(
            "server_error" if status >= 500 else "refused", problem=f"HTTP {status}", status=status
        )
    try:
        body = json.loads(raw)
    except (ValueError, RecursionError):
        return _Attempt("garbage", problem="the answer is not JSON", status=status)
    if not isinstance(body, dict):
        return _Attempt("garbage", problem="the answer is not an object", status=status)
    return _Attempt("answered", body, status=status)


def _retry_after(value: str) -> float | None:
    """Seconds of a ``Retry-After`` header, written as a number or as a date."""
    if value.strip().isdigit():
        return float(value)
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
    return max(0.0, (aware - now()).total_seconds())


def _answer(found: _Attempt, messages: Sequence[Message], attempts: int) -> ChatAnswer:
    if found.body is None:
        return ChatAnswer(found.outcome, problem=found.problem, attempts=attempts)
    content = _content(found.body)
    tokens_in, tokens_out = _usage(found.body, messages, content or "")
    if content is None or _is_cut_off(found.body):
        problem = "the answer holds no message" if content is None else "the answer was cut off at its length"
        return ChatAnswer("garbage", content or "", problem, attempts, tokens_in, tokens_out)
    return ChatAnswer("answered", content, "", attempts, tokens_in, tokens_out)


def _content(body: JsonDict) -> str | None:
    """Arguments of the tool call, else the text of the first choice."""
    try:
        message = body["choices"][0]["message"]
        calls = message.get("tool_calls")
        content = calls[0]["function"]["arguments"] if calls else message["content"]
    except (AttributeError, IndexError, KeyError, TypeError):
        return None
    return content if isinstance(content, str) else None


def _is_cut_off(body: JsonDict) -> bool:
    return bool(body["choices"][0].get("finish_reason") == "length")


def _usage(body: JsonDict, messages: Sequence[Message], content: str) -> tuple[int, int]:
    """Tokens as the server counted them; without its count an estimate on the high side."""
    usage = body.get("usage")
    counted = usage if isinstance(usage, dict) else {}

    def tokens(key: str, estimate: int) -> int:
        value = counted.get(key)
        is_count = isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**9
        return int(value) if is_count and value is not None else estimate

    return (
        tokens("prompt_tokens", estimate_tokens("".join(m.content for m in messages))),
        tokens("completion_tokens", estimate_tokens(content)),
    )


def estimate_tokens(text: str) -> int:
    """Tokens of a text, rather too many: half its bytes, as scripts other than Latin need most."""
    return len(text.encode("utf-8", "replace")) // 2 + 1
