"""Which submitted values answer an interactive message."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

MAX_VALUE_CHARS = 2000


class BadAnswer(ValueError):
    """The values do not fit what the message offers."""


def check_answer(
    content_type: str,
    attributes: dict[str, Any],
    submitted: list[dict[str, Any]],
    files: Mapping[str, tuple[str, str]] | None = None,
) -> list[dict[str, str]]:
    """The submitted values in their canonical shape: ``{"name", "title", "value"}`` each.

    ``input_select`` takes exactly one of its items, by value; ``form`` takes one entry per field, several for a
    field of several choices; ``input_file`` takes ids of files the customer sent in the conversation (`files`:
    id → name and media type); any message takes one of its ``quick_replies``. Raises BadAnswer otherwise.
    """
    items = attributes.get("items", [])
    if len(submitted) == 1 and not submitted[0].get("name"):
        for quick in attributes.get("quick_replies", []):
            if quick["value"] == submitted[0].get("value"):
                return [{"name": "", "title": quick["title"], "value": quick["value"]}]
    if content_type == "input_select":
        return _check_select(items, submitted)
    if content_type == "form":
        return _check_form(items, submitted)
    if content_type == "input_file":
        return _check_files(attributes, submitted, files or {})
    raise BadAnswer("This message takes no values.")


def _check_select(items: list[dict[str, Any]], submitted: list[dict[str, Any]]) -> list[dict[str, str]]:
    if len(submitted) != 1:
        raise BadAnswer("Choose exactly one.")
    value = _text(submitted[0].get("value"))
    for item in items:
        if item["value"] == value:
            return [{"name": "", "title": item["title"], "value": value}]
    raise BadAnswer("That is not one of the choices.")


def _check_form(items: list[dict[str, Any]], submitted: list[dict[str, Any]]) -> list[dict[str, str]]:
    fields = {item["name"]: item for item in items}
    answers: list[dict[str, str]] = []
    for entry in submitted:
        name = _text(entry.get("name"))
        field = fields.get(name)
        if field is None:
            raise BadAnswer(f"There is no field named {name[:40]!r}.")
        raw = entry.get("value")
        for value in raw if isinstance(raw, list) else [raw]:
            answers.append(_check_field(field, _text(value)))
    given = {a["name"] for a in answers if a["value"]}
    missing = [f["name"] for f in items if f.get("required", True) and f["name"] not in given]
    if missing:
        raise BadAnswer(f"Missing: {', '.join(missing)}.")
    return answers


def _check_files(
    attributes: dict[str, Any], submitted: list[dict[str, Any]], files: Mapping[str, tuple[str, str]]
) -> list[dict[str, str]]:
    slot = str(attributes.get("slot", ""))
    chosen: dict[str, dict[str, str]] = {}
    for entry in submitted:
        raw = entry.get("value")
        for value in raw if isinstance(raw, list) else [raw]:
            number = _text(value)
            if number not in files:
                raise BadAnswer("That is not a file you sent in this conversation.")
            name, media_type = files[number]
            if not fits(media_type, attributes.get("accept", [])):
                raise BadAnswer(f"{name}: that kind of file is not wanted here.")
            chosen[number] = {"name": slot, "title": name, "value": number}
    if not chosen:
        raise BadAnswer("Name at least one file.")
    if len(chosen) > 1 and not attributes.get("many"):
        raise BadAnswer("Name exactly one file.")
    return list(chosen.values())


def fits(media_type: str, accept: Sequence[str]) -> bool:
    """Whether a kind of file is among those wanted: ``image``, ``pdf``; any where none is named."""
    short = "pdf" if media_type == "application/pdf" else media_type.partition("/")[0]
    return not accept or short in accept


def _check_field(field: dict[str, Any], value: str) -> dict[str, str]:
    if field.get("type") in {"select", "multi_select"}:
        for option in field.get("options", []):
            if option["value"] == value:
                return {"name": field["name"], "title": option["label"], "value": value}
        raise BadAnswer(f"{field['name']}: that is not one of the choices.")
    return {"name": field["name"], "title": value, "value": value}


def _text(value: Any) -> str:
    if not isinstance(value, str | int | float) or isinstance(value, bool):
        raise BadAnswer("Values are texts.")
    text = str(value).replace("\x00", "").strip()
    if len(text) > MAX_VALUE_CHARS:
        raise BadAnswer("A value is too long.")
    return text
