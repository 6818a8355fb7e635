"""Erasing a customer from what channels keep beside the conversations."""

from __future__ import annotations

from rapport.channels.kinds.email import erasing as email
from rapport.channels.kinds.voice import erasing as voice
from rapport.channels.webhooks import erasing as webhooks


def erase_customer(customer_ids: list[int], conversation_numbers: list[int]) -> dict[str, int]:
    """Delete what webhooks, mails and calls keep of a customer, in the caller's transaction; rows by table."""
    return {
        **webhooks.erase_customer(customer_ids, conversation_numbers),
        **email.erase_customer(customer_ids, conversation_numbers),
        **voice.erase_customer(conversation_numbers),
    }
