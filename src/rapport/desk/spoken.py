"""What a message of a telephone call shows besides its words: by keys or spoken, and how surely it was heard."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from rapport.conversations.contracts import MessageInfo

VOICE = "voice"
"""Key of what the voice channel keeps with a customer's message."""


def heard_in(message: MessageInfo) -> str:
    """How a caller's words came, for people; empty for messages of other channels."""
    kept: dict[str, Any] = message.content_attributes.get(VOICE) or {}
    if not kept:
        return ""
    if kept.get("by") == "keys":
        return _("By keys")
    share = kept.get("confidence")
    is_given = isinstance(share, float) and 0 < share <= 1
    told = _("Spoken, %(n)d %% sure") % {"n": round(float(share or 0) * 100)} if is_given else _("Spoken")
    recognised = str(kept.get("recognised") or "")
    if not recognised or recognised == message.content:
        return told
    return _("%(told)s: “%(recognised)s”") % {"told": told, "recognised": recognised}
