"""What an inbox's settings say about calls."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.conf import settings

from rapport.channels.kinds.voice.contracts import VoiceSettings
from rapport.channels.kinds.voice.logic.hours import is_open
from rapport.conversations.contracts import InboxInfo
from rapport.kernel.clock import now
from rapport.kernel.languages import LANGUAGES
from rapport.kernel.zones import find_zone

DEFAULT_METHODS = ("order_email", "email_code")
"""As the assistant checks where an inbox names no ways."""


def read_voice_settings(inbox: InboxInfo) -> VoiceSettings:
    """The settings of a voice inbox, with the house's own where it says nothing."""
    kept = inbox.settings
    voice = _dict(kept.get("voice"))
    languages = tuple(code for code in kept.get("languages") or LANGUAGES if code in LANGUAGES)
    return VoiceSettings(
        number=str(voice.get("number") or ""),
        languages=languages or ("en",),
        brand=str(kept.get("brand") or inbox.name),
        voices={str(k): str(v) for k, v in _dict(voice.get("voices")).items()},
        sealed_token=str(voice.get("token") or ""),
        transfer_to=str(voice.get("transfer_to") or ""),
        team_numbers={str(k): str(v) for k, v in _dict(voice.get("team_numbers")).items()},
        min_confidence=float(voice.get("min_confidence", 0.5)),
        identity_methods=tuple(kept.get("identity_methods") or DEFAULT_METHODS),
        is_recorded=bool(voice.get("is_recorded")),
        hours=tuple(span for span in kept.get("opening_hours") or () if isinstance(span, Mapping)),
        time_zone=str(kept.get("timezone") or settings.TIME_ZONE),
    )


def is_answered_now(voice: VoiceSettings) -> bool:
    """Whether a person answers the telephone at this moment."""
    return is_open(voice.hours, now().astimezone(find_zone(voice.time_zone) or dt.UTC))


def _dict(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
