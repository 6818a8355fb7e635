"""Kinds of channels are alike and apart."""

from __future__ import annotations

import ast
from pathlib import Path

from rapport.channels import kinds

FOLDER = Path(kinds.__file__).parent


def test_one_kind_never_imports_another() -> None:
    names = sorted(p.name for p in FOLDER.iterdir() if (p / "__init__.py").exists())
    assert {"api", "voice", "web"} <= set(names)
    for name in names:
        for path in (FOLDER / name).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                module = node.module or "" if isinstance(node, ast.ImportFrom) else ""
                if module.startswith("rapport.channels.kinds"):
                    assert module.startswith(f"rapport.channels.kinds.{name}"), path
