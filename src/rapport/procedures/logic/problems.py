"""Mistakes in a definition, each with its place, and YAML read so that places are known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake in a definition."""

    path: str
    """Where in the document: ``slots.order.where``."""
    line: int
    """From 1; 0 when the definition did not come from text."""
    column: int
    message: str
    """What is wrong and what is allowed."""

    def __str__(self) -> str:
        place = f"line {self.line}, column {self.column}: " if self.line else ""
        return f"{place}{self.path}: {self.message}"


@dataclass(slots=True)
class Report:
    """Collects problems while a document is read."""

    places: Mapping[Path, tuple[int, int]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def add(self, path: Path, message: str) -> None:
        """Note a mistake; an absent key is placed at its nearest existing parent."""
        known = path
        while known and known not in self.places:
            known = known[:-1]
        line, column = self.places.get(known, (0, 0))
        problem = Problem(".".join(str(part) for part in path) or "document", line, column, message)
        if problem not in self.problems:
            self.problems.append(problem)

    def sorted(self) -> tuple[Problem, ...]:
        """All problems in the order of the document."""
        return tuple(sorted(self.problems, key=lambda problem: (problem.line, problem.column, problem.path)))


def read_document(source: str | Mapping[str, Any]) -> tuple[Any, Report]:
    """The plain data of a YAML text (or a mapping already read) and a report that knows its places."""
    if not isinstance(source, str):
        return source, Report()
    report = Report()
    try:
        root = yaml.compose(source, Loader=yaml.SafeLoader)
        data = yaml.safe_load(source)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        if mark is not None:
            report.places = {(): (mark.line + 1, mark.column + 1)}
        report.add((), f"not readable as YAML: {getattr(error, 'problem', None) or error}")
        return None, report
    places: dict[Path, tuple[int, int]] = {}
    report.places = places
    if root is not None:
        try:
            _note_places(root, (), places, report)
        except RecursionError:
            report.add((), "an alias (*name) stands inside what it repeats, or the document is too deep")
            return None, report
    return data, report


def _note_places(node: yaml.Node, path: Path, places: dict[Path, tuple[int, int]], report: Report) -> None:
    places.setdefault(path, (node.start_mark.line + 1, node.start_mark.column + 1))
    if isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            _note_places(item, (*path, index), places, report)
    elif isinstance(node, yaml.MappingNode):
        for key_node, value_node in node.value:
            here = (*path, str(key_node.value))
            if here in places:
                report.add(here, f"the key {key_node.value!r} stands here twice")
            places[here] = (key_node.start_mark.line + 1, key_node.start_mark.column + 1)
            _note_places(value_node, here, places, report)
