"""A customer's front end without a network: the public chat API's own routes, called through the web application."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from rapport.testing.retail.tasks import JsonDict

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class ApiProblem(Exception):
    """The API answered a request with an error."""


@dataclass(slots=True)
class PublicApi:
    """One contact's requests: JSON out, JSON in, as over HTTP."""

    application: Application
    inbox: str
    source_id: str = ""
    number: int = 0
    requests: int = 0
    _seen: int = 0
    shown: list[JsonDict] = field(default_factory=list)
    """Every message of the conversation that this front end was given, in order."""

    def call(self, method: str, path: str, body: Any = None, query: str = "") -> Any:
        """One request to ``/public/api/v1/inboxes/…``. Raises ApiProblem."""
        raw = b"" if body is None else json.dumps(body).encode()
        answer: dict[str, str] = {}
        environ = _environ(method, f"/public/api/v1/inboxes/{self.inbox}{path}", query, raw)
        chunks = self.application(environ, lambda status, *_: answer.update(status=status))
        text = b"".join(chunks)
        close = getattr(chunks, "close", None)
        if close is not None:
            close()
        self.requests += 1
        if not answer["status"].startswith("2"):
            raise ApiProblem(f"{method} {path}: {answer['status']} {text[:200]!r}")
        return json.loads(text) if text else None

    def open(self, language: str = "en") -> None:
        """A new contact and a new conversation; the greeting is on its way."""
        about = {"language": language}
        self.source_id = self.call("POST", "/contacts", about)["source_id"]
        self.number = self.call("POST", f"/contacts/{self.source_id}/conversations", about)["id"]

    @property
    def _conversation(self) -> str:
        return f"/contacts/{self.source_id}/conversations/{self.number}"

    def say(self, text: str) -> None:
        """Write."""
        self.call("POST", f"{self._conversation}/messages", {"content": text})

    def command(self, command: str, title: str) -> None:
        """Use a control outside the messages: the menu, or the one that calls a person."""
        self.call("POST", f"{self._conversation}/messages", {"command": command, "content": title})

    def answer(self, message_id: int, values: list[JsonDict]) -> None:
        """Choose, or submit a form."""
        self.call("PATCH", f"{self._conversation}/messages/{message_id}", {"submitted_values": values})

    def fetch(self) -> list[JsonDict]:
        """Messages that came since the last look, oldest first."""
        query = f"after={self._seen}" if self._seen else ""
        found = self.call("GET", f"{self._conversation}/messages", query=query)
        fresh = [m for m in found if m["id"] > self._seen]
        if fresh:
            self._seen = int(fresh[-1]["id"])
        self.shown += fresh
        return fresh

    def owner(self) -> str:
        """Who owns the conversation now."""
        return str(self.call("GET", self._conversation)["owner"])


def _environ(method: str, path: str, query: str, raw: bytes) -> dict[str, Any]:
    return {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "CONTENT_TYPE": "application/json" if raw else "",
        "CONTENT_LENGTH": str(len(raw)),
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": "127.0.0.1",
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(raw),
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": False,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
