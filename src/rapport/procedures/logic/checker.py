"""Judges expressions and wordings of a definition by the names known at their place."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from rapport.procedures.logic.definition import Definition, Words
from rapport.procedures.logic.dependencies import mentioned
from rapport.procedures.logic.expressions import ExpressionError, references
from rapport.procedures.logic.keys import TONES
from rapport.procedures.logic.problems import Path, Report
from rapport.procedures.logic.render import FILTERS, placeholders
from rapport.procedures.logic.tone import split_tag

RESERVED = ("customer", "now", "true", "false", "null", "in", "size")


@dataclass(frozen=True, slots=True)
class Checker:
    """Judges expressions and wordings of one definition by the names known at their place."""

    definition: Definition
    report: Report

    def expression(self, path: Path, source: str | None, known: Collection[str]) -> None:
        """An expression is CEL and reads only names known at its place."""
        if source is None:
            return
        try:
            names = references(source)
        except ExpressionError as error:
            self.report.add(path, str(error))
            return
        for name in sorted(names):
            self._name(path, name, known)

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
