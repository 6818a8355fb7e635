"""Documents that actions made become files of the reply; pictures of a page never do."""

from __future__ import annotations

import pytest

from rapport.assistant.attaching import attach_files
from rapport.connectors.call_files import keep_file, place_of
from rapport.conversations import api as conversations
from rapport.conversations.contracts import MessageDraft, MessageType, Sender
from rapport.procedures.contracts import ActionResult, Call

pytestmark = pytest.mark.django_db


@pytest.fixture
def conversation_id():
    inbox = conversations.create_inbox("API", "api")
    return conversations.create_conversation(conversations.create_contact(inbox, {"name": "Vera"})).id


def _result(key, ok=True, **data):
    return Call("documents.return_label", {}, key), ActionResult(key, ok, data)


def test_each_document_is_attached_once_and_no_picture(conversation_id):
    label = keep_file("a1", "label.pdf", "application/pdf", b"%PDF-1.4 a")
    shot = keep_file("a1", "after.jpg", "image/jpeg", b"\xff\xd8\xff x")
    calls = [
        _result("a1", file=label, screens=[shot]),
        _result("a1", file=label),
        _result("a2", number="R1"),
        _result("a3", ok=False, file=label | {"ref": "x"}),
    ]
    ids = attach_files(conversation_id, calls)
    draft = MessageDraft(MessageType.OUTGOING, "Here", Sender("assistant", None, ""), attachment_ids=ids)
    message = conversations.add_message(conversation_id, draft)
    assert [(a.name, a.media_type, a.size) for a in message.attachments] == [
        ("label.pdf", "application/pdf", 10)
    ]


def test_a_file_that_is_gone_or_forged_is_left_out(conversation_id):
    gone = keep_file("b1", "label.pdf", "application/pdf", b"%PDF-1.4 b")
    place_of(gone["ref"]).unlink()
    calls = [
        _result("b1", file=gone),
        _result("b2", file={"ref": "../../secret_key", "name": "x"}),
        _result("b3", file="x"),
    ]
    assert attach_files(conversation_id, calls) == ()
