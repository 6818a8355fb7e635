"""Photos and documents: stored under random names, carried by one message, forgotten with their conversation."""

from __future__ import annotations

import datetime as dt
import os

import pytest
from django.conf import settings
from django.core import signing

from rapport.conversations import api as conversations
from rapport.conversations import attachments, file_store
from rapport.conversations.contracts import ConversationInfo, MessageDraft, MessageType, NewFile, Sender
from rapport.conversations.errors import FileTooLarge, NotAnswerable, TooManyFiles, UnsupportedFile
from rapport.conversations.models import Attachment
from rapport.kernel.clock import now
from rapport.kernel.errors import InvalidInput, NotFound

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 20
SYSTEM = Sender("assistant", None, "Rapport")


def start() -> ConversationInfo:
    inbox = conversations.create_inbox("Web", "web")
    return conversations.create_conversation(conversations.create_contact(inbox, {"name": "Mia"}))


@pytest.fixture
def talk(db: None) -> ConversationInfo:
    return start()


def content_of(attachment_id: int) -> bytes:
    name = Attachment.objects.get(pk=attachment_id).storage_name
    with file_store.open_content(name) as file:
        return file.read()


def test_a_file_lies_under_a_random_name(talk: ConversationInfo) -> None:
    stored = conversations.add_attachment(talk.id, NewFile("../lamp.png", PNG), from_customer=True)
    row = Attachment.objects.get(pk=stored.id)
    path = file_store.path_of(row.storage_name)
    assert (stored.name, stored.media_type, stored.size, stored.message_id) == (
        "lamp.png",
        "image/png",
        28,
        None,
    )
    assert "lamp" not in str(path)
    assert (path.stat().st_mode & 0o777, path.read_bytes()) == (0o600, PNG)


def test_a_message_carries_files_and_shows_them_as_chatwoot_does(talk: ConversationInfo) -> None:
    photo = conversations.add_attachment(talk.id, NewFile("lamp.png", PNG), from_customer=True)
    text = conversations.add_attachment(talk.id, NewFile("note.txt", b"broken"), from_customer=True)
    message = conversations.receive_message(talk.id, "", attachment_ids=(photo.id, text.id))
    assert [a.id for a in message.attachments] == [photo.id, text.id]
    shown = conversations.present_message(message, talk.display_id)["attachments"]
    assert [(s["file_type"], s["file_name"], s["file_size"], s["message_id"]) for s in shown] == [
        ("image", "lamp.png", 28, message.id),
        ("file", "note.txt", 6, message.id),
    ]
    assert shown[0]["thumb_url"] == shown[0]["data_url"]
    assert shown[1]["thumb_url"] == ""
    read = conversations.list_messages(talk.id)
    assert read == [message]
    assert conversations.find_message(talk.id, message.id) == message
    found = conversations.find_conversation(talk.id)
    assert found is not None
    assert (found.preview, found.generation) == ("lamp.png, note.txt", 1)
    assert [a.id for a in conversations.list_attachments(talk.id, from_customer=True)] == [photo.id, text.id]
    assert conversations.list_attachments(talk.id, from_customer=False) == []


def test_a_message_without_words_and_files_is_still_refused(talk: ConversationInfo) -> None:
    with pytest.raises(InvalidInput):
        conversations.receive_message(talk.id, " ")


def test_a_file_is_carried_once_and_only_in_its_conversation(talk: ConversationInfo) -> None:
    other = start()
    stored = conversations.add_attachment(talk.id, NewFile("a.pdf", b"%PDF-1.4"))
    draft = MessageDraft(MessageType.OUTGOING, "", SYSTEM, attachment_ids=(stored.id,))
    with pytest.raises(InvalidInput):
        conversations.add_message(other.id, draft)
    assert conversations.list_messages(other.id) == []
    message = conversations.add_message(talk.id, draft)
    assert [a.name for a in message.attachments] == ["a.pdf"]
    with pytest.raises(InvalidInput):
        conversations.add_message(talk.id, draft)
    assert len(conversations.list_messages(talk.id)) == 1


@pytest.mark.parametrize("content", [b"MZ\x00", b"PK\x03\x04", b"\x7fELF", b""])
def test_customers_send_nothing_that_runs(talk: ConversationInfo, content: bytes) -> None:
    with pytest.raises(UnsupportedFile):
        conversations.add_attachment(talk.id, NewFile("lamp.png", content), from_customer=True)
    assert Attachment.objects.count() == 0


