"""Simple conditions as rows of field, comparison and value; anything else stays an expression."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Kind = Literal["text", "number", "flag", "field", "list", ""]

WITHOUT_VALUE = frozenset({"yes", "no", "known", "unknown", "empty", "filled"})
_SIGNS = {"is": "==", "is_not": "!=", "more": ">", "at_least": ">=", "less": "<", "at_most": "<="}
_OF_SIGN = {sign: name for name, sign in _SIGNS.items()}

_FIELD = r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*"
_STRING = r"'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\""
_NUMBER = r"-?\d+(?:\.\d+)?"
_LIST = rf"\[\s*(?:(?:{_STRING}|{_NUMBER})\s*(?:,\s*(?:{_STRING}|{_NUMBER})\s*)*)?\]"
_VALUE = rf"{_STRING}|{_NUMBER}|true|false|{_FIELD}"
_COMPARED = re.compile(rf"({_FIELD})\s*(==|!=|>=|<=|>|<)\s*({_VALUE})\Z")
_ONE_OF = re.compile(rf"(!?)\s*\(?\s*({_FIELD})\s+in\s+({_LIST})\s*\)?\Z")
_HOLDS = re.compile(rf"({_STRING}|{_NUMBER})\s+in\s+({_FIELD})\Z")
_CALLED = re.compile(rf"({_FIELD})\.(contains|startsWith)\(\s*({_STRING})\s*\)\Z")
_KNOWN = re.compile(rf"(!?)\s*has\(\s*({_FIELD})\s*\)\Z")
_SIZE = re.compile(rf"size\(\s*({_FIELD})\s*\)\s*(==|>|!=)\s*0\Z")
_FLAG = re.compile(rf"(!?)\s*({_FIELD})\Z")
_PIECES = re.compile(rf"({_STRING})|(&&|\|\|)|(.)", re.DOTALL)
_WORDS = frozenset({"true", "false", "null"})


@dataclass(frozen=True, slots=True)
class Clause:
    """One row of a condition."""

    field: str
    comparison: str
    value: str = ""
    """As written in a form: without quotes; several with commas between."""
    kind: Kind = ""
    """What the value is."""


@dataclass(frozen=True, slots=True)
class Condition:
    """Rows that must hold all together, or one of them."""

    clauses: tuple[Clause, ...]
    any_of: bool = False


def read_condition(expression: str) -> Condition | None:
    """The rows of an expression; None when it is more than rows can say."""
    text = expression.strip()
    if not text:
        return Condition(())
    parts, signs = _split(text)
    if len(set(signs)) > 1:
        return None
    clauses = [_read(part.strip()) for part in parts]
    found = tuple(clause for clause in clauses if clause is not None)
    return Condition(found, signs[:1] == ["||"]) if len(found) == len(clauses) else None


def write_condition(condition: Condition) -> str:
    """The expression of the rows that are filled in."""
    sign = " || " if condition.any_of else " && "
    return sign.join(_write(clause) for clause in condition.clauses if clause.field and clause.comparison)


def _split(text: str) -> tuple[list[str], list[str]]:
    """The text at each && or || that stands outside of strings and brackets."""
    parts, signs, depth = [""], list[str](), 0
    for string, sign, other in _PIECES.findall(text):
        if sign and depth == 0:
            signs.append(sign)
            parts.append("")
            continue
        depth += (other in "([{") - (other in ")]}") if other else 0
        parts[-1] += string or sign or other
    return parts, signs


def _read(text: str) -> Clause | None:
    if found := _COMPARED.match(text):
        field, sign, value = found.groups()
        return Clause(field, _OF_SIGN[sign], _shown(value), _kind(value)) if field not in _WORDS else None
    if found := _ONE_OF.match(text):
        is_not, field, values = found.groups()
        return Clause(field, "not_one_of" if is_not else "one_of", _listed(values), "list")
    if found := _HOLDS.match(text):
        return Clause(found[2], "holds", _shown(found[1]), _kind(found[1]))
    if found := _CALLED.match(text):
        return Clause(found[1], "contains" if found[2] == "contains" else "starts", _shown(found[3]), "text")
    if found := _KNOWN.match(text):
        return Clause(found[2], "unknown" if found[1] else "known")
    if found := _SIZE.match(text):
        return Clause(found[1], "empty" if found[2] == "==" else "filled")
    if (found := _FLAG.match(text)) and found[2] not in _WORDS:
        return Clause(found[2], "no" if found[1] else "yes")
    return None


def _kind(value: str) -> Kind:
    if value[0] in "'\"":
        return "text"
    if re.fullmatch(_NUMBER, value):
        return "number"
    return "flag" if value in ("true", "false") else "field"


def _shown(value: str) -> str:
    return _unquoted(value) if value[0] in "'\"" else value


def _unquoted(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text[1:-1])


def _listed(text: str) -> str:
    return ", ".join(_shown(value) for value in re.findall(rf"{_STRING}|{_NUMBER}", text))


def _write(clause: Clause) -> str:
    field, value = clause.field, clause.value.strip()
    match clause.comparison:
        case "yes":
            return field
        case "no":
            return f"!{field}"
        case "known":
            return f"has({field})"
        case "unknown":
            return f"!has({field})"
        case "empty":
            return f"size({field}) == 0"
        case "filled":
            return f"size({field}) > 0"
        case "one_of" | "not_one_of":
            inside = f"{field} in [{', '.join(_literal(v, '') for v in _values(value))}]"
            return inside if clause.comparison == "one_of" else f"!({inside})"
        case "holds":
            return f"{_literal(value, clause.kind)} in {field}"
        case "contains":
            return f"{field}.contains({_quoted(value)})"
        case "starts":
            return f"{field}.startsWith({_quoted(value)})"
        case _:
            return f"{field} {_SIGNS.get(clause.comparison, '==')} {_literal(value, clause.kind)}"


def _values(text: str) -> Sequence[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _literal(value: str, kind: str) -> str:
    """A value as an expression: a number stays one, everything else is a text unless it names a field."""
    if kind == "field" and re.fullmatch(_FIELD, value):
        return value
    if kind != "text" and re.fullmatch(_NUMBER, value):
        return value
    if kind != "text" and value in ("true", "false"):
        return value
    return _quoted(value)


def _quoted(value: str) -> str:
    inner = json.dumps(value, ensure_ascii=False)[1:-1].replace('\\"', '"').replace("'", "\\'")
    return f"'{inner}'"
