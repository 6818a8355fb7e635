"""Mails taken in: what is stored of them, what is refused, what is forgotten."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace

import pytest
from django.test import Client

from rapport.accounts import api as accounts
from rapport.channels import api as channels
from rapport.channels.kinds.email.accounts import create_email_inbox, mailbox_of, save_mailbox
from rapport.channels.kinds.email.collecting import take_news
from rapport.channels.kinds.email.erasing import prune
from rapport.channels.kinds.email.models import Correspondent, IncomingMail, OutgoingMail
from rapport.channels.kinds.email.receiving import inbox_of_mail, receive_mail
from rapport.channels.kinds.email.tests.conftest import ADDRESS, raw_mail
from rapport.conversations import api as conversations
from rapport.conversations.contracts import MessageDraft, MessageType, Sender
from rapport.customers import api as customers
from rapport.jobs import api as jobs
from rapport.kernel.clock import now
from rapport.kernel.errors import InvalidInput

PNG = b"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII="


def found(receipt):
    return conversations.find_conversation_by_number(receipt.conversation_number)


def messages(receipt):
    return conversations.list_latest_messages(found(receipt).id)


def take(inbox, text="Where is it?", **headers):
    return receive_mail(inbox, raw_mail(text, **headers), "pipe")


def test_only_the_newly_written_part_is_the_message(inbox):
    text = "The lamp I ordered last week arrived yesterday and is broken.\r\n\r\nOn Monday Shop wrote:\r\n> Your order is there.\r\n> Regards\r\n"
    (message,) = messages(take(inbox, text))
    assert (message.content, message.sender.name, message.is_click) == (
        text.split("\r\n", maxsplit=1)[0],
        "Ann",
        False,
    )
    kept = message.content_attributes["email"]
    assert (kept["from"], kept["to"], kept["rule"], kept["proof"]) == (
        ["ann@x.example"],
        [ADDRESS],
        "new",
        "",
    )
    assert "> Your order is there." in kept["text_content"]["full"]
    presented = conversations.present_message(message, 1)
    assert presented["content_type"] == "incoming_email"


def test_files_are_taken_or_named_with_the_reason(inbox):
    parts = [
        b"Content-Type: text/plain\r\n\r\nSee photo",
        b"Content-Type: image/png; name=photo.png\r\nContent-Disposition: attachment\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        + PNG,
        b"Content-Type: image/png\r\nContent-ID: <logo>\r\nContent-Transfer-Encoding: base64\r\n\r\n" + PNG,
        b"Content-Type: application/x-msdownload; name=setup.exe\r\nContent-Disposition: attachment\r\n\r\nMZ",
    ]
    raw = (
        b"From: ann@x.example\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n"
        + b"\r\n--x\r\n".join(parts)
        + b"\r\n--x--"
    )
    (message,) = messages(receive_mail(inbox, raw, "pipe"))
    assert [a.name for a in message.attachments] == ["photo.png"]
    assert message.content_attributes["email"]["left_out"] == [
        {"name": "image", "reason": "small_picture"},
        {"name": "setup.exe", "reason": "unsupported_file"},
    ]


def test_a_mail_of_thirty_megabytes_is_on_record_and_not_read(inbox):
    receipt = take(inbox, "x" * (30 * 2**20))
    assert (receipt.state, receipt.reason, receipt.conversation_number) == ("refused", "too_large", None)
    row = IncomingMail.objects.get()
    assert (row.sender, row.subject, row.size > 30 * 2**20) == ("ann@x.example", "Lamp", True)


def test_one_that_continues_a_conversation_is_told_there(inbox):
    first = take(inbox)
    second = take(inbox, "x" * (30 * 2**20), Message_ID="<2@x.example>", References="<1@x.example>")
    assert second.conversation_number == first.conversation_number
    assert messages(first)[-1].content == "A mail from ann@x.example was not answered: too large (“Lamp”)"


def test_what_cannot_be_read_is_on_record_once(inbox):
    assert receive_mail(inbox, b"nothing", "pipe").is_known is False
    assert receive_mail(inbox, b"nothing", "pipe").is_known is True
    assert IncomingMail.objects.get().reason == "no_sender"


def test_encrypted_mails_reach_a_conversation_and_say_so(inbox):
    raw = b"From: ann@x.example\r\nContent-Type: multipart/encrypted; boundary=x\r\n\r\n--x\r\n\r\nVersion: 1\r\n--x--\r\n"
    (message,) = messages(receive_mail(inbox, raw, "pipe"))
    assert (message.content, message.content_attributes["email"]["notes"]) == (
        "(encrypted mail)",
        ["encrypted"],
    )


def test_one_sender_is_one_contact_and_two_are_two(inbox):
    one, again = take(inbox), take(inbox, Message_ID="<2@x.example>")
    other = take(inbox, Message_ID="<3@x.example>", From="bob@y.example")
    assert found(one).customer_id == found(again).customer_id != found(other).customer_id
    assert found(one).id != found(again).id
    assert Correspondent.objects.count() == 2


@pytest.mark.parametrize(
    ("rule", "subject"),
    [("same_subject", "Re: Lamp"), ("order_number", "W1234567?"), (r"/case (\d+)/", "Case 7!")],
)
def test_configured_rules_find_the_senders_conversation(inbox, rule, subject):
    save_mailbox(replace(mailbox_of(inbox.id), rules=(rule,)))
    first = take(
        inbox, Subject={"same_subject": "Lamp", "order_number": "Order #W1234567"}.get(rule, "About case 7")
    )
    second = take(inbox, Message_ID="<2@x.example>", Subject=subject)
    assert second.conversation_number == first.conversation_number
    assert second.rule == ("pattern" if rule.startswith("/") else rule)
    other = take(inbox, Message_ID="<3@x.example>", Subject=subject, From="bob@y.example")
    assert other.conversation_number != first.conversation_number


def test_a_number_in_the_subject_counts_for_the_conversations_own_address(inbox):
    first = take(inbox)
    mine = take(inbox, Message_ID="<2@x.example>", Subject=f"Lamp [#{first.conversation_number}]")
    assert (mine.rule, mine.conversation_number) == ("subject_number", first.conversation_number)
    theirs = take(
        inbox,
        Message_ID="<3@x.example>",
        Subject=f"Lamp [#{first.conversation_number}]",
        From="bob@y.example",
    )
    assert (theirs.rule, theirs.conversation_number == first.conversation_number) == ("new", False)


def test_a_conversation_of_another_inbox_is_not_continued(inbox):
    first = take(inbox)
    other = create_email_inbox("Sales", "sales@shop.example")
    second = take(
        other,
        Message_ID="<2@x.example>",
        References="<1@x.example>",
        Subject=f"[#{first.conversation_number}]",
    )
    assert (second.rule, second.conversation_number == first.conversation_number) == ("new", False)


def test_an_answer_with_copies_lets_others_see_the_id_so_that_it_proves_nothing_more(inbox):
    first = take(inbox)
    draft = MessageDraft(MessageType.OUTGOING, "Hello", Sender("assistant", None, ""))
    message = conversations.add_message(found(first).id, draft)
    take_news([r for r in jobs.read_feed(0) if r.kind == "message_created" and r.data["id"] == message.id])
    sent = OutgoingMail.objects.get()
    take(inbox, Message_ID="<2@x.example>", In_Reply_To=f"<{sent.message_id}>", Cc="friend@y.example")
    take(inbox, Message_ID="<3@x.example>", In_Reply_To=f"<{sent.message_id}>")
    assert list(IncomingMail.objects.order_by("pk").values_list("proof", flat=True)) == [
        "",
        "email_reply",
        "",
    ]


def test_an_old_answer_proves_nothing(inbox):
    first = take(inbox)
    row = OutgoingMail.objects.create(
        inbox_id=inbox.id, conversation_id=found(first).id, message_ref_id=messages(first)[0].id, to="ann@x.example",
        token="a" * 32, message_id="rapport.a@shop.example", state="sent", created_at=now() - dt.timedelta(days=31),
    )  # fmt: skip
    receipt = take(inbox, Message_ID="<2@x.example>", In_Reply_To=f"<{row.message_id}>")
    assert (receipt.rule, IncomingMail.objects.last().proof) == ("in_reply_to", "")


def test_a_domains_signature_counts_where_the_inbox_names_the_server(inbox):
    said = "mx.shop.example; dkim=pass header.d=x.example"
    take(inbox, Authentication_Results=said)
    save_mailbox(replace(mailbox_of(inbox.id), trusted_server="mx.shop.example"))
    receipt = take(inbox, Message_ID="<2@x.example>", Authentication_Results=said)
    assert list(IncomingMail.objects.order_by("pk").values_list("proof", flat=True)) == [
        "",
        "email_authenticated",
    ]
    facts = found(receipt).additional_attributes
    assert (facts["proven_email"], facts["proven_by"]) == ("ann@x.example", "email_authenticated")
    take(inbox, Message_ID="<3@x.example>", In_Reply_To="<2@x.example>")
    assert "proven_email" not in found(receipt).additional_attributes


def test_a_blocked_sender_is_not_answered(inbox):
    first = take(inbox)
    customers.update_customer(found(first).customer_id, {"is_blocked": True})
    for number, headers in enumerate(({}, {"References": "<1@x.example>"}), start=2):
        receipt = take(inbox, Message_ID=f"<{number}@x.example>", **headers)
        assert (receipt.state, receipt.reason) == ("not_answered", "blocked")
    assert len(messages(first)) == 1


def test_what_cannot_be_stored_is_on_record_and_leaves_nothing_behind(inbox, monkeypatch):
    def refuse(*_, **__):
        raise InvalidInput("never")

    monkeypatch.setattr(conversations, "receive_message", refuse)
    receipt = take(inbox)
    assert (receipt.state, receipt.reason, receipt.conversation_number) == ("refused", "invalid_input", None)
    assert (Correspondent.objects.count(), IncomingMail.objects.count()) == (0, 1)


def test_the_inbox_is_found_by_the_mails_recipients(inbox):
    sales = create_email_inbox("Sales", "sales@shop.example")
    assert inbox_of_mail(raw_mail(To="SALES+abc@shop.example")).id == sales.id
    assert inbox_of_mail(raw_mail(To="x@elsewhere.example", X_Original_To=ADDRESS)).id == inbox.id
    assert inbox_of_mail(raw_mail(To="x@elsewhere.example")) is None


def test_erasing_a_customer_leaves_nothing_of_their_mails(inbox):
    receipt = take(inbox)
    take(inbox, Message_ID="<2@x.example>", Precedence="bulk")
    kept = take(inbox, Message_ID="<3@x.example>", From="bob@y.example")
    rows = channels.erase_customer([found(receipt).customer_id], [receipt.conversation_number])
    assert (rows["email_channel_incomingmail"], rows["email_channel_correspondent"]) == (2, 1)
    assert [row.sender for row in IncomingMail.objects.all()] == ["bob@y.example"]
    assert found(kept) is not None


def test_records_without_a_conversation_go_after_thirty_days(inbox):
    take(inbox, Precedence="bulk")
    take(inbox, Message_ID="<2@x.example>")
    IncomingMail.objects.update(created_at=now() - dt.timedelta(days=31))
    assert prune() == 1
    assert IncomingMail.objects.get().state == "taken"


def test_programs_of_staff_make_inboxes_and_begin_conversations_by_mail(db):
    user = accounts.create_staff("root@example.com", "Root", "administrator", "pw")
    http = Client(headers={"api_access_token": accounts.create_token(user, "test")})

    def post(path, data):
        answer = http.post(f"/api/v1/accounts/1/{path}", json.dumps(data), content_type="application/json")
        assert answer.status_code == 200, answer.content
        return answer.json()

    made = post("inboxes", {"name": "Mail", "channel": {"type": "email", "email": ADDRESS}})
    assert mailbox_of(made["id"]).address == ADDRESS
    contact = post("contacts", {"inbox_id": made["id"], "email": "ann@x.example", "name": "Ann"})
    source = contact["payload"]["contact_inbox"]["source_id"]
    begun = post(
        "conversations",
        {
            "inbox_id": made["id"], "source_id": source, "additional_attributes": {"mail_subject": "Your lamp"},
            "message": {"content": "It is ready.", "cc_emails": "bob@y.example, ", "bcc_emails": ["boss@shop.example"]},
        },
    )  # fmt: skip
    take_news([r for r in jobs.read_feed(0) if r.kind == "message_created"])
    row = OutgoingMail.objects.get()
    assert (row.to, row.copies, row.is_automatic) == (
        "ann@x.example",
        [["cc", "bob@y.example"], ["bcc", "boss@shop.example"]],
        False,
    )
    info = conversations.find_conversation_by_number(begun["id"])
    assert info.additional_attributes == {
        "mail_subject": "Your lamp",
        "mail_address": "ann@x.example",
        "stated_email": "ann@x.example",
    }
    inbox = conversations.find_inbox_by_id(made["id"])
    answered = receive_mail(inbox, raw_mail(In_Reply_To=f"<{row.message_id}>"), "pipe")
    assert (answered.rule, answered.conversation_number) == ("in_reply_to", begun["id"])
