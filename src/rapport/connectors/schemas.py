"""JSON Schemas, as OpenAPI documents and MCP tools have them: references resolved, fields listed, with limits."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from rapport.connectors.contracts import JsonDict
from rapport.connectors.declared import FieldSpec
from rapport.connectors.pointing import look_up, plain_text

MAX_FIELDS = 150
MAX_DEPTH = 5
MAX_REFERENCES = 20
_TYPES = frozenset({"string", "integer", "number", "boolean", "array", "object"})


@dataclass(frozen=True, slots=True)
class ResultPlace:
    """A place in an answer that its schema describes."""

    path: str
    type: str


@dataclass(slots=True)
class Schemas:
    """The document, and what could not be resolved in it."""

    document: JsonDict
    unresolved: set[str] = field(default_factory=set)

    def resolve(self, value: Any) -> JsonDict:
        """An object with its reference followed; empty when it leads out of the document, nowhere or in a circle."""
        seen: set[str] = set()
        while isinstance(value, dict) and isinstance(value.get("$ref"), str):
            target = value["$ref"]
            if not target.startswith("#/") or target in seen or len(seen) >= MAX_REFERENCES:
                self.unresolved.add(plain_text(target, 200))
                return {}
            seen.add(target)
            beside = {k: v for k, v in value.items() if k in {"description", "required"}}
            found = look_up(self.document, target[1:].replace("%7B", "{").replace("%7D", "}"))
            if not isinstance(found, dict):
                self.unresolved.add(plain_text(target, 200))
                return {}
            value = {**found, **beside} if beside and "$ref" not in found else found
        return value if isinstance(value, dict) else {}

    def merged(self, schema: Any, depth: int = 0) -> JsonDict:
        """A schema with `allOf` joined, and the first alternative of `oneOf` or `anyOf` taken."""
        found = self.resolve(schema)
        if depth > MAX_DEPTH:
            return {}
        parts = list(_list(found.get("allOf"))[:20])
        for word in ("oneOf", "anyOf"):
            options = [self.resolve(o) for o in _list(found.get(word))[:20]]
            parts += [o for o in options if o.get("type") != "null"][:1]
        if not parts:
            return found
        joined: JsonDict = {k: v for k, v in found.items() if k not in {"allOf", "oneOf", "anyOf"}}
        for part in parts:
            inner = self.merged(part, depth + 1)
            properties = {**_dict(inner.get("properties")), **_dict(joined.get("properties"))}
            required = [*_list(joined.get("required")), *_list(inner.get("required"))]
            joined = {**inner, **joined}
            if properties:
                joined |= {"properties": properties, "required": required}
        return joined

    def type_of(self, schema: JsonDict) -> str:
        """The one type of a schema; ``any`` when it leaves it open."""
        given = schema.get("type")
        names = [str(n) for n in (given if isinstance(given, list) else [given]) if n not in {None, "null"}]
        if len(names) == 1 and names[0] in _TYPES:
            return names[0]
        if "properties" in schema:
            return "object"
        return "any"

    def choices_of(self, schema: JsonDict) -> tuple[str, ...]:
        """The values a schema allows, as texts."""
        values = [schema["const"]] if "const" in schema else _list(schema.get("enum"))
        return tuple(plain_text(str(v), 100) for v in values[:60] if isinstance(v, str | int | float))


def body_fields(schemas: Schemas, schema: Any, *, is_required: bool) -> list[FieldSpec]:
    """The values a body is made of; one for the whole body where it is no object."""
    return list(itertools.islice(_fields(schemas, schema, "", is_required=is_required), MAX_FIELDS))


def _fields(
    schemas: Schemas, schema: Any, path: str, *, is_required: bool, above: tuple[str, ...] = ()
) -> Iterator[FieldSpec]:
    merged = schemas.merged(schema)
    properties = _dict(merged.get("properties"))
    reference = str(schema.get("$ref", "")) if isinstance(schema, dict) else ""
    is_circle = bool(reference) and reference in above
    if properties and len(above) < MAX_DEPTH and not is_circle:
        needed = {str(n) for n in _list(merged.get("required"))}
        for name, inner in list(properties.items())[:MAX_FIELDS]:
            if schemas.resolve(inner).get("readOnly") is True:
                continue
            place = _join(path, str(name))
            must = is_required and str(name) in needed
            yield from _fields(schemas, inner, place, is_required=must, above=(*above, reference))
    else:
        yield FieldSpec(
            "body",
            path,
            schemas.type_of(merged),
            is_required,
            " ".join(plain_text(str(merged.get("description", "")), 200).split()),
            schemas.choices_of(merged),
        )


def result_places(schemas: Schemas, schema: Any) -> list[ResultPlace]:
    """Places of an answer, to choose results from."""
    return list(itertools.islice(_places(schemas, schema, "", 0), MAX_FIELDS))


def _places(schemas: Schemas, schema: Any, path: str, depth: int) -> Iterator[ResultPlace]:
    merged = schemas.merged(schema)
    kind = schemas.type_of(merged)
    if path or kind == "array":
        yield ResultPlace(path, kind)
    if depth >= MAX_DEPTH - 1:
        return
    if kind == "array":
        yield from _places(schemas, merged.get("items"), _join(path, "0"), depth + 1)
    for name, inner in list(_dict(merged.get("properties")).items())[:40]:
        yield from _places(schemas, inner, _join(path, str(name)), depth + 1)


def _join(path: str, name: str) -> str:
    if path.startswith("/") or "." in name or "/" in name:
        escaped = name.replace("~", "~0").replace("/", "~1")
        start = path if path.startswith("/") else "".join(f"/{part}" for part in path.split(".") if part)
        return f"{start}/{escaped}"
    return f"{path}.{name}" if path else name


def _dict(value: Any) -> JsonDict:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
