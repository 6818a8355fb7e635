"""Pages of OpenAPI and MCP systems: connect, choose, map, try; administrators alone, secrets never shown."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from rapport.accounts import api as accounts
from rapport.accounts.models import AuditEntry
from rapport.connectors import api as connectors
from rapport.connectors import opening
from rapport.connectors.kinds.openapi.system import OpenApiSystem
from rapport.connectors.models import ActionCall, Connector

pytestmark = pytest.mark.django_db

DOCUMENT: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "Tickets <b>", "version": "2"},
    "servers": [{"url": "https://crm.test/api"}],
    "paths": {
        "/tickets/{id}": {
            "parameters": [{"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}],
            "get": {"summary": "Read a ticket <script>alert(1)</script>", "responses": {}},
        },
        "/tickets": {
            "post": {
                "summary": "Open a ticket",
                "parameters": [{"name": "Idempotency-Key", "in": "header", "schema": {"type": "string"}}],
                "requestBody": {
                    "required": True,
                    "content": {
                        "application/json": {
                            "schema": {
                                "type": "object",
                                "required": ["subject"],
                                "properties": {"subject": {"type": "string"}, "customer": {"type": "string"}},
                            }
                        }
                    },
                },
                "responses": {},
            }
        },
    },
}
NEW = {
    "key": "crm",
    "scheme": "header_key",
    "login_name": "X-Api-Key",
    "secret": "open sesame",
    "is_enabled": "1",
}
GET_TICKET = {
    "name": "crm.get_ticket",
    "title": "Read a ticket",
    "effect": "read",
    "is_personal": "1",
    "source-0": "argument",
    "value-0": "ticket",
    "output-0-name": "subject",
    "output-0-path": "subject",
    "owner": "customer",
    "is_confirmed": "1",
}
CREATE_TICKET = {
    "name": "crm.create_ticket",
    "title": "Open a ticket",
    "effect": "write",
    "is_personal": "1",
    "source-0": "argument",
    "value-0": "subject",
    "source-1": "customer",
    "key_header": "Idempotency-Key",
    "is_confirmed": "1",
}


@pytest.fixture
def browser() -> Client:
    client = Client()
    client.force_login(accounts.create_staff("admin@example.com", "Robin Keller", "administrator"))
    return client


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[httpx2.Request]]:
    """What reaches the system."""
    requests: list[httpx2.Request] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        requests.append(request)
        return httpx2.Response(200, json={"id": "T1", "subject": "<i>Lamp</i>", "customer": "ana_1"})

    def make(base_url: str, secret: str, settings: dict[str, Any]) -> OpenApiSystem:
        return OpenApiSystem(base_url, secret, settings, httpx2.MockTransport(answer))

    monkeypatch.setitem(opening.KINDS, "openapi", make)
    yield requests
    opening.close_systems()


@pytest.fixture
def connected(browser: Client, sent: list[httpx2.Request]) -> Client:
    upload = SimpleUploadedFile("crm.json", json.dumps(DOCUMENT).encode())
    answer = browser.post("/settings/systems/new-openapi", {**NEW, "document": upload})
    assert (answer.status_code, answer["Location"]) == (302, "/settings/systems/crm/setup")
    return browser


def _add(browser: Client, offer: str, form: dict[str, str]) -> Any:
    return browser.post(f"/settings/systems/crm/new-action?offer={offer}", form)


def test_a_document_is_read_from_a_file_a_text_or_refused_with_the_place_of_the_mistake(
    browser: Client,
) -> None:
    refused = browser.post("/settings/systems/new-openapi", {**NEW, "document_text": "openapi: [3"})
    assert refused.status_code == 422
    assert "No YAML: line " in refused.content.decode()
    assert "open sesame" not in refused.content.decode()
    assert not Connector.objects.exists()
    assert browser.post("/settings/systems/new-openapi", NEW).status_code == 422
    text = {**NEW, "document_text": json.dumps(DOCUMENT)}
    assert browser.post("/settings/systems/new-openapi", text).status_code == 302
    assert Connector.objects.get().base_url == "https://crm.test/api"
    assert browser.post("/settings/systems/new-openapi", text).status_code == 422


def test_the_money_an_action_moves_and_what_takes_it_back_are_declared(connected: Client) -> None:
    assert _add(connected, "GET+/tickets/{id}", GET_TICKET).status_code == 302
    assert _add(connected, "POST+/tickets", CREATE_TICKET).status_code == 302
    page = connected.get("/settings/systems/crm/actions/crm.create_ticket").content.decode()
    offered = page[page.index('name="undone_by"') : page.index("</select>", page.index('name="undone_by"'))]
    assert "crm.get_ticket" not in offered
    again = {
        **CREATE_TICKET,
        "name": "crm.close_ticket",
        "amount_argument": "subject",
        "undone_by": "crm.create_ticket",
    }
    assert _add(connected, "POST+/tickets", again).status_code == 302
    action = connectors.list_declared("crm")["crm.close_ticket"]
    assert (action.amount_argument, action.undone_by) == ("subject", "crm.create_ticket")
    page = connected.get("/settings/systems/crm/actions/crm.close_ticket").content.decode()
    assert 'name="amount_argument" maxlength="39" value="subject"' in page
    assert "<option selected>crm.create_ticket</option>" in page
    refused = connected.post(
        "/settings/systems/crm/actions/crm.close_ticket", {**again, "amount_argument": "sum"}
    )
    assert (refused.status_code, "is no argument of it" in refused.content.decode()) == (422, True)
    entry = AuditEntry.objects.get(subject="action:crm.close_ticket")
    assert entry.detail["after"]["undone_by"] == "crm.create_ticket"


def test_connected_systems_are_listed(connected: Client) -> None:
    page = connected.get("/settings/systems/").content.decode()
    assert 'href="/settings/systems/crm/setup"' in page
    assert "https://crm.test/api" in page
    assert "open sesame" not in page


def test_operations_are_listed_escaped_and_searched(connected: Client) -> None:
    page = connected.get("/settings/systems/crm/setup").content.decode()
    assert "GET /tickets/{id}" in page
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert" not in page
    assert "open sesame" not in page
    found = connected.get(
        "/settings/systems/crm/setup?q=open+a", headers={"HX-Request": "true"}
    ).content.decode()
    assert ("POST /tickets" in found, "GET /tickets/{id}" in found, "<html" in found) == (True, False, False)


def test_an_action_is_suggested_declared_and_offered_to_procedures(connected: Client) -> None:
    page = connected.get("/settings/systems/crm/new-action?offer=POST+/tickets").content.decode()
    assert 'value="crm.create_tickets"' in page
    assert 'value="Idempotency-Key"' in page
    answer = _add(connected, "POST+/tickets", CREATE_TICKET)
    assert (answer.status_code, answer["Location"]) == (
        302,
        "/settings/systems/crm/actions/crm.create_ticket",
    )
    action = connectors.list_declared("crm")["crm.create_ticket"]
    assert action.arguments == ("subject",)
    assert action.is_repeatable
    assert "crm.create_ticket" in {a.name for a in connectors.list_actions()}
    assert connected.get("/settings/systems/crm/actions/crm.create_ticket").status_code == 200
    subjects = (
        AuditEntry.objects.filter(kind="settings_changed").order_by("id").values_list("subject", flat=True)
    )
    assert list(subjects) == ["connector:crm", "action:crm.create_ticket"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"is_confirmed": ""}, "Confirm that you have checked"),
        ({"name": "shop.cancel_order"}, "crm.verb_noun"),
        ({"effect": "magic"}, "Say what the action does"),
        ({"source-0": ""}, "not mapped: path:id"),
        ({"owner": ""}, "own records"),
        ({"guard": "crm.nothing"}, "no reading action"),
        ({"value-0": "Not A Name"}, "no name of an argument"),
        ({"output-0-name": "9"}, "no name of a result"),
    ],
)
def test_a_declaration_that_cannot_hold_is_refused(
    connected: Client, change: dict[str, str], said: str
) -> None:
    answer = _add(connected, "GET+/tickets/{id}", {**GET_TICKET, **change})
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert connectors.list_declared("crm") == {}


def test_trying_a_read_shows_request_and_answer_without_the_secret(
    connected: Client, sent: list[httpx2.Request]
) -> None:
    assert _add(connected, "GET+/tickets/{id}", GET_TICKET).status_code == 302
    path = "/settings/systems/crm/actions/crm.get_ticket/try"
    assert connected.get(path).status_code == 200
    page = connected.post(path, {"argument-ticket": "T/1", "customer_ref": "ana_1"}).content.decode()
    assert "GET https://crm.test/api/tickets/T%2F1" in page
    assert "&lt;i&gt;Lamp&lt;/i&gt;" in page
    assert "<i>Lamp" not in page
    assert "open sesame" not in page
    assert sent[-1].headers["X-Api-Key"] == "open sesame"
    other = connected.post(path, {"argument-ticket": "T1", "customer_ref": "ben_2"}).content.decode()
    assert "not_owner" in other
    assert "enter their reference" in connected.post(path, {"argument-ticket": "T1"}).content.decode()


def test_trying_a_write_needs_a_confirmation_and_is_on_record(
    connected: Client, sent: list[httpx2.Request]
) -> None:
    _add(connected, "POST+/tickets", CREATE_TICKET)
    path, form = (
        "/settings/systems/crm/actions/crm.create_ticket/try",
        {"argument-subject": "x", "customer_ref": "a"},
    )
    assert "Confirm that the change" in connected.post(path, form).content.decode()
    assert sent == []
    connected.post(path, {**form, "is_confirmed": "1"}, headers={"HX-Request": "true"})
    assert json.loads(sent[-1].content) == {"subject": "x", "customer": "a"}
    row = ActionCall.objects.get()
    assert (row.state, row.actor[:6]) == ("done", "staff:")
    assert sent[-1].headers["Idempotency-Key"] == row.key


def test_a_key_is_not_sent_to_another_host(connected: Client) -> None:
    form = {**NEW, "secret": "", "base_url": "https://evil.example/api"}
    answer = connected.post("/settings/systems/crm/setup", form)
    assert answer.status_code == 422
    assert Connector.objects.get().base_url == "https://crm.test/api"
    same = {**form, "base_url": "https://crm.test/v2"}
    assert connected.post("/settings/systems/crm/setup", same).status_code == 302
    oauth = {**same, "scheme": "oauth2", "login_name": "me", "token_url": "https://evil.example/token"}
    assert connected.post("/settings/systems/crm/setup", oauth).status_code == 422


def test_an_action_or_a_system_is_removed(connected: Client) -> None:
    _add(connected, "GET+/tickets/{id}", GET_TICKET)
    assert connected.post("/settings/systems/crm/actions/crm.get_ticket/remove").status_code == 302
    assert connectors.list_declared("crm") == {}
    assert connected.post("/settings/systems/crm/remove").status_code == 302
    assert connectors.find_connector("crm") is None
    assert connected.get("/settings/systems/crm/setup").status_code == 404


def test_a_program_is_started_only_from_the_operator_s_file(
    browser: Client,
) -> None:
    form = {"key": "files", "transport": "stdio", "server": "sh -c id", "is_enabled": "1"}
    assert browser.post("/settings/systems/new-mcp", form).status_code == 422
    assert not Connector.objects.exists()
    assert browser.get("/settings/systems/new-mcp").status_code == 200


@pytest.mark.parametrize("role", ["agent", "supervisor", "dpo"])
def test_only_administrators_come_here(connected: Client, role: str) -> None:
    client = Client()
    client.force_login(accounts.create_staff(f"{role}@example.com", role, role))
    before = list(Connector.objects.values())
    for path in ("new-openapi", "new-mcp", "crm/setup", "crm/new-action"):
        assert client.get(f"/settings/systems/{path}").status_code == 403
        assert client.post(f"/settings/systems/{path}", NEW).status_code == 403
    for path in ("crm/document", "crm/tools", "crm/remove", "crm/actions/x/remove", "crm/actions/x/try"):
        assert client.post(f"/settings/systems/{path}").status_code == 403
    assert list(Connector.objects.values()) == before
