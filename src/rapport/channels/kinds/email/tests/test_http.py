"""Mails handed in by HTTP: with the inbox's secret only, within the size limit, each once."""

from __future__ import annotations

import pytest
from django.test import Client

from rapport.channels.kinds.email.accounts import create_email_inbox, mailbox_of
from rapport.channels.kinds.email.models import IncomingMail
from rapport.conversations import api as conversations
from rapport.conversations.models import Conversation

pytestmark = pytest.mark.django_db
RAW = b"From: Ann <ann@x.example>\r\nTo: care@shop.example\r\nSubject: Lamp\r\nMessage-ID: <1@x>\r\n\r\nWhere is it?\r\n"


def post(identifier, raw=RAW, secret=""):
    return Client().generic(
        "POST",
        f"/api/v1/inbound/email/{identifier}",
        raw,
        content_type="message/rfc822",
        headers={"X-Rapport-Secret": secret},
    )


@pytest.fixture
def inbox():
    return create_email_inbox("Mail", "care@shop.example")


def test_with_the_secret_a_mail_is_taken_once(inbox):
    secret = mailbox_of(inbox.id).secret
    first, second = post(inbox.identifier, secret=secret), post(inbox.identifier, secret=secret)
    number = Conversation.objects.get().display_id
    assert first.json() == {
        "state": "taken",
        "reason": "",
        "rule": "new",
        "conversation_id": number,
        "is_known": False,
    }
    assert second.json()["is_known"] is True


@pytest.mark.parametrize("secret", ["", "wrong", "ě"])
def test_without_it_nothing_happens(inbox, secret):
    answer = post(inbox.identifier, secret=secret)
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "not_authenticated")
    assert IncomingMail.objects.count() == 0


def test_an_unknown_inbox_is_not_found(inbox):
    assert post("nothing", secret=mailbox_of(inbox.id).secret).status_code == 404


def test_a_mail_of_thirty_megabytes_is_refused(inbox):
    raw = RAW + b"x" * (30 * 2**20)
    answer = post(inbox.identifier, raw, mailbox_of(inbox.id).secret)
    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "too_large")


def test_what_is_no_mail_is_on_record(inbox):
    answer = post(inbox.identifier, b"\x00\xff no mail", mailbox_of(inbox.id).secret)
    assert (answer.status_code, answer.json()["state"], answer.json()["reason"]) == (
        200,
        "refused",
        "no_sender",
    )
    assert IncomingMail.objects.get().reason == "no_sender"


def test_customers_front_ends_do_not_speak_through_it(inbox):
    answer = Client().post(
        f"/public/api/v1/inboxes/{inbox.identifier}/contacts",
        {"email": "v@x.example"},
        content_type="application/json",
    )
    assert answer.status_code == 404


def test_what_nobody_foresaw_in_a_mail_is_on_record_too(inbox, monkeypatch):
    def stumble(*_, **__):
        raise ZeroDivisionError

    monkeypatch.setattr(conversations, "receive_message", stumble)
    answer = post(inbox.identifier, RAW, mailbox_of(inbox.id).secret)
    assert (answer.status_code, answer.json()["state"], answer.json()["reason"]) == (200, "refused", "broken")
