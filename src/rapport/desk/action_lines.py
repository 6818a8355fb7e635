"""Actions of connected systems and what they were called with, as people at the desk read them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from rapport.connectors import api as connectors
from rapport.connectors.contracts import Action
from rapport.desk.wording import staff_language

MAX_VALUE_CHARS = 200


@dataclass(frozen=True, slots=True)
class ActionLine:
    """One action: what it is called, by its name and by people, and what with."""

    name: str
    title: str
    arguments: tuple[tuple[str, str], ...]


def action_line(name: str, given: Mapping[str, Any]) -> ActionLine:
    """One action, by its title, with its arguments."""
    action = connectors.find_action(name)
    arguments = tuple((str(key), _text(value)) for key, value in given.items())
    return ActionLine(name, action_title(action) if action else name, arguments)


def action_title(action: Action) -> str:
    """What an action is called: as it was declared in the reader's language, else its one title translated."""
    return action.titles.get(staff_language()) or _(action.title)


def _text(value: Any) -> str:
    """A value as a person reads it."""
    if value is None or value == "":
        text = "—"
    elif isinstance(value, dict):
        text = ", ".join(str(part) for part in value.values() if part not in (None, ""))
    elif isinstance(value, list):
        text = ", ".join(_text(part) for part in value)
    else:
        text = str(value)
    return text if len(text) <= MAX_VALUE_CHARS else f"{text[:MAX_VALUE_CHARS]}…"
