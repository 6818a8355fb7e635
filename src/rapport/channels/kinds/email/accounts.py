"""The mail side of inboxes: read, stored, tried. Passwords are sealed with the installation's key."""

from __future__ import annotations

import dataclasses
import hmac
from typing import Any

from django.db import transaction

from rapport.channels.kinds.email.contracts import Mailbox, Server
from rapport.channels.kinds.email.models import MailAccount
from rapport.channels.sealing import seal, unseal
from rapport.conversations import api as conversations
from rapport.conversations.contracts import InboxInfo
from rapport.kernel.errors import InvalidInput
from rapport.kernel.ids import new_token

KIND = "email"
_SALT = "rapport.email"
IDENTITY_METHODS = ["email_reply", "order_email"]
"""How a customer proves who they are by mail, unless the inbox says otherwise."""


def mailbox_of(inbox_id: int) -> Mailbox | None:
    """The mail side of an inbox; None where nothing is set."""
    row = MailAccount.objects.filter(inbox_id=inbox_id).first()
    return _mailbox(row) if row else None


def list_mailboxes() -> list[Mailbox]:
    """Of every e-mail inbox that is on."""
    return [_mailbox(row) for row in MailAccount.objects.filter(inbox__is_enabled=True).order_by("pk")]


def is_address_free(address: str, inbox_id: int) -> bool:
    """Whether no other inbox has it."""
    return not MailAccount.objects.filter(address=address).exclude(inbox_id=inbox_id).exists()


def own_addresses() -> frozenset[str]:
    """Addresses of all e-mail inboxes."""
    return frozenset(MailAccount.objects.values_list("address", flat=True))


def find_inbox(named: str) -> InboxInfo | None:
    """An e-mail inbox by identifier, address or name."""
    inboxes = {int(i.id): i for i in conversations.list_inboxes() if i.channel_kind == KIND}
    for row in MailAccount.objects.filter(inbox_id__in=list(inboxes)).order_by("pk"):
        inbox = inboxes[row.inbox_id]
        if named.strip().lower() in {row.address, inbox.name.lower(), inbox.identifier.lower()}:
            return inbox
    return None


def inbox_for(addresses: tuple[str, ...]) -> InboxInfo | None:
    """The e-mail inbox a mail was delivered to; the only one where there is one."""
    rows = list(MailAccount.objects.filter(inbox__is_enabled=True).order_by("pk"))
    plain = {without_plus(a) for a in addresses}
    found = [r for r in rows if r.address in plain] or (rows if len(rows) == 1 else [])
    return conversations.find_inbox_by_id(found[0].inbox_id) if found else None


def without_plus(address: str) -> str:
    """An address without what stands between ``+`` and ``@``."""
    user, _, domain = address.rpartition("@")
    return f"{user.partition('+')[0]}@{domain}"


@transaction.atomic
def save_mailbox(mailbox: Mailbox) -> None:
    """Store the mail side of an inbox; another mailbox is looked into as for the first time."""
    settings = dataclasses.asdict(mailbox)
    smtp, imap = settings["smtp"].pop("password"), settings["imap"].pop("password")
    for name in ("inbox_id", "address", "secret"):
        settings.pop(name)
    values: dict[str, Any] = {"address": mailbox.address.strip().lower(), "settings": settings}
    values |= {
        "smtp_password": seal(smtp, _SALT) if smtp else "",
        "imap_password": seal(imap, _SALT) if imap else "",
    }
    before = mailbox_of(mailbox.inbox_id)
    if before is not None and _place(before) != _place(mailbox):
        values |= {"imap_validity": "", "imap_last_uid": 0}
    MailAccount.objects.update_or_create(inbox_id=mailbox.inbox_id, defaults=values)


def _place(mailbox: Mailbox) -> tuple[str, str, str]:
    """Which folder is looked into."""
    return mailbox.imap.host, mailbox.imap.user, mailbox.imap_folder


def create_email_inbox(name: str, address: str, *, settings: dict[str, Any] | None = None) -> InboxInfo:
    """A new e-mail inbox with its address."""
    with transaction.atomic():
        look = {"identity_methods": IDENTITY_METHODS, **(settings or {})}
        inbox = conversations.create_inbox(name, KIND, settings=look)
        save_mailbox(Mailbox(int(inbox.id), address))
    return inbox


def give_address(inbox_id: int, address: str) -> None:
    """The address of an e-mail inbox that has none yet. Raises InvalidInput where another inbox has it."""
    plain = address.strip().lower()
    if not is_address_free(plain, inbox_id):
        raise InvalidInput("Another inbox has this address.", field="channel.email")
    save_mailbox(Mailbox(inbox_id, plain))


def rotate_secret(inbox_id: int) -> None:
    """A new secret for programs that hand in mails."""
    MailAccount.objects.filter(inbox_id=inbox_id).update(receive_secret=new_token())


def is_secret_right(mailbox: Mailbox, given: str) -> bool:
    """Whether a program may hand in mails for this inbox."""
    return hmac.compare_digest(mailbox.secret.encode(), given.strip().encode())


def _mailbox(row: MailAccount) -> Mailbox:
    stored = dict(row.settings)
    smtp = Server(**{**stored.pop("smtp", {}), "password": unseal(row.smtp_password, _SALT)})
    imap = Server(**{**stored.pop("imap", {}), "password": unseal(row.imap_password, _SALT)})
    known = {f.name for f in dataclasses.fields(Mailbox)}
    plain: dict[str, Any] = {k: tuple(v) if k == "rules" else v for k, v in stored.items() if k in known}
    return Mailbox(row.inbox_id, row.address, **plain, smtp=smtp, imap=imap, secret=row.receive_secret)
