"""The source tree as the architecture tests read it."""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SRC = ROOT / "src"
LADDER = [
    "kernel",
    "jobs",
    "accounts",
    "customers",
    "governance",
    "conversations",
    "connectors",
    "understanding",
    "knowledge",
    "procedures",
    "assistant",
    "channels",
    "desk",
    "widget",
    "studio",
    "insights",
]


@functools.cache
def parsed(path: Path) -> ast.Module:
    """A file's syntax tree."""
    return ast.parse(path.read_text(encoding="utf-8"))


def python_files(*, with_tests: bool = False) -> Iterator[Path]:
    """Every module of ours, without migrations."""
    for path in sorted(SRC.rglob("*.py")):
        parts = path.relative_to(SRC).parts
        if "migrations" in parts or (not with_tests and "tests" in parts):
            continue
        yield path


def name_of(path: Path) -> str:
    """Path as the ratchet file writes it."""
    return path.relative_to(ROOT).as_posix()


def package_of(path: Path) -> str:
    """Capability a file belongs to; empty outside them."""
    parts = path.relative_to(SRC).parts
    return parts[1] if parts[0] == "rapport" and len(parts) > 2 else ""
