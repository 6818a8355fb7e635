"""Whether an argument of a call means what the procedure would have passed on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rapport.procedures.contracts import JsonDict
from rapport.procedures.logic.definition import ADDRESS_FIELDS


def is_same(planned: Any, proposed: Any) -> bool:
    """Whether two arguments mean the same: numbers by value, addresses by their fields, records by all of theirs."""
    if isinstance(planned, Mapping) and isinstance(proposed, Mapping):
        if "address1" in planned or "address1" in proposed:
            return _plain(planned) == _plain(proposed)
        return all(is_same(planned.get(name), proposed.get(name)) for name in {*planned, *proposed})
    if isinstance(planned, (list, tuple)) and isinstance(proposed, (list, tuple)):
        return len(planned) == len(proposed) and all(
            is_same(a, b) for a, b in zip(planned, proposed, strict=True)
        )
    return bool((planned or "") == (proposed or "")) or str(planned).strip() == str(proposed).strip()


def _plain(value: Mapping[str, Any]) -> JsonDict:
    return {name: str(value[name]).strip() for name in ADDRESS_FIELDS if value.get(name)}
