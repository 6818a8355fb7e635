"""What other packages may ask of the e-mail channel."""

from __future__ import annotations

from rapport.channels.kinds.email.accounts import (
    IDENTITY_METHODS,
    KIND,
    create_email_inbox,
    find_inbox,
    inbox_for,
    is_address_free,
    list_mailboxes,
    mailbox_of,
    rotate_secret,
    save_mailbox,
)
from rapport.channels.kinds.email.contracts import Mailbox, MailState, Receipt, SendState, Server
from rapport.channels.kinds.email.courier import Courier, at_once
from rapport.channels.kinds.email.erasing import erase_customer
from rapport.channels.kinds.email.jobs import SCHEDULES, TAP, job_kinds
from rapport.channels.kinds.email.queries import (
    Delivery,
    MailHealth,
    Unanswered,
    check_health,
    deliveries_of,
    list_unanswered,
    list_unsent,
)
from rapport.channels.kinds.email.receiving import inbox_of_mail, receive_mail
from rapport.channels.kinds.email.sending import try_again
from rapport.channels.kinds.email.transport import outbox_folder, server_for
from rapport.channels.kinds.email.trying import Tried, try_mailbox, try_sending

__all__ = [
    "IDENTITY_METHODS",
    "KIND",
    "SCHEDULES",
    "TAP",
    "Courier",
    "Delivery",
    "MailHealth",
    "MailState",
    "Mailbox",
    "Receipt",
    "SendState",
    "Server",
    "Tried",
    "Unanswered",
    "at_once",
    "check_health",
    "create_email_inbox",
    "deliveries_of",
    "erase_customer",
    "find_inbox",
    "inbox_for",
    "inbox_of_mail",
    "is_address_free",
    "job_kinds",
    "list_mailboxes",
    "list_unanswered",
    "list_unsent",
    "mailbox_of",
    "outbox_folder",
    "receive_mail",
    "rotate_secret",
    "save_mailbox",
    "server_for",
    "try_again",
    "try_mailbox",
    "try_sending",
]
