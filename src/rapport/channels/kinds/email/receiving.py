"""A mail comes in: read, matched with its conversation, stored as a customer's message; or on record why not."""

from __future__ import annotations

import datetime as dt
import hashlib
import logging
from dataclasses import dataclass

from django.conf import settings
from django.db import Error as DatabaseError
from django.db import IntegrityError, transaction

from rapport.channels.kinds.email import bouncing
from rapport.channels.kinds.email.accounts import inbox_for, mailbox_of, own_addresses
from rapport.channels.kinds.email.contracts import Mail, Mailbox, MailState, Receipt, Unreadable
from rapport.channels.kinds.email.filing import Filing, file_mail
from rapport.channels.kinds.email.logic.guards import why_not_answered
from rapport.channels.kinds.email.logic.reading import read_headers, read_mail
from rapport.channels.kinds.email.marking import own_mark
from rapport.channels.kinds.email.matching import Match, address_of, match
from rapport.channels.kinds.email.models import IncomingMail
from rapport.conversations import api as conversations
from rapport.conversations.contracts import SYSTEM, ConversationInfo, InboxInfo, MessageDraft, MessageType
from rapport.customers import api as customers
from rapport.kernel.clock import now
from rapport.kernel.errors import NotFound, NotPermitted, RapportError
from rapport.understanding.api import strip_quotes

logger = logging.getLogger(__name__)
HOUR = dt.timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class _Arrival:
    """One mail and where it arrived."""

    inbox: InboxInfo
    mailbox: Mailbox
    mail: Mail
    written: str
    """The newly written part of its text; found before the database is locked."""
    source: str
    size: int


def receive_mail(inbox: InboxInfo, raw: bytes, source: str) -> Receipt:
    """Take one mail in; the same one again changes nothing. Raises NotFound for an inbox without a mail side.

    A mail that nothing here is prepared for is on record as unreadable, so that it does not come again for ever; only
    what says nothing of the mail (the database, the disk) is the caller's to repeat.
    """
    mailbox = mailbox_of(int(inbox.id))
    if mailbox is None:
        raise NotFound("This inbox has no mail address.")
    try:
        return _receive(inbox, mailbox, raw, source)
    except (DatabaseError, OSError):
        raise
    except Exception:
        logger.exception("inbox %s: a mail of %s bytes could not be taken", inbox.id, len(raw))
        return _keep_unreadable(inbox, raw, source, "broken")


def _receive(inbox: InboxInfo, mailbox: Mailbox, raw: bytes, source: str) -> Receipt:
    try:
        mail = read_headers(raw) if len(raw) > settings.CONFIG.mail_max_bytes else read_mail(raw)
    except Unreadable as problem:
        return _keep_unreadable(inbox, raw, source, problem.reason)
    written = strip_quotes(mail.text) if mail.text else ""
    arrival = _Arrival(inbox, mailbox, mail, written, source, len(raw))
    try:
        with transaction.atomic():
            return _known(arrival) or _take(arrival)
    except IntegrityError:  # the same mail came twice at once
        known = _known(arrival)
        if known is None:
            raise
        return known


def inbox_of_mail(raw: bytes) -> InboxInfo | None:
    """The inbox a mail was sent to, by its headers."""
    try:
        return inbox_for(read_headers(raw).delivered_to)
    except Unreadable:
        return inbox_for(())


def _known(arrival: _Arrival) -> Receipt | None:
    row = (
        IncomingMail.objects.filter(inbox_id=arrival.inbox.id, message_id=arrival.mail.message_id[:500])
        .select_related("conversation")
        .first()
    )
    if row is None:
        return None
    number = row.conversation.display_id if row.conversation else None
    return Receipt(MailState(row.state), row.reason, row.rule, number, is_known=True)


def _keep_unreadable(inbox: InboxInfo, raw: bytes, source: str, reason: str) -> Receipt:
    digest = hashlib.sha256(raw).hexdigest()
    _, is_new = IncomingMail.objects.get_or_create(
        inbox_id=inbox.id,
        message_id=f"{digest}@unreadable.invalid",
        defaults={"source": source, "state": MailState.REFUSED, "reason": reason, "size": len(raw)},
    )
    return Receipt(MailState.REFUSED, reason, is_known=not is_new)


