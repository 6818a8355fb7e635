"""Small pure rules of how the screens put things: spans of time, initials, colours of avatars, money."""

from __future__ import annotations

import datetime as dt
import zlib

from babel.numbers import format_currency
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rapport.kernel.languages import LANGUAGE_NAMES

TONES = 8
MINUTE, HOUR, DAY = 60, 3600, 86400


def initials(name: str) -> str:
    """Up to two letters for an avatar, of the first and last word; a question mark for nobody."""
    words = [w for w in name.replace("@", " ").split() if w[0].isalnum()]
    if not words:
        return "?"
    letters = words[0][0] if len(words) == 1 else words[0][0] + words[-1][0]
    return letters.upper()


def tone(name: str) -> int:
    """A stable avatar colour, 0..7."""
    return zlib.crc32(name.strip().lower().encode()) % TONES


def span_short(seconds: float) -> str:
    """A span of time in its largest unit, as short as a list row needs: ``now``, ``4 min``, ``3 h``."""
    seconds = max(0.0, seconds)
    if seconds < MINUTE:
        return _("now")
    if seconds < HOUR:
        return _("%(n)d min") % {"n": int(seconds // MINUTE)}
    if seconds < DAY:
        return _("%(n)d h") % {"n": int(seconds // HOUR)}
    return _("%(n)d d") % {"n": int(seconds // DAY)}


def ago(at: dt.datetime, now: dt.datetime) -> str:
    """How long ago in words; older than a week: the date."""
    seconds = (now - at).total_seconds()
    if seconds < MINUTE:
        return _("just now")
    if seconds < HOUR:
        n = int(seconds // MINUTE)
        return ngettext("%(n)d minute ago", "%(n)d minutes ago", n) % {"n": n}
    if seconds < DAY:
        n = int(seconds // HOUR)
        return ngettext("%(n)d hour ago", "%(n)d hours ago", n) % {"n": n}
    if seconds < 7 * DAY:
        n = int(seconds // DAY)
        return ngettext("%(n)d day ago", "%(n)d days ago", n) % {"n": n}
    return at.date().isoformat()


def money(amount: float | str | None, currency: str, locale: str) -> str:
    """An amount with its currency in the reader's manner; an em dash for nothing."""
    if amount is None or amount == "":
        return "—"
    value = float(amount)
    if not currency:
        return f"{value:.2f}"
    return str(format_currency(value, currency.upper(), locale=locale.split("-", maxsplit=1)[0] or "en"))


def language_name(tag: str) -> str:
    """A language in its own name; the tag itself when unknown."""
    return LANGUAGE_NAMES.get(tag.split("-", maxsplit=1)[0].lower(), tag)
