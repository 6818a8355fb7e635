"""The definition language as a JSON Schema, for editors: made from the parser's own keys, types and languages.

What a schema cannot see (names used too early, expressions, templates, keys written twice) is left to the parser:
whatever the schema refuses, the parser refuses too, and never the other way round alone.
"""

from __future__ import annotations

import re
from typing import Any, get_args

from rapport.kernel.languages import LANGUAGES
from rapport.procedures.logic import keys
from rapport.procedures.logic.definition import (
    AUDIENCES,
    CLOSED_TYPES,
    CONNECTOR_TYPE,
    FILE_KINDS,
    FREE_TYPES,
    HELD_TYPES,
    Then,
)
from rapport.procedures.logic.moments import DURATION_PATTERN
from rapport.procedures.logic.step_parsing import EVENT, NOTHING

JsonDict = dict[str, Any]

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def _anchored(pattern: re.Pattern[str]) -> str:
    """A pattern as JSON Schema writes it."""
    return f"^\\s*{pattern.pattern.removesuffix(chr(92) + 'Z')}\\s*$"


_NAME: JsonDict = {"type": "string", "pattern": "^\\s*[a-z][a-z0-9_]*\\s*$"}
_TEXT: JsonDict = {"type": ["string", "number"]}
_EXPRESSION: JsonDict = {"type": ["string", "number", "boolean"]}
_FLAG: JsonDict = {"type": "boolean"}
_NAMES: JsonDict = {"anyOf": [_TEXT, {"type": "array", "items": _TEXT}, {"type": "null"}]}
_WORDS: JsonDict = {"$ref": "#/$defs/words"}
_LINES: JsonDict = {"$ref": "#/$defs/lines"}


def make_schema() -> JsonDict:
    """The schema of a definition."""
    return {
        "$schema": DIALECT,
        "title": "Rapport procedure",
        **_section(keys.TOP, _TOP, ("procedure", "version", "identify", "title")),
        "$defs": {
            "words": _words(),
            "line": {"anyOf": [_section(keys.LINE, _LINE, ("say",)), _WORDS]},
            "lines": {
                "anyOf": [
                    _WORDS,
                    {"$ref": "#/$defs/line"},
                    {"type": "array", "items": {"$ref": "#/$defs/line"}},
                    {"type": "null"},
                ]
            },
            "slot": _slot(),
            "refusal": _section(keys.REFUSAL, _REFUSAL, ("when", "say")),
            "option": _section(keys.OPTION, _OPTION, ("value", "title")),
            "lookup": _section(keys.LOOKUP, _LOOKUP, ("action", "with")),
            "limit": _section(keys.LIMIT, _LIMIT, ("name", "count", "within", "say")),
            "rule": _section(keys.RULE, _RULE, ("name", "check", "say")),
            "human_rule": _section(keys.HUMAN_RULE, _HUMAN_RULE, ("name", "when", "say")),
            "confirmation": _section(keys.CONFIRMATION, _CONFIRMATION, ("lines",)),
            **step_definitions(),
            "undo": _section(keys.UNDO, _UNDO, ("within",)),
        },
    }


def _section(names: tuple[str, ...], kinds: dict[str, JsonDict], required: tuple[str, ...]) -> JsonDict:
    """An object of exactly the parser's keys; a key the schema does not describe is an error here, not in an editor."""
    properties = {name: kinds[name] if name in required else _or_nothing(kinds[name]) for name in names}
    assert len(kinds) == len(names), sorted(set(kinds) ^ set(names))
    return {
        "type": "object",
        "properties": properties,
        "required": list(required),
        "additionalProperties": False,
    }


def _or_nothing(kind: JsonDict) -> JsonDict:
    """A key that may stand there without a value."""
    if kind is _FLAG or "anyOf" in kind:
        return kind
    if "type" not in kind:
        return {"anyOf": [kind, {"type": "null"}]}
    types = kind["type"]
    return {**kind, "type": [*(types if isinstance(types, list) else [types]), "null"]}


def _words() -> JsonDict:
    text = {"type": "string", "pattern": "\\S"}
    tones = {
        "type": "object",
        "properties": dict.fromkeys(keys.TONES, text),
        "required": list(keys.TONES),
        "additionalProperties": False,
    }
    return {
        "type": "object",
        "properties": {language: {"anyOf": [text, tones]} for language in LANGUAGES},
        "required": ["en"],
        "additionalProperties": False,
    }


def _slot() -> JsonDict:
    """A slot; a choice has options, and nothing else does."""
    schema = _section(keys.SLOT, _SLOT, ("type", "ask"))
    is_choice = {"properties": {"type": {"const": "choice"}}, "required": ["type"]}
    listed = {"properties": {"options": {"type": "array", "minItems": 1}}, "required": ["options"]}
    return {**schema, "if": is_choice, "then": listed, "else": {"not": {"required": ["options"]}}}


def _list(name: str) -> JsonDict:
    return {"type": "array", "items": {"$ref": f"#/$defs/{name}"}}


def _map(values: JsonDict, names: JsonDict | None = None) -> JsonDict:
    found: JsonDict = {"type": "object", "additionalProperties": values}
    return {**found, "propertyNames": names} if names else found


