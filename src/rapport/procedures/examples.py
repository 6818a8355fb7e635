"""Example records and answers of connected systems, so that the sandbox can try a procedure that uses them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rapport.connectors import api as connectors
from rapport.connectors.contracts import JsonDict
from rapport.procedures.logic.problems import read_document


def with_examples(source: str | Mapping[str, Any], given: JsonDict) -> tuple[JsonDict, tuple[str, ...]]:
    """What a test case gives, with examples of what it does not; and the names of the actions that got one.

    The source is a definition's text, or what was read of it.
    """
    data, _report = read_document(source)
    document = data if isinstance(data, Mapping) else {}
    slots = document.get("slots")
    slots = slots.values() if isinstance(slots, Mapping) else ()
    types = [str(s.get("type", "")) for s in slots if isinstance(s, Mapping)]
    results: JsonDict = dict(given.get("results") or {})
    records: JsonDict = dict(given.get("records") or {})
    added = []
    for name in dict.fromkeys(_actions(document)):
        declared = connectors.list_declared(name.partition(".")[0]).get(name)
        if declared is not None and name not in results:
            results[name] = {"ok": True, "data": _answer(declared)}
            added.append(name)
    lacking = {t for t in types if "." in t and not t.startswith("shop.") and t not in records}
    for type_ in connectors.list_record_types() if lacking else ():
        if type_ in lacking:
            records[type_] = [_record(n) for n in (1, 2)]
            added.append(type_)
    if not added:
        return given, ()
    return {**given, "results": results, **({"records": records} if records else {})}, tuple(added)


def _actions(value: Any) -> Iterator[str]:
    """Every action a definition names, wherever it stands."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if key == "action" and isinstance(inner, str):
                yield inner
            yield from _actions(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _actions(inner)


def _answer(action: connectors.DeclaredAction) -> JsonDict:
    return {o.name: [_record(n) for n in (1, 2)] if o.many else o.name for o in action.outputs}


def _record(n: int) -> JsonDict:
    return {"id": str(n), "title": f"Example {n}"}
