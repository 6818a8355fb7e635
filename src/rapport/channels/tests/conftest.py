"""Fixtures: an inbox, a customer's front end, a program of staff."""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client

from rapport.accounts import api as accounts
from rapport.channels.embedding import forget_inboxes
from rapport.channels.limits import WINDOWS
from rapport.conversations import api as conversations
from rapport.conversations.contracts import InboxInfo
from rapport.procedures import api as procedures
from rapport.procedures.api import MenuEntry

MENU = [
    {
        "procedure": "return_items",
        "title": "Return items",
        "description": "Send something back",
        "icon": "undo-2",
        "group": "Returns",
    }
]


@dataclass
class Answer:
    """Status and JSON of one request."""

    status: int
    data: Any
    headers: Any


class Api:
    """Calls the API as a program would."""

    def __init__(self, **headers: str) -> None:
        self.client = Client(raise_request_exception=False)
        self.headers = headers

    def __call__(self, method: str, path: str, data: Any = None, **headers: str) -> Answer:
        body = data if isinstance(data, bytes) else b"" if data is None else json.dumps(data).encode()
        response = self.client.generic(
            method, path, body, content_type="application/json", headers={**self.headers, **headers}
        )
        text = response.content
        return Answer(response.status_code, json.loads(text) if text else None, response.headers)


def sign(inbox: InboxInfo, identifier: str) -> str:
    """What a host page computes for its signed-in customer."""
    return hmac.new(inbox.hmac_token.encode(), identifier.encode(), hashlib.sha256).hexdigest()


@pytest.fixture(autouse=True)
def _fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    forget_inboxes()
    WINDOWS.clear()
    monkeypatch.setattr(procedures, "list_menu", lambda language: [MenuEntry(**entry) for entry in MENU])


@pytest.fixture
def inbox(db: None) -> InboxInfo:
    return conversations.create_inbox("Shop", "api", settings={"debounce_ms": 0})


@pytest.fixture
def web_inbox(db: None) -> InboxInfo:
    settings = {"brand": "Shop", "colour": "#0a5", "allowed_origins": ["https://shop.example"]}
    return conversations.create_inbox("Web", "web", settings=settings)


@pytest.fixture
def api() -> Api:
    return Api()


@pytest.fixture
def staff(db: None) -> Api:
    user = accounts.create_staff("ada@example.com", "Ada Agent", "agent")
    return Api(**{"api-access-token": accounts.create_token(user, "test")})


@pytest.fixture
def admin(db: None) -> Api:
    user = accounts.create_staff("root@example.com", "Root Admin", "administrator")
    return Api(**{"api-access-token": accounts.create_token(user, "test")})


class Visitor:
    """One customer's front end over the client API."""

    def __init__(self, api: Api, inbox: InboxInfo, **profile: Any) -> None:
        self.api, self.inbox = api, inbox
        self.contact = api("POST", f"/public/api/v1/inboxes/{inbox.identifier}/contacts", profile).data
        self.base = f"/public/api/v1/inboxes/{inbox.identifier}/contacts/{self.contact['source_id']}"

    def start(self, **payload: Any) -> str:
        """A new conversation; returns its address."""
        started = self.api("POST", f"{self.base}/conversations", payload)
        assert started.status == 200, started.data
        return f"{self.base}/conversations/{started.data['id']}"


@pytest.fixture
def visitor(api: Api, inbox: InboxInfo) -> Visitor:
    return Visitor(api, inbox, name="Vera")
