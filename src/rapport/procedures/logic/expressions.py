"""Conditions and computed values: CEL, read the way the authors of procedures write it.

Two liberties make CEL forgiving about numbers. All numbers of records are doubles, and integer literals are
rewritten to doubles (``total > 500`` is ``total > 500.0``), except as an index (``items[0]``). ``size()``
is a double too. The calendar (``days_since`` and its like) reckons from the moment given to `evaluate`.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any

from rapport.kernel.errors import RapportError
from rapport.procedures.logic import moments

_TOKEN = re.compile(
    r"""(?P<string>[rRbB]*(?:'''(?:\\.|[^\\])*?'''|\"{3}(?:\\.|[^\\])*?\"{3}|'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"))
      |(?P<word>[A-Za-z_]\w*)
      |(?P<number>0[xX][0-9a-fA-F]+u?|\d+\.\d+(?:[eE][+-]?\d+)?|\d+[eE][+-]?\d+|\d+[uU]?)
      |(?P<space>\s+)
      |(?P<other>.)""",
    re.VERBOSE | re.DOTALL,
)
_INDEXABLE = re.compile(r"[\w)\]]$")
_MACRO = re.compile(r"\.(?:map|filter|all|exists|exists_one)\s*\(\s*([A-Za-z_]\w*)\s*,")
_STRING = re.compile(r"""'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*\"""")
_CHAIN = re.compile(r"(?<![\w.])([A-Za-z_]\w*)((?:\.[A-Za-z_]\w*)*)(\s*\()?")

BUILT_IN = frozenset(
    {
        "contains",
        "startsWith",
        "endsWith",
        "matches",
        "string",
        "double",
        "int",
        "bool",
        "has",
        "min",
        "max",
        "size_",
    }
)
"""CEL functions authors may use, beside the added ones below."""


class ExpressionError(RapportError):
    """An expression cannot be read, or cannot be evaluated on this data."""

    code = "expression"


def _sum(numbers: Any) -> float | None:
    try:
        return round(float(sum(numbers)), 6)
    except (TypeError, ValueError):
        return None


def _abs(number: Any) -> float | None:
    return abs(number) if isinstance(number, (int, float)) else None


def _round2(number: Any) -> float | None:
    return round(float(number), 2) if isinstance(number, (int, float)) else None


def _contains_all(whole: Any, part: Any) -> bool | None:
    if not isinstance(whole, (list, tuple)) or not isinstance(part, (list, tuple)):
        return None
    return all(value in whole for value in part)


def _size(value: Any) -> float | None:
    return float(len(value)) if isinstance(value, (str, list, tuple, dict)) else None


FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "sum": _sum,
    "abs": _abs,
    "round2": _round2,
    "contains_all": _contains_all,
    "size_": _size,
}
"""Functions added to CEL; a wrong argument gives null, which then fails where it is used."""


CALENDAR: Mapping[str, Callable[..., Any]] = {
    "days_since": moments.days_since,
    "days_until": moments.days_until,
    "add_days": moments.add_days,
}
"""Added functions that reckon from the present moment, which they take as ``now``."""

ADDED = frozenset({*FUNCTIONS, *CALENDAR})


@dataclass(frozen=True, slots=True)
class Expression:
    """A compiled expression and what it reads."""

    source: str
    program: Any
    names: frozenset[str]
    """Variables it needs, without those bound by ``map``, ``filter``, ``all`` and ``exists``."""
    calls: frozenset[str]
    """Added functions it calls."""
    keys: Mapping[str, frozenset[str] | None]
    """For each name the first-level keys read from it; None when the whole value is needed."""
    paths: tuple[str, ...]
    """Dotted paths it reads, for traces."""


def rewrite(source: str) -> str:
    """The expression with integer literals as doubles and `size` as the double-valued one."""
    parts: list[str] = []
    tokens = list(_TOKEN.finditer(source))
    for position, token in enumerate(tokens):
        text = token.group()
        if token.lastgroup == "number" and text.isdigit() and not _is_index(tokens, position):
            text += ".0"
        elif token.lastgroup == "word" and text == "size" and _next(tokens, position) == "(":
            text = "size_"
        parts.append(text)
    return "".join(parts)


