"""Templates of wording: ``{path}`` and ``{path|filter}`` filled in the customer's language.

A path that leads nowhere shows as an em dash and never raises.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Protocol

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.lists import format_list
from babel.numbers import format_currency, format_decimal

from rapport.kernel.languages import base_language
from rapport.procedures.logic.wording import say

MISSING = "—"

_BRACES = re.compile(r"\{([^{}]*)\}")
_INSIDE = re.compile(r"\s*([A-Za-z_]\w*(?:\.\w+)*)\s*(?:\|\s*([a-z_]+)\s*)?\Z")


@dataclass(frozen=True, slots=True)
class Placeholder:
    """One ``{...}`` of a template."""

    path: str
    filter: str | None
    problem: str = ""


class Names(Protocol):
    """What a template may name."""

    @property
    def language(self) -> str:
        """Of the customer."""
        ...

    @property
    def currency(self) -> str:
        """Of amounts whose record names none."""
        ...

    def data(self, name: str) -> Any:
        """The record or value under a name; None when there is none."""
        ...

    def titles(self, name: str) -> str | None:
        """How a slot's value is shown; None when the name is no filled slot."""
        ...


@lru_cache(maxsize=4096)
def placeholders(template: str) -> tuple[Placeholder, ...]:
    """The placeholders of a template, the malformed ones with their problem."""
    found: list[Placeholder] = []
    for match in _BRACES.finditer(template):
        inside = _INSIDE.match(match.group(1))
        if inside is None:
            found.append(Placeholder("", None, f"{match.group()} must be {{path}} or {{path|filter}}"))
        else:
            found.append(Placeholder(inside.group(1), inside.group(2)))
    rest = _BRACES.sub("", template)
    if "{" in rest or "}" in rest:
        found.append(Placeholder("", None, "a brace { or } has no partner"))
    return tuple(found)


def render(template: str, names: Names) -> str:
    """The template with every placeholder replaced."""

    def replaced(match: re.Match[str]) -> str:
        inside = _INSIDE.match(match.group(1))
        return MISSING if inside is None else _shown(inside.group(1), inside.group(2), names)

    return _BRACES.sub(replaced, template) if "{" in template else template


def _shown(path: str, name: str | None, names: Names) -> str:
    root, *steps = path.split(".")
    if not steps and name in (None, "list"):
        titles = names.titles(root)
        if titles is not None:
            return titles or MISSING
    value: Any = names.data(root)
    currency = names.currency
    for step in steps:
        if isinstance(value, Mapping) and isinstance(value.get("currency"), str):
            currency = value["currency"]
        value = _child(value, step)
    if value is None or value in ("", []):
        return MISSING
    if isinstance(value, Mapping) and name == "money":
        return MISSING
    return FILTERS.get(name or "", _text)(value, names.language, currency)


def _child(value: Any, step: str) -> Any:
    if isinstance(value, Mapping):
        return value.get(step)
    if isinstance(value, (list, tuple)) and step.isdigit():
        return value[int(step)] if int(step) < len(value) else None
    return None


def _text(value: Any, language: str, currency: str) -> str:
    if isinstance(value, bool):
        return say("yes" if value else "no", language)
    if isinstance(value, (int, float)):
        return _number(value, language)
    if isinstance(value, Mapping):
        title = value.get("title") or value.get("name") or value.get("id")
        return str(title) if title is not None else address_line(value) or MISSING
    if isinstance(value, (list, tuple)):
        return joined([_text(item, language, currency) for item in value], language)
    return str(value)


def _number(value: float, language: str) -> str:
    return str(format_decimal(round(value, 6), locale=_locale(language)))


def _money(value: Any, language: str, currency: str) -> str:
    try:
        amount = float(value)
    except (TypeError, ValueError):
        return MISSING
    return money(amount, currency, language)


def _date(value: Any, language: str, _currency: str) -> str:
    moment = _moment(value)
    return MISSING if moment is None else str(format_date(moment, "long", locale=_locale(language)))


def _datetime(value: Any, language: str, _currency: str) -> str:
    moment = _moment(value)
    if moment is None:
        return MISSING
    day = format_date(moment, "medium", locale=_locale(language))
    return f"{day} {format_datetime(moment, 'HH:mm', locale=_locale(language))}"


def _count(value: Any, _language: str, _currency: str) -> str:
    return str(len(value)) if isinstance(value, (list, tuple, Mapping, str)) else MISSING


FILTERS: Mapping[str, Callable[[Any, str, str], str]] = {
    "money": _money,
    "date": _date,
    "datetime": _datetime,
    "list": _text,
    "count": _count,
}
"""Name of a filter → how it shows a value in a language and currency."""


def money(amount: float, currency: str, language: str) -> str:
    """An amount in the manner of the language."""
    return str(format_currency(amount, currency.upper(), locale=_locale(language)))


def joined(texts: list[str], language: str) -> str:
    """Texts as a list in the manner of the language: ``a, b and c``."""
    return str(format_list(texts, locale=_locale(language))) if texts else ""


def address_line(fields: Mapping[str, Any]) -> str:
    """An address on one line; empty when it has no field."""
    town = " ".join(str(fields[key]) for key in ("zip", "city") if fields.get(key))
    parts = [fields.get("address1"), fields.get("address2"), town, fields.get("state"), fields.get("country")]
    return ", ".join(str(part) for part in parts if part)


def _moment(value: Any) -> dt.datetime | None:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return dt.datetime.fromtimestamp(value, dt.UTC) if 0 <= value < 4e9 else None
    try:
        return dt.datetime.fromisoformat(str(value))
    except ValueError:
        return None


@lru_cache(maxsize=16)
def _locale(language: str) -> Locale:
    return Locale.parse(base_language(language))
