"""Trying an inbox's servers: what happened, in one word and a detail."""

from __future__ import annotations

from dataclasses import dataclass

from rapport.channels.kinds.email import polling, transport
from rapport.channels.kinds.email.contracts import Mailbox, Server


@dataclass(frozen=True, slots=True)
class Tried:
    """How a try ended."""

    outcome: str
    """``sends``, ``reads``, ``files``, ``no_server`` or ``failed``."""
    detail: str = ""

    @property
    def is_good(self) -> bool:
        """Whether it works."""
        return self.outcome in {"sends", "reads", "files"}


def try_sending(server: Server) -> Tried:
    """Connect to the server that would be used and sign in."""
    used = transport.server_for(server)
    if not used.host:
        return Tried("files")
    try:
        transport.check(used)
    except transport.NotSent as problem:
        return Tried("failed", problem.reason)
    return Tried("sends")


def try_mailbox(mailbox: Mailbox) -> Tried:
    """Sign in and open the folder."""
    if not mailbox.imap.host:
        return Tried("no_server")
    try:
        return Tried("reads", str(polling.check(mailbox.imap, mailbox.imap_folder)))
    except polling.MailboxAway as problem:
        return Tried("failed", str(problem))