_TOP: dict[str, JsonDict] = {
    "procedure": _NAME,
    "version": {"type": "integer", "minimum": 1},
    "icon": _TEXT,
    "title": _WORDS,
    "description": _WORDS,
    "menu": {"type": "integer"},
    "group": _WORDS,
    "audience": {"enum": list(AUDIENCES)},
    "identify": {"enum": ["verified_customer", "none"]},
    "slots": _map({"$ref": "#/$defs/slot"}, _NAME),
    "lookups": _map({"$ref": "#/$defs/lookup"}, _NAME),
    "limits": _list("limit"),
    "let": _map(_EXPRESSION, _NAME),
    "rules": _list("rule"),
    "human_when": _list("human_rule"),
    "confirm": {"$ref": "#/$defs/confirmation"},
    "do": _list("step"),
    "done": _LINES,
    "undo": {"$ref": "#/$defs/undo"},
    "offer": _NAMES,
    "tests": {"type": "object"},
}
_SLOT: dict[str, JsonDict] = {
    "type": {
        "anyOf": [
            {"enum": [*FREE_TYPES, *CLOSED_TYPES, *HELD_TYPES]},
            {"type": "string", "pattern": _anchored(CONNECTOR_TYPE)},
        ]
    },
    "ask": _WORDS,
    "where": _EXPRESSION,
    "of": _NAMES,
    "many": _FLAG,
    "each": _TEXT,
    "optional": _FLAG,
    "when": _EXPRESSION,
    "default": _EXPRESSION,
    "none": _WORDS,
    "refused": _list("refusal"),
    "options": {"type": "array", "items": {"$ref": "#/$defs/option"}},
    "label": _WORDS,
    "accept": {
        "anyOf": [
            {"enum": list(FILE_KINDS)},
            {"type": "array", "items": {"enum": list(FILE_KINDS)}},
            {"type": "null"},
        ]
    },
}
_LOOKUP: dict[str, JsonDict] = {
    "action": _TEXT,
    "with": _map(_EXPRESSION, _NAME),
    "when": _EXPRESSION,
    "none": _WORDS,
}
_LIMIT: dict[str, JsonDict] = {
    "name": _NAME,
    "count": {"type": "integer", "minimum": 1},
    "within": {"type": "string", "pattern": DURATION_PATTERN},
    "of": _EXPRESSION,
    "say": _WORDS,
    "then": {"enum": list(get_args(Then))},
}
_REFUSAL: dict[str, JsonDict] = {"when": _EXPRESSION, "say": _WORDS, "offer": _TEXT, "rule": _NAME}
_OPTION: dict[str, JsonDict] = {"value": _TEXT, "title": _WORDS, "aliases": _NAMES}
_RULE: dict[str, JsonDict] = {"name": _NAME, "check": _EXPRESSION, "say": _WORDS, "slot": _TEXT}
_HUMAN_RULE: dict[str, JsonDict] = {
    "name": _NAME, "when": _EXPRESSION, "say": _WORDS, "team": _TEXT, "after": _FLAG,
}  # fmt: skip
_CONFIRMATION: dict[str, JsonDict] = {"lines": _LINES, "question": _WORDS}
_LINE: dict[str, JsonDict] = {"when": _EXPRESSION, "say": _WORDS}
_DURATION: JsonDict = {"type": "string", "pattern": DURATION_PATTERN}
_UNDO: dict[str, JsonDict] = {"within": _DURATION, "say": _WORDS}
_AGAIN: dict[str, JsonDict] = {"within": _DURATION, "say": _WORDS}
_REVERSAL: dict[str, JsonDict] = {"action": _TEXT, "with": _map(_EXPRESSION, _NAME)}
_WAIT: dict[str, JsonDict] = {
    "for": _DURATION,
    "until": _EXPRESSION,
    "event": {"type": "string", "pattern": _anchored(EVENT)},
    "of": _EXPRESSION,
}
_APPROVAL: dict[str, JsonDict] = {
    "team": _TEXT, "title": _WORDS, "reason": _WORDS, "expires": _DURATION, "when": _EXPRESSION,
}  # fmt: skip
_PERSON: dict[str, JsonDict] = {"team": _TEXT, "say": _WORDS}
_STEP: dict[str, JsonDict] = {
    "action": _TEXT,
    "each": _EXPRESSION,
    "with": _map(_EXPRESSION, _NAME),
    "amount": _EXPRESSION,
    "when": _EXPRESSION,
    "as": _NAME,
    "undo": {"anyOf": [{"const": NOTHING}, {"$ref": "#/$defs/reversal"}, {"type": "null"}]},
    "failed": _map(_WORDS),
    "again": {"$ref": "#/$defs/again"},
    "otherwise": _list("step"),
    "if": _EXPRESSION,
    "then": {"type": "array", "items": {"$ref": "#/$defs/step"}, "minItems": 1},
    "else": _list("step"),
    "wait": {"$ref": "#/$defs/wait"},
    "approve": {"$ref": "#/$defs/approval"},
    "run": _NAME,
    "person": {"$ref": "#/$defs/person"},
    "say": _WORDS,
    "rejected": _WORDS,
    "required": _FLAG,
}
"""Every key that a step of some kind may have."""
_REQUIRED = {"action": ("action", "with"), "if": ("if", "then")}


def step_definitions() -> dict[str, JsonDict]:
    """The kinds of steps; each is known by the first of its keys, of several by the one that comes first here."""
    kinds: dict[str, JsonDict] = {}
    for kind, names in keys.STEPS.items():
        found = _section(names, {name: _STEP[name] for name in names}, _REQUIRED.get(kind, (kind,)))
        kinds[f"step_{kind}"] = found
    return {
        "step": {"anyOf": [{"$ref": f"#/$defs/{name}"} for name in kinds]},
        **kinds,
        "reversal": _section(keys.REVERSAL, _REVERSAL, ("action", "with")),
        "again": _section(keys.AGAIN, _AGAIN, ("within",)),
        "wait": {
            **_section(keys.WAIT, _WAIT, ()),
            "anyOf": [{"required": [name]} for name in ("for", "until", "event")],
        },
        "approval": _section(keys.APPROVAL, _APPROVAL, ("title",)),
        "person": _section(keys.PERSON, _PERSON, ("say",)),
    }
