"""Mails one by one: taking the next one, sending it, and writing down what became of it.

Rows carry their own lease, so that whoever dies while sending leaves the mail to others. A mail that was sent twice
because of that has the same Message-ID, which mailboxes show once. Within a conversation nothing overtakes.
"""

from __future__ import annotations

import datetime as dt
import logging
from typing import Any

from django.db import transaction
from django.db.models import Exists, Min, OuterRef, Q, QuerySet

from rapport.channels.kinds.email.accounts import mailbox_of
from rapport.channels.kinds.email.collecting import SEND_JOB, send_soon
from rapport.channels.kinds.email.contracts import Mailbox, SendState
from rapport.channels.kinds.email.letters import token_address, write_letter
from rapport.channels.kinds.email.logic.composing import compose_mail
from rapport.channels.kinds.email.logic.retrying import TRIES, pause_s
from rapport.channels.kinds.email.models import OutgoingMail
from rapport.channels.kinds.email.transport import NotSent, send
from rapport.conversations import api as conversations
from rapport.conversations.contracts import SYSTEM, MessageDraft, MessageType
from rapport.jobs import api as jobs
from rapport.kernel.clock import now

logger = logging.getLogger(__name__)
LEASE = dt.timedelta(minutes=3)
OPEN = (SendState.UNSENT, SendState.SENDING)


def send_all(inbox_id: int) -> None:
    """Send what is due in an inbox, then plan the next attempt."""
    while _send_next(inbox_id):
        pass
    _plan_next(inbox_id)


def list_due() -> list[int]:
    """Inboxes in which something is due."""
    return list(_due().order_by().values_list("inbox_id", flat=True).distinct())


def _due() -> QuerySet[OutgoingMail]:
    at = now()
    earlier = OutgoingMail.objects.filter(
        conversation_id=OuterRef("conversation_id"), pk__lt=OuterRef("pk"), state__in=OPEN
    )
    free = Q(lease_until=None) | Q(lease_until__lt=at)
    return OutgoingMail.objects.filter(free, ~Exists(earlier), state__in=OPEN, next_at__lte=at)


def _send_next(inbox_id: int) -> bool:
    row = _take(inbox_id)
    if row is None:
        return False
    mailbox = mailbox_of(inbox_id)
    if mailbox is None:
        _settle(row, NotSent("the inbox has no mail address", is_final=True))
        return True
    try:
        is_with_customer = _hand_over(row, mailbox)
    except NotSent as problem:
        _settle(row, problem)
    else:
        _settle(row, None)
        if not is_with_customer:
            _tell_staff(row, row.problem.removeprefix("refused: "))
    return True


@transaction.atomic
def _take(inbox_id: int) -> OutgoingMail | None:
    row = _due().filter(inbox_id=inbox_id).order_by("next_at", "pk").select_for_update().first()
    if row is not None:
        row.state, row.attempts, row.lease_until = SendState.SENDING, row.attempts + 1, now() + LEASE
        row.save(update_fields=["state", "attempts", "lease_until"])
    return row


def _hand_over(row: OutgoingMail, mailbox: Mailbox) -> bool:
    """Compose and send; False where only copies went out, and not to the customer. Raises NotSent."""
    if row.attempts > TRIES:
        raise NotSent(row.problem or "given up", is_final=True)
    letter = write_letter(row, mailbox)
    if letter is None:
        raise NotSent("the message is gone", is_final=True)
    try:
        raw = compose_mail(letter)
    except (ValueError, UnicodeError, LookupError) as problem:
        raise NotSent(f"cannot be written: {problem}", is_final=True) from problem
    recipients = [row.to, *(address for _, address in row.copies)]
    refused = send(mailbox.smtp, token_address(mailbox, row.token), recipients, raw, f"{row.pk:06d}")
    told = "; ".join(f"{address}: {why}" for address, why in refused.items())
    row.problem = f"refused: {told}"[:300] if refused else ""
    return row.to not in refused


@transaction.atomic
def _settle(row: OutgoingMail, problem: NotSent | None) -> None:
    """Write down what became of it, and tell the desk."""
    values: dict[str, Any] = {"lease_until": None, "problem": problem.reason if problem else row.problem}
    if problem is None:
        values |= {"state": SendState.SENT, "sent_at": now()}
    elif problem.is_final or row.attempts >= TRIES:
        values |= {"state": SendState.FAILED}
    else:
        at = now() + dt.timedelta(seconds=pause_s(row.attempts))
        values |= {"state": SendState.UNSENT, "next_at": at}
    if not OutgoingMail.objects.filter(pk=row.pk, lease_until=row.lease_until).update(**values):
        logger.warning("mail %s: its lease was lost", row.pk)
        return
    if problem is not None:
        logger.warning("mail %s not sent: %s", row.pk, problem.reason)
    if values["state"] == SendState.FAILED:
        _tell_staff(row, values["problem"])
    number = row.conversation.display_id
    jobs.publish(
        "mail_updated", ["desk"], {"id": number, "message_id": row.message_ref_id, "state": values["state"]}
    )


def _tell_staff(row: OutgoingMail, reason: str) -> None:
    text = f"Our mail to {row.to} could not be sent: {reason}"
    draft = MessageDraft(MessageType.ACTIVITY, text, SYSTEM, source_id=f"unsent:{row.pk}:{row.attempts}")
    conversations.add_message_once(row.conversation_id, draft)


def _plan_next(inbox_id: int) -> None:
    """Enqueue the job that tries again when the next mail is due."""
    rows = OutgoingMail.objects.filter(inbox_id=inbox_id, state__in=OPEN, next_at__gt=now())
    at = rows.aggregate(at=Min("next_at"))["at"]
    if at is not None:
        second = int(at.timestamp()) + 1
        run_at = dt.datetime.fromtimestamp(second, dt.UTC)
        jobs.enqueue(SEND_JOB, {"inbox_id": inbox_id}, key=f"{SEND_JOB}:{inbox_id}:{second}", run_at=run_at)


@transaction.atomic
def try_again(inbox_id: int, outgoing_id: int) -> bool:
    """Send a mail of an inbox that failed once more; False where it did not fail."""
    at = now()
    changed = OutgoingMail.objects.filter(pk=outgoing_id, inbox_id=inbox_id, state=SendState.FAILED).update(
        state=SendState.UNSENT, attempts=0, next_at=at, lease_until=None
    )
    if changed:
        send_soon(inbox_id, f"again:{outgoing_id}:{at.isoformat()}")
    return bool(changed)
