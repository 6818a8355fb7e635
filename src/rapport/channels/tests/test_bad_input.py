"""Whatever is sent: the documented error or a sane result, never a stack trace."""

from __future__ import annotations

import pytest

from rapport.channels.http import MAX_BODY_BYTES
from rapport.channels.tests.conftest import Answer, Api, Visitor
from rapport.conversations.contracts import InboxInfo


def assert_error(answer: Answer, status: int, code: str) -> None:
    assert answer.status == status, answer.data
    assert set(answer.data) == {"error", "message"}
    error = answer.data["error"]
    assert set(error) == {"code", "message", "retryable", "whose", "facts"}
    assert error["code"] == code
    assert answer.data["message"] == error["message"]
    assert "Traceback" not in str(answer.data)


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"{", 400, "malformed"),
        (b"[]", 400, "malformed"),
        (b'"text"', 400, "malformed"),
        (b"null", 400, "malformed"),
        (b"\xff\xfe", 400, "malformed"),
        (b'{"content": NaN}', 400, "malformed"),
        (b'{"content": "raw \x00"}', 400, "malformed"),
        (b"[" * 100_000, 400, "malformed"),
        (b'{"a":' * 50_000, 400, "malformed"),
        (b'{"content": ' + b"9" * 5000 + b"}", 400, "malformed"),
        (b'{"content": 5}', 422, "invalid_input"),
        (b'{"content": ["x"]}', 422, "invalid_input"),
        (b"{}", 422, "invalid_input"),
        (b"", 422, "invalid_input"),
        (b'{"content": "  \\u0000 "}', 422, "invalid_input"),
        (b'{"submitted_values": []}', 422, "invalid_input"),
        (b'{"submitted_values": [], "in_reply_to": 1}', 404, "not_found"),
        (b'{"submitted_values": [{"value": {}}], "in_reply_to": 1}', 422, "invalid_input"),
        (
            b'{"submitted_values": [{"value": 1}], "in_reply_to": 9999999999999999999}',
            422,
            "invalid_input",
        ),
        (b'{"content": "' + b"x" * MAX_BODY_BYTES + b'"}', 413, "too_large"),
    ],
)
def test_bad_bodies(visitor: Visitor, body: bytes, status: int, code: str) -> None:
    address = visitor.start()
    assert_error(visitor.api("POST", f"{address}/messages", body), status, code)
    assert visitor.api("GET", f"{address}/messages").data == []


@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        ("a\x00b", "ab"),
        ("\ud83d\ude00 \ud800", "😀 ?"),
        ("😀👩‍👩‍👧", "😀👩‍👩‍👧"),
        ("שלום עולם", "שלום עולם"),
        ("مرحبا\u202e", "مرحبا\u202e"),
        ("line\nbreak\ttab\x07", "line\nbreak\ttab"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
    ],
)
def test_odd_texts_are_stored_as_text(visitor: Visitor, sent: str, stored: str) -> None:
    address = visitor.start()
    answer = visitor.api("POST", f"{address}/messages", {"content": sent})
    assert (answer.status, answer.data["content"]) == (200, stored)


def test_a_text_of_100_kb_is_cut(visitor: Visitor) -> None:
    answer = visitor.api("POST", f"{visitor.start()}/messages", {"content": "ž" * 50_000})
    assert answer.status == 200
    assert len(answer.data["content"]) == 20_001


@pytest.mark.parametrize(
    "profile",
    [
        {"email": "nobody"},
        {"name": "x" * 201},
        {"custom_attributes": {"x": "y" * 20_000}},
        {"custom_attributes": [1]},
        {"identifier": 5},
        {"email": "a@b.c" * 100},
    ],
)
def test_bad_contacts_are_refused_with_the_field(api: Api, inbox: InboxInfo, profile: dict) -> None:
    answer = api("POST", f"/public/api/v1/inboxes/{inbox.identifier}/contacts", profile)
    assert_error(answer, 422, "invalid_input")
    assert next(iter(profile)) in answer.data["error"]["facts"]["fields"][0]["field"]


def test_infinite_numbers_and_strays_in_attributes(api: Api, inbox: InboxInfo) -> None:
    path = f"/public/api/v1/inboxes/{inbox.identifier}/contacts"
    assert_error(api("POST", path, b'{"custom_attributes": {"x": 1e999}}'), 422, "invalid_input")
    assert (
        api("POST", path, b'{"name": "A\\u0000\\ud800", "custom_attributes": {"k\\u0000": "\\udfff"}}').status
        == 200
    )


@pytest.mark.parametrize(
    "path",
    [
        "/public/api/v1/inboxes/nope",
        "/public/api/v1/inboxes/nope/contacts/nope",
        "/public/api/v1/nothing/here",
        "/api/v1/nothing",
        "/public/api/v1/inboxes/%F0%9F%98%80",
        "/public/api/v1/inboxes/' OR 1=1 --",
        "/api/nothing",
    ],
)
def test_unknown_addresses(api: Api, db: None, path: str) -> None:
    assert_error(api("GET", path), 404, "not_found")


def test_nul_in_an_address(api: Api, db: None) -> None:
    assert_error(api("GET", "/public/api/v1/inboxes/a%00b"), 400, "malformed")
    assert_error(api("GET", "/widget/menu?language=%00"), 400, "malformed")


@pytest.mark.parametrize("number", ["0", "-1", "99999999999999999999999", "x", "1.5", "1e3", "%20"])
def test_odd_numbers_in_an_address(visitor: Visitor, number: str) -> None:
    answer = visitor.api("GET", f"{visitor.base}/conversations/{number}")
    assert answer.status in {404, 422}
    assert set(answer.data) == {"error", "message"}


def test_wrong_method(api: Api, inbox: InboxInfo) -> None:
    answer = api("PUT", f"/public/api/v1/inboxes/{inbox.identifier}")
    assert_error(answer, 405, "method_not_allowed")
    assert answer.headers["Allow"] == "GET"


def test_a_fault_of_ours_shows_a_reference_and_no_trace(
    api: Api, inbox: InboxInfo, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def explode(_: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr("rapport.channels.presenting.present_inbox", explode)
    answer = api("GET", f"/public/api/v1/inboxes/{inbox.identifier}")
    assert_error(answer, 500, "internal")
    assert answer.data["error"]["whose"] == "us"
    assert "secret" not in str(answer.data)
    assert len(answer.data["error"]["facts"]["reference"]) == 12
