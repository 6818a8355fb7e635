"""Photos and documents on the desk: seen in the thread, sent with a reply or kept with a note."""

from __future__ import annotations

from urllib.parse import unquote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from rapport.connectors.call_files import keep_file
from rapport.connectors.models import ActionCall
from rapport.conversations import api as conversations
from rapport.conversations.contracts import ConversationInfo, NewFile
from rapport.conversations.models import Attachment
from rapport.desk.tests.conftest import Desk
from rapport.procedures import api as procedures

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 20


def with_photo(desk: Desk) -> tuple[ConversationInfo, int]:
    info = desk.queued()
    stored = conversations.add_attachment(info.id, NewFile('la"mp<b>.png', PNG), from_customer=True)
    conversations.receive_message(info.id, "", attachment_ids=(stored.id,))
    return desk.fresh(info), stored.id


def test_a_photo_is_shown_and_can_be_saved(desk: Desk, browser: Client) -> None:
    info, photo = with_photo(desk)
    page = browser.get(f"/desk/conversations/{info.display_id}").content.decode()
    address = f"/desk/conversations/{info.display_id}/files/{photo}"
    assert f'<img src="{address}" alt="la mp b .png"' in page
    assert f'href="{address}" download="la mp b .png"' in page
    answer = browser.get(address)
    assert (answer.status_code, answer.getvalue(), answer["Content-Type"]) == (200, PNG, "image/png")
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox; frame-ancestors 'none'"


def test_files_are_found_only_in_their_conversation_and_by_those_who_answer(
    desk: Desk, browser: Client
) -> None:
    info, photo = with_photo(desk)
    other = desk.queued("Ana")
    assert browser.get(f"/desk/conversations/{other.display_id}/files/{photo}").status_code == 404
    assert browser.get(f"/desk/conversations/{info.display_id}/files/99").status_code == 404
    address = f"/desk/conversations/{info.display_id}/files/{photo}"
    assert Client().get(address).status_code == 302
    analyst = Client()
    analyst.force_login(desk.analyst)
    assert analyst.get(address).status_code == 403


@pytest.mark.parametrize(("kind", "is_private"), [("reply", False), ("note", True)])
def test_files_go_with_a_reply_or_a_note(desk: Desk, browser: Client, kind: str, is_private: bool) -> None:
    info = desk.taken(desk.agent)
    files = [SimpleUploadedFile("label.pdf", b"%PDF-1.4"), SimpleUploadedFile("case.docx", b"PK\x03\x04")]
    sent = browser.post(
        f"/desk/conversations/{info.display_id}/messages",
        {"content": "", "kind": kind, "files": files},
        headers={"HX-Request": "true"},
    )
    assert sent.status_code == 200
    assert "label.pdf" in sent.content.decode()
    last = conversations.list_messages(info.id)[-1]
    assert (last.is_private, [a.name for a in last.attachments]) == (is_private, ["label.pdf", "case.docx"])
    assert not any(a.from_customer for a in last.attachments)


def test_too_large_or_too_many_files_are_said_and_nothing_is_sent(desk: Desk, browser: Client) -> None:
    info = desk.taken(desk.agent)
    before = conversations.list_messages(info.id)
    for files in (
        [SimpleUploadedFile("big.txt", b"a" * (10 * 2**20 + 1))],
        [SimpleUploadedFile(f"{n}.txt", b"a") for n in range(6)],
    ):
        sent = browser.post(
            f"/desk/conversations/{info.display_id}/messages",
            {"content": "here", "kind": "reply", "files": files},
            headers={"HX-Request": "true"},
        )
        assert (sent.status_code, "at most" in unquote(sent["X-Problem"])) == (409, True)
    assert (conversations.list_messages(info.id), Attachment.objects.count()) == (before, 0)


def _call_with_a_picture(info: ConversationInfo) -> str:
    file = keep_file(f"k-{info.id}", "before.jpg", "image/jpeg", b"\xff\xd8\xff jpeg")
    ActionCall.objects.create(
        key=f"k-{info.id}",
        action="erp.book",
        conversation_id=int(info.id),
        state="done",
        result={"screens": [file]},
    )
    return f"/desk/conversations/{info.display_id}/calls/{file['ref']}"


def test_pictures_of_an_action_are_linked_and_shown_only_in_their_conversation(
    desk: Desk, browser: Client
) -> None:
    info, other = desk.queued(), desk.queued("Ana")
    address = _call_with_a_picture(info)
    panel = browser.get(f"/desk/conversations/{info.display_id}/panel").content.decode()
    assert f'<a href="{address}" target="_blank" rel="noopener">before.jpg</a>' in panel
    answer = browser.get(address)
    assert (answer.status_code, answer.content, answer["Content-Type"]) == (
        200, b"\xff\xd8\xff jpeg", "image/jpeg",
    )  # fmt: skip
    assert "sandbox" in answer["Content-Security-Policy"]
    elsewhere = address.replace(f"/{info.display_id}/", f"/{other.display_id}/", 1)
    assert browser.get(elsewhere).status_code == 404
    assert browser.get(address.replace("before", "after")).status_code == 404
    assert Client().get(address).status_code == 302
    analyst = Client()
    analyst.force_login(desk.analyst)
    assert analyst.get(address).status_code == 403


def test_files_that_answer_a_question_are_shown_without_an_empty_click(desk: Desk, browser: Client) -> None:
    info = desk.conversation()
    question = desk.says(info, "A photo?", content_type="input_file", content_attributes={"slot": "photo"})
    stored = conversations.add_attachment(info.id, NewFile("lamp.png", PNG), from_customer=True)
    conversations.receive_files(info.id, question, (stored.id,))
    page = browser.get(f"/desk/conversations/{info.display_id}").content.decode()
    assert f"/files/{stored.id}" in page
    assert 'class="clicked"' not in page
    assert "Not answered by a click yet" not in page


DAMAGE = """
procedure: damage
version: 1
identify: none
title: {en: Report damage}
slots:
  photos:
    type: file
    many: true
    accept: [image]
    ask: {en: "Show us the damage."}
done: {en: "With {photos|list}."}
"""


def test_a_file_is_added_in_the_place_of_a_customer_who_cannot_send_it(desk: Desk, browser: Client) -> None:
    procedures.publish(DAMAGE, actor_id=desk.agent.pk)
    info = desk.taken(desk.agent)
    pane = f"/desk/conversations/{info.display_id}/procedures"
    assert 'name="files"' in browser.post(pane, {"move": "start", "procedure": "damage"}).content.decode()
    nothing = browser.post(pane, {"move": "fill", "files_for": "photos"})
    assert "Choose or enter something first." in nothing.content.decode()
    letter = SimpleUploadedFile("letter.pdf", b"%PDF-1.4")
    asked = browser.post(pane, {"move": "fill", "files_for": "photos", "files": letter}).content.decode()
    assert "Show us the damage." in asked
    photo = SimpleUploadedFile("lamp.png", PNG)
    said = browser.post(pane, {"move": "fill", "files_for": "photos", "files": photo}).content.decode()
    assert "With lamp.png." in said
    notes = [m for m in conversations.list_messages(info.id) if m.is_private]
    assert [(n.sender.id, [a.name for a in n.attachments]) for n in notes] == [
        (desk.agent.pk, ["letter.pdf"]),
        (desk.agent.pk, ["lamp.png"]),
    ]
    assert not any(a.from_customer for n in notes for a in n.attachments)
