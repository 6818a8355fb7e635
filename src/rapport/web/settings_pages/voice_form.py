"""The form of an inbox's telephone: what may be entered, and what is stored of it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rapport.channels.kinds.voice import api as voice
from rapport.conversations.contracts import InboxInfo
from rapport.kernel.languages import LANGUAGES
from rapport.kernel.zones import find_zone

METHOD_NAMES = {
    "order_email": gettext_lazy("Order number and e-mail"),
    "email_code": gettext_lazy("Code by e-mail"),
    "order_zip": gettext_lazy("Order number and postal code"),
    "name_zip": gettext_lazy("Name and postal code"),
    "email_only": gettext_lazy("E-mail address alone"),
}
"""Ways in which callers may prove who they are, as the assistant knows them."""
MAX_VOICE_CHARS = 80
MAX_TOKEN_CHARS = 200
MAX_HOURS_CHARS = 2000
_NUMBER = re.compile(r"\+?[0-9][0-9 ()/.-]{2,38}")


@dataclass(frozen=True, slots=True)
class VoiceForm:
    """The telephone of an inbox as it was entered."""

    settings: dict[str, Any]
    """All of the inbox's settings, laid over what has no field here."""
    hours_text: str
    confidence_text: str
    is_token_set: bool
    is_token_new: bool = False
    problems: dict[str, str] = field(default_factory=dict)
    """What is wrong, by field."""

    @property
    def kept(self) -> dict[str, Any]:
        """What is kept about the telephone."""
        found: dict[str, Any] = self.settings.get("voice") or {}
        return found

    @property
    def on_record(self) -> dict[str, Any]:
        """What the audit log may hold: everything but the token."""
        shown = {name: value for name, value in self.kept.items() if name != "token"}
        fields = {name: self.settings.get(name) for name in ("identity_methods", "opening_hours", "timezone")}
        return {**shown, **fields, "account_token": "new" if self.is_token_new else "as before"}


def voice_form_of(inbox: InboxInfo) -> VoiceForm:
    """The form filled with an inbox as it is."""
    kept = inbox.settings.get("voice") or {}
    hours = voice.write_hours(inbox.settings.get("opening_hours") or [])
    return VoiceForm(inbox.settings, hours, str(kept.get("min_confidence", "")), bool(kept.get("token")))


def read_voice_form(post: QueryDict, before: dict[str, Any], teams: list[str]) -> VoiceForm:
    """What was entered; an empty token leaves the one that is there."""
    problems: dict[str, str] = {}
    kept = before.get("voice") or {}
    token = post.get("account_token", "").strip()
    if len(token) > MAX_TOKEN_CHARS:
        problems["account_token"] = _("At most %(n)d characters.") % {"n": MAX_TOKEN_CHARS}
    numbers = {key: _read_number(post, f"team_{key}", problems) for key in teams}
    voices = {code: " ".join(post.get(f"voice_{code}", "").split())[:MAX_VOICE_CHARS] for code in LANGUAGES}
    entered = {
        "number": _read_number(post, "number", problems),
        "transfer_to": _read_number(post, "transfer_to", problems),
        "team_numbers": {key: number for key, number in numbers.items() if number},
        "voices": {code: name for code, name in voices.items() if name},
        "min_confidence": _read_confidence(post.get("min_confidence", "").strip(), problems),
        "is_recorded": post.get("is_recorded") == "1",
        "token": voice.seal(token) if token else kept.get("token", ""),
    }
    methods = [name for name in METHOD_NAMES if name in post.getlist("identity_methods")]
    general = {
        "voice": {name: value for name, value in entered.items() if value not in ("", None, {}, False)},
        "identity_methods": methods,
        "opening_hours": _read_hours(post.get("hours", ""), problems),
        "timezone": _read_zone(post.get("timezone", "").strip(), problems),
    }
    untouched = {name: value for name, value in before.items() if name not in general}
    given = {name: value for name, value in general.items() if value}
    return VoiceForm(
        {**untouched, **given},
        post.get("hours", "")[:MAX_HOURS_CHARS],
        post.get("min_confidence", "").strip(),
        bool(entered["token"]),
        bool(token),
        problems,
    )


def _read_number(post: QueryDict, name: str, problems: dict[str, str]) -> str:
    number = " ".join(post.get(name, "").split())
    if number and not _NUMBER.fullmatch(number):
        problems[name] = _("A telephone number has figures, and may begin with +.")
    return number


def _read_confidence(text: str, problems: dict[str, str]) -> float | None:
    if not text:
        return None
    if not re.fullmatch(r"[01](?:[.,][0-9]{1,3})?", text, re.ASCII) or float(text.replace(",", ".")) > 1:
        problems["min_confidence"] = _("A share from 0 to 1, such as 0.5.")
        return None
    return float(text.replace(",", "."))


def _read_hours(text: str, problems: dict[str, str]) -> list[dict[str, Any]]:
    try:
        return voice.read_hours(text[:MAX_HOURS_CHARS])
    except voice.BadHours as line:
        problems["hours"] = _("Not days and hours: %(line)s") % {"line": str(line)[:80]}
        return []


def _read_zone(name: str, problems: dict[str, str]) -> str:
    if name and find_zone(name) is None:
        problems["timezone"] = _("A time zone is named such as Europe/Prague.")
        return ""
    return name
