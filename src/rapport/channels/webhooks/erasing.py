"""Forgetting what webhooks were told: after its time, and when a customer is erased."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q

from rapport.channels.webhooks.contracts import DeliveryState
from rapport.channels.webhooks.models import Delivery, SubjectCounter
from rapport.kernel.clock import now

KEEP_DEAD = dt.timedelta(days=30)
CHUNK = 500


def prune(delivered_before: dt.datetime) -> int:
    """Delete what was delivered before a moment, and what has been dead for a month; returns how many."""
    over = Q(state=DeliveryState.DELIVERED, finished_at__lt=delivered_before)
    over |= Q(state=DeliveryState.DEAD, finished_at__lt=now() - KEEP_DEAD)
    deleted = 0
    while ids := list(Delivery.objects.filter(over).values_list("pk", flat=True)[:CHUNK]):
        deleted += Delivery.objects.filter(pk__in=ids).delete()[0]
    return deleted


def erase_customer(customer_ids: list[int], conversation_numbers: list[int]) -> dict[str, int]:
    """Delete deliveries about a customer and their conversations, in the caller's transaction.

    What was delivered lies with its receiver; that is the business of whoever runs it.
    """
    subjects = [f"contact:{number}" for number in customer_ids]
    subjects += [f"conversation:{number}" for number in conversation_numbers]
    return {
        "webhooks_delivery": Delivery.objects.filter(subject__in=subjects).delete()[0],
        "webhooks_subjectcounter": SubjectCounter.objects.filter(subject__in=subjects).delete()[0],
    }
