"""Bodies without personal data, for receivers that shall not have any."""

from __future__ import annotations

from typing import Any

from rapport.governance import api as governance

EMPTIED = frozenset(
    "email phone_number identifier source_id data_url thumb_url thumbnail avatar_url preview".split()
)
"""Fields that lead to a person or to a person's files."""
KEPT = frozenset(
    (
        "event event_id event_subject created_at message_type content_type status owner priority channel type "
        "uuid assignee_type language sentiment file_type media_type action system state code procedure outcome "
        "kind chosen model_name model_version consent_basis instance"
    ).split()
)
"""Fields whose texts are the system's own words."""
NAMELESS = "[person]"
_PEOPLE = frozenset({"contact", "user"})
_HOLDERS = frozenset({"contact", "sender", "assignee", "user"})
_MAX_DEPTH = 60


def redact_body(body: dict[str, Any]) -> dict[str, Any]:
    """The same fields; names, addresses and identifiers emptied, personal data in texts replaced by labels."""
    is_person = str(body.get("event", "")).startswith("contact_")
    redacted: dict[str, Any] = _object(body, is_person=is_person, depth=0)
    return redacted


def _object(value: dict[str, Any], *, is_person: bool, depth: int) -> dict[str, Any]:
    is_person = is_person or value.get("type") in _PEOPLE
    kept: dict[str, Any] = {}
    for name, held in value.items():
        if name in EMPTIED:
            kept[name] = None
        elif name == "name" and is_person and isinstance(held, str):
            kept[name] = NAMELESS if held else ""
        elif name in KEPT and not isinstance(held, dict | list):
            kept[name] = held
        elif name == "changed_attributes" and is_person and isinstance(held, list):
            kept[name] = [dict.fromkeys(change) for change in held if isinstance(change, dict)]
        else:
            kept[name] = _value(held, is_person=name in _HOLDERS and not _is_machine(held), depth=depth + 1)
    return kept


def _is_machine(value: Any) -> bool:
    return isinstance(value, dict) and value.get("type") not in {None, *_PEOPLE}


def _value(value: Any, *, is_person: bool, depth: int) -> Any:
    if depth > _MAX_DEPTH:
        return None
    if isinstance(value, str):
        return governance.redact_text(value)
    if isinstance(value, dict):
        return _object(value, is_person=is_person, depth=depth)
    if isinstance(value, list):
        return [_value(item, is_person=is_person, depth=depth + 1) for item in value]
    return value
