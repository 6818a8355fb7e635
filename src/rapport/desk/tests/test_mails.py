"""A mail conversation at the desk: subject, recipients, the whole mail, and what became of each answer."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest
from django.test import Client

from rapport.channels.kinds.email import api as email
from rapport.channels.kinds.email.models import OutgoingMail
from rapport.conversations import api as conversations
from rapport.conversations.contracts import ConversationInfo, MessageDraft, MessageInfo, MessageType, Sender
from rapport.desk.mails import mail_views
from rapport.desk.tests.conftest import Desk
from rapport.kernel.clock import now

RAW = (
    b"From: Ann <ann@x.example>\r\nTo: care@shop.example\r\nCc: bob@y.example\r\nSubject: About a lamp\r\n"
    b"Message-ID: <1@x.example>\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
    b"<p>The lamp that came yesterday does not work at all.</p>"
    b"<blockquote>&lt;script&gt;alert(1)&lt;/script&gt; we wrote</blockquote>"
)


@pytest.fixture
def number(desk: Desk) -> int:
    inbox = email.create_email_inbox("Mail", "care@shop.example")
    found = email.receive_mail(inbox, RAW, "pipe").conversation_number
    assert found is not None
    return found


def _thread(browser: Client, number: int) -> str:
    answer = browser.get(f"/desk/conversations/{number}/thread", headers={"HX-Request": "true"})
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_newly_written_part_is_shown_and_the_whole_mail_on_request(browser: Client, number: int) -> None:
    page = _thread(browser, number)
    assert '<p class="prewrap">The lamp that came yesterday does not work at all.</p>' in page
    assert all(words in page for words in ("About a lamp", "bob@y.example", "Show whole mail", "Not proven"))
    assert "<script>alert" not in page


@pytest.mark.parametrize(("others", "is_shown"), [({}, True), ({"reply_to": ["eve@y.example"]}, False)])
@pytest.mark.django_db
def test_a_proof_is_shown_only_where_it_can_mean_but_one_address(
    others: dict[str, Any], is_shown: bool
) -> None:
    kept = {"from": ["ann@x.example"], "proof": "email_reply", **others}
    message = SimpleNamespace(id=1, content="Hello", content_attributes={"email": kept})
    info = SimpleNamespace(inbox=SimpleNamespace(channel_kind="email"))
    view = mail_views([cast("MessageInfo", message)], cast("ConversationInfo", info))[1]
    assert bool(view.proof) is is_shown


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("unsent", "On its way to ann@x.example"),
        ("sent", "Sent to ann@x.example"),
        ("failed", "Not sent to ann@x.example:"),
    ],
)
def test_what_became_of_an_answer_is_shown(browser: Client, number: int, state: str, words: str) -> None:
    info = conversations.find_conversation_by_number(number)
    assert info is not None
    message = conversations.add_message(
        info.id, MessageDraft(MessageType.OUTGOING, "We look into it.", Sender("user", 1, "Ada"))
    )
    OutgoingMail.objects.create(
        inbox_id=info.inbox.id, conversation_id=info.id, message_ref_id=message.id, to="ann@x.example",
        token="t", message_id="m", state=state, sent_at=now() if state == "sent" else None, problem="550 gone",
    )  # fmt: skip
    page = _thread(browser, number)
    assert words in page
    assert ("mail-failed" in page) == (state == "failed")


def test_a_reply_from_the_desk_becomes_a_mail(browser: Client, number: int) -> None:
    from rapport.channels.kinds.email.collecting import take_news
    from rapport.jobs import api as jobs

    browser.post(f"/desk/conversations/{number}/messages", {"content": "Hello Ann", "kind": "reply"})
    take_news([row for row in jobs.read_feed(0) if row.kind == "message_created"])
    row = OutgoingMail.objects.get()
    assert (row.to, row.is_automatic) == ("ann@x.example", False)
