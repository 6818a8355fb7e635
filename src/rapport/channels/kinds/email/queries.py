"""Reads about mails for screens, the API and the doctor."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from rapport.channels.kinds.email.contracts import MailState, SendState
from rapport.channels.kinds.email.models import IncomingMail, MailAccount, OutgoingMail
from rapport.kernel.clock import now


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of the mail of one message."""

    id: int
    message_id: int
    conversation_number: int
    to: str
    copies: tuple[str, ...]
    state: SendState
    problem: str
    attempts: int
    next_at: dt.datetime
    sent_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A mail that got no answer."""

    sender: str
    subject: str
    reason: str
    conversation_number: int | None
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class MailHealth:
    """Whether mails of an inbox come and go."""

    inbox_id: int
    address: str
    problem: str
    """Why the mailbox could not be read."""
    checked_at: dt.datetime | None
    waiting: int
    """Mails that should have gone out minutes ago."""
    failed: int
    """Within a day."""


def deliveries_of(message_ids: Collection[int]) -> dict[int, Delivery]:
    """What became of the mails of messages, by message; messages without a mail are missing."""
    rows = OutgoingMail.objects.filter(message_ref_id__in=list(message_ids)).select_related("conversation")
    return {row.message_ref_id: _delivery(row) for row in rows}


def list_unsent(inbox_id: int, *, limit: int = 20) -> list[Delivery]:
    """Mails of an inbox that failed or wait to be tried again, latest first."""
    rows = OutgoingMail.objects.filter(inbox_id=inbox_id).exclude(state=SendState.SENT)
    return [_delivery(row) for row in rows.select_related("conversation").order_by("-pk")[:limit]]


def list_unanswered(inbox_id: int, *, limit: int = 20) -> list[Unanswered]:
    """Mails that got no answer of an inbox, latest first."""
    rows = IncomingMail.objects.filter(inbox_id=inbox_id).exclude(state=MailState.TAKEN)
    return [
        Unanswered(
            row.sender,
            row.subject,
            row.reason,
            row.conversation.display_id if row.conversation else None,
            row.created_at,
        )
        for row in rows.select_related("conversation").order_by("-pk")[:limit]
    ]


def check_health() -> list[MailHealth]:
    """How every e-mail inbox that is on does."""
    late, day = now() - dt.timedelta(minutes=10), now() - dt.timedelta(days=1)
    found = []
    for row in MailAccount.objects.filter(inbox__is_enabled=True).order_by("pk"):
        out = OutgoingMail.objects.filter(inbox_id=row.inbox_id)
        open_ = out.filter(state__in=[SendState.UNSENT, SendState.SENDING], created_at__lt=late)
        failed = out.filter(state=SendState.FAILED, created_at__gt=day)
        found.append(
            MailHealth(row.inbox_id, row.address, row.problem, row.checked_at, open_.count(), failed.count())
        )
    return found


def _delivery(row: OutgoingMail) -> Delivery:
    return Delivery(
        row.pk,
        row.message_ref_id,
        row.conversation.display_id,
        row.to,
        tuple(address for _, address in row.copies),
        SendState(row.state),
        row.problem,
        row.attempts,
        row.next_at,
        row.sent_at,
    )
