"""Frozen values about mails."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Address:
    """A mailbox."""

    address: str
    """In small letters."""
    name: str = ""
    """As its owner calls it; proves nothing."""


@dataclass(frozen=True, slots=True)
class MailFile:
    """A file a mail brought."""

    name: str
    content: bytes
    is_inline: bool = False
    """Shown within the text, as logos of signatures are."""


@dataclass(frozen=True, slots=True)
class Bounce:
    """A report that a mail did not arrive."""

    recipient: str
    """Whom it did not reach; empty where the report does not say."""
    status: str
    """As ``5.1.1``; empty where the report does not say."""
    reason: str
    """In the words of the server that refused it."""
    returned_ids: tuple[str, ...] = ()
    """Message-IDs of what came back."""
    is_final: bool = True
    """Whether nothing more will be tried."""


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail as it was read."""

    message_id: str
    """Without angle brackets; made from the content where the mail has none."""
    sender: Address
    """Whom an answer goes to: ``Reply-To`` where there is one, else ``From``."""
    header_from: Address
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    delivered_to: tuple[str, ...] = ()
    """Every address it was delivered to, by whichever header says so."""
    subject: str = ""
    text: str = ""
    """All of its readable text, quotations and signature included."""
    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    files: tuple[MailFile, ...] = ()
    headers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Decoded, by name in small letters; ``Authentication-Results`` as they stand."""
    bounce: Bounce | None = None
    notes: tuple[str, ...] = ()
    """What could not be read, in single words: ``encrypted``, ``winmail``, ``too_many_parts`` …"""
    sent_at: dt.datetime | None = None
    """As its sender's clock says."""

    def header(self, name: str) -> str:
        """The first header of this name; empty without one."""
        return next(iter(self.headers.get(name.lower(), ())), "")


class Unreadable(Exception):
    """These bytes are no mail that can be answered."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
        """``empty``, ``no_sender``, ``nested_too_deeply``, ``broken``."""


class MailState(enum.StrEnum):
    """What became of a mail that came in."""

    TAKEN = "taken"
    """A message of a conversation."""
    NOT_ANSWERED = "not_answered"
    """A program sent it: on record only."""
    REFUSED = "refused"
    """Too large, or it cannot be read."""


class SendState(enum.StrEnum):
    """What became of a mail that goes out."""

    UNSENT = "unsent"
    SENDING = "sending"
    SENT = "sent"
    """The next server has it."""
    FAILED = "failed"
    """Given up, refused, or come back."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of one mail."""

    state: MailState
    reason: str = ""
    """Why it was not answered or refused, in one word."""
    rule: str = ""
    """Which rule found its conversation; ``new`` where it began one."""
    conversation_number: int | None = None
    is_known: bool = False
    """It had come before: nothing was done."""


@dataclass(frozen=True, slots=True)
class Server:
    """A mail server and how to sign in."""

    host: str = ""
    port: int = 0
    security: str = "starttls"
    """``tls`` from the start, ``starttls``, or ``plain``."""
    user: str = ""
    password: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Mailbox:
    """The mail side of an inbox."""

    inbox_id: int
    address: str
    """Where customers write to, and the sender of every answer."""
    sender_name: str = ""
    """Shown as the sender; empty: the inbox's brand or name."""
    signature: str = ""
    has_plus_addresses: bool = False
    """The server delivers ``name+anything@domain`` too: answers carry their token in Reply-To."""
    has_number_in_subject: bool = True
    trusted_server: str = ""
    """Whose ``Authentication-Results`` are believed; empty: nobody's."""
    answers_per_hour: int = 12
    """Automatic answers to one address; what comes beyond them is for a person."""
    rules: tuple[str, ...] = ()
    """Further ways to find the conversation: ``same_subject``, ``order_number``, or ``/regular expression/``."""
    smtp: Server = field(default_factory=Server)
    imap: Server = field(default_factory=lambda: Server(security="tls"))
    imap_folder: str = "INBOX"
    imap_done_folder: str = ""
    """Where mails that were read are moved; empty: they are marked as seen."""
    secret: str = field(default="", repr=False)
    """What a program must send along that hands in mails by HTTP."""

    @property
    def domain(self) -> str:
        """Of the address."""
        return self.address.rpartition("@")[2]
