"""Judges expressions and wordings of a definition by the names known at their place."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from rapport.connectors.contracts import Fields
from rapport.procedures.logic.definition import Definition, Words
from rapport.procedures.logic.dependencies import mentioned
from rapport.procedures.logic.expressions import ExpressionError, compiled
from rapport.procedures.logic.keys import TONES
from rapport.procedures.logic.problems import Path, Report
from rapport.procedures.logic.render import FILTERS, placeholders
from rapport.procedures.logic.shapes import Shapes, at, fault, one_of
from rapport.procedures.logic.tone import split_tag

_PATH = re.compile(r"\s*[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*\s*\Z")
RESERVED = ("customer", "now", "true", "false", "null", "in", "size")


@dataclass(frozen=True, slots=True)
class Checker:
    """Judges expressions and wordings of one definition by the names known at their place."""

    definition: Definition
    report: Report
    shapes: Shapes | None = None
    """What the names stand for, where fields are checked too."""
    present: Mapping[str, Fields] = field(default_factory=dict)
    """Names that stand for one record at this place."""

    def where(self, **present: Fields) -> Checker:
        """For a place where these names stand for one record each."""
        return replace(self, present={**self.present, **present})

    def one_of(self, expression: str) -> Fields:
        """What one value of a list is, where its expression is no more than a path."""
        if self.shapes is None or not _PATH.match(expression):
            return None
        path = expression.strip()
        return one_of(at(path, self.shapes.find(path.split(".")[0])))

    def expression(self, path: Path, source: str | None, known: Collection[str]) -> None:
        """An expression is CEL and reads only names known at its place."""
        if source is None:
            return
        try:
            read = compiled(source)
        except ExpressionError as error:
            self.report.add(path, str(error))
            return
        for name in sorted(read.names):
            self._name(path, name, known)
        for written in read.paths:
            self._fields(path, written)

    def words(self, path: Path, words: Words, known: Collection[str]) -> None:
        """A template reads only known names and filters."""
        for tag, text in words.items():
            here = self._place(path, tag)
            for placeholder in placeholders(text):
                if placeholder.problem:
                    self.report.add(here, placeholder.problem)
                    continue
                if placeholder.filter and placeholder.filter not in FILTERS:
                    self.report.add(
                        here, f"unknown filter {placeholder.filter!r}; allowed: {', '.join(sorted(FILTERS))}"
                    )
                self._name(here, placeholder.path.split(".")[0], known)
                self._fields(here, placeholder.path)

    def _fields(self, path: Path, written: str) -> None:
        """A path leads to a field that exists, where it is known which do."""
        if self.shapes is None or "." not in written:
            return
        name = written.split(".", maxsplit=1)[0]
        fields = self.present[name] if name in self.present else self.shapes.find(name)
        problem = fault(written, fields)
        if problem:
            self.report.add(path, problem)

    def _place(self, path: Path, tag: str) -> Path:
        """Where a wording stands: under its language, or its language and tone."""
        language, tone = split_tag(tag)
        for place in ((*path, language, tone or TONES[0]), (*path, language)):
            if place in self.report.places:
                return place
        return path

    def _name(self, path: Path, name: str, known: Collection[str]) -> None:
        computed = {*self.definition.let, *(lookup.name for lookup in self.definition.lookups)}
        allowed = {*known, "customer", "now", *computed}
        if name not in allowed:
            later = self.definition.find_slot(name)
            hint = "is a slot that is asked later" if later else "does not exist"
            self.report.add(path, f"{name!r} {hint}; known here: {', '.join(sorted(allowed))}")
            return
        if name in computed:
            slots = {slot.name for slot in self.definition.slots}
            missing = sorted((mentioned(self.definition, name) & slots) - set(known))
            if missing:
                self.report.add(path, f"{name!r} needs {missing[0]!r}, a slot that is asked later")