def _take(arrival: _Arrival) -> Receipt:
    mail, mailbox = arrival.mail, arrival.mailbox
    if arrival.size > settings.CONFIG.mail_max_bytes:
        found = match(mail, mailbox)
        return _keep(arrival, found, MailState.REFUSED, "too_large")
    reason = why_not_answered(mail, own_addresses(), own_mark())
    if reason == "bounce":
        bounced = bouncing.take_bounce(mail, mailbox)
        return _record(arrival, Match(bounced, "bounce"), MailState.NOT_ANSWERED, "bounce")
    found = match(mail, mailbox)
    if reason:
        return _keep(arrival, found, MailState.NOT_ANSWERED, reason)
    if found.conversation is not None and _is_blocked(found.conversation):
        return _record(arrival, Match(None, found.rule), MailState.NOT_ANSWERED, "blocked")
    is_answered = _count_lately(arrival) < mailbox.answers_per_hour
    if not is_answered and found.conversation is None:
        found = _latest(arrival) or found
    try:
        with transaction.atomic():
            filing = file_mail(arrival.inbox, mail, arrival.written, found, is_answered=is_answered)
    except NotPermitted:
        return _record(arrival, Match(None, found.rule), MailState.NOT_ANSWERED, "blocked")
    except RapportError as problem:  # on record, so that a mailbox does not offer it for ever
        return _record(arrival, Match(None, found.rule), MailState.REFUSED, problem.code)
    return _record(arrival, found, MailState.TAKEN, "" if is_answered else "too_many", filing)


def _is_blocked(conversation: ConversationInfo) -> bool:
    customer = customers.find_customer(conversation.customer_id)
    return customer is not None and customer.is_blocked


def _count_lately(arrival: _Arrival) -> int:
    """Mails of this sender that were given to the assistant within the hour."""
    rows = IncomingMail.objects.filter(
        inbox_id=arrival.inbox.id, sender=arrival.mail.sender.address, created_at__gt=now() - HOUR
    )
    return rows.filter(state=MailState.TAKEN, reason="").count()


def _latest(arrival: _Arrival) -> Match | None:
    """Where mails beyond the limit go: the sender's latest conversation, which a person has by then."""
    row = (
        IncomingMail.objects.filter(
            inbox_id=arrival.inbox.id,
            sender=arrival.mail.sender.address,
            conversation__isnull=False,
            reason="too_many",
            created_at__gt=now() - HOUR,
        )
        .order_by("-pk")
        .first()
    )
    found = conversations.find_conversation(row.conversation_id) if row and row.conversation_id else None
    return Match(found, "same_sender") if found and address_of(found) == arrival.mail.sender.address else None


def _keep(arrival: _Arrival, found: Match, state: MailState, reason: str) -> Receipt:
    """A mail that gets no answer: a line in the conversation it belongs to, else on record alone."""
    if found.conversation is not None:
        text = f"A mail from {arrival.mail.sender.address} was not answered: {reason.replace('_', ' ')}"
        said = arrival.mail.subject[:120]
        conversations.add_message(
            int(found.conversation.id),
            MessageDraft(MessageType.ACTIVITY, f"{text} (“{said}”)" if said else text, SYSTEM),
        )
    return _record(arrival, found, state, reason)


def _record(
    arrival: _Arrival, found: Match, state: MailState, reason: str, filing: Filing | None = None
) -> Receipt:
    mail = arrival.mail
    conversation = filing.conversation if filing else found.conversation
    IncomingMail.objects.create(
        inbox_id=arrival.inbox.id,
        message_id=mail.message_id[:500],
        sender=mail.sender.address,
        subject=mail.subject[:300],
        source=arrival.source,
        state=state,
        reason=reason,
        rule=found.rule,
        proof=found.proof,
        conversation_id=int(conversation.id) if conversation else None,
        message_ref_id=filing.message_id if filing else None,
        size=arrival.size,
        references=list(dict.fromkeys((*mail.references, *mail.in_reply_to, mail.message_id))),
        created_at=now(),
    )
    number = conversation.display_id if conversation else None
    return Receipt(state, reason, found.rule, number)
