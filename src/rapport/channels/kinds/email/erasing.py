"""Forgetting mails: after their time, and when a customer is erased."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q

from rapport.channels.kinds.email.models import Correspondent, IncomingMail, OutgoingMail
from rapport.kernel.clock import now

KEEP_UNANSWERED = dt.timedelta(days=30)
CHUNK = 500


def prune() -> int:
    """Delete records of mails that became no message of a conversation, after 30 days; returns how many."""
    over = IncomingMail.objects.filter(conversation=None, created_at__lt=now() - KEEP_UNANSWERED)
    deleted = 0
    while ids := list(over.values_list("pk", flat=True)[:CHUNK]):
        deleted += IncomingMail.objects.filter(pk__in=ids).delete()[0]
    return deleted


def erase_customer(customer_ids: list[int], conversation_numbers: list[int]) -> dict[str, int]:
    """Delete what mails of a customer left, in the caller's transaction; those on record without a conversation too."""
    contacts = Correspondent.objects.filter(contact__customer_id__in=customer_ids)
    addresses = list(contacts.values_list("address", flat=True))
    talks = Q(conversation__display_id__in=conversation_numbers)
    outgoing = OutgoingMail.objects.filter(talks)
    incoming = IncomingMail.objects.filter(talks | Q(conversation=None, sender__in=addresses))
    return {
        "email_channel_outgoingmail": outgoing.delete()[0],
        "email_channel_incomingmail": incoming.delete()[0],
        "email_channel_correspondent": contacts.delete()[0],
    }
