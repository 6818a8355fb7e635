"""Erasing a customer's conversations, with messages, files and everything that hangs on them."""

from __future__ import annotations

from django.db.models import Q

from rapport.conversations.attachments import delete_conversation
from rapport.conversations.models import (
    Attachment,
    ContactInbox,
    Conversation,
    Disposition,
    DispositionChange,
    Message,
)


def list_erasable(customer_ids: list[int]) -> list[tuple[int, int, str]]:
    """Row id, number and UUID of every conversation of these customers, and of tickets opened for them."""
    own = Conversation.objects.filter(customer_id__in=customer_ids)
    numbers = [f"#{number}" for number in own.values_list("display_id", flat=True)]
    refs = list(own.exclude(verified_ref="").values_list("verified_ref", flat=True).distinct())
    tickets = Conversation.objects.filter(custom_attributes__has_key="case_key").filter(
        Q(custom_attributes__customer_ref__in=refs) | Q(custom_attributes__conversation__in=numbers)
    )
    rows = Conversation.objects.filter(Q(pk__in=own.values("pk")) | Q(pk__in=tickets.values("pk")))
    return list(rows.order_by("pk").values_list("pk", "display_id", "uuid"))


def erase(customer_ids: list[int]) -> dict[str, int]:
    """Delete them in the caller's transaction; contents of files go when it commits."""
    ids = [pk for pk, _, _ in list_erasable(customer_ids)]
    counts = {
        "conversations_message": Message.objects.filter(conversation_id__in=ids).count(),
        "conversations_attachment": Attachment.objects.filter(conversation_id__in=ids).count(),
        "conversations_disposition": Disposition.objects.filter(conversation_id__in=ids).count(),
        "conversations_dispositionchange": DispositionChange.objects.filter(conversation_id__in=ids).count(),
        "conversations_conversation": len(ids),
    }
    for pk in ids:
        delete_conversation(pk)
    contacts = ContactInbox.objects.filter(customer_id__in=customer_ids)
    return {**counts, "conversations_contactinbox": contacts.delete()[0]}
