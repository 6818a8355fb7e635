"""From an action and its values to the exact request."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote, urlencode

from rapport.connectors.contracts import JsonDict, Principal
from rapport.connectors.declared import DeclaredAction, InvalidArguments, as_text, fill
from rapport.connectors.outbound import Outgoing
from rapport.connectors.pointing import put


def build(
    action: DeclaredAction, base_url: str, arguments: JsonDict, principal: Principal | None, key: str
) -> Outgoing:
    """The request of a call, without credentials. Raises InvalidArguments."""
    filled = fill(action, arguments, principal, key)
    path, headers = str(action.target["path"]), {"Accept": "application/json"}
    query: list[tuple[str, str]] = []
    body: JsonDict = {}
    whole: Any = None
    for spec in action.fields:
        if spec.key not in filled:
            continue
        value = filled[spec.key]
        match spec.place:
            case "path":
                path = path.replace(f"{{{spec.name}}}", _segment(spec.name, value))
            case "query":
                query += [(spec.name, as_text(v)) for v in (value if isinstance(value, list) else [value])]
            case "header":
                headers[spec.name] = _header(spec.name, value)
            case "body" if spec.name:
                put(body, spec.name, value)
            case _:
                whole = value
    if action.key_header and key:
        headers[action.key_header] = _header(action.key_header, key)
    content = b""
    if action.target.get("body") and (body or whole is not None):
        content, headers["Content-Type"] = _content(str(action.target["body"]), body or whole)
    url = base_url.rstrip("/") + path + (f"?{urlencode(query)}" if query else "")
    return Outgoing(str(action.target["method"]), url, headers, content)


def _segment(name: str, value: Any) -> str:
    """A value as one part of the path: it can never lead to another address of the system."""
    text = as_text(value)
    if not text.strip(". \t\n") or len(text) > 500:
        raise InvalidArguments(f"{name} cannot stand in an address")
    return quote(text, safe="")


def _header(name: str, value: Any) -> str:
    text = as_text(value)
    if not text.isascii() or not text.isprintable() or len(text) > 2000:
        raise InvalidArguments(f"{name} cannot stand in a header")
    return text


def _content(body_type: str, body: Any) -> tuple[bytes, str]:
    if body_type == "form":
        pairs = [
            (name, as_text(v))
            for name, value in body.items()
            for v in (value if isinstance(value, list) else [value])
        ]
        return urlencode(pairs).encode(), "application/x-www-form-urlencoded"
    return json.dumps(body, ensure_ascii=False, allow_nan=False).encode(), "application/json"
