"""Nobody reaches another customer's conversation, from whatever side they try."""

from __future__ import annotations

import pytest

from rapport.channels.tests.conftest import Api, Visitor, sign
from rapport.conversations import api as conversations
from rapport.conversations.contracts import InboxInfo
from rapport.jobs.models import Job

ACTIONS = [
    ("GET", "", None),
    ("GET", "/messages", None),
    ("POST", "/messages", {"content": "let me in"}),
    ("PATCH", "/messages/1", {"submitted_values": [{"value": "x"}]}),
    ("GET", "/messages/1/explanation", None),
    ("POST", "/messages/1/appeal", {"reason": "mine"}),
    ("POST", "/toggle_status", None),
    ("POST", "/toggle_typing", {"typing_status": "on"}),
    ("POST", "/update_last_seen", None),
    ("POST", "/handover", {}),
    ("GET", "/queue", None),
    ("POST", "/email", {"email": "x@example.com"}),
]


@pytest.fixture
def target(visitor: Visitor) -> str:
    """The number of somebody's conversation with one message."""
    address = visitor.start()
    visitor.api("POST", f"{address}/messages", {"content": "private matter"})
    return address.rsplit("/", 1)[1]


def snapshot(number: str) -> tuple:
    found = conversations.find_conversation_by_number(int(number))
    assert found is not None
    return found, conversations.list_latest_messages(found.id), Job.objects.count()


@pytest.mark.parametrize(("method", "path", "body"), ACTIONS)
def test_other_customers_find_nothing_and_change_nothing(
    api: Api, inbox: InboxInfo, target: str, method: str, path: str, body: dict | None
) -> None:
    intruder = Visitor(api, inbox, name="Ivan")
    before = snapshot(target)
    answer = api(method, f"{intruder.base}/conversations/{target}{path}", body)
    assert (answer.status, answer.data["error"]["code"]) == (404, "not_found")
    assert snapshot(target) == before


@pytest.mark.parametrize(("method", "path", "body"), ACTIONS)
def test_right_contact_through_another_inbox_finds_nothing(
    api: Api, visitor: Visitor, target: str, method: str, path: str, body: dict | None
) -> None:
    other = conversations.create_inbox("Other", "api")
    before = snapshot(target)
    base = f"/public/api/v1/inboxes/{other.identifier}/contacts/{visitor.contact['source_id']}"
    assert api(method, f"{base}/conversations/{target}{path}", body).status == 404
    assert snapshot(target) == before


@pytest.mark.parametrize(("method", "path", "body"), ACTIONS)
def test_widget_session_of_another_customer_finds_nothing(
    api: Api, web_inbox: InboxInfo, target: str, method: str, path: str, body: dict | None
) -> None:
    session = api("POST", "/widget/sessions", {"website_token": web_inbox.identifier}).data
    before = snapshot(target)
    address = f"/widget/conversations/{target}{path}"
    assert api(method, address, body, Authorization=f"Bearer {session['token']}").status == 404
    assert api(method, address, body).status == 401
    assert snapshot(target) == before


def test_unproven_identifier_opens_nobody_elses_conversation(api: Api, inbox: InboxInfo) -> None:
    owner = Visitor(
        api, inbox, identifier="C-7", identifier_hash=sign(inbox, "C-7"), email="vera@example.com"
    )
    number = owner.start().rsplit("/", 1)[1]
    thief = Visitor(api, inbox, identifier="C-7", email="v@example.com")
    assert thief.contact["is_verified"] is False
    assert api("GET", f"{thief.base}/conversations/{number}").status == 404
    assert api("GET", f"{thief.base}/conversations").data == []


def test_forged_signature_gets_no_contact(api: Api, inbox: InboxInfo) -> None:
    path = f"/public/api/v1/inboxes/{inbox.identifier}/contacts"
    for forged in ("0" * 64, sign(inbox, "C-8"), "", " ", "Ä"):
        answer = api("POST", path, {"identifier": "C-7", "identifier_hash": forged})
        if forged:
            assert answer.status == 403, forged
        else:
            assert answer.data["is_verified"] is False


def test_signature_of_another_inbox_is_worth_nothing(
    api: Api, inbox: InboxInfo, web_inbox: InboxInfo
) -> None:
    path = f"/public/api/v1/inboxes/{inbox.identifier}/contacts"
    answer = api("POST", path, {"identifier": "C-7", "identifier_hash": sign(web_inbox, "C-7")})
    assert answer.status == 403


def test_mandatory_signature_cannot_be_left_out(api: Api, db: None) -> None:
    strict = conversations.create_inbox("Strict", "api", is_hmac_mandatory=True)
    path = f"/public/api/v1/inboxes/{strict.identifier}/contacts"
    assert api("POST", path, {"name": "Vera"}).status == 403
    assert api("POST", path, {"identifier": "C-7", "identifier_hash": sign(strict, "C-7")}).status == 200


def test_contact_cannot_become_somebody_else(api: Api, inbox: InboxInfo) -> None:
    visitor = Visitor(api, inbox, identifier="C-7", identifier_hash=sign(inbox, "C-7"))
    answer = api("PATCH", visitor.base, {"identifier": "C-8", "identifier_hash": sign(inbox, "C-8")})
    assert answer.status == 403


def test_same_proven_customer_in_another_inbox_stays_apart(api: Api, inbox: InboxInfo) -> None:
    other = conversations.create_inbox("Other", "api")
    here = Visitor(api, inbox, identifier="C-7", identifier_hash=sign(inbox, "C-7"))
    there = Visitor(api, other, identifier="C-7", identifier_hash=sign(other, "C-7"))
    number = here.start().rsplit("/", 1)[1]
    assert api("GET", f"{there.base}/conversations/{number}").status == 404
    assert api("GET", f"{there.base}/conversations").data == []


def test_answers_to_messages_of_another_conversation_are_refused(
    api: Api, inbox: InboxInfo, visitor: Visitor
) -> None:
    theirs, mine = visitor.start(), Visitor(api, inbox).start()
    message = visitor.api("POST", f"{theirs}/messages", {"content": "secret"}).data["id"]
    for method, path, body in (
        ("PATCH", f"/messages/{message}", {"submitted_values": [{"value": "x"}]}),
        ("POST", "/messages", {"submitted_values": [{"value": "x"}], "in_reply_to": message}),
        ("GET", f"/messages?after={message}", None),
        ("GET", f"/messages?before={message}", None),
        ("GET", f"/messages/{message}/explanation", None),
    ):
        assert api(method, mine + path, body).status == 404, path


def test_blocked_contact_starts_nothing(visitor: Visitor, inbox: InboxInfo) -> None:
    from rapport.customers import api as customers

    customers.update_customer(visitor.contact["id"], {"is_blocked": True})
    assert visitor.api("POST", f"{visitor.base}/conversations", {}).status == 403
