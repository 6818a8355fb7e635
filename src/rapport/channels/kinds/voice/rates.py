"""How often one number may call: beside the limit each address has."""

from __future__ import annotations

from django.conf import settings

from rapport.channels.kinds.voice.beginning import clean_number, find_call
from rapport.channels.kinds.voice.contracts import TurnRequest
from rapport.channels.limits import WINDOWS, Limit
from rapport.conversations.contracts import InboxInfo

NEW_CALLS = Limit("new_calls", 10, 300)
"""Calls of one number to one inbox."""
ALL_CALLS = Limit("all_calls", 120, 60)
"""Calls to one inbox."""


def check_new_call(inbox: InboxInfo, request: TurnRequest) -> None:
    """Count a call that begins. Raises TooManyRequests."""
    if not getattr(settings, "RATE_LIMITS", True) or find_call(inbox, request.call_id) is not None:
        return
    WINDOWS.check(ALL_CALLS, inbox.identifier)
    caller = clean_number(request.caller)
    if caller:
        WINDOWS.check(NEW_CALLS, f"{inbox.identifier}:{caller}")
