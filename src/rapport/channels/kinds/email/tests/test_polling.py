"""Mailboxes: new mails once, old ones left alone, a changed numbering survived, problems told."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import OperationalError

from rapport.channels.kinds.email import polling
from rapport.channels.kinds.email.accounts import mailbox_of, save_mailbox
from rapport.channels.kinds.email.contracts import Server
from rapport.channels.kinds.email.models import IncomingMail, MailAccount
from rapport.channels.kinds.email.tests.conftest import raw_mail
from rapport.channels.kinds.email.tests.servers import run_imap
from rapport.conversations import api as conversations


@pytest.fixture
def folder(inbox):
    with run_imap() as (held, port):
        server = Server("127.0.0.1", port, "plain", "care", "right")
        save_mailbox(replace(mailbox_of(inbox.id), imap=server))
        yield held


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
    assert r"UID STORE 6 +FLAGS.SILENT (\Seen)" in folder.commands
    assert folder.commands[-1] == "LOGOUT"


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
    assert r'UID MOVE 1 "Done \"mails\""' in folder.commands


def test_without_the_move_command_only_the_one_mail_goes(inbox, folder):
    folder.can = "UIDPLUS"
    save_mailbox(replace(mailbox_of(inbox.id), imap_done_folder="Done"))
    polling.poll(inbox.id)
    put(folder, 1)
    polling.poll(inbox.id)
    assert [c for c in folder.commands if c.split(" ")[1:2] in (["COPY"], ["STORE"], ["EXPUNGE"])] == [
        r"UID STORE 1 +FLAGS.SILENT (\Seen)",
        'UID COPY 1 "Done"',
        r"UID STORE 1 +FLAGS.SILENT (\Deleted)",
        "UID EXPUNGE 1",
    ]


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
    assert not any("BODY.PEEK[]" in c for c in folder.commands)


def test_a_refused_sign_in_is_told(inbox, folder):
    folder.password = "changed"
    assert polling.poll(inbox.id) == 0
    row = MailAccount.objects.get()
    assert "[AUTHENTICATIONFAILED] wrong" in row.problem
    assert row.checked_at is not None
    folder.password = "right"
    polling.poll(inbox.id)
    row.refresh_from_db()
    assert row.problem == ""


def test_only_inboxes_with_a_server_are_looked_into(inbox, folder):
    assert polling.list_polled() == [inbox.id]
    save_mailbox(replace(mailbox_of(inbox.id), imap=Server()))
    assert polling.list_polled() == []


def test_a_folder_that_is_not_there_is_told(inbox, folder):
    save_mailbox(replace(mailbox_of(inbox.id), imap_folder="Nowhere"))
    assert polling.poll(inbox.id) == 0
    assert MailAccount.objects.get().problem == "there is no folder Nowhere"


def test_a_try_counts_the_mails(inbox, folder):
    put(folder, 1)
    assert polling.check(mailbox_of(inbox.id).imap, "INBOX") == 1


@pytest.mark.parametrize("name", ["From", "To", "Reply-To"])
def test_a_mail_whose_headers_nest_endlessly_does_not_stop_the_others(inbox, folder, name):
    polling.poll(inbox.id)
    folder.mails[1] = raw_mail(Message_ID="<1@x.example>", **{name: "(" * 1500})
    put(folder, 2)
    assert polling.poll(inbox.id) == 2
    assert IncomingMail.objects.filter(message_id="2@x.example", state="taken").exists()


def test_what_nobody_foresaw_in_a_mail_is_on_record_and_the_next_is_taken(inbox, folder, monkeypatch):
    def stumble(conversation, *_, **__):
        raise ZeroDivisionError

    polling.poll(inbox.id)
    put(folder, 1)
    monkeypatch.setattr(conversations, "receive_message", stumble)
    assert polling.poll(inbox.id) == 1
    row = IncomingMail.objects.get()
    assert (row.state, row.reason, row.conversation) == ("refused", "broken", None)
    monkeypatch.undo()
    put(folder, 2)
    assert polling.poll(inbox.id) == 1


def test_a_database_that_is_away_loses_no_mail(inbox, folder, monkeypatch):
    def fail(*_, **__):
        raise OperationalError("database is locked")

    polling.poll(inbox.id)
    put(folder, 1)
    monkeypatch.setattr(conversations, "receive_message", fail)
    with pytest.raises(OperationalError):
        polling.poll(inbox.id)
    monkeypatch.undo()
    assert polling.poll(inbox.id) == 1
    assert IncomingMail.objects.get().state == "taken"


@pytest.mark.parametrize("word", ["RFC822.SIZE", "BODY.PEEK", "SEARCH"])
def test_a_mail_the_server_does_not_give_just_now_is_taken_later(inbox, folder, word):
    polling.poll(inbox.id)
    put(folder, 1)
    folder.refused = word
    assert polling.poll(inbox.id) == 0
    assert "not now" in MailAccount.objects.get().problem
    folder.refused = ""
    assert polling.poll(inbox.id) == 1
    assert IncomingMail.objects.count() == 1


def test_a_new_numbering_answers_no_old_mail(inbox, folder):
    polling.poll(inbox.id)
    folder.validity, folder.before = 8, [1, 2]
    for uid in (1, 2, 3):
        put(folder, uid)
    assert polling.poll(inbox.id) == 1
    assert IncomingMail.objects.get().message_id == "3@x.example"
    assert any(c.startswith("UID SEARCH BEFORE ") for c in folder.commands)


def test_another_mailbox_is_looked_into_as_for_the_first_time(inbox, folder):
    polling.poll(inbox.id)
    box = mailbox_of(inbox.id)
    save_mailbox(replace(box, signature="The shop"))
    assert MailAccount.objects.get().imap_validity == "7"
    save_mailbox(replace(box, imap=replace(box.imap, user="another")))
    assert MailAccount.objects.get().imap_validity == ""
    put(folder, 1)
    assert polling.poll(inbox.id) == 0
    assert IncomingMail.objects.count() == 0


def test_a_password_the_protocol_cannot_say_is_told(inbox, folder):
    box = mailbox_of(inbox.id)
    save_mailbox(replace(box, imap=replace(box.imap, password="žluť")))
    assert polling.poll(inbox.id) == 0
    assert "UnicodeEncodeError" in MailAccount.objects.get().problem
