"""`rapport mail`: what a mail server pipes in."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from rapport.cli.contracts import Commands
from rapport.kernel.errors import InvalidInput, NotFound

if TYPE_CHECKING:
    from rapport.channels.kinds.email.contracts import Receipt
    from rapport.conversations.contracts import InboxInfo

TEMPORARY = 75
"""What mail servers take as "try again later" (EX_TEMPFAIL)."""


def add_parsers(commands: Commands) -> None:
    """`mail`."""
    mail = commands.add_parser("mail", help="take in customers' mails")
    verbs = mail.add_subparsers(dest="verb", required=True, metavar="VERB")
    receive = verbs.add_parser("receive", help="read one mail from standard input, as a mail server pipes it")
    receive.add_argument(
        "--inbox", default="", help="name, address or identifier; without it, the one the mail was sent to"
    )
    receive.set_defaults(run=run_receive)


def run_receive(options: argparse.Namespace) -> int:
    """Take one mail in; a database or disk that takes nothing makes the mail server try again."""
    raw = sys.stdin.buffer.read()
    from rapport import bootstrap

    bootstrap.set_up_django()
    from django.db import Error as DatabaseError

    from rapport.channels.kinds.email import api as email

    try:
        receipt = email.receive_mail(_inbox(options.inbox, raw), raw, "pipe")
    except (DatabaseError, OSError) as problem:
        sys.stderr.write(f"rapport: the mail could not be stored: {problem}\n")
        return TEMPORARY
    sys.stdout.write(_said(receipt) + "\n")
    return 0


def _inbox(named: str, raw: bytes) -> InboxInfo:
    from rapport.channels.kinds.email import api as email

    found = email.find_inbox(named) if named else email.inbox_of_mail(raw)
    if found is None and named:
        raise NotFound(f"There is no e-mail inbox {named!r}.")
    if found is None:
        raise InvalidInput("No e-mail inbox has one of the mail's addresses; name one with --inbox.")
    return found


def _said(receipt: Receipt) -> str:
    where = f" in conversation #{receipt.conversation_number}" if receipt.conversation_number else ""
    why = f": {receipt.reason.replace('_', ' ')}" if receipt.reason else ""
    again = " (it had come before)" if receipt.is_known else ""
    rule = f", by {receipt.rule.replace('_', ' ')}" if receipt.rule and where else ""
    return f"{receipt.state.value.replace('_', ' ')}{where}{rule}{why}{again}"
