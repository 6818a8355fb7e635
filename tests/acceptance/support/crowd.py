"""Scripted customers of a live system: each in a thread, each sending again until told that it was stored."""

from __future__ import annotations

import hashlib
import hmac
import itertools
import threading
import time
from dataclasses import dataclass, field
from typing import Any

import httpx2
from tests.acceptance.support.live import LiveSystem

PATIENCE_S = 150.0
Message = dict[str, Any]


class Impatient(AssertionError):
    """A customer got no answer."""


@dataclass
class Scripted:
    """Returns what can be returned, asks where orders are, over and over until told to finish."""

    system: LiveSystem
    ref: str
    stop: threading.Event
    sent: dict[str, str] = field(default_factory=dict)
    """Acknowledged messages: echo id → text as the server gave it back."""
    returned: int = 0
    """Returns that were confirmed as done."""
    rounds: int = 0
    number: int = 0
    problem: BaseException | None = None
    _count: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    def run(self) -> None:
        """The thread's work."""
        try:
            with httpx2.Client(base_url=self.system.url, timeout=10, trust_env=False) as http:
                self._http = http
                self._open()
                while not self.stop.is_set():
                    self._return_one()
                    self._post(content="thanks", command="start:order_status")
                    self.rounds += 1
                self._post(content="thanks")
        except BaseException as problem:  # noqa: BLE001 - raised again by `Crowd.finish`
            self.problem = problem

    # ── the script ─────────────────────────────────────────────────────────────────────────────────

    def _open(self) -> None:
        facts = self.system.facts
        signature = hmac.new(facts["api_hmac_token"].encode(), self.ref.encode(), hashlib.sha256).hexdigest()
        base = f"/public/api/v1/inboxes/{facts['api_inbox_identifier']}/contacts"
        contact = self._until_told("POST", base, {"identifier": self.ref, "identifier_hash": signature})
        self._base = f"{base}/{contact['source_id']}/conversations"
        self.number = int(self._until_told("POST", self._base, {"language": "en"})["id"])
        self._base = f"{self._base}/{self.number}/messages"

    def _return_one(self) -> None:
        asked = self._post(content="Return items", command="start:return_items")
        for _ in range(12):
            values = _answer(asked)
            if values is None:
                self.returned += asked["content"].startswith("Done, the return is requested.")
                return
            asked = self._post(in_reply_to=asked["id"], submitted_values=values)

    def _post(self, **payload: Any) -> Message:
        """Send until acknowledged; the reply that follows."""
        echo = f"{self.ref}-{next(self._count)}"
        stored = self._until_told("POST", self._base, {**payload, "echo_id": echo})
        self.sent[echo] = stored["content"]
        return self._reply_after(int(stored["id"]))

    def _reply_after(self, message_id: int) -> Message:
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until:
            for message in self._until_told("GET", f"{self._base}?after={message_id}"):
                if message["message_type"] == 1:
                    return dict(message)
            time.sleep(0.03)
        raise Impatient(
            f"conversation {self.number}: no answer to message {message_id}: {self.system.data_dir}"
        )

    def _until_told(self, method: str, path: str, body: Any = None) -> Any:
        """The answer to a request, sent again while the system is away."""
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until:
            try:
                answer = self._http.request(method, path, json=body)
            except httpx2.HTTPError:
                time.sleep(0.05)
                continue
            if answer.status_code == 200:
                return answer.json()
            assert answer.status_code >= 500, (answer.status_code, answer.text)
            time.sleep(0.05)
        raise Impatient(f"conversation {self.number}: {method} {path} was never answered")


def _answer(asked: Message) -> list[dict[str, str]] | None:
    """The first thing possible; None when nothing is asked."""
    attributes = asked["content_attributes"]
    items = attributes.get("items", [])
    match attributes.get("expects"):
        case "many":
            return [{"name": items[0]["name"], "value": items[0]["options"][0]["value"]}]
        case "confirm" | "choice":
            return [{"value": items[0]["value"]}]
    return None


@dataclass
class Crowd:
    """Several scripted customers at work."""

    customers: list[Scripted]
    stop: threading.Event
    _threads: list[threading.Thread] = field(default_factory=list)

    @classmethod
    def of(cls, system: LiveSystem, size: int) -> Crowd:
        """Customers with the most delivered orders."""
        rows = system.shop.rows(
            "SELECT customer_id FROM orders WHERE status = 'delivered' GROUP BY 1 ORDER BY COUNT(*) DESC, 1 LIMIT ?",
            size,
        )
        stop = threading.Event()
        return cls([Scripted(system, row["customer_id"], stop) for row in rows], stop)

    def start(self) -> None:
        """All begin."""
        self._threads = [threading.Thread(target=c.run, daemon=True) for c in self.customers]
        for thread in self._threads:
            thread.start()

    def finish(self) -> None:
        """All end their round and say thanks; raises what went wrong with one of them."""
        self.stop.set()
        for thread in self._threads:
            thread.join(timeout=2 * PATIENCE_S)
            assert not thread.is_alive(), "a customer never came to an end"
        for customer in self.customers:
            if customer.problem is not None:
                raise customer.problem
