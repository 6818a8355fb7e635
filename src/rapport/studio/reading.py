"""A draft's text as data, read once while it stays the same."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from rapport.procedures import api as procedures


@lru_cache(maxsize=64)
def read_source(source: str) -> Mapping[str, Any] | None:
    """The document; None while it cannot be read. Nobody may change what is returned."""
    data, _report = procedures.read_document(source)
    return data if isinstance(data, dict) else None


@lru_cache(maxsize=64)
def check_source(
    source: str, names: frozenset[str], actions: frozenset[str], types: frozenset[str], fields: str
) -> tuple[procedures.Problem, ...]:
    """What is wrong with a text, where these procedures, actions, kinds of records and their fields (JSON) exist."""
    return procedures.check_definition(source, names, actions, types, json.loads(fields))


@lru_cache(maxsize=1)
def language_keys() -> tuple[str, ...]:
    """The keys a definition may have."""
    return tuple(procedures.make_schema()["properties"])
