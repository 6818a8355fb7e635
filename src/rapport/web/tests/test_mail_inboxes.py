"""The pages of an e-mail inbox: stored, tried in words, kept from whoever may not configure."""

from __future__ import annotations

import pytest
from django.urls import reverse

from rapport.accounts import api as accounts
from rapport.channels.kinds.email import api as email
from rapport.channels.kinds.email.models import IncomingMail, OutgoingMail
from rapport.channels.kinds.email.tests.servers import run_smtp
from rapport.conversations import api as conversations
from rapport.conversations.contracts import MessageDraft, MessageType, Sender

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client):
    user = accounts.create_staff("root@example.com", "Root", "administrator", "pw")
    client.force_login(user)
    return client


@pytest.fixture
def inbox():
    return email.create_email_inbox("Mail", "care@shop.example")


def form(**changes):
    usual = {
        "address": "Care@Shop.example", "signature": "The shop", "identity_methods": ["email_reply", "order_email"],
        "has_number_in_subject": "1", "answers_per_hour": "5", "imap_folder": "", "rules": "order_number",
        "smtp_host": "", "imap_host": "",
    }  # fmt: skip
    return usual | changes


def test_an_inbox_is_made_and_asks_for_its_address(admin):
    made = admin.post(reverse("settings:inbox_create"), {"name": "Mail", "kind": "email"}, follow=True)
    page = made.content.decode()
    assert "Enter the address below and save" in page
    (inbox,) = conversations.list_inboxes()
    assert inbox.settings["identity_methods"] == ["email_reply", "order_email"]


def test_what_is_entered_is_stored_and_passwords_stay(admin, inbox):
    url = reverse("settings:inbox_mail", args=[inbox.id])
    imap = {
        "imap_host": "imap.shop.example",
        "imap_user": "care",
        "imap_password": "s3cret",
        "imap_security": "tls",
    }
    assert admin.post(url, form(**imap)).status_code == 302
    box = email.mailbox_of(inbox.id)
    assert (box.address, box.signature, box.rules, box.answers_per_hour) == (
        "care@shop.example",
        "The shop",
        ("order_number",),
        5,
    )
    assert (box.imap.host, box.imap.password, box.imap_folder) == ("imap.shop.example", "s3cret", "INBOX")
    page = admin.get(reverse("settings:inbox", args=[inbox.id])).content.decode()
    assert "s3cret" not in page
    admin.post(url, form(imap_host="imap.shop.example", imap_password=""))
    assert email.mailbox_of(inbox.id).imap.password == "s3cret"
    admin.post(url, form(imap_host="imap.elsewhere.example", imap_password=""))
    assert email.mailbox_of(inbox.id).imap.password == ""


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"address": "care+x@shop.example"}, "without a plus sign"),
        ({"address": "other@shop.example"}, "Another inbox has this address."),
        ({"rules": "/(/"}, "/a regular expression/"),
        ({"rules": "anything"}, "same_subject, order_number"),
        ({"identity_methods": []}, "Choose at least one."),
        ({"answers_per_hour": "0"}, "A whole number from 1 to 1000."),
        ({"imap_host": "a b"}, "name such as mail.shop.example"),
        ({"smtp_host": "mx.example", "smtp_port": "70000"}, "A whole number from 1 to 65535."),
    ],
)
def test_what_cannot_be_is_said(admin, inbox, changes, says):
    email.create_email_inbox("Other", "other@shop.example")
    answer = admin.post(reverse("settings:inbox_mail", args=[inbox.id]), form(**changes))
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert email.mailbox_of(inbox.id).signature == ""


def test_servers_are_tried_in_words(admin, inbox):
    url = reverse("settings:inbox_mail_test", args=[inbox.id])
    assert "answers are written as files" in admin.post(url, form(test="smtp")).content.decode()
    assert "Enter a server first." in admin.post(url, form(test="imap")).content.decode()
    with run_smtp() as server:
        entered = form(test="smtp", smtp_host="127.0.0.1", smtp_port=str(server.port), smtp_security="plain")
        assert "The server takes the sign-in." in admin.post(url, entered).content.decode()
    refused = form(test="imap", imap_host="127.0.0.1", imap_port="9", imap_security="plain")
    assert "That did not work: ConnectionRefusedError" in admin.post(url, refused).content.decode()
    assert email.mailbox_of(inbox.id).smtp.host == ""


def test_failed_and_unanswered_mails_are_listed_and_sent_again(admin, inbox):
    raw = b"From: a@b.example\r\nTo: care@shop.example\r\nSubject: Lamp\r\n\r\nWhere?"
    found = conversations.find_conversation_by_number(
        email.receive_mail(inbox, raw, "pipe").conversation_number
    )
    message = conversations.add_message(
        found.id, MessageDraft(MessageType.OUTGOING, "Here", Sender("user", 1, "Ada"))
    )
    row = OutgoingMail.objects.create(
        inbox_id=inbox.id, conversation_id=found.id, message_ref_id=message.id, to="a@b.example", token="t",
        message_id="m", state="failed", problem="550 no such user",
    )  # fmt: skip
    IncomingMail.objects.create(
        inbox_id=inbox.id, message_id="n", sender="news@b.example", subject="Sale", source="pipe",
        state="not_answered", reason="mailing_list",
    )  # fmt: skip
    page = admin.get(reverse("settings:inbox", args=[inbox.id])).content.decode()
    assert all(words in page for words in ("550 no such user", "news@b.example", "mailing list"))
    admin.post(reverse("settings:inbox_mail_again", args=[inbox.id, row.pk]))
    row.refresh_from_db()
    assert row.state == "unsent"


def test_a_new_secret_replaces_the_old(admin, inbox):
    before = email.mailbox_of(inbox.id).secret
    admin.post(reverse("settings:inbox_mail_rotate", args=[inbox.id]))
    assert email.mailbox_of(inbox.id).secret != before


@pytest.mark.parametrize("name", ["inbox_mail", "inbox_mail_test", "inbox_mail_rotate"])
def test_agents_may_not(client, inbox, name):
    client.force_login(accounts.create_staff("ada@example.com", "Ada", "agent", "pw"))
    before = email.mailbox_of(inbox.id)
    assert client.post(reverse(f"settings:{name}", args=[inbox.id]), form()).status_code in {302, 403}
    assert email.mailbox_of(inbox.id) == before
