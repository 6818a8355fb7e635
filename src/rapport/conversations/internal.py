"""Work of staff that no customer asked for: a conversation of their own, listed, noted and recorded like any."""

from __future__ import annotations

from django.db import transaction

from rapport.conversations.contacts import create_contact, create_inbox
from rapport.conversations.contracts import ConversationInfo
from rapport.conversations.models import ContactInbox, Inbox
from rapport.conversations.ownership import take
from rapport.conversations.queries import ListFilter, contact_info, inbox_info, list_conversations
from rapport.conversations.services import create_conversation

INTERNAL = "internal"
"""Channel kind of the inbox nobody writes to."""


@transaction.atomic
def start_internal(staff_id: int, staff_name: str) -> ConversationInfo:
    """A conversation for a member of staff's own work, owned by them; nothing in it reaches a customer."""
    row = Inbox.objects.select_for_update().filter(channel_kind=INTERNAL).first()
    inbox = inbox_info(row) if row else create_inbox("Internal work", INTERNAL, is_enabled=False)
    who = f"staff:{staff_id}"
    known = (
        ContactInbox.objects.select_related("inbox")
        .filter(inbox_id=inbox.id, identifier=who)
        .order_by("pk")
        .first()
    )
    contact = contact_info(known) if known else create_contact(inbox, {"name": staff_name, "identifier": who})
    return take(create_conversation(contact, language="en").id, staff_id, staff_name)


def list_internal(staff_id: int) -> list[ConversationInfo]:
    """Open work of a member of staff's own, the latest first."""
    row = Inbox.objects.filter(channel_kind=INTERNAL).first()
    if row is None:
        return []
    return list_conversations(ListFilter(inbox_id=row.pk, assignee_id=staff_id, status="open")).rows
