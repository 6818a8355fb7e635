"""What other packages may ask of the e-mail channel."""

from __future__ import annotations

from rapport.channels.kinds.email.accounts import (
    KIND,
    create_email_inbox,
    find_inbox,
    inbox_for,
    list_mailboxes,
    mailbox_of,
    rotate_secret,
    save_mailbox,
)
from rapport.channels.kinds.email.contracts import Mailbox, MailState, Receipt, SendState, Server
from rapport.channels.kinds.email.courier import Courier, at_once
from rapport.channels.kinds.email.erasing import erase_customer
from rapport.channels.kinds.email.jobs import SCHEDULES, TAP, job_kinds
from rapport.channels.kinds.email.receiving import inbox_of_mail, receive_mail
from rapport.channels.kinds.email.transport import outbox_folder

__all__ = [
    "KIND",
    "SCHEDULES",
    "TAP",
    "Courier",
    "MailState",
    "Mailbox",
    "Receipt",
    "SendState",
    "Server",
    "at_once",
    "create_email_inbox",
    "erase_customer",
    "find_inbox",
    "inbox_for",
    "inbox_of_mail",
    "job_kinds",
    "list_mailboxes",
    "mailbox_of",
    "outbox_folder",
    "receive_mail",
    "rotate_secret",
    "save_mailbox",
]
