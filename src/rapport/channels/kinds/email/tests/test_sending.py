"""Mails go out once: through the inbox's server, tried again while it is away, told to staff when it refuses."""

from __future__ import annotations

import datetime as dt
import email
import email.policy
from dataclasses import replace
from types import SimpleNamespace

import pytest

from rapport.channels.kinds.email import filing
from rapport.channels.kinds.email.accounts import mailbox_of, save_mailbox
from rapport.channels.kinds.email.collecting import take_news
from rapport.channels.kinds.email.contracts import Address, Mail, MailFile, Server
from rapport.channels.kinds.email.models import OutgoingMail
from rapport.channels.kinds.email.receiving import receive_mail
from rapport.channels.kinds.email.sending import list_due, send_all, try_again
from rapport.channels.kinds.email.tests.conftest import ADDRESS, raw_mail
from rapport.channels.kinds.email.tests.servers import run_smtp
from rapport.channels.kinds.email.transport import NotSent, check
from rapport.conversations import api as conversations
from rapport.conversations.contracts import MOMENTARY, MessageDraft, MessageType, NewFile, Sender
from rapport.jobs import api as jobs
from rapport.kernel.clock import now, use_clock

ASSISTANT = Sender("assistant", None, "Rapport")


@pytest.fixture
def server():
    with run_smtp() as running:
        yield running


@pytest.fixture
def post(inbox, server):
    smtp = Server("127.0.0.1", server.port, "plain")
    save_mailbox(replace(mailbox_of(inbox.id), smtp=smtp, signature="The shop", has_plus_addresses=True))
    return server


def begin(inbox, **headers):
    receipt = receive_mail(inbox, raw_mail(**headers), "pipe")
    return conversations.find_conversation_by_number(receipt.conversation_number)


def say(conversation, text="Here.", sender=ASSISTANT, **given):
    draft = MessageDraft(given.pop("type", MessageType.OUTGOING), text, sender, **given)
    message = conversations.add_message(conversation.id, draft)
    take_news(
        [row for row in jobs.read_feed(0) if row.kind == "message_created" and row.data["id"] == message.id]
    )
    return message


def parsed(raw):
    return email.message_from_bytes(raw, policy=email.policy.default)


def test_an_answer_goes_out_once_with_thread_signature_and_history(inbox, post):
    conversation = begin(inbox)
    say(conversation)
    send_all(inbox.id)
    send_all(inbox.id)
    ((sender, recipients, raw),) = post.mails
    row, mail = OutgoingMail.objects.get(), parsed(raw)
    assert (row.state, row.attempts, recipients) == ("sent", 1, ["ann@x.example"])
    assert sender == f"care+{row.token}@shop.example"
    assert (mail["From"], mail["Reply-To"]) == (f"Shop <{ADDRESS}>", f"Shop <care+{row.token}@shop.example>")
    assert (mail["In-Reply-To"], mail["References"]) == ("<1@x.example>", "<1@x.example>")
    assert mail["Message-ID"] == f"<rapport.{row.token}@shop.example>"
    text = mail.get_body(("plain",)).get_content().replace("\r\n", "\n")
    assert text.startswith("Here.\n\nThe shop\n\nThis answer was written by an AI assistant.")
    assert text.rstrip().endswith("Ann wrote:\n> Where is it?")
    page = mail.get_body(("html",)).get_content()
    assert "<p>Here.</p>" in page
    assert "<script" not in page


def test_a_message_has_one_mail_however_often_its_news_comes(inbox, post):
    conversation = begin(inbox)
    message = say(conversation)
    rows = [
        row for row in jobs.read_feed(0) if row.kind == "message_created" and row.data["id"] == message.id
    ]
    take_news(rows)
    take_news(rows)
    assert OutgoingMail.objects.count() == 1


def test_notes_lines_of_record_and_news_of_the_moment_are_no_mails(inbox, post):
    conversation = begin(inbox)
    say(conversation, is_private=True)
    say(conversation, type=MessageType.ACTIVITY)
    say(conversation, type=MessageType.TEMPLATE, content_attributes={MOMENTARY: True})
    assert OutgoingMail.objects.count() == 0


def test_files_go_along(inbox, post):
    conversation = begin(inbox)
    file = conversations.add_attachment(conversation.id, NewFile("label.pdf", b"%PDF-1.4\n%%EOF"))
    say(conversation, attachment_ids=(file.id,))
    send_all(inbox.id)
    (found,) = parsed(post.mails[0][2]).iter_attachments()
    assert (found.get_filename(), found.get_content_type(), found.get_content()[:5]) == (
        "label.pdf",
        "application/pdf",
        b"%PDF-",
    )


def test_while_the_server_is_away_it_is_tried_again_later(inbox, post):
    conversation = begin(inbox)
    post.says["DATA"] = "451 later"
    say(conversation)
    send_all(inbox.id)
    row = OutgoingMail.objects.get()
    assert (row.state, row.attempts, row.problem, list_due()) == ("unsent", 1, "451 later", [])
    assert 25 < (row.next_at - now()).total_seconds() <= 30
    post.says.clear()
    later = now() + dt.timedelta(seconds=31)
    with use_clock(lambda: later):
        assert list_due() == [inbox.id]
        send_all(inbox.id)
    row.refresh_from_db()
    assert (row.state, row.attempts, len(post.mails)) == ("sent", 2, 1)


