"""Small modules and functions; exemptions live in ratchet.json, which may only shrink."""

from __future__ import annotations

import ast
import json
from pathlib import Path

from tests.architecture.source import name_of, parsed, python_files

MAX_MODULE_LINES = 400
MAX_FUNCTION_LINES = 60
MAX_PARAMETERS = 6
RATCHET = json.loads((Path(__file__).parent / "ratchet.json").read_text(encoding="utf-8"))


def _functions(path: Path):
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def _length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    body = node.body
    doc = 0
    if body and isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant):
        doc = (body[0].end_lineno or 0) - body[0].lineno + 1
    return (node.end_lineno or 0) - node.lineno + 1 - doc


def test_modules_stay_small():
    found = {name_of(p): len(p.read_text(encoding="utf-8").splitlines()) for p in python_files()}
    large = {n: c for n, c in found.items() if c > RATCHET["module_lines"].get(n, MAX_MODULE_LINES)}
    assert large == {}, "split these modules by domain noun"


def test_functions_stay_small():
    large = {}
    for path in python_files():
        for node in _functions(path):
            key = f"{name_of(path)}:{node.name}"
            if _length(node) > RATCHET["function_lines"].get(key, MAX_FUNCTION_LINES):
                large[key] = _length(node)
    assert large == {}, "one function, one thought"


def test_functions_take_few_parameters():
    large = {}
    for path in python_files():
        for node in _functions(path):
            count = len(node.args.args) + len(node.args.posonlyargs) + len(node.args.kwonlyargs)
            count -= node.args.args[:1] != [] and node.args.args[0].arg in {"self", "cls"}
            key = f"{name_of(path)}:{node.name}"
            if count > RATCHET["parameters"].get(key, MAX_PARAMETERS):
                large[key] = count
    assert large == {}, "gather related values in a frozen dataclass"


def test_the_ratchet_names_only_what_exists():
    """An exemption that is no longer needed must go."""
    lines = {name_of(p): len(p.read_text(encoding="utf-8").splitlines()) for p in python_files()}
    stale = [n for n in RATCHET["module_lines"] if lines.get(n, 0) <= MAX_MODULE_LINES]
    for section, limit in (("function_lines", MAX_FUNCTION_LINES),):
        sizes = {f"{name_of(p)}:{n.name}": _length(n) for p in python_files() for n in _functions(p)}
        stale += [n for n in RATCHET[section] if sizes.get(n, 0) <= limit]
    assert stale == []
