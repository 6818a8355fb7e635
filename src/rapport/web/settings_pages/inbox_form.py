"""The form of an inbox: what may be entered, and what is stored of it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from django.http import QueryDict
from django.utils.translation import gettext as _

from rapport.conversations.contracts import InboxInfo
from rapport.kernel.languages import LANGUAGES

MAX_CSS_CHARS = 20_000
MAX_DEBOUNCE_MS = 10_000
MAX_ORIGINS = 50
TEXTS = {"brand": 80, "welcome_title": 120, "welcome_text": 400, "launcher_title": 60, "privacy_url": 300}
"""Plain texts among an inbox's settings, with the longest of each [characters]."""
TONES = ("informal",)
"""Ways of addressing customers besides the formal one, which is the house's own."""
_COLOUR = re.compile(r"#[0-9a-f]{6}", re.IGNORECASE | re.ASCII)
_ORIGIN = re.compile(r"https?://[A-Za-z0-9.*-]+(:\d{1,5})?", re.ASCII)
DEFAULT_COLOUR = "#0f6e69"


@dataclass(frozen=True, slots=True)
class InboxForm:
    """An inbox as it was entered."""

    name: str
    is_enabled: bool
    is_hmac_mandatory: bool
    settings: dict[str, Any]
    """Only what is set: an absent key means the house's own default."""
    origins_text: str = ""
    """Allowed origins as written, one on each line."""
    debounce_text: str = ""
    problems: dict[str, str] = field(default_factory=dict)
    """What is wrong, by field."""


def form_of(inbox: InboxInfo) -> InboxForm:
    """The form filled with an inbox as it is."""
    settings = inbox.settings
    return InboxForm(
        inbox.name,
        inbox.is_enabled,
        inbox.is_hmac_mandatory,
        settings,
        "\n".join(str(o) for o in settings.get("allowed_origins") or ()),
        str(settings.get("debounce_ms", "")),
    )


def read_inbox_form(post: QueryDict, before: dict[str, Any]) -> InboxForm:
    """What was entered, laid over the settings that have no field here."""
    problems: dict[str, str] = {}
    name = post.get("name", "").strip()
    if not 0 < len(name) <= 80:
        problems["name"] = _("Give a name of at most 80 characters.")
    origins_text, debounce_text = post.get("allowed_origins", ""), post.get("debounce_ms", "").strip()
    entered: dict[str, Any] = _read_texts(post, problems)
    entered["tone"] = post.get("tone") if post.get("tone") in TONES else ""
    entered["colour"] = _read_colour(post, before, problems)
    entered["languages"] = _read_languages(post)
    entered["allowed_origins"] = _read_origins(origins_text, problems)
    entered["debounce_ms"] = _read_debounce(debounce_text, problems)
    entered["custom_css"] = _read_css(post, problems)
    untouched = {key: value for key, value in before.items() if key not in entered}
    given = {key: value for key, value in entered.items() if value not in ("", None, [])}
    return InboxForm(
        name,
        post.get("is_enabled") == "1",
        post.get("is_hmac_mandatory") == "1",
        {**untouched, **given},
        origins_text,
        debounce_text,
        problems,
    )


def _read_texts(post: QueryDict, problems: dict[str, str]) -> dict[str, Any]:
    texts = {name: " ".join(post.get(name, "").split()) for name in TEXTS}
    for name, text in texts.items():
        if len(text) > TEXTS[name]:
            problems[name] = _("At most %(n)d characters.") % {"n": TEXTS[name]}
    address = texts["privacy_url"]
    if address and (urlsplit(address).scheme not in {"http", "https"} or not urlsplit(address).netloc):
        problems["privacy_url"] = _("A web address begins with https://.")
    return dict(texts)


def _read_colour(post: QueryDict, before: dict[str, Any], problems: dict[str, str]) -> str:
    colour = post.get("colour", "").strip().lower()
    if colour and not _COLOUR.fullmatch(colour):
        problems["colour"] = _("A colour is # and six digits or letters a to f.")
    return "" if colour == DEFAULT_COLOUR and "colour" not in before else colour


def _read_languages(post: QueryDict) -> list[str]:
    """All languages, or none, is the default."""
    chosen = [code for code in LANGUAGES if code in post.getlist("languages")]
    return [] if len(chosen) == len(LANGUAGES) else chosen


def _read_origins(text: str, problems: dict[str, str]) -> list[str]:
    origins = list(dict.fromkeys(line.strip().rstrip("/") for line in text.splitlines() if line.strip()))
    wrong = [origin for origin in origins if not _ORIGIN.fullmatch(origin)]
    if wrong:
        problems["allowed_origins"] = _("Not a site's address: %(origin)s") % {"origin": wrong[0][:100]}
    elif len(origins) > MAX_ORIGINS:
        problems["allowed_origins"] = _("At most %(n)d sites.") % {"n": MAX_ORIGINS}
    return origins


def _read_debounce(text: str, problems: dict[str, str]) -> int | None:
    if not text:
        return None
    if not re.fullmatch(r"[0-9]{1,6}", text, re.ASCII) or int(text) > MAX_DEBOUNCE_MS:
        problems["debounce_ms"] = _("A whole number of milliseconds from 0 to %(n)d.") % {
            "n": MAX_DEBOUNCE_MS
        }
        return None
    return int(text)


def _read_css(post: QueryDict, problems: dict[str, str]) -> str:
    css = post.get("custom_css", "").replace("\r\n", "\n").strip()
    if len(css) > MAX_CSS_CHARS:
        problems["custom_css"] = _("At most %(n)d characters.") % {"n": MAX_CSS_CHARS}
    return css
