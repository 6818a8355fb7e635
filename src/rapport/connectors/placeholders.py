"""Placeholders in what administrators write: ``{order.id}``, ``{item.price|money}``, filled once and only as text."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Mapping
from typing import Any

from babel.core import UnknownLocaleError
from babel.dates import format_date
from babel.numbers import UnknownCurrencyFormatError, format_currency, format_decimal

from rapport.connectors.pointing import plain_text
from rapport.connectors.selling.records import BABEL

PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*(?:\.[a-z0-9_]+)*)(?:\|(money|date))?\}", re.ASCII)
MAX_VALUE_CHARS = 2_000
MAX_NUMBER = 1e15
MAX_LISTED = 50

Values = Mapping[str, Any]


def first_names(text: str) -> tuple[str, ...]:
    """The first part of each placeholder's path, each once, in order."""
    return tuple(dict.fromkeys(found[1].partition(".")[0] for found in PLACEHOLDER.finditer(text)))


def fill_text(text: str, values: Values, language: str) -> str:
    """A text with its placeholders filled; what is not known is left empty."""

    def filled(found: re.Match[str]) -> str:
        value = value_at(values, found[1])
        return written(value, found[2] or "", language, currency_of(values, found[1]))

    return PLACEHOLDER.sub(filled, text)


def fill_plain(text: str, values: Values) -> str:
    """A text for a program: values as they are, no language's way of writing them."""
    return PLACEHOLDER.sub(lambda found: plain_value(value_at(values, found[1])), text)


def fill_value(text: str, values: Values) -> Any:
    """As `fill_plain`, but a text that is one placeholder alone stands for the value itself."""
    alone = PLACEHOLDER.fullmatch(text)
    return value_at(values, alone[1]) if alone else fill_plain(text, values)


def plain_value(value: Any) -> str:
    """A value as a program reads it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, Mapping | list | tuple):
        return json.dumps(value, ensure_ascii=False)
    return plain_text(str(value), MAX_VALUE_CHARS)


def value_at(values: Values, path: str) -> Any:
    """What a path leads to; None when it leads nowhere."""
    found: Any = values
    for part in path.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    return found


def currency_of(values: Values, path: str) -> str:
    """The currency beside a value, else the document's, else the euro."""
    around = value_at(values, path.rpartition(".")[0]) if "." in path else values
    beside = around.get("currency") if isinstance(around, Mapping) else None
    return str(beside or values.get("currency") or "EUR")


def written(value: Any, form: str, language: str, currency: str) -> str:
    """A value as the language writes it."""
    locale = BABEL.get(language, language)
    if value is None:
        return ""
    try:
        if form == "money" and is_usual(float(value)):
            return format_currency(float(value), currency, locale=locale)
        if form == "date":
            return format_date(dt.date.fromisoformat(str(value)[:10]), "long", locale=locale)
    except (TypeError, ValueError, ArithmeticError, UnknownLocaleError, UnknownCurrencyFormatError):
        return plain_text(str(value), MAX_VALUE_CHARS)
    if isinstance(value, bool):
        return "✓" if value else "–"
    if isinstance(value, int | float):
        return (
            str(format_decimal(value, locale=locale, group_separator=False))
            if is_usual(value)
            else str(value)
        )
    if isinstance(value, Mapping):
        return plain_text(str(value.get("title") or value.get("name") or value.get("id") or ""))
    if isinstance(value, list | tuple):
        return plain_text(
            ", ".join(written(one, "", language, currency) for one in value[:MAX_LISTED]), MAX_VALUE_CHARS
        )
    return plain_text(str(value), MAX_VALUE_CHARS)


def is_usual(number: float) -> bool:
    """Whether a number can be written out."""
    return abs(number) < MAX_NUMBER


def address_lines(value: Any) -> list[str]:
    """The lines of an address: a record's usual fields, a text, or a list of such (a name, then a record)."""
    if isinstance(value, Mapping):
        name = value.get("name") or f"{value.get('first_name') or ''} {value.get('last_name') or ''}"
        if isinstance(name, Mapping):
            name = f"{name.get('first_name') or ''} {name.get('last_name') or ''}"
        town = f"{value.get('zip') or ''} {value.get('city') or ''}"
        parts: list[Any] = [name, value.get("company"), value.get("address1"), value.get("address2"), town]
        parts += [value.get("state"), value.get("country")]
    elif isinstance(value, list):
        parts = [
            line for one in value[:20] for line in (address_lines(one) if isinstance(one, Mapping) else [one])
        ]
    else:
        parts = list(str(value or "").splitlines())
    lines = [" ".join(plain_text(str(part or ""), 100).split()) for part in parts[:20]]
    return [line for line in lines if line][:8]
