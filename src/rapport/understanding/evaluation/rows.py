"""Labelled rows from JSON Lines files (plain or gzip), with findings that name the rows."""

from __future__ import annotations

import functools
import gzip
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from babel.core import Locale, get_global

from rapport.kernel.errors import RapportError


class BadRows(RapportError):
    """The file's rows cannot be used; each problem names its line."""

    code = "bad_rows"


MAX_PROBLEMS = 20
"""Problems shown; more are counted."""


def read_rows(path: Path, required: tuple[str, ...] = ("text",)) -> list[dict[str, Any]]:
    """The objects of a JSON Lines file; each gets its 1-based ``line``.

    Raises: BadRows: missing file, not UTF-8, a line that is not an object, or a required key that is
        missing or not text; all problems are collected first.
    """
    rows: list[dict[str, Any]] = []
    problems: list[str] = []
    for number, content in _lines(path):
        if not content.strip():
            continue
        found = _object(content)
        lacking = [key for key in required if not found or not isinstance(found.get(key), str)]
        if found is None:
            problems.append(f"line {number}: not a JSON object in UTF-8")
        elif lacking:
            problems.append(f"line {number}: {', '.join(lacking)} missing or not text")
        else:
            rows.append({**found, "line": number})
    if problems:
        raise BadRows(file=path.name, count=len(problems), problems=problems[:MAX_PROBLEMS])
    if not rows:
        raise BadRows(file=path.name, count=1, problems=["no rows"])
    return rows


def _lines(path: Path) -> Iterator[tuple[int, bytes]]:
    if not path.is_file():
        raise BadRows(file=path.name, count=1, problems=["no such file"])
    with path.open("rb") as start:
        is_gzip = start.read(2) == b"\x1f\x8b"
    with gzip.open(path, "rb") if is_gzip else path.open("rb") as file:
        yield from enumerate(file, 1)


def _object(content: bytes) -> dict[str, Any] | None:
    try:
        found = json.loads(content.decode("utf-8-sig"))
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def language_of(row: Mapping[str, Any]) -> str | None:
    """The row's language as `language_code` writes it; None without."""
    given = row.get("lang") or row.get("language")
    return language_code(given) if isinstance(given, str) and given.strip() else None


def language_code(tag: str) -> str:
    """Two letters where there are: ``ces_Latn``, ``cs-CZ``, ``cs`` and ``Czech`` are one; Cantonese is Chinese."""
    first = tag.strip().lower().replace("_", "-").split("-", maxsplit=1)[0]
    first = _codes_by_name().get(first, first)
    return "zh" if first == "yue" else str(get_global("language_aliases").get(first, first))


@functools.cache
def _codes_by_name() -> dict[str, str]:
    return {name.lower(): code for code, name in Locale("en").languages.items() if len(code) == 2}
