"""A customer's browser, as thin as can be: one connection to write, one stream to listen."""

from __future__ import annotations

import hashlib
import hmac
import http.client
import json
import queue
import socket
import threading
import time
from typing import Any

from bench.system import System

REPLY_TIMEOUT_S = 30.0


class Connection:
    """JSON over one kept-alive connection."""

    def __init__(self, port: int, headers: dict[str, str] | None = None) -> None:
        self._http = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self._http.connect()
        self._http.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.headers = {"Content-Type": "application/json", **(headers or {})}

    def call(self, method: str, path: str, data: Any = None) -> Any:
        body = None if data is None else json.dumps(data)
        self._http.request(method, path, body, self.headers)
        answer = self._http.getresponse()
        raw = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{method} {path}: {answer.status} {raw[:300]!r}")
        return json.loads(raw)

    def close(self) -> None:
        self._http.close()


class Customer:
    """One verified customer in one conversation of the web widget, hearing its live updates."""

    def __init__(self, system: System, customer_ref: str, language: str) -> None:
        facts = system.facts
        signature = hmac.new(
            facts["website_hmac_token"].encode(), customer_ref.encode(), hashlib.sha256
        ).hexdigest()
        self._http = Connection(system.port)
        session = self._http.call(
            "POST",
            "/widget/sessions",
            {
                "website_token": facts["website_token"],
                "identifier": customer_ref,
                "identifier_hash": signature,
                "language": language,
            },
        )
        self._http.headers["Authorization"] = f"Bearer {session['token']}"
        begun = self._http.call("POST", "/widget/conversations", {"language": language})
        self._path = f"/widget/conversations/{begun['id']}/messages"
        self._replies: queue.SimpleQueue[tuple[float, dict[str, Any]]] = queue.SimpleQueue()
        self._stream = socket.create_connection(("127.0.0.1", system.port))
        self._stream.sendall(
            f"GET /widget/events?conversation={begun['id']} HTTP/1.1\r\n"
            f"Host: localhost\r\nAuthorization: Bearer {session['token']}\r\n\r\n".encode()
        )
        self._is_open = threading.Event()
        threading.Thread(target=self._listen, daemon=True).start()
        self._is_open.wait(REPLY_TIMEOUT_S)
        self.last = self._greeting()

    def say(self, text: str) -> float:
        """Send a text and wait for the reply; returns how long that took [seconds]."""
        return self._send({"content": text})

    def click(self, value: str) -> float:
        """Choose one of what the last message offers, or a ``command``."""
        if value.startswith("start:") or value in {"menu"}:
            return self._send({"command": value, "content": value})
        return self._send({"in_reply_to": self.last["id"], "submitted_values": [self._submit(value)]})

    def choices(self) -> list[str]:
        """Values the last message offers, in its order."""
        attributes = self.last["content_attributes"]
        items = attributes.get("items", [])
        if self.last["content_type"] == "form":
            found = [str(o["value"]) for i in items[:1] for o in i.get("options", [])]
        else:
            found = [str(i["value"]) for i in items if "value" in i]
        return found + [str(q["value"]) for q in attributes.get("quick_replies", [])]

    def close(self) -> None:
        self._stream.close()
        self._http.close()

    def _submit(self, value: str) -> dict[str, Any]:
        items = self.last["content_attributes"].get("items", [])
        if self.last["content_type"] == "form" and items:
            return {"name": items[0]["name"], "value": value}
        return {"value": value}

    def _send(self, payload: dict[str, Any]) -> float:
        begun = time.perf_counter()
        self._http.call("POST", self._path, payload)
        heard, self.last = self._next()
        return heard - begun

    def _greeting(self) -> dict[str, Any]:
        until = time.monotonic() + REPLY_TIMEOUT_S
        while time.monotonic() < until:
            if found := self._http.call("GET", self._path):
                return found[-1]
            time.sleep(0.05)
        raise TimeoutError("no greeting")

    def _next(self) -> tuple[float, dict[str, Any]]:
        while True:
            heard, message = self._replies.get(timeout=REPLY_TIMEOUT_S)
            if message["id"] > self.last["id"]:
                return heard, message

    def _listen(self) -> None:
        rest = b""
        try:
            while chunk := self._stream.recv(65536):
                heard = time.perf_counter()
                self._is_open.set()
                *events, rest = (rest + chunk).split(b"\n\n")
                for event in events:
                    if b"event: message_created" in event:
                        message = json.loads(event[event.index(b"data:") + 5 :])
                        if message["message_type"] not in ("incoming", 0):
                            self._replies.put((heard, message))
        except OSError:
            return
