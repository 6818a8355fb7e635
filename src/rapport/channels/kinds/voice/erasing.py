"""Forgetting calls when a customer is erased."""

from __future__ import annotations

from rapport.channels.kinds.voice.models import Call


def erase_customer(conversation_numbers: list[int]) -> dict[str, int]:
    """Delete the calls of conversations, in the caller's transaction."""
    calls = Call.objects.filter(conversation__display_id__in=conversation_numbers)
    return {"voice_call": calls.delete()[0]}