def _next(tokens: list[re.Match[str]], position: int) -> str:
    return next((t.group() for t in tokens[position + 1 :] if t.lastgroup != "space"), "")


def _is_index(tokens: list[re.Match[str]], position: int) -> bool:
    before = [t.group() for t in tokens[:position] if t.lastgroup != "space"]
    is_bracketed = bool(before) and before[-1] == "[" and _next(tokens, position) == "]"
    return is_bracketed and len(before) > 1 and before[-2] != "in" and bool(_INDEXABLE.search(before[-2]))


@lru_cache(maxsize=4096)
def compiled(source: str) -> Expression:
    """Compile once.

    Raises: ExpressionError: it is no CEL, or calls a function that does not exist.
    """
    import cel  # noqa: PLC0415 - its command line comes along

    try:
        program = cel.compile(rewrite(source))
        found = program.references()
    except (ValueError, RuntimeError, TypeError) as error:
        reason = str(error).split("ERROR: ")[-1].splitlines()[0]
        raise ExpressionError(f"not a valid expression: {reason}", expression=source) from error
    functions = {
        name for name in found["functions"] if name.isidentifier() and not name.startswith(("_", "@"))
    }
    unknown = sorted(functions - BUILT_IN - ADDED)
    if unknown:
        allowed = ", ".join(sorted((BUILT_IN | ADDED) - {"size_"} | {"size", "map", "filter", "all"}))
        raise ExpressionError(f"unknown function {unknown[0]!r}; allowed: {allowed}", expression=source)
    names = frozenset(found["variables"]) - frozenset(_MACRO.findall(source))
    keys, paths = _read_paths(source, names)
    return Expression(source, program, names, frozenset(functions & ADDED), keys, paths)


def _read_paths(
    source: str, names: frozenset[str]
) -> tuple[dict[str, frozenset[str] | None], tuple[str, ...]]:
    keys: dict[str, set[str] | None] = {}
    paths: list[str] = []
    for root, chain, call in _CHAIN.findall(_STRING.sub("''", source)):
        if root not in names:
            continue
        steps = chain.split(".")[1:]
        if call and steps:
            steps = steps[:-1]
        paths.append(".".join([root, *steps]))
        if not steps:
            keys[root] = None
        elif keys.get(root, ()) is not None:
            keys[root] = (keys.get(root) or set()) | {steps[0]}
    frozen = {name: None if found is None else frozenset(found) for name, found in keys.items()}
    return frozen, tuple(dict.fromkeys(paths))


def references(source: str) -> frozenset[str]:
    """Names of the variables an expression reads.

    Raises: ExpressionError: it is no valid expression.
    """
    return compiled(source).names


def evaluate(source: str, variables: Mapping[str, Any], now: dt.datetime | None = None) -> Any:
    """The value of an expression; names absent from `variables` do not exist.

    Without the present moment `now`, what the calendar gives is null.

    Raises: ExpressionError: it is invalid, or does not fit the data.
    """
    import cel  # noqa: PLC0415 - its command line comes along

    expression = compiled(source)
    context = cel.Context()
    for name in expression.names:
        if name in variables:
            context.add_variable(name, _plain(_narrowed(variables[name], expression.keys.get(name))))
    for name in expression.calls:
        context.add_function(name, FUNCTIONS[name] if name in FUNCTIONS else partial(CALENDAR[name], now=now))
    try:
        return expression.program.execute(context)
    except (ArithmeticError, LookupError, RuntimeError, TypeError, ValueError) as error:
        raise ExpressionError(f"cannot be evaluated: {str(error)[:200]}", expression=source) from error


def holds(source: str, variables: Mapping[str, Any], now: dt.datetime | None = None) -> bool:
    """Whether a condition is true.

    Raises: ExpressionError: it is invalid, does not fit the data, or is neither true nor false.
    """
    value = evaluate(source, variables, now)
    if not isinstance(value, bool):
        raise ExpressionError("a condition must be true or false", expression=source)
    return value


def _narrowed(value: Any, keys: frozenset[str] | None) -> Any:
    """Only what is read of a record: handing records to CEL costs more than evaluating."""
    if keys is None or not isinstance(value, dict):
        return value
    return {key: value[key] for key in keys if key in value}


def _plain(value: Any) -> Any:
    """JSON data with every number a double."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int):
        return float(value)
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value
