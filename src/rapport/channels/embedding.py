"""Which inbox an identifier means, and which sites may embed its widget."""

from __future__ import annotations

import re
import time

from rapport.conversations import api as conversations
from rapport.conversations.contracts import InboxInfo
from rapport.kernel.errors import NotFound

CACHE_S = 5.0
"""How long a change to an inbox may take to be seen by this process [seconds]."""
APART = frozenset({"email", "voice"})
"""Kinds of inboxes that no front end of a customer speaks through."""
_ORIGIN = re.compile(r"https?://[A-Za-z0-9.*-]+(:\d{1,5})?", re.ASCII)
_cache: dict[str, tuple[float, InboxInfo]] = {}


def access_inbox(identifier: str) -> InboxInfo:
    """An enabled inbox by its public identifier. Raises NotFound."""
    known = _cache.get(identifier)
    if known and known[0] > time.monotonic():
        return known[1]
    inbox = conversations.find_inbox(identifier)
    if inbox is None or inbox.channel_kind in APART:
        _cache.pop(identifier, None)
        raise NotFound("There is no inbox with this identifier.")
    if len(_cache) > 500:
        _cache.clear()
    _cache[identifier] = (time.monotonic() + CACHE_S, inbox)
    return inbox


def forget_inboxes() -> None:
    """See changes to inboxes at once."""
    _cache.clear()


def frame_ancestors(website_token: str) -> str:
    """Sites that may embed an inbox's widget, as ``frame-ancestors``; every site unless it names some."""
    try:
        allowed = access_inbox(website_token).settings.get("allowed_origins") if website_token else None
    except NotFound:
        return "'self'"
    origins = [o for o in allowed or [] if isinstance(o, str) and _ORIGIN.fullmatch(o)]
    return " ".join(["'self'", *origins]) if origins else "*"
