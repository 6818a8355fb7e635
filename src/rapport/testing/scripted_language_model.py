"""A language-model server that follows a script: real HTTP on this machine, no model, no key.

Tests of the language-model engine use it, and whoever wants to see the wiring work without a model at hand:

    with ScriptedLanguageModel([Rule("give back", start("return_items"))]) as server:
        ...  # LANGUAGE_MODEL_URL = server.url
        assert server.requests[0].user["message"]

Each request takes the next entry of the script (`server.script`), if there is one; else the first rule whose words
occur in the customer's message answers; else a `clarify` without options. An answer is what the model would say
(a dict becomes JSON, a string is sent as it is) or a `Fault`: time out, an HTTP status with ``Retry-After``, a body
that is no JSON, a stream of one byte at a time. `forms` are the forms of output the server knows; it answers HTTP 400
to the others, as real servers do.

    python -m rapport.testing.scripted_language_model --port 9009 --rules rules.json

runs it alone; ``rules.json`` is ``{"words": [command, …], …}``. With ``--words customer.json``
(``{"words": "answer"}``) it plays a customer.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, Self

FORMS = frozenset({"json_schema", "tool", "json_object", "plain"})
_QUOTED = re.compile(r"<customer_text>\n?(.*?)\n?</customer_text>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Fault:
    """A way in which a server fails."""

    status: int = 200
    retry_after: str = ""
    body: str = "{}"
    wait_s: float = 0.0
    """Before the answer's first byte."""
    byte_s: float = 0.0
    """Between the bytes of the answer."""


TIMES_OUT = Fault(wait_s=30.0)
FAILS = Fault(500)
IS_BUSY = Fault(429, retry_after="0")
NO_JSON = Fault(200, body="<html>gateway</html>")


def slowly(body: str = "{}" * 200, *, byte_s: float = 0.05) -> Fault:
    """A stream that never ends in time."""
    return Fault(body=body, byte_s=byte_s)


@dataclass(frozen=True, slots=True)
class Received:
    """One request as it arrived."""

    path: str
    headers: Mapping[str, str]
    body: dict[str, Any]

    @property
    def form(self) -> str:
        """The form of output that was asked for."""
        if "tool_choice" in self.body:
            return "tool"
        return str(self.body.get("response_format", {}).get("type", "plain"))

    @property
    def text(self) -> str:
        """Everything that was sent, as text."""
        return json.dumps(self.body, ensure_ascii=False)

    @property
    def user(self) -> dict[str, Any]:
        """The last turn: the customer's message, what was asked, what is waited for; plain words as a message."""
        content = str(self.body["messages"][-1]["content"])
        try:
            found = json.loads(content)
        except ValueError:
            found = None
        return found if isinstance(found, dict) else {"message": content}

    @property
    def turns(self) -> int:
        """How often the model has spoken before in this conversation."""
        return sum(m["role"] == "assistant" for m in self.body["messages"])

    @property
    def message(self) -> str:
        """The customer's words as they were sent."""
        message = str(self.user.get("message", ""))
        quoted = _QUOTED.search(message)
        return quoted[1] if quoted else message


@dataclass(frozen=True, slots=True)
class ToolCalls:
    """Functions that the model wants to have called, each with its arguments."""

    calls: tuple[tuple[str, dict[str, Any] | str], ...]


Said = dict[str, Any] | str | Fault | ToolCalls
Answer = Said | Callable[[Received], Said]


@dataclass(frozen=True, slots=True)
class Rule:
    """What is answered to messages that hold certain words; the empty text holds in every message."""

    words: str
    answer: Answer


def commands(*found: Mapping[str, Any], sentiment: str = "neutral", language: str = "en") -> dict[str, Any]:
    """A model's whole answer with these commands."""
    return {
        "language": language,
        "commands": [dict(c) for c in found],
        "sentiment": sentiment,
        "entities": [],
        "confidence": 0.95,
    }


def start(procedure: str, *, quote: str = "", confidence: float = 0.95) -> dict[str, Any]:
    """An answer that starts one procedure."""
    command = {"command": "start_procedure", "procedure": procedure, "quote": quote, "confidence": confidence}
    return commands(command)


def fill(slot: str, value: str, *, confidence: float = 0.95) -> dict[str, Any]:
    """An answer that fills one slot."""
    return commands({"command": "fill_slot", "slot": slot, "value": value, "confidence": confidence})


UNSURE = commands({"command": "clarify", "options": [], "confidence": 0.3})


