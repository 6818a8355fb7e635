"""Tags and filters of the house; a builtin of the template engine, so no page loads them."""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import urlencode

from django import template
from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import localtime
from django.utils.translation import get_language

from rapport.kernel.clock import now
from rapport.web.icons import icon_svg
from rapport.web.navigation import NavLink, nav_links
from rapport.web.safe_markup import markdown_html, plain_html
from rapport.web.wording import ago, initials, language_name, money, span_short, tone

register = template.Library()

THEMES = ("light", "dark")


@register.simple_tag
def icon(name: str, extra_class: str = "", label: str = "") -> SafeString:
    """An icon of the set by its Lucide name."""
    return mark_safe(icon_svg(name or "circle", extra_class, label))  # noqa: S308 - our own files and escaped attributes


@register.simple_tag
def avatar(name: str, size: str = "", kind: str = "") -> SafeString:
    """A round mark for a person or (``kind="assistant"``) the assistant; the name stands beside it."""
    size_class = f" avatar-{size}" if size else ""
    if kind == "assistant":
        body: SafeString = mark_safe(icon_svg("sparkles"))  # noqa: S308 - our own file
        return format_html('<span class="avatar avatar-ai{}" aria-hidden="true">{}</span>', size_class, body)
    template = '<span class="avatar{} tone-{}" aria-hidden="true">{}</span>'
    return format_html(template, size_class, tone(name or ""), initials(name or ""))


@register.simple_tag
def timeago(at: dt.datetime | None, style: str = "long") -> SafeString:
    """A moment as how long ago it was; the exact time is its tooltip, and `relative-times` keeps it fresh."""
    if at is None:
        return mark_safe("")
    text = ago(at, now()) if style == "long" else span_short((now() - at).total_seconds())
    exact = date_format(localtime(at), "DATETIME_FORMAT")
    template = '<time datetime="{}" title="{}" data-relative="{}">{}</time>'
    return format_html(template, at.isoformat(timespec="seconds"), exact, style, text)


@register.simple_tag
def clock_time(at: dt.datetime | None) -> SafeString:
    """The hour of a moment, with the full date as its tooltip."""
    if at is None:
        return mark_safe("")
    local = localtime(at)
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        at.isoformat(timespec="seconds"),
        date_format(local, "DATETIME_FORMAT"),
        date_format(local, "H:i"),
    )


@register.simple_tag
def bar(share: float | None, tone_name: str = "", label: str = "") -> SafeString:
    """A horizontal bar filled to a share of 0..1, without inline styles."""
    width = round(100 * min(1.0, max(0.0, float(share or 0))), 1)
    voice = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    variant = f" bar-{tone_name}" if tone_name else ""
    return format_html(
        '<svg class="bar{}" {} viewBox="0 0 100 4" preserveAspectRatio="none">'
        '<rect width="{}" height="4"/></svg>',
        variant,
        voice,
        str(width),
    )


@register.simple_tag
def threshold_bar(share: float, threshold: float | None, is_best: bool = True) -> SafeString:  # noqa: FBT001, FBT002 - a tag's arguments are positional
    """A bar filled to a share of 0..1 with a line at the threshold, where there is one."""
    width = round(100 * min(1.0, max(0.0, float(share))), 1)
    line = ""
    if threshold is not None:
        place = round(100 * min(0.995, max(0.0, float(threshold))), 1)
        line = format_html('<rect class="line" x="{}" width="0.6" height="4"/>', str(place))
    return format_html(
        '<svg class="bar threshold-bar{}" aria-hidden="true" viewBox="0 0 100 4" preserveAspectRatio="none">'
        '<rect width="{}" height="4"/>{}</svg>',
        "" if is_best else " bar-muted",
        str(width),
        line,
    )


@register.simple_tag
def url_if_any(name: str, *args: Any, **kwargs: Any) -> str:
    """The address of a page, or nothing when this installation has no such page."""
    try:
        return reverse(name, args=args, kwargs=kwargs)
    except NoReverseMatch:
        return ""


@register.simple_tag(takes_context=True)
def main_navigation(context: template.Context) -> list[NavLink]:
    """The entries of the main navigation this member of staff may open."""
    request: HttpRequest | None = context.get("request")
    return nav_links(request)


@register.simple_tag(takes_context=True)
def theme(context: template.Context) -> str:
    """The colour scheme the reader chose (``light``, ``dark``), or nothing: as the system has it."""
    request: HttpRequest | None = context.get("request")
    chosen = request.COOKIES.get("rapport_theme", "") if request else ""
    return chosen if chosen in THEMES else ""


@register.simple_tag
def offered_languages() -> list[tuple[str, str]]:
    """Languages the screens exist in."""
    return list(settings.LANGUAGES)


@register.simple_tag
def current_language() -> str:
    """The language the screens are shown in."""
    return get_language() or settings.LANGUAGE_CODE


@register.simple_tag(takes_context=True)
def query_with(context: template.Context, **changes: Any) -> str:
    """The present query string with some parameters changed (an empty value removes one)."""
    request: HttpRequest | None = context.get("request")
    values = request.GET.copy() if request else {}
    merged = {**{k: values[k] for k in values}, **changes}
    kept = {k: v for k, v in merged.items() if v not in (None, "")}
    return "?" + urlencode(kept) if kept else "?"


@register.filter
def percent(share: float | None) -> str:
    """A share of 0..1 in whole per cent."""
    return "—" if share is None else f"{round(100 * float(share))} %"


@register.filter
def markdown(text: str | None) -> SafeString:
    """Markdown as clean HTML."""
    return mark_safe(markdown_html(text or ""))  # noqa: S308 - cleaned by an allow-list


@register.filter
def linked(text: str | None) -> SafeString:
    """Plain text with its lines kept and web addresses clickable."""
    return mark_safe(plain_html(text or ""))  # noqa: S308 - cleaned by an allow-list


@register.filter
def as_money(amount: float | str | None, currency: str = "") -> str:
    """An amount with its currency in the reader's manner."""
    return money(amount, currency, get_language() or "en")


@register.filter
def as_language(tag: str | None) -> str:
    """A language in its own name."""
    return language_name(tag) if tag else ""


@register.filter
def humanised(word: str | None) -> str:
    """A code word as a reader would write it: ``over_limit`` becomes ``Over limit``."""
    text = (word or "").replace("_", " ").replace("-", " ").replace(":", ": ").strip()
    return text[:1].upper() + text[1:]


@register.filter
def pairs(mapping: dict[str, Any] | None) -> list[tuple[str, Any]]:
    """Names and values, one named ``items`` too: a template's ``.items`` would find that one."""
    return list((mapping or {}).items())


@register.filter
def entry(mapping: Any, key: Any) -> Any:
    """One entry of a mapping by a key held in a variable."""
    return mapping.get(key) if hasattr(mapping, "get") else None
