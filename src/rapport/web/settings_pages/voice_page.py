"""What the page of a voice inbox shows besides the form that every inbox has."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from rapport.accounts import api as accounts
from rapport.channels.kinds.voice import api as voice
from rapport.conversations.contracts import InboxInfo
from rapport.kernel.languages import LANGUAGE_NAMES
from rapport.web.settings_pages.voice_form import METHOD_NAMES, VoiceForm, voice_form_of


def voice_context(inbox: InboxInfo, form: VoiceForm | None = None) -> dict[str, Any]:
    """What the page of a voice inbox shows besides the form that every inbox has; empty for other inboxes."""
    if inbox.channel_kind != voice.KIND:
        return {}
    entered = form or voice_form_of(inbox)
    read = voice.read_voice_settings(inbox)
    chosen = entered.settings.get("identity_methods") or read.identity_methods
    numbers = entered.kept.get("team_numbers") or {}
    base = f"{settings.CONFIG.base_url}/voice/{inbox.identifier}"
    return {
        "voice": {
            "form": entered,
            "calls_url": f"{base}/calls",
            "turns_url": f"{base}/turns",
            "methods": [(name, title, name in chosen) for name, title in METHOD_NAMES.items()],
            "teams": [(team.key, team.name, numbers.get(team.key, "")) for team in accounts.list_teams()],
            "voices": [
                (code, LANGUAGE_NAMES[code], (entered.kept.get("voices") or {}).get(code, ""))
                for code in read.languages
            ],
            "time_zone": entered.settings.get("timezone") or "",
            "default_zone": settings.TIME_ZONE,
        }
    }
