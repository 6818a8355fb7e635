"""Tools as a server describes them: never believed, only suggested to the person who confirms."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import Any

from rapport.connectors.contracts import ActionEffect, JsonDict
from rapport.connectors.declared import FieldSpec
from rapport.connectors.pointing import plain_text
from rapport.connectors.schemas import ResultPlace, Schemas, body_fields, result_places

MAX_TOOLS = 500
_DESCRIPTION_CHARS = 600


@dataclass(frozen=True, slots=True)
class Tool:
    """One tool of a server."""

    name: str
    title: str
    description: str
    fields: tuple[FieldSpec, ...]
    results: tuple[ResultPlace, ...]
    digest: str
    """Of all the server says of it: a tool that changes must be confirmed again."""
    is_read_only: bool = False
    is_destructive: bool = True
    is_idempotent: bool = False

    @property
    def likely_effect(self) -> ActionEffect:
        """What the server claims; a person decides."""
        return ActionEffect.READ if self.is_read_only else ActionEffect.WRITE


def read_tool(given: Any) -> Tool | None:
    """One entry of `tools/list`; None for what is no tool."""
    if not isinstance(given, dict) or not isinstance(given.get("name"), str) or not given["name"]:
        return None
    if len(given["name"]) > 200:
        return None
    hints, schema, output = (_dict(given.get(k)) for k in ("annotations", "inputSchema", "outputSchema"))
    title = given.get("title") or hints.get("title") or ""
    fields = body_fields(Schemas(schema), schema, is_required=True) if schema.get("properties") else []
    return Tool(
        name=given["name"],
        title=_line(title, 120),
        description=_line(given.get("description", ""), _DESCRIPTION_CHARS),
        fields=tuple(fields),
        results=tuple(result_places(Schemas(output), output)),
        digest=hashlib.sha256(json.dumps(given, sort_keys=True).encode()).hexdigest()[:32],
        is_read_only=hints.get("readOnlyHint") is True,
        is_destructive=hints.get("destructiveHint") is not False,
        is_idempotent=hints.get("idempotentHint") is True,
    )


def to_json(tool: Tool) -> JsonDict:
    """As kept."""
    return asdict(tool)


def from_json(kept: JsonDict) -> Tool:
    """From what is kept."""
    return Tool(
        **{
            **kept,
            "fields": tuple(FieldSpec(**{**f, "choices": tuple(f["choices"])}) for f in kept["fields"]),
            "results": tuple(ResultPlace(**place) for place in kept["results"]),
        }
    )


def _dict(value: Any) -> JsonDict:
    return value if isinstance(value, dict) else {}


def _line(text: Any, limit: int) -> str:
    return " ".join(plain_text(str(text), limit).split())
