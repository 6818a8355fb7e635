"""Nobody reaches another customer's conversation, from whatever side they try."""

from __future__ import annotations

from typing import Any

import pytest

from rapport.accounts import api as accounts
from rapport.channels.tests.conftest import Api, Visitor, sign
from rapport.channels.tests.files import PDF, PNG, fetch, form, post
from rapport.conversations import api as conversations
from rapport.conversations.contracts import InboxInfo, MessageDraft, MessageType, Sender
from rapport.conversations.models import Attachment
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
    ("GET", "/attachments/1", None),
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


@pytest.fixture
def files(visitor: Visitor, staff: Api) -> dict[str, Any]:
    """A customer's photo, and a file of a private note in the same conversation."""
    address = visitor.start()
    number = address.rsplit("/", 1)[1]
    photo = post(visitor.api, f"{address}/messages", form([("lamp.png", PNG)])).data["attachments"][0]
    path = f"/api/v1/accounts/1/conversations/{number}"
    note = post(staff, f"{path}/messages", form([("case.pdf", PDF)], private="true")).data["attachments"][0]
    return {"address": address, "number": number, "photo": photo, "note": note, "desk": path}


def test_nobody_else_reads_a_customers_file(
    api: Api, inbox: InboxInfo, web_inbox: InboxInfo, visitor: Visitor, files: dict[str, Any]
) -> None:
    intruder = Visitor(api, inbox, name="Ivan")
    own = intruder.start()
    other = conversations.create_inbox("Other", "api")
    elsewhere = f"/public/api/v1/inboxes/{other.identifier}/contacts/{visitor.contact['source_id']}"
    session = api("POST", "/widget/sessions", {"website_token": web_inbox.identifier}).data
    bearer = {"Authorization": f"Bearer {session['token']}"}
    photo, number = files["photo"]["id"], files["number"]
    assert fetch(api, f"{files['address']}/attachments/{photo}")[:2] == (200, PNG)
    for path, headers, status in (
        (f"{own}/attachments/{photo}", {}, 404),
        (f"{intruder.base}/conversations/{number}/attachments/{photo}", {}, 404),
        (f"{elsewhere}/conversations/{number}/attachments/{photo}", {}, 404),
        (f"/widget/conversations/{number}/attachments/{photo}", bearer, 404),
        (f"/widget/conversations/{number}/attachments/{photo}", {}, 401),
        (f"{files['desk']}/attachments/{photo}", {}, 401),
        (f"{files['desk']}/attachments/{photo}", bearer, 401),
        (f"{files['desk']}/attachments", {}, 401),
        (f"/files/{photo}", {}, 404),
        (f"/files/{files['photo']['data_url'].rpartition('/')[2][:-2]}", {}, 404),
        (f"/desk/conversations/{number}/files/{photo}", {}, 302),
    ):
        found, content, _ = fetch(api, path, **headers)
        assert (found, PNG in content) == (status, False), path


def test_a_role_that_reads_no_conversations_reads_no_files(files: dict[str, Any]) -> None:
    marketer = accounts.create_staff("kim@example.com", "Kim", "marketer")
    api = Api(**{"api-access-token": accounts.create_token(marketer, "test")})
    for path in ("/attachments", f"/attachments/{files['photo']['id']}"):
        assert fetch(api, files["desk"] + path)[0] == 403, path


def test_the_customer_never_reads_the_file_of_a_note(api: Api, staff: Api, files: dict[str, Any]) -> None:
    note = files["note"]["id"]
    assert fetch(api, f"{files['address']}/attachments/{note}")[0] == 404
    assert fetch(staff, f"{files['desk']}/attachments/{note}")[:2] == (200, PDF)
    for path in ("", "/messages"):
        assert "case.pdf" not in str(api("GET", files["address"] + path).data)


def test_files_of_one_conversation_answer_nothing_in_another(
    api: Api, inbox: InboxInfo, files: dict[str, Any]
) -> None:
    address = Visitor(api, inbox).start()
    mine = conversations.find_conversation_by_number(int(address.rsplit("/", 1)[1]))
    assert mine is not None
    draft = MessageDraft(
        MessageType.OUTGOING, "A photo?", Sender("assistant", None, "R"), "input_file", {"slot": "photo"}
    )
    question = conversations.add_message(mine.id, draft).id
    before = snapshot(str(mine.display_id))
    values = {"submitted_values": [{"name": "photo", "value": str(files["photo"]["id"])}]}
    assert api("PATCH", f"{address}/messages/{question}", values).status == 422
    assert snapshot(str(mine.display_id)) == before


def test_a_form_with_files_for_somebody_elses_conversation_leaves_nothing(
    api: Api, inbox: InboxInfo, files: dict[str, Any]
) -> None:
    intruder = Visitor(api, inbox, name="Ivan")
    before = snapshot(files["number"])
    path = f"{intruder.base}/conversations/{files['number']}/messages"
    assert post(api, path, form([("a.png", PNG)])).status == 404
    assert post(api, f"{files['desk']}/messages", form([("a.png", PNG)])).status == 401
    assert (
        post(api, f"/widget/conversations/{files['number']}/messages", form([("a.png", PNG)])).status == 401
    )
    assert (snapshot(files["number"]), Attachment.objects.count()) == (before, 2)


def test_nobody_reaches_a_call_of_another_inbox_or_without_its_secret(api: Api, db: None) -> None:
    ours = conversations.create_inbox("Ours", "voice", settings={"languages": ["en"]})
    theirs = conversations.create_inbox("Theirs", "voice", settings={"languages": ["en"]})
    call = {"call_id": "c-1", "from": "+420601234567"}
    bearer = {"Authorization": f"Bearer {ours.hmac_token}"}
    begun = api("POST", f"/voice/{ours.identifier}/turns", call, **bearer).data
    before = snapshot(str(begun["conversation_id"]))
    said = {**call, "speech": "let me in", "turn": begun["turn"]}
    for inbox, headers, status in (
        (theirs, bearer, 401),
        (ours, {}, 401),
        (ours, {"Authorization": f"Bearer {theirs.hmac_token}"}, 401),
        (ours, {"Authorization": ours.hmac_token}, 401),
    ):
        assert api("POST", f"/voice/{inbox.identifier}/turns", said, **headers).status == status
    elsewhere = {"Authorization": f"Bearer {theirs.hmac_token}"}
    other = api("POST", f"/voice/{theirs.identifier}/turns", said, **elsewhere).data
    assert other["conversation_id"] != begun["conversation_id"]
    assert api("POST", f"/voice/{ours.identifier}/calls", said).status == 403
    assert snapshot(str(begun["conversation_id"]))[:2] == before[:2]
