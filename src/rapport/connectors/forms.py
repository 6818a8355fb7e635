"""What a person enters to connect a system of some kind, described as data: any page or command can ask for it."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, TypedDict

import yaml
from django.utils.translation import gettext as _

from rapport.connectors.contracts import JsonDict
from rapport.connectors.declared import DeclaredAction, FieldSpec, InputMap, check_declared, to_json
from rapport.kernel.errors import InvalidInput

FIELD_KINDS = ("text", "secret", "choice", "lines", "check")
MAX_FIELD_CHARS = 20_000
YES_NO = (("no", "No"), ("yes", "Yes"))
"""Choices of a field that is one or the other."""
_KEY = re.compile(r"[a-z][a-z0-9_]{0,38}", re.ASCII)


@dataclass(frozen=True, slots=True)
class FormField:
    """One thing to enter."""

    name: str
    """``base_url`` is the connected system's address, ``secret`` its credential; all others are settings."""
    label: str
    kind: str = "text"
    """One of `FIELD_KINDS`."""
    help: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    """Value and label."""
    default: str = ""
    is_required: bool = False


@dataclass(frozen=True, slots=True)
class KindForm:
    """How a kind is shown and how what was entered becomes settings."""

    kind: str
    title: str
    description: str
    fields: tuple[FormField, ...]
    compose: Callable[[str, Mapping[str, str]], JsonDict]
    """The connected system's settings from its key and the entered values. Raises InvalidInput."""


def read_form(fields: tuple[FormField, ...], given: Mapping[str, str]) -> dict[str, str]:
    """Entered values, with defaults and limits; the secret is not among them. Raises InvalidInput."""
    values: dict[str, str] = {}
    for field in fields:
        if field.name == "secret":
            continue
        value = str(given.get(field.name, "")).strip() or field.default
        if field.is_required and not value:
            raise InvalidInput(_("%(label)s: please fill in.") % {"label": _(field.label)}, field=field.name)
        if len(value) > MAX_FIELD_CHARS or "\x00" in value:
            raise InvalidInput(
                _("%(label)s: too long, or not text.") % {"label": _(field.label)}, field=field.name
            )
        if field.kind != "lines" and any(c in value for c in "\r\n"):
            raise InvalidInput(_("%(label)s: one line only.") % {"label": _(field.label)}, field=field.name)
        if field.choices and value not in dict(field.choices):
            raise InvalidInput(
                _("%(label)s: choose one of the offered.") % {"label": _(field.label)}, field=field.name
            )
        values[field.name] = value
    return values


def check_key(key: str) -> None:
    """Refuse a name that cannot begin an action's name. Raises InvalidInput."""
    if not _KEY.fullmatch(key) or key == "shop":
        raise InvalidInput(_("Small letters, digits and underscores; `shop` is taken."), field="key")


def read_yaml(text: str, field: str) -> Any:
    """What a YAML text of a form holds. Raises InvalidInput."""
    try:
        return yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, RecursionError) as problem:
        raise InvalidInput(
            _("Not YAML: %(why)s") % {"why": " ".join(str(problem).split())[:200]}, field=field
        ) from problem


def read_entries(text: str, field: str, most: int) -> dict[str, Any]:
    """The entries by name of a YAML text. Raises InvalidInput."""
    found = read_yaml(text, field)
    if not isinstance(found, dict) or not found or len(found) > most:
        raise InvalidInput(_("Between 1 and %(most)d entries by name.") % {"most": most}, field=field)
    return {str(name): kept for name, kept in found.items()}


def lines_of(text: str) -> list[str]:
    """The lines that hold something."""
    return [line.strip() for line in text.splitlines() if line.strip()]


class BodyFields(TypedDict):
    """What a declared action takes and where it comes from."""

    fields: tuple[FieldSpec, ...]
    inputs: tuple[InputMap, ...]


def body_fields(
    names: tuple[str, ...], optional: Collection[str] = (), *, customer_in: str = ""
) -> BodyFields:
    """Of an action whose values are its arguments, under the same names.

    `customer_in` is the place (``header``, ``body``) of the verified customer's reference; empty: it goes nowhere.
    """
    fields = [FieldSpec("body", name, "any", name not in optional) for name in names]
    inputs = [InputMap(f"body:{name}", "argument", name) for name in names]
    if customer_in:
        fields.append(FieldSpec(customer_in, "customer"))
        inputs.append(InputMap(f"{customer_in}:customer", "customer"))
    return {"fields": tuple(fields), "inputs": tuple(inputs)}


def with_actions(form: JsonDict, key: str, actions: list[DeclaredAction]) -> JsonDict:
    """Settings as kept: what was entered, and the actions that follow from it. Raises InvalidInput."""
    check_key(key)
    known = {a.name: a for a in actions}
    for action in actions:
        check_declared(action, key, known)
    return {"form": dict(form), "actions": [to_json(action) for action in actions]}
