"""Values of slots: the options the house itself offers, written values, and how each is read and shown."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Mapping
from typing import Any

from rapport.kernel.languages import pick
from rapport.procedures.contracts import Option, SlotValue, World
from rapport.procedures.logic.definition import ADDRESS_FIELDS, HELD_TYPES, REQUIRED_ADDRESS_FIELDS, Slot
from rapport.procedures.logic.render import address_line, joined, money
from rapport.procedures.logic.tone import split_tag
from rapport.procedures.logic.wording import aliases, say

MAX_TEXT = 4000
NUMBER_TYPES = ("number", "money")

_EMAIL = re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+")
_ISO_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_DAY_FIRST = re.compile(r"\b(\d{1,2})\s*[./]\s*(\d{1,2})\s*[./]\s*(\d{4})\b")


def subject_of(value: Any) -> str:
    """What limits and events know something by: a record's id, or the value itself; empty for nothing."""
    if isinstance(value, Mapping):
        value = value.get("id")
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, (dt.datetime, dt.date)):
        value = value.isoformat()
    return "" if value is None else str(value)


def fixed_options(slot: Slot, language: str) -> tuple[Option, ...]:
    """The options of a `choice` or `yes_no` slot in a language."""
    if slot.type == "yes_no":
        return tuple(
            Option(key, say(key, language), data={"value": key == "yes"}, aliases=aliases(key))
            for key in ("yes", "no")
        )
    return tuple(
        Option(
            option.value,
            pick(option.title, language),
            data={"value": option.value},
            aliases=(
                *option.aliases,
                *(title for tag, title in option.title.items() if split_tag(tag)[0] != language),
            ),
        )
        for option in slot.options
    )


def record(slot: Slot, option: Option) -> Any:
    """What expressions read of one option: its record, or its plain value."""
    if slot.type in HELD_TYPES:  # their numbers are names: an id is text
        return {"title": option.title, **option.data, "id": option.value}
    if slot.is_looked_up:
        return {"id": option.value, "title": option.title, **option.data}
    return option.data.get("value", option.value)


def slot_data(slot: Slot, value: SlotValue | None) -> Any:
    """What expressions read of a slot: a list where it holds several, null where it holds nothing."""
    if slot.many or slot.each:
        return [] if value is None else [record(slot, option) for option in value.options]
    if value is None:
        return None
    if not value.options:
        return "" if slot.type == "text" else None
    return record(slot, value.options[0])


def shown_title(slot: Slot, option: Option, language: str, currency: str) -> str:
    """One value in the customer's language."""
    if slot.type == "money":
        return money(option.data.get("value", 0.0), currency, language)
    if slot.type in ("choice", "yes_no"):
        return next(
            (known.title for known in fixed_options(slot, language) if known.value == option.value),
            option.title,
        )
    return option.title


def shown_titles(slot: Slot, value: SlotValue, language: str, currency: str) -> str:
    """All values of a slot as one text; amounts in a currency."""
    return joined([shown_title(slot, option, language, currency) for option in value.options], language)


def free_option(slot: Slot, value: Any) -> Option | None:
    """A written value as an option; None when it is no value of the slot's type."""
    if slot.type == "address":
        fields = (
            {name: str(value[name]) for name in ADDRESS_FIELDS if value.get(name)}
            if isinstance(value, Mapping)
            else {}
        )
        return Option(address_line(fields), address_line(fields), data={"value": fields}) if fields else None
    if slot.type in NUMBER_TYPES:
        return _number_option(value)
    text = str(value).strip()[:MAX_TEXT]
    if slot.type == "email":
        match = _EMAIL.fullmatch(text)
        text = text.lower() if match else ""
    if slot.type == "date":
        text = read_date(text) or ""
    return Option(text, text, data={"value": text}) if text else None


def _number_option(value: Any) -> Option | None:
    try:
        number = float(value if isinstance(value, (int, float)) else str(value).strip().replace(",", "."))
    except ValueError:
        return None
    if not math.isfinite(number):
        return None
    text = f"{number:g}"
    return Option(text, text, data={"value": number})


def read_free(slot: Slot, text: str, world: World) -> Option | None:
    """The value of a slot's type that a text states; addresses are read by `read_address`."""
    if slot.type in NUMBER_TYPES:
        number = world.reader.number(text)
        return None if number is None else free_option(slot, number)
    if slot.type == "email":
        match = _EMAIL.search(text)
        return free_option(slot, match.group()) if match else None
    return free_option(slot, text)


def read_address(text: str, world: World) -> dict[str, str]:
    """The address fields a text states; none unless it holds a postal code or a house number.

    A reader may put any words into the first line, so a line without a number is not taken for a street.
    """
    found = world.reader.address(text)
    fields = {name: str(found[name]).strip() for name in ADDRESS_FIELDS if found.get(name)}
    is_address = "zip" in fields or any(char.isdigit() for char in fields.get("address1", ""))
    return fields if is_address else {}


def mentioned_address(text: str, world: World) -> dict[str, str]:
    """The address in words that were not an answer to the question for it: one with street, town and code."""
    fields = read_address(text, world)
    return fields if {"address1", "city", "zip"} <= fields.keys() else {}


def read_date(text: str) -> str | None:
    """The first full date of a text, as ISO; day before month when written with dots or strokes."""
    iso = _ISO_DATE.search(text)
    other = _DAY_FIRST.search(text)
    if iso:
        year, month, day = (int(part) for part in iso.groups())
    elif other:
        day, month, year = (int(part) for part in other.groups())
    else:
        return None
    try:
        return dt.date(year, month, day).isoformat()
    except ValueError:
        return None


def missing_fields(fields: Mapping[str, str]) -> tuple[str, ...]:
    """Required address fields that are empty."""
    return tuple(name for name in REQUIRED_ADDRESS_FIELDS if not fields.get(name, "").strip())