@dataclass
class ScriptedLanguageModel:
    """The server; a context manager that listens on a free port of the loopback address."""

    rules: Sequence[Rule] = ()
    script: list[Answer] = field(default_factory=list)
    """Answers of the next requests, in order; taken before any rule."""
    forms: frozenset[str] = FORMS
    counts_tokens: bool = True
    """Whether answers carry ``usage``."""
    port: int = 0
    requests: list[Received] = field(default_factory=list)

    def __enter__(self) -> Self:
        self._released = threading.Event()
        self._lock = threading.Lock()
        self._http = ThreadingHTTPServer(("127.0.0.1", self.port), _handler(self))
        self._http.daemon_threads = True
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._released.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    @property
    def url(self) -> str:
        """What `LANGUAGE_MODEL_URL` is set to."""
        return f"http://127.0.0.1:{self._http.server_address[1]}/v1"

    def pause(self, seconds: float) -> None:
        """Wait, but not longer than the server lives."""
        self._released.wait(seconds)

    def answer(self, received: Received) -> tuple[Fault, str]:
        """Status and body for one request, which is kept."""
        with self._lock:
            self.requests.append(received)
            said = self.script.pop(0) if self.script else self._by_rule(received)
        if callable(said):
            said = said(received)
        if isinstance(said, Fault):
            return said, said.body
        if isinstance(said, ToolCalls):
            return Fault(), json.dumps(self._with_calls(received, said), ensure_ascii=False)
        if received.form not in self.forms:
            return Fault(400), json.dumps({"error": {"message": f"{received.form} is not supported"}})
        content = said if isinstance(said, str) else json.dumps(said, ensure_ascii=False)
        return Fault(), json.dumps(self._completion(received, content), ensure_ascii=False)

    def _by_rule(self, received: Received) -> Answer:
        message = received.message.casefold()
        return next((r.answer for r in self.rules if r.words.casefold() in message), UNSURE)

    def _completion(self, received: Received, content: str) -> dict[str, Any]:
        message: dict[str, Any] = {"role": "assistant", "content": content}
        if received.form == "tool":
            function = {"name": "answer", "arguments": content}
            message = {
                "role": "assistant",
                "content": None,
                "tool_calls": [{"id": "1", "function": function}],
            }
        return self._body(received, message, len(content))

    def _with_calls(self, received: Received, said: ToolCalls) -> dict[str, Any]:
        calls = [
            {
                "id": f"call_{received.turns}_{number}",
                "type": "function",
                "function": {
                    "name": name,
                    "arguments": given if isinstance(given, str) else json.dumps(given),
                },
            }
            for number, (name, given) in enumerate(said.calls)
        ]
        message = {"role": "assistant", "content": None, "tool_calls": calls}
        return self._body(received, message, len(json.dumps(calls)))

    def _body(self, received: Received, message: dict[str, Any], size: int) -> dict[str, Any]:
        body: dict[str, Any] = {"id": "scripted", "choices": [{"index": 0, "message": message}]}
        if self.counts_tokens:
            asked = sum(len(m["content"] or "") for m in received.body["messages"]) // 4
            body["usage"] = {"prompt_tokens": asked, "completion_tokens": size // 4}
        return body


def _handler(server: ScriptedLanguageModel) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            received = Received(self.path, dict(self.headers.items()), json.loads(raw))
            fault, body = server.answer(received)
            server.pause(fault.wait_s)
            try:
                self._send(fault, body.encode())
            except OSError:
                self.close_connection = True  # the client has gone

        def _send(self, fault: Fault, body: bytes) -> None:
            self.send_response(fault.status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            if fault.retry_after:
                self.send_header("Retry-After", fault.retry_after)
            self.end_headers()
            if not fault.byte_s:
                self.wfile.write(body)
                return
            for byte in body:
                self.wfile.write(bytes((byte,)))
                self.wfile.flush()
                server.pause(fault.byte_s)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class names it so
            """Silent: tests look at `requests`."""

    return Handler


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the server alone until it is interrupted."""
    parser = argparse.ArgumentParser(description="A scripted language-model server.")
    parser.add_argument("--port", type=int, default=9009)
    parser.add_argument("--rules", type=Path, help='JSON: {"words": [{"command": …}]}')
    parser.add_argument("--words", type=Path, help='JSON: {"words": "what is said to them"}, for a customer')
    options = parser.parse_args(arguments)
    table = json.loads(options.rules.read_text("utf-8")) if options.rules else {}
    rules = [Rule(words, commands(*found)) for words, found in table.items()]
    spoken = json.loads(options.words.read_text("utf-8")) if options.words else {}
    rules += [Rule(words, str(said)) for words, said in spoken.items()]
    with ScriptedLanguageModel(rules, port=options.port) as server:
        sys.stdout.write(f"{server.url}\n")
        sys.stdout.flush()
        try:
            while True:
                time.sleep(1)
        except KeyboardInterrupt:
            return 0


if __name__ == "__main__":
    sys.exit(main())