def test_limits(talk: ConversationInfo, monkeypatch: pytest.MonkeyPatch) -> None:
    too_large = NewFile("big.txt", b"a" * (settings.CONFIG.file_max_bytes + 1))
    with pytest.raises(FileTooLarge) as problem:
        conversations.add_attachment(talk.id, too_large)
    assert problem.value.facts == {
        "file": "big.txt",
        "size": settings.CONFIG.file_max_bytes + 1,
        "limit_bytes": settings.CONFIG.file_max_bytes,
    }
    with pytest.raises(TooManyFiles):
        conversations.check_files(talk.id, [NewFile("a.txt", b"a")] * 6, from_customer=True)
    monkeypatch.setattr(attachments, "MAX_FROM_CUSTOMER", 1)
    conversations.add_attachment(talk.id, NewFile("a.txt", b"a"), from_customer=True)
    with pytest.raises(TooManyFiles):
        conversations.add_attachment(talk.id, NewFile("b.txt", b"b"), from_customer=True)
    conversations.add_attachment(talk.id, NewFile("c.txt", b"c"))


def test_a_signed_address_ends(talk: ConversationInfo, monkeypatch: pytest.MonkeyPatch) -> None:
    stored = conversations.add_attachment(talk.id, NewFile("a.txt", b"a"))
    token = stored.url.rpartition("/")[2]
    found = conversations.find_attachment_by_token(token)
    assert found is not None
    assert found.id == stored.id
    assert conversations.find_attachment_by_token(token[:-1]) is None
    forged = signing.Signer(salt="other").sign_object([stored.id, 2**40])
    assert conversations.find_attachment_by_token(forged) is None
    later = now() + dt.timedelta(hours=2, seconds=1)
    monkeypatch.setattr(file_store, "now", lambda: later)
    assert conversations.find_attachment_by_token(token) is None


def test_what_customers_may_not_see_of_a_note(talk: ConversationInfo) -> None:
    stored = conversations.add_attachment(talk.id, NewFile("a.txt", b"a"))
    assert conversations.find_attachment(talk.id, stored.id) is None
    note = MessageDraft(MessageType.OUTGOING, "", SYSTEM, is_private=True, attachment_ids=(stored.id,))
    conversations.add_message(talk.id, note)
    assert conversations.find_attachment(talk.id, stored.id) is not None
    assert conversations.find_attachment(talk.id, stored.id, for_customer=True) is None
    assert conversations.find_attachment(start().id, stored.id) is None


def ask(talk: ConversationInfo, **attributes: object) -> int:
    shown = {"slot": "photo", "accept": ["image"], "quick_replies": [{"title": "Skip", "value": "__skip__"}]}
    draft = MessageDraft(
        MessageType.OUTGOING, "A photo, please", SYSTEM, "input_file", {**shown, **attributes}
    )
    return conversations.add_message(talk.id, draft).id


def test_files_answer_a_question_for_files(talk: ConversationInfo) -> None:
    question = ask(talk)
    photo = conversations.add_attachment(talk.id, NewFile("lamp.png", PNG), from_customer=True)
    message = conversations.receive_files(talk.id, question, (photo.id,), text="here")
    values = [{"name": "photo", "title": "lamp.png", "value": str(photo.id)}]
    assert message.content_attributes == {"in_reply_to": question, "submitted_values": values}
    assert (message.content, [a.id for a in message.attachments]) == ("here", [photo.id])
    again = conversations.receive_answer(talk.id, question, [{"value": photo.id}])
    assert (again.content, again.attachments) == ("lamp.png", ())
    assert conversations.receive_answer(talk.id, question, [{"value": "__skip__"}]).content == "Skip"


