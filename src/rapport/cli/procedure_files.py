"""Definitions and the test cases beside them, by file or by name."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING

from rapport.kernel.errors import NotFound

if TYPE_CHECKING:
    from rapport.procedures.api import Definition


def is_cases(file: Path) -> bool:
    """Whether a file holds test cases beside a definition."""
    return file.name.endswith(".tests.yaml")


def definitions(given: list[Path]) -> list[Path]:
    """The definitions among files; a folder stands for its own and for the templates it names."""
    from rapport.procedures import api as procedures

    found: list[Path] = []
    for path in given:
        found += procedures.definition_files(path) if path.is_dir() else [path]
    return [path for path in found if not is_cases(path)]


def with_cases(name: str) -> tuple[str, str, list[Definition]]:
    """A definition's text, the cases beside it, and the procedures that belong to it."""
    from rapport.procedures import api as procedures

    path = Path(name)
    if not path.is_file():
        others = list(procedures.load_book().values())
        return read_source(name, None), procedures.latest_cases(name), others
    if is_cases(path):
        path = path.with_name(path.name.removesuffix(".tests.yaml") + ".yaml")
    others = []
    for file in sorted(path.parent.glob("*.yaml")):
        with contextlib.suppress(procedures.InvalidDefinition):
            others += [] if is_cases(file) else [procedures.parse_definition(read(file))]
    return read(path), procedures.cases_beside(path), others


def read_source(name: str, version: int | None) -> str:
    """The text of a version, the one in force without; or of a file."""
    from rapport.procedures import api as procedures

    if Path(name).is_file():
        return read(Path(name))
    versions = procedures.list_versions(name, with_texts=False)
    found = [v for v in versions if (v.is_published if version is None else v.version == version)]
    if not found:
        raise NotFound(
            f"There is no procedure {name}" + (f" of version {version}." if version else " in force.")
        )
    return procedures.read_version(name, found[0].version)


def read(file: Path) -> str:
    if not file.is_file():
        raise NotFound(f"There is no file {file}.")
    return file.read_text(encoding="utf-8")
