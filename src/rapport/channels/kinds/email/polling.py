"""Mailboxes looked into by IMAP: what is new is taken in, marked or moved, and never taken twice."""

from __future__ import annotations

import contextlib
import datetime as dt
import imaplib
import logging
import re
import ssl
from collections.abc import Iterator
from typing import Any

from django.conf import settings

from rapport.channels.kinds.email.accounts import list_mailboxes, mailbox_of
from rapport.channels.kinds.email.contracts import Mailbox, Server
from rapport.channels.kinds.email.models import MailAccount
from rapport.channels.kinds.email.receiving import receive_mail
from rapport.conversations import api as conversations
from rapport.kernel.clock import now

logger = logging.getLogger(__name__)
TIMEOUT_S = 30
MAX_AT_ONCE = 200
"""Mails taken in one look; the next look goes on."""
NUMBERED_ANEW = dt.timedelta(days=14)
"""So far back mails are new where it is not known when the mailbox was last looked into."""
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
_UID = re.compile(rb"UID (\d+)")
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")


class MailboxAway(Exception):
    """A mailbox cannot be looked into."""


def list_polled() -> list[int]:
    """Inboxes whose mailbox is looked into."""
    return [m.inbox_id for m in list_mailboxes() if m.imap.host]


def poll(inbox_id: int) -> int:
    """Take in what is new in an inbox's mailbox; returns how many mails. What went wrong is kept for staff."""
    mailbox, inbox = mailbox_of(inbox_id), conversations.find_inbox_by_id(inbox_id)
    if mailbox is None or inbox is None or not mailbox.imap.host or not inbox.is_enabled:
        return 0
    row = MailAccount.objects.filter(inbox_id=inbox_id)
    try:
        with contextlib.closing(_Folder(mailbox)) as folder:
            count = _take_new(folder, mailbox, inbox_id)
    except MailboxAway as problem:
        row.update(problem=str(problem)[:200], checked_at=now())
        logger.warning("inbox %s: the mailbox cannot be read: %s", inbox_id, problem)
        return 0
    row.update(problem="", checked_at=now())
    return count


def check(server: Server, folder: str) -> int:
    """Sign in and open the folder; returns how many mails it holds. Raises MailboxAway."""
    with contextlib.closing(_Folder(Mailbox(0, "", imap=server, imap_folder=folder))) as opened:
        return opened.count


def _take_new(folder: _Folder, mailbox: Mailbox, inbox_id: int) -> int:
    """Mails after the last one that was taken; what lay there before the first look is left alone.

    Where the server numbers its mails anew, those since the last look are taken; what is known is not taken twice.
    """
    row = MailAccount.objects.get(inbox_id=inbox_id)
    inbox = conversations.find_inbox_by_id(inbox_id)
    assert inbox is not None, "the caller looked"
    if row.imap_validity != folder.validity:
        looked_at = row.checked_at if row.checked_at and not row.problem else now() - NUMBERED_ANEW
        since = looked_at - dt.timedelta(days=1)  # servers count days in their own time zones
        first = folder.last_uid_before(since) if row.imap_validity else folder.last_uid()
        row.imap_validity, row.imap_last_uid = folder.validity, first
        row.save(update_fields=["imap_validity", "imap_last_uid"])
    taken = 0
    for uid in folder.uids_after(row.imap_last_uid)[:MAX_AT_ONCE]:
        raw = folder.fetch(uid)
        if raw is not None:
            receive_mail(inbox, raw, "imap")
            folder.put_away(uid, mailbox.imap_done_folder)
            taken += 1
        MailAccount.objects.filter(pk=row.pk).update(imap_last_uid=uid)
    return taken


@contextlib.contextmanager
def _plainly() -> Iterator[None]:
    """Everything a mail server may do wrong, as one error."""
    try:
        yield
    except (imaplib.IMAP4.error, OSError, ssl.SSLError, ValueError, UnicodeError) as problem:
        raise MailboxAway(f"{type(problem).__name__}: {problem}"[:200]) from problem