def test_only_fitting_files_of_the_customer_in_this_conversation_are_an_answer(
    talk: ConversationInfo,
) -> None:
    question = ask(talk)
    ours = conversations.add_attachment(talk.id, NewFile("ours.png", PNG))
    conversations.add_message(
        talk.id, MessageDraft(MessageType.OUTGOING, "", SYSTEM, attachment_ids=(ours.id,))
    )
    text = conversations.add_attachment(talk.id, NewFile("a.txt", b"a"), from_customer=True)
    conversations.receive_message(talk.id, "", attachment_ids=(text.id,))
    loose = conversations.add_attachment(talk.id, NewFile("loose.png", PNG), from_customer=True)
    other = start()
    theirs = conversations.add_attachment(other.id, NewFile("theirs.png", PNG), from_customer=True)
    conversations.receive_message(other.id, "", attachment_ids=(theirs.id,))
    for wrong in (ours.id, text.id, loose.id, theirs.id, 0, "x", [], True, None):
        with pytest.raises(NotAnswerable):
            conversations.receive_answer(talk.id, question, [{"value": wrong}])
    several = [
        conversations.add_attachment(talk.id, NewFile(f"{n}.png", PNG), from_customer=True) for n in "ab"
    ]
    ids = tuple(a.id for a in several)
    with pytest.raises(NotAnswerable):
        conversations.receive_files(talk.id, question, ids)
    assert len(conversations.receive_files(talk.id, ask(talk, many=True), ids).attachments) == 2


def test_files_go_with_their_conversation(
    talk: ConversationInfo, django_capture_on_commit_callbacks: object
) -> None:
    kept = start()
    theirs = conversations.add_attachment(kept.id, NewFile("a.txt", b"a"))
    ours = conversations.add_attachment(talk.id, NewFile("b.txt", b"b"))
    conversations.add_message(
        talk.id, MessageDraft(MessageType.OUTGOING, "", SYSTEM, attachment_ids=(ours.id,))
    )
    path = file_store.path_of(Attachment.objects.get(pk=ours.id).storage_name)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        conversations.delete_conversation(talk.id)
    assert (conversations.find_conversation(talk.id), path.exists()) == (None, False)
    assert content_of(theirs.id) == b"a"
    conversations.delete_conversation(talk.id)


def test_a_reference_becomes_an_address_when_it_leaves_and_nobody_else_makes_one(
    talk: ConversationInfo,
) -> None:
    stored = conversations.add_attachment(talk.id, NewFile("a.txt", b"a"))
    kept = conversations.file_reference(stored.id)
    forged = f"rapport-file:{stored.id + 1}:{kept.rpartition(':')[2]}"
    left = conversations.with_file_addresses({"photos": [kept, f"see {kept}."], "said": forged, "n": 1})
    assert left == {"photos": [stored.url, f"see {stored.url}."], "said": forged, "n": 1}
    assert kept == conversations.file_reference(stored.id)


def test_the_daily_job_forgets_what_no_message_came_for(talk: ConversationInfo) -> None:
    carried = conversations.add_attachment(talk.id, NewFile("a.txt", b"a"))
    conversations.add_message(
        talk.id, MessageDraft(MessageType.OUTGOING, "", SYSTEM, attachment_ids=(carried.id,))
    )
    fresh = conversations.add_attachment(talk.id, NewFile("b.txt", b"b"))
    late = conversations.add_attachment(talk.id, NewFile("c.txt", b"c"))
    Attachment.objects.filter(pk__in=(carried.id, late.id)).update(created_at=now() - dt.timedelta(days=2))
    paths = {
        a: file_store.path_of(Attachment.objects.get(pk=a.id).storage_name) for a in (carried, fresh, late)
    }
    stray = file_store.path_of(file_store.write(b"stray"))
    young = file_store.path_of(file_store.write(b"young"))
    for old in (paths[carried], stray):
        os.utime(old, times=((now() - dt.timedelta(days=2)).timestamp(),) * 2)
    assert attachments.prune_files() == 2
    assert [p.exists() for p in (paths[carried], paths[fresh], paths[late], stray, young)] == [
        True,
        True,
        False,
        False,
        True,
    ]
    assert set(Attachment.objects.values_list("pk", flat=True)) == {carried.id, fresh.id}
    young.unlink()


def test_a_file_that_is_gone_is_not_found(talk: ConversationInfo) -> None:
    stored = conversations.add_attachment(talk.id, NewFile("a.txt", b"a"))
    with conversations.open_attachment(stored) as file:
        assert file.read() == b"a"
    file_store.remove(Attachment.objects.get(pk=stored.id).storage_name)
    with pytest.raises(NotFound):
        conversations.open_attachment(stored)
