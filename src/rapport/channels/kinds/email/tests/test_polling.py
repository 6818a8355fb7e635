"""Mailboxes: new mails once, old ones left alone, a changed numbering survived, problems told."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rapport.channels.kinds.email import polling
from rapport.channels.kinds.email.accounts import mailbox_of, save_mailbox
from rapport.channels.kinds.email.contracts import Server
from rapport.channels.kinds.email.models import IncomingMail, MailAccount
from rapport.channels.kinds.email.tests.conftest import raw_mail
from rapport.channels.kinds.email.tests.servers import Imap, ImapFolder


@pytest.fixture
def folder(inbox, monkeypatch):
    held = ImapFolder()
    monkeypatch.setattr(polling, "_connect", lambda server: Imap(held))
    server = Server("imap.example", 993, "tls", "care", "right")
    save_mailbox(replace(mailbox_of(inbox.id), imap=server))
    return held


def put(folder, uid, number=None):
    folder.mails[uid] = raw_mail(Message_ID=f"<{number or uid}@x.example>")


def test_what_lay_there_before_is_left_alone_and_new_mails_are_taken_once(inbox, folder):
    put(folder, 5)
    assert polling.poll(inbox.id) == 0
    put(folder, 6)
    put(folder, 9)
    assert polling.poll(inbox.id) == 2
    assert polling.poll(inbox.id) == 0
    assert list(IncomingMail.objects.order_by("pk").values_list("message_id", "source")) == [
        ("6@x.example", "imap"),
        ("9@x.example", "imap"),
    ]
    assert ("STORE", "6", "+FLAGS.SILENT", r"(\Seen)") in folder.commands
    assert folder.commands[-1] == ("LOGOUT",)


def test_a_new_numbering_takes_no_mail_twice(inbox, folder):
    polling.poll(inbox.id)
    put(folder, 1)
    polling.poll(inbox.id)
    folder.validity, folder.mails = 8, {}
    put(folder, 1, number=1)
    put(folder, 2)
    assert polling.poll(inbox.id) == 2
    assert IncomingMail.objects.count() == 2


def test_read_mails_are_moved_where_that_is_wanted(inbox, folder):
    save_mailbox(replace(mailbox_of(inbox.id), imap_done_folder='Done "mails"'))
    polling.poll(inbox.id)
    put(folder, 1)
    polling.poll(inbox.id)
    assert folder.mails == {}
    assert ("MOVE", "1", '"Done \\"mails\\""') in folder.commands


def test_without_the_move_command_only_the_one_mail_goes(inbox, folder):
    folder.capabilities = ("IMAP4REV1", "UIDPLUS")
    save_mailbox(replace(mailbox_of(inbox.id), imap_done_folder="Done"))
    polling.poll(inbox.id)
    put(folder, 1)
    polling.poll(inbox.id)
    verbs = [c[0] for c in folder.commands if c[0] in {"COPY", "STORE", "EXPUNGE", "EXPUNGE-ALL"}]
    assert verbs == ["STORE", "COPY", "STORE", "EXPUNGE"]


def test_of_a_mail_too_large_the_headers_are_fetched(inbox, folder, settings):
    settings.CONFIG = replace(settings.CONFIG, mail_max_bytes=1000)
    polling.poll(inbox.id)
    folder.mails[1] = raw_mail("x" * 5000)
    assert polling.poll(inbox.id) == 1
    row = IncomingMail.objects.get()
    assert (row.state, row.reason, row.sender, row.conversation) == (
        "refused",
        "too_large",
        "ann@x.example",
        None,
    )
    assert not any(c[0] == "FETCH" and c[2] == "(BODY.PEEK[])" for c in folder.commands)


def test_a_refused_sign_in_is_told(inbox, folder):
    folder.password = "changed"
    assert polling.poll(inbox.id) == 0
    row = MailAccount.objects.get()
    assert row.problem == "error: [AUTHENTICATIONFAILED] wrong"
    assert row.checked_at is not None
    folder.password = "right"
    polling.poll(inbox.id)
    row.refresh_from_db()
    assert row.problem == ""


def test_only_inboxes_with_a_server_are_looked_into(inbox, folder):
    assert polling.list_polled() == [inbox.id]
    save_mailbox(replace(mailbox_of(inbox.id), imap=Server()))
    assert polling.list_polled() == []
