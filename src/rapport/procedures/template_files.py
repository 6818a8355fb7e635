"""Definitions as files: the templates that come with the package, and the folders a shop keeps its own in."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from rapport.kernel.errors import InvalidInput

FOLDER: Final = Path(__file__).parent / "templates"
LIST: Final = "TEMPLATES"
"""File of a folder that names the templates it takes, one a line; ``#`` begins a comment."""


@dataclass(frozen=True, slots=True)
class Template:
    """A definition to start from."""

    name: str
    source: str
    """The YAML text, comment included."""
    cases: str
    """Its test cases; empty when there are none."""
    about: str
    """What it is for and what the connected shop must offer: the comment it begins with."""


def list_templates() -> tuple[Template, ...]:
    """Every template, by name."""
    return tuple(_read(path) for path in _definitions(FOLDER))


def find_template(name: str) -> Template | None:
    """The template of that name."""
    path = FOLDER / f"{name}.yaml"
    return _read(path) if path in _definitions(FOLDER) else None


def definition_files(folder: Path) -> tuple[Path, ...]:
    """The definitions of a folder by name: its own files, and the templates its `TEMPLATES` file names.

    Raises InvalidInput when a name leads to no template.
    """
    found = {path.stem: path for path in _definitions(folder)}
    for name in _named(folder / LIST):
        path = FOLDER / f"{name}.yaml"
        if not path.is_file():
            raise InvalidInput(f"{folder / LIST}: there is no template {name}.")
        found.setdefault(name, path)
    return tuple(found[name] for name in sorted(found))


def cases_beside(definition: Path) -> str:
    """The test cases that lie beside a definition; empty when there are none."""
    path = definition.with_name(f"{definition.stem}.tests.yaml")
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def _definitions(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("*.yaml") if "." not in path.stem)


def _named(path: Path) -> list[str]:
    if not path.is_file():
        return []
    lines = (line.partition("#")[0].strip() for line in path.read_text(encoding="utf-8").splitlines())
    return [line for line in lines if line]


def _read(path: Path) -> Template:
    source = path.read_text(encoding="utf-8")
    about = []
    for line in source.splitlines():
        if not line.startswith("#"):
            break
        about.append(line.lstrip("# ").rstrip())
    return Template(path.stem, source, cases_beside(path), " ".join(about))