def test_a_refusal_ends_it_and_is_told_to_staff(inbox, post):
    conversation = begin(inbox)
    post.says["ann@x.example"] = "550 no such user"
    say(conversation)
    send_all(inbox.id)
    row = OutgoingMail.objects.get()
    assert (row.state, row.problem) == ("failed", "550 no such user")
    last = conversations.list_latest_messages(conversation.id)[-1]
    assert (last.type, last.content) == (
        "activity",
        "Our mail to ann@x.example could not be sent: 550 no such user",
    )
    post.says.clear()
    assert try_again(inbox.id, row.pk)
    send_all(inbox.id)
    assert len(post.mails) == 1
    assert not try_again(inbox.id, row.pk)


def test_nothing_overtakes_within_a_conversation(inbox, post):
    one, two = begin(inbox), begin(inbox, Message_ID="<2@y.example>", From="Bob <bob@y.example>")
    post.says["ann@x.example"] = "451 later"
    say(one, "first")
    say(one, "second")
    say(two, "other")
    send_all(inbox.id)
    assert [r for _, r, _ in post.mails] == [["bob@y.example"]]
    assert list(OutgoingMail.objects.order_by("pk").values_list("attempts", flat=True)) == [1, 0, 1]


def test_what_was_being_sent_when_its_process_died_is_sent_after_the_lease(inbox, post):
    conversation = begin(inbox)
    say(conversation)
    OutgoingMail.objects.update(state="sending", attempts=1, lease_until=now() + dt.timedelta(minutes=3))
    send_all(inbox.id)
    assert post.mails == []
    later = now() + dt.timedelta(minutes=4)
    with use_clock(lambda: later):
        send_all(inbox.id)
    assert (len(post.mails), OutgoingMail.objects.get().attempts) == (1, 2)


def test_of_several_recipients_one_refused_is_noted(inbox, post):
    conversation = begin(inbox)
    post.says["cc@y.example"] = "550 gone"
    copies = {"cc_emails": ["cc@y.example"], "to_emails": "ann@x.example, more@y.example"}
    say(conversation, sender=Sender("user", 1, "Ada"), content_attributes=copies)
    send_all(inbox.id)
    row = OutgoingMail.objects.get()
    assert (row.state, row.problem) == ("sent", "refused: cc@y.example: 550 gone")
    assert post.mails[0][1] == ["ann@x.example", "more@y.example"]


def test_the_assistants_words_never_have_copies(inbox, post):
    conversation = begin(inbox)
    say(conversation, content_attributes={"cc_emails": "spy@y.example"})
    send_all(inbox.id)
    assert post.mails[0][1] == ["ann@x.example"]


def test_a_server_that_is_not_there_is_waited_for(inbox):
    smtp = Server("127.0.0.1", 9, "plain")
    save_mailbox(replace(mailbox_of(inbox.id), smtp=smtp))
    conversation = begin(inbox)
    say(conversation)
    send_all(inbox.id)
    row = OutgoingMail.objects.get()
    assert (row.state, row.problem.split(":")[0]) == ("unsent", "ConnectionRefusedError")


def test_line_breaks_in_a_subject_add_no_header(inbox, post):
    conversation = begin(inbox, Subject="=?utf-8?q?Lamp=0D=0ABcc:_spy=40x.example?=")
    say(conversation)
    send_all(inbox.id)
    mail = parsed(post.mails[0][2])
    assert (mail["Bcc"], post.mails[0][1]) == (None, ["ann@x.example"])
    assert mail["Subject"] == f"Re: Lamp Bcc: spy@x.example [#{conversation.display_id}]"


@pytest.mark.django_db
def test_what_is_due_in_an_inbox_is_found_by_its_index():
    rows = OutgoingMail.objects.filter(inbox_id=1, state__in=["unsent", "sending"], next_at__lte=now())
    assert "outgoing_mail_due" in rows.order_by("next_at", "pk").explain()


def test_a_customer_who_is_refused_while_a_copy_goes_out_is_told_to_staff(inbox, post):
    conversation = begin(inbox)
    post.says["ann@x.example"] = "550 no such user"
    say(conversation, sender=Sender("user", 1, "Ada"), content_attributes={"cc_emails": "cc@y.example"})
    send_all(inbox.id)
    row = OutgoingMail.objects.get()
    assert (row.state, row.problem) == ("sent", "refused: ann@x.example: 550 no such user")
    assert post.mails[0][1] == ["cc@y.example"]
    last = conversations.list_latest_messages(conversation.id)[-1]
    assert last.content == "Our mail to ann@x.example could not be sent: ann@x.example: 550 no such user"


def test_a_host_that_cannot_be_is_told_when_it_is_tried():
    with pytest.raises(NotSent, match="UnicodeError"):
        check(Server("a..b", 25, "plain"))


def test_a_logo_in_a_signature_does_not_make_a_choice_free_text(inbox):
    asked = SimpleNamespace(id=1)
    question = SimpleNamespace(is_open=True, wants_files=False)
    logo = mail_with(MailFile("logo.png", b"x" * 9000, is_inline=True))
    photo = mail_with(MailFile("photo.png", b"x" * 9000))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(filing, "answer_in", lambda *_: [{"value": "2"}])
        assert filing._answer(asked, question, logo, "2", (1,)) == [{"value": "2"}]
        assert filing._answer(asked, question, photo, "2", (1,)) is None
    kept: dict = {}
    filing._leave_pictures_out(kept, logo.files)
    assert kept == {"left_out": [{"name": "logo.png", "reason": "small_picture"}]}


def mail_with(*files):
    ann = Address("ann@x.example")
    return Mail("1", ann, ann, text="2", files=files)
