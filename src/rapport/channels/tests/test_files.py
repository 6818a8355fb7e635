"""Messages with files over all three APIs: stored, shown as Chatwoot does, refused in the documented shape."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings as configured

from rapport.channels.limits import Limit
from rapport.channels.tests.conftest import Api, Visitor
from rapport.channels.tests.files import HTML, PDF, PNG, fetch, form, post
from rapport.channels.tests.test_bad_input import assert_error
from rapport.channels.uploads import limit_bytes
from rapport.conversations import api as conversations
from rapport.conversations.contracts import InboxInfo, MessageDraft, MessageType, Sender
from rapport.conversations.models import Attachment
from rapport.jobs.models import Job

MB = 2**20


def path_of(url: str) -> str:
    assert url.startswith(configured.CONFIG.base_url)
    return urlsplit(url).path


@pytest.fixture
def address(visitor: Visitor) -> str:
    return visitor.start()


def test_a_customer_sends_a_photo_and_a_document(api: Api, address: str) -> None:
    body = form([("lamp.png", PNG), ("bill.pdf", PDF)], content="It arrived broken", echo_id="e1")
    sent = post(api, f"{address}/messages", body)
    assert sent.status == 200, sent.data
    assert (sent.data["content"], sent.data["echo_id"]) == ("It arrived broken", "e1")
    photo, bill = sent.data["attachments"]
    assert (photo["file_type"], photo["file_name"], photo["file_size"]) == ("image", "lamp.png", len(PNG))
    assert (bill["file_type"], bill["media_type"], bill["thumb_url"]) == ("file", "application/pdf", "")
    assert api("GET", f"{address}/messages").data[-1]["attachments"] == sent.data["attachments"]
    assert fetch(api, f"{address}/attachments/{photo['id']}")[:2] == (200, PNG)
    assert fetch(Api(), path_of(bill["data_url"]))[:2] == (200, PDF)


def test_the_same_echo_id_stores_one_message_and_its_files_once(api: Api, address: str) -> None:
    body = form([("lamp.png", PNG)], echo_id="e1")
    first, second = (post(api, f"{address}/messages", body) for _ in range(2))
    assert first.data == second.data
    assert Attachment.objects.count() == 1


@pytest.mark.parametrize("field", ["attachments[]", "attachments", "message[attachments][]"])
def test_a_conversation_may_begin_with_a_photo(api: Api, visitor: Visitor, field: str) -> None:
    fields = {"message[content]": "Rozbitá lampa", "message[echo_id]": "e1", "language": "cs"}
    body = form([("lamp.png", PNG)], field, custom_attributes='{"page": "/lamps"}', **fields)
    started = post(api, f"{visitor.base}/conversations", body)
    assert started.status == 200, started.data
    (message,) = started.data["messages"]
    assert (message["content"], started.data["language"]) == ("Rozbitá lampa", "cs")
    assert [a["file_name"] for a in message["attachments"]] == ["lamp.png"]
    found = conversations.find_conversation_by_number(started.data["id"])
    assert found is not None
    assert found.custom_attributes == {"page": "/lamps"}
    assert not Job.objects.filter(kind="assistant.greet").exists()


def test_a_refused_photo_begins_no_conversation(api: Api, visitor: Visitor) -> None:
    answer = post(api, f"{visitor.base}/conversations", form([("a.exe", b"MZ\x00")]))
    assert_error(answer, 415, "unsupported_file")
    assert api("GET", f"{visitor.base}/conversations").data == []


@pytest.mark.parametrize(
    ("name", "content", "content_type", "disposition"),
    [
        ("page.html", HTML, "text/plain; charset=utf-8", 'attachment; filename="page.html.txt"'),
        (
            "x.svg",
            b"<svg onload='alert(1)'/>",
            "text/plain; charset=utf-8",
            'attachment; filename="x.svg.txt"',
        ),
        ("lamp.html", PNG, "image/png", 'inline; filename="lamp.html.png"'),
        ("účet.pdf", PDF, "application/pdf", "attachment; filename*=utf-8''%C3%BA%C4%8Det.pdf"),
    ],
)
def test_nothing_that_is_sent_runs_where_it_is_opened(
    api: Api, address: str, name: str, content: bytes, content_type: str, disposition: str
) -> None:
    (stored,) = post(api, f"{address}/messages", form([(name, content)])).data["attachments"]
    for path in (f"{address}/attachments/{stored['id']}", path_of(stored["data_url"])):
        status, body, headers = fetch(api, path)
        assert (status, body) == (200, content)
        assert headers["Content-Type"] == content_type
        assert headers["Content-Disposition"] == disposition
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Content-Security-Policy"] == "default-src 'none'; sandbox; frame-ancestors 'none'"
        assert headers["Cache-Control"] == "private, max-age=3600"


@pytest.mark.parametrize(
    ("files", "status", "code"),
    [
        ([("big.txt", b"a" * (10 * MB + 1))], 413, "file_too_large"),
        ([("a.zip", b"PK\x03\x04")], 415, "unsupported_file"),
        ([("empty.png", b"")], 415, "unsupported_file"),
        ([("a.txt", b"a")] * 6, 422, "too_many_files"),
        ([("a.txt", b"a"), ("b.exe", b"MZ")], 415, "unsupported_file"),
        ([], 422, "invalid_input"),
    ],
)
def test_refusals_store_nothing(api: Api, address: str, files: Any, status: int, code: str) -> None:
    assert_error(post(api, f"{address}/messages", form(files)), status, code)
    assert (api("GET", f"{address}/messages").data, Attachment.objects.count()) == ([], 0)


def test_thirty_megabytes_are_refused_by_their_length_alone(api: Api, address: str) -> None:
    response = api.client.generic(
        "POST",
        f"{address}/messages",
        b"--b",
        content_type="multipart/form-data; boundary=b",
        headers={"Content-Length": str(30 * MB)},
    )
    error = response.json()["error"]
    assert (response.status_code, error["code"]) == (413, "too_large")
    assert error["facts"] == {"limit_bytes": 25 * MB + 256 * 1024}


@pytest.mark.parametrize(
    "body",
    [
        form([("a.txt", b"a")], command="menu"),
        form([("a.txt", b"a")], in_reply_to="1", submitted_values='[{"value": "x"}]'),
        form([("a.txt", b"a")], submitted_values="{"),
        form([("a.txt", b"a")], in_reply_to="x"),
        form([("a.txt", b"a")], in_reply_to="99999"),
        b"no form at all",
        b"",
        form([("a.txt", b"a")])[:-30],
    ],
)
def test_odd_forms_get_the_documented_error(api: Api, address: str, body: bytes) -> None:
    answer = post(api, f"{address}/messages", body)
    assert answer.status in {400, 404, 422}, answer.data
    assert set(answer.data["error"]) == {"code", "message", "retryable", "whose", "facts"}
    assert api("GET", f"{address}/messages").data == []


def test_forms_go_only_where_messages_go(api: Api, address: str) -> None:
    for path in ("/toggle_typing", "/email", "/handover"):
        assert post(api, address + path, form([("a.txt", b"a")])).status in {400, 422}, path
    assert post(api, f"{address}/messages/1", form([("a.txt", b"a")]), "PATCH").status in {400, 422}
    assert Attachment.objects.count() == 0


def test_a_question_for_files_is_answered_by_sending_some(api: Api, address: str) -> None:
    found = conversations.find_conversation_by_number(int(address.rsplit("/", 1)[1]))
    assert found is not None
    shown = {"slot": "photo", "expects": "file", "accept": ["image"], "many": True, "items": []}
    draft = MessageDraft(
        MessageType.OUTGOING, "A photo, please", Sender("assistant", None, "R"), "input_file", shown
    )
    question = conversations.add_message(found.id, draft).id
    refused = post(api, f"{address}/messages", form([("a.txt", b"a")], in_reply_to=str(question)))
    assert_error(refused, 422, "not_answerable")
    body = form([("1.png", PNG), ("2.png", PNG)], in_reply_to=str(question), content="both sides")
    sent = post(api, f"{address}/messages", body).data
    ids = [str(a["id"]) for a in sent["attachments"]]
    assert [v["value"] for v in sent["content_attributes"]["submitted_values"]] == ids
    again = api(
        "PATCH", f"{address}/messages/{question}", {"submitted_values": [{"name": "photo", "value": ids[:1]}]}
    )
    assert again.status == 200
    assert [v["value"] for v in again.data["content_attributes"]["submitted_values"]] == ids[:1]


def test_the_widget_sends_and_reads_files(api: Api, web_inbox: InboxInfo) -> None:
    token = api("POST", "/widget/sessions", {"website_token": web_inbox.identifier}).data["token"]
    bearer = {"Authorization": f"Bearer {token}"}
    started = post(
        api, "/widget/conversations", form([("lamp.png", PNG)], **{"message[echo_id]": "e1"}), **bearer
    )
    assert started.status == 200, started.data
    number = started.data["id"]
    sent = post(api, f"/widget/conversations/{number}/messages", form([("b.pdf", PDF)]), **bearer).data
    (stored,) = sent["attachments"]
    path = f"/widget/conversations/{number}/attachments/{stored['id']}"
    assert fetch(api, path, **bearer)[:2] == (200, PDF)
    assert api("GET", path).status == 401


def test_staff_send_files_and_notes_with_files(api: Api, staff: Api, address: str) -> None:
    number = address.rsplit("/", 1)[1]
    base = f"/api/v1/accounts/1/conversations/{number}"
    reply = post(staff, f"{base}/messages", form([("label.pdf", PDF)], content="Your label"))
    note = post(staff, f"{base}/messages", form([("case.docx", b"PK\x03\x04")], private="true"))
    brought = post(staff, f"{base}/messages", form([("lamp.png", PNG)], message_type="incoming"))
    assert (reply.status, note.status, brought.status) == (200, 200, 200), (
        reply.data,
        note.data,
        brought.data,
    )
    assert (note.data["private"], note.data["attachments"][0]["media_type"]) == (
        True,
        "application/octet-stream",
    )
    listed = staff("GET", f"{base}/attachments").data
    assert listed["meta"] == {"total_count": 3}
    assert [f["file_name"] for f in listed["payload"]] == ["label.pdf", "case.docx", "lamp.png"]
    number_of_note = note.data["attachments"][0]["id"]
    assert fetch(staff, f"{base}/attachments/{number_of_note}")[:2] == (200, b"PK\x03\x04")
    assert [len(m["attachments"]) for m in api("GET", f"{address}/messages").data] == [1, 1]
    assert_error(staff("POST", f"{base}/messages", {}), 422, "invalid_input")


def test_how_long_bodies_may_be() -> None:
    def limit(path: str, content_type: str = "multipart/form-data; boundary=x", method: str = "POST") -> Any:
        return limit_bytes({"REQUEST_METHOD": method, "PATH_INFO": path, "CONTENT_TYPE": content_type})

    client = "/public/api/v1/inboxes/i/contacts/s/conversations"
    for path in (
        f"{client}/7/messages",
        client,
        "/widget/conversations",
        "/widget/conversations/7/messages",
        "/api/v1/accounts/1/conversations/7/messages",
    ):
        assert limit(path) == 25 * MB + 256 * 1024, path
        assert limit(path, "application/json") == MB
        assert limit(path, method="PUT") == MB
    for path in (
        f"{client}/7/messages/",
        f"{client}/7/email",
        "/widget/sessions",
        "/api/v1/accounts/1/contacts",
        "/api/v1/accounts/1/conversations",
    ):
        assert limit(path) == MB, path
    assert limit("/desk/conversations/7/messages") is None


def test_messages_with_files_are_limited_per_address(
    api: Api, address: str, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.RATE_LIMITS = True
    monkeypatch.setattr("rapport.channels.uploads.UPLOADS", Limit("uploads", 1, 300))
    assert post(api, f"{address}/messages", form([("a.txt", b"a")])).status == 200
    refused = post(api, f"{address}/messages", form([("b.txt", b"b")]))
    assert_error(refused, 429, "too_many_requests")
    assert refused.data["error"]["facts"]["limit"] == "uploads"
    assert api("POST", f"{address}/messages", {"content": "words go on"}).status == 200
