"""A customer's front end over the public HTTP API."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any

from django.test import Client
from tests.acceptance.support.shop import Shopper
from tests.acceptance.support.system import System

from rapport.conversations import api as conversations
from rapport.conversations.contracts import ConversationInfo

Message = dict[str, Any]


class Customer:
    """Opens a conversation, writes and clicks; each move is answered at once unless told otherwise."""

    def __init__(self, system: System, *, language: str = "en", **profile: Any) -> None:
        self.system = system
        self.http = Client(raise_request_exception=True)
        self.seen: list[str] = []
        """Every response body so far."""
        inbox = f"/public/api/v1/inboxes/{system.inbox.identifier}"
        contact = self.call("POST", f"{inbox}/contacts", profile)
        self.base = f"{inbox}/contacts/{contact['source_id']}/conversations"
        self.number = int(self.call("POST", self.base, {"language": language})["id"])
        self.url = f"{self.base}/{self.number}"
        self.id = int(self.info.id)
        self.system.settle()

    # ── HTTP ───────────────────────────────────────────────────────────────────────────────────────

    def request(self, method: str, url: str, data: Any = None) -> tuple[int, Any]:
        """Status and JSON of one request."""
        body = b"" if data is None else json.dumps(data).encode()
        response = self.http.generic(method, url, body, content_type="application/json")
        text = response.content.decode()
        self.seen.append(text)
        return response.status_code, json.loads(text) if text else None

    def call(self, method: str, url: str, data: Any = None) -> Any:
        """The JSON of a request that succeeds."""
        status, found = self.request(method, url, data)
        assert status == 200, (status, found)
        return found

    # ── moves ──────────────────────────────────────────────────────────────────────────────────────

    def say(self, *texts: str) -> Message:
        """Write; several texts are a burst. Returns the assistant's latest message."""
        for text in texts:
            self.call("POST", f"{self.url}/messages", {"content": text})
        self.system.settle()
        return self.last

    def click(self, value: str, message: Message | None = None) -> Message:
        """Choose an item or quick reply by value."""
        return self.submit([{"value": value}], message)

    def choose(self, *values: str, message: Message | None = None) -> Message:
        """Tick several options of a form with one question."""
        asked = message or self.last
        name = asked["content_attributes"]["items"][0]["name"]
        return self.submit([{"name": name, "value": v} for v in values], asked)

    def fill(self, message: Message | None = None, **fields: str) -> Message:
        """Submit a form."""
        return self.submit([{"name": n, "value": v} for n, v in fields.items()], message)

    def submit(self, values: list[dict[str, str]], message: Message | None = None) -> Message:
        """Answer an interactive message, the latest one by default."""
        asked = message or self.last
        self.call("PATCH", f"{self.url}/messages/{asked['id']}", {"submitted_values": values})
        self.system.settle()
        return self.last

    def command(self, command: str, title: str = "") -> Message:
        """Use a control outside the messages."""
        self.call("POST", f"{self.url}/messages", {"command": command, "content": title or command})
        self.system.settle()
        return self.last

    def identify(self, shopper: Shopper, order_id: str = "") -> Message:
        """Fill the form that asks for order number and e-mail."""
        return self.fill(order_number=order_id or shopper.orders[0].id, email=shopper.email)

    # ── what there is ──────────────────────────────────────────────────────────────────────────────

    @property
    def messages(self) -> list[Message]:
        """Everything the customer sees, oldest first."""
        found: list[Message] = self.call("GET", f"{self.url}/messages")
        return found

    @property
    def replies(self) -> list[Message]:
        """What was said to the customer."""
        return [m for m in self.messages if m["message_type"] != 0]

    @property
    def last(self) -> Message:
        """The latest message that is not the customer's own."""
        return self.replies[-1]

    @property
    def info(self) -> ConversationInfo:
        """The conversation's row."""
        found = conversations.find_conversation_by_number(self.number)
        assert found is not None
        return found

    def explanation(self, message: Message | None = None) -> Any:
        """Why this answer."""
        return self.call("GET", f"{self.url}/messages/{(message or self.last)['id']}/explanation")


def items(message: Message) -> list[str]:
    """Values of what can be clicked in a message's list."""
    return [i["value"] for i in message["content_attributes"].get("items", []) if "value" in i]


def buttons(message: Message) -> list[str]:
    """Values of a message's quick replies."""
    return [i["value"] for i in message["content_attributes"].get("quick_replies", [])]


def options(message: Message) -> list[str]:
    """Values of the options of a form's first field."""
    return [o["value"] for o in message["content_attributes"]["items"][0]["options"]]


def is_confirmation(message: Message) -> bool:
    """Whether the message lists what will happen and asks for a yes."""
    return "confirm:yes" in items(message) and bool(message["content_attributes"].get("confirm"))


def sign(system: System, identifier: str) -> str:
    """What a host page computes for its signed-in customer."""
    return hmac.new(system.inbox.hmac_token.encode(), identifier.encode(), hashlib.sha256).hexdigest()


def signed_in(system: System, shopper: Shopper, **profile: Any) -> Customer:
    """A customer the host page vouches for."""
    return Customer(system, identifier=shopper.ref, identifier_hash=sign(system, shopper.ref), **profile)


def transcript(customer: Customer) -> str:
    """The conversation as text, for a failing test's message."""
    lines = []
    for m in customer.messages:
        who = "<" if m["message_type"] else ">"
        lines.append(f"{who} [{m['content_type']}] {m['content']}  {items(m)} {buttons(m)}")
    return "\n".join(lines)