class _Folder:
    """A folder of a mailbox, open."""

    def __init__(self, mailbox: Mailbox) -> None:
        server = mailbox.imap
        with _plainly():
            self._imap = _connect(server)
            try:
                self._imap.login(server.user, server.password)
                self._can = (
                    b" ".join(self._imap.capability()[1]).upper().split()
                )  # servers tell more after the sign-in
                self.count = _open(self._imap, mailbox.imap_folder)
                validity = self._imap.response("UIDVALIDITY")[1][0]
                self.validity = validity.decode() if isinstance(validity, bytes) else str(validity or "")
            except (
                imaplib.IMAP4.error,
                OSError,
                ValueError,
                MailboxAway,
            ):  # UnicodeError: a password beyond ASCII
                self.close()
                raise

    def _asked(self, *command: str) -> list[Any]:
        """What the server answers; that it cannot just now is no answer. Raises MailboxAway."""
        kind, data = self._imap.uid(*command)
        if kind != "OK":
            raise MailboxAway(f"{command[0]}: {kind} {data[0] if data else ''!r}")
        return data

    def last_uid(self) -> int:
        """The highest there is."""
        return max(self._search("ALL"), default=0)

    def last_uid_before(self, day: dt.datetime) -> int:
        """The highest of what came before a day."""
        return max(self._search("BEFORE", f"{day.day}-{_MONTHS[day.month - 1]}-{day.year}"), default=0)

    def uids_after(self, uid: int) -> list[int]:
        """In order; a server answers ``n:*`` with the last one even where it is older."""
        return sorted(u for u in self._search("UID", f"{uid + 1}:*") if u > uid)

    def _search(self, *criteria: str) -> list[int]:
        with _plainly():
            data = self._asked("SEARCH", *criteria)
            return [int(u) for u in (data[0] or b"").split()]

    def fetch(self, uid: int) -> bytes | None:
        """A mail without marking it as seen; of one that is too large its headers; None when it is gone."""
        with _plainly():
            sizes = self._asked("FETCH", str(uid), "(RFC822.SIZE)")
            size = _SIZE.search(b" ".join(s for s in sizes if isinstance(s, bytes)))
            if size is None:
                return None
            is_large = int(size[1]) > settings.CONFIG.mail_max_bytes
            parts = self._asked("FETCH", str(uid), "(BODY.PEEK[HEADER])" if is_large else "(BODY.PEEK[])")
            raw = next((bytes(p[1]) for p in parts if isinstance(p, tuple)), None)
            if raw is None or not is_large:
                return raw
            return raw + b"\r\n" + b" " * (settings.CONFIG.mail_max_bytes + 1 - len(raw))

    def put_away(self, uid: int, folder: str) -> None:
        """Mark a mail as seen, and move it where that is wanted."""
        with _plainly():
            self._imap.uid("STORE", str(uid), "+FLAGS.SILENT", r"(\Seen)")
            if folder and b"MOVE" in self._can:
                self._imap.uid("MOVE", str(uid), _quoted(folder))
            elif folder and self._imap.uid("COPY", str(uid), _quoted(folder))[0] == "OK":
                self._imap.uid("STORE", str(uid), "+FLAGS.SILENT", r"(\Deleted)")
                if b"UIDPLUS" in self._can:  # else the mailbox's owner empties it
                    self._imap.uid("EXPUNGE", str(uid))

    def close(self) -> None:
        """Say goodbye; what fails now changes nothing."""
        with contextlib.suppress(imaplib.IMAP4.error, OSError):
            self._imap.logout()


def _open(imap: imaplib.IMAP4, folder: str) -> int:
    """Select a folder; returns how many mails it holds. Raises MailboxAway."""
    kind, data = imap.select(_quoted(folder))
    if kind != "OK":
        raise MailboxAway(f"there is no folder {folder}")
    return int(data[0] or 0)


def _connect(server: Server) -> imaplib.IMAP4:
    context = ssl.create_default_context()
    if server.security == "tls":
        return imaplib.IMAP4_SSL(server.host, server.port or 993, ssl_context=context, timeout=TIMEOUT_S)
    imap = imaplib.IMAP4(server.host, server.port or 143, timeout=TIMEOUT_S)
    if server.security == "starttls":
        imap.starttls(context)
    return imap


def _quoted(folder: str) -> str:
    escaped = folder.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
