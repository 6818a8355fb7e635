"""The form of a card: its rows with what they hold, what they offer and what is wrong there."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from rapport.kernel.languages import LANGUAGE_NAMES, LANGUAGES
from rapport.procedures import api as procedures
from rapport.studio.contracts import FieldInfo
from rapport.studio.descriptions import SECTIONS
from rapport.studio.logic.cards import Names, names_at
from rapport.studio.logic.conditions import Clause, Condition, read_condition
from rapport.studio.logic.fields import complete, for_type
from rapport.studio.logic.rows import SELF, TONES, Row, Sections, as_line, joined, mode_of
from rapport.studio.logic.tree import Path, pointer
from rapport.studio.offers import Pair, choices, paths_at, readable
from rapport.studio.sentences import comparisons
from rapport.studio.workspace import Workspace

EMPTY_ROWS = 1
"""Rows of a condition that stand ready to be filled in."""


@lru_cache(maxsize=1)
def sections() -> Sections:
    """Every form, completed by what the language's schema has besides."""
    return complete(SECTIONS, procedures.make_schema())


@dataclass(frozen=True, slots=True)
class Text:
    """A wording in one language."""

    language: str
    title: str
    name: str
    id: str
    value: str
    tones: tuple[tuple[str, str, str], ...]
    """(tone, name, text) where it is written in two tones."""
    is_missing: bool
    errors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ClauseView:
    """One row of a condition."""

    n: int
    clause: Clause
    fields: tuple[Pair, ...]


@dataclass(frozen=True, slots=True)
class FieldView:
    """One row as shown."""

    row: Row
    name: str
    id: str
    kind: str
    value: Any = ""
    errors: tuple[str, ...] = ()
    options: tuple[Pair, ...] = ()
    chosen: tuple[str, ...] = ()
    texts: tuple[Text, ...] = ()
    mode: str = ""
    clauses: tuple[ClauseView, ...] = ()
    parts: tuple[PartView, ...] = ()
    """Entries of a list, arguments, wordings by code, or the rows of a group (one part)."""
    is_picked: bool = False
    """The value is one of the options."""
    path: str = ""
    label: str = ""

    @property
    def is_folded(self) -> bool:
        """Whether it hides until asked for."""
        has_errors = bool(self.errors) or any(text.errors for text in self.texts)
        return self.row.is_folded and not has_errors


@dataclass(frozen=True, slots=True)
class PartView:
    """An entry of a list (or a named entry) with its own rows."""

    name: str
    title: str
    fields: tuple[FieldView, ...]
    index: int = 0
    count: int = 1
    path: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """A card's form."""

    kind: str
    card: str
    fields: tuple[FieldView, ...]
    name: str = ""
    """Its own name, where it can be given another."""
    known: tuple[FieldInfo, ...] = field(default=())
    comparisons: tuple[Pair, ...] = ()
    digest: str = ""
    """Of what it shows."""

    @property
    def open(self) -> tuple[FieldView, ...]:
        """Rows shown at once."""
        return tuple(f for f in self.fields if not f.is_folded)

    @property
    def folded(self) -> tuple[FieldView, ...]:
        """Rows under “more”."""
        return tuple(f for f in self.fields if f.is_folded)


def build_form(space: Workspace, path: Path, kind: str, value: Any) -> Form:
    """The form of what stands at a path."""
    names = names_at(space.document or {}, path)
    known = tuple(paths_at(names, space.offers))
    builder = _Builder(space, names, known)
    digest = digest_of_form(kind, value)
    if kind == "line":
        value = as_line(value)
    own = str(path[-1]) if kind in ("slot", "lookup", "value") else ""
    fields = builder.fields(kind, value, "", path)
    return Form(kind, pointer(path), fields, own, known, tuple(comparisons().items()), digest)


def digest_of_form(kind: str, value: Any) -> str:
    """What tells whether that which a form shows was changed; nothing of other cards, nor of cards within its own."""
    rows = sections()[kind]
    if isinstance(value, Mapping) and any(row.key for row in rows):
        value = [(row.key, value.get(row.key)) for row in rows]
    return procedures.digest_of(repr(value))


@dataclass(frozen=True, slots=True)
class _Builder:
    space: Workspace
    names: Names
    known: tuple[FieldInfo, ...]

    def fields(self, section: str, value: Any, prefix: str, path: Path) -> tuple[FieldView, ...]:
        rows = sections()[section]
        if len(rows) == 1 and not rows[0].key:
            return (self.field(rows[0], value, prefix or SELF, path),)
        data = value if isinstance(value, Mapping) else {}
        if section == "slot":
            rows = for_type(rows, str(data.get("type", "")), data)
        return tuple(
            self.field(row, data.get(row.key), joined(prefix, row.key), (*path, row.key)) for row in rows
        )

    def field(self, row: Row, value: Any, name: str, path: Path) -> FieldView:
        make = getattr(self, f"_{row.kind}", self._plain)
        facts: dict[str, Any] = make(row, value, name, path)
        facts.setdefault("kind", row.kind)
        facts.setdefault("value", _text_of(value))
        facts.setdefault("errors", self.errors(path))
        return FieldView(row=row, name=name, id=_id(name), path=pointer(path), label=str(row.label), **facts)

    def errors(self, path: Path) -> tuple[str, ...]:
        start = ".".join(str(part) for part in path)
        return tuple(
            p.message for p in self.space.problems if p.path == start or p.path.startswith(f"{start}.")
        )

    def _plain(self, row: Row, value: Any, name: str, path: Path) -> dict[str, Any]:
        del row, name, path
        return {"value": ", ".join(map(str, value)) if isinstance(value, list) else _text_of(value)}

    def _flag(self, row: Row, value: Any, name: str, path: Path) -> dict[str, Any]:
        del name, path
        return {"value": value is not False if row.hint == "default:true" else value is True}

    def _choice(self, row: Row, value: Any, name: str, path: Path) -> dict[str, Any]:
        del name, path
        options = self._options(row, value)
        if row.source == "several":
            options = [("", "—"), *options]
        return {"options": tuple(options)}

    def _options(self, row: Row, value: Any) -> list[Pair]:
        if row.source not in ("earlier", "several"):
            return choices(row.source, self.space.offers, self.names, value)
        slots = (self.space.document or {}).get("slots", {})
        names = self.names.slots
        if row.source == "several":
            names = tuple(n for n in names if isinstance(slots.get(n), Mapping) and slots[n].get("many"))
        found = [(n, readable(n)) for n in names]
        present = value if isinstance(value, list) else [value] if value else []
        return found + [(str(v), readable(str(v))) for v in present if v not in names]

    def _names(self, row: Row, value: Any, name: str, path: Path) -> dict[str, Any]:
        del name, path
        chosen = [str(v) for v in value] if isinstance(value, list) else [str(value)] if value else []
        options = [pair for pair in self._options(row, chosen) if pair[0]]
        own = self.space.draft.procedure
        if row.source == "procedures":
            options = [pair for pair in options if pair[0] != own]
        return {"options": tuple(options), "chosen": tuple(chosen)}

    def _words(self, row: Row, value: Any, name: str, path: Path) -> dict[str, Any]:
        has_text = isinstance(value, Mapping) and bool(value)
        texts = tuple(
            self._said(value, name, path, language, row.is_required or has_text) for language in LANGUAGES
        )
        own = tuple(m for m in self.errors(path) if not any(m in t.errors for t in texts))
        return {"texts": texts, "errors": own, "value": ""}

    def _said(self, value: Any, name: str, path: Path, language: str, is_wanted: bool) -> Text:  # noqa: FBT001
        held = value.get(language) if isinstance(value, Mapping) else None
        tones: tuple[tuple[str, str, str], ...] = ()
        if isinstance(held, Mapping):
            tones = tuple((t, f"{name}/{language}/{t}", str(held.get(t, ""))) for t in TONES)
        here = f"{name}/{language}"
        is_missing = is_wanted and not held and language in self.space.languages
        return Text(
            language, LANGUAGE_NAMES[language], here, _id(here), held if isinstance(held, str) else "", tones,
            is_missing, self.errors((*path, language)),
        )  # fmt: skip

    def _condition(self, row: Row, value: Any, name: str, path: Path) -> dict[str, Any]:
        del name, path
        text = _text_of(value)
        mode = mode_of(value)
        if value is None and row.is_required:
            mode = "all"
        found = read_condition(text) if mode in ("all", "any") else None
        clauses = (found or Condition(())).clauses
        shown = [*clauses, *(Clause("", "is") for _ in range(EMPTY_ROWS if not clauses else 0))]
        return {
            "mode": mode,
            "clauses": tuple(ClauseView(n, c, self._field_options(c.field)) for n, c in enumerate(shown)),
        }

    def _field_options(self, present: str) -> tuple[Pair, ...]:
        found = [(f.path, readable(f.path)) for f in self.known]
        if present and present not in dict(found):
            found.insert(0, (present, readable(present)))
        return (("", "…"), *found)

    def _value(self, row: Row, value: Any, name: str, path: Path) -> dict[str, Any]:
        del row, name, path
        text = _text_of(value)
        options = [(f.path, readable(f.path)) for f in self.known]
        lists = [
            (f"{n}.map(x, x.id)", f"{readable(n)} › all numbers")
            for n in self.names.slots
            if self._is_many(n)
        ]
        options += lists
        written = re.fullmatch(r"(\w+)\.map\((\w+), \2\.id\)", text)
        if written and self._is_many(written[1]):
            options = [
                (text if value == f"{written[1]}.map(x, x.id)" else value, title) for value, title in options
            ]
        return {"options": tuple(options), "is_picked": text in dict(options) or not text}

    def _is_many(self, name: str) -> bool:
        slot = (self.space.document or {}).get("slots", {}).get(name)
        return isinstance(slot, Mapping) and slot.get("many") is True

    def _parts(self, row: Row, value: Any, name: str, path: Path) -> dict[str, Any]:
        items = value if isinstance(value, list) else []
        parts = []
        for n, item in enumerate(items):
            shown = as_line(item) if row.section == "line" else item
            at = (*path, n)
            parts.append(
                PartView(
                    f"{name}/{n}",
                    str(n + 1),
                    self.fields(row.section, shown, f"{name}/{n}", at),
                    n,
                    len(items),
                    pointer((*path, n)),
                )
            )
        return {"parts": tuple(parts), "value": ""}

    def _arguments(self, row: Row, value: Any, name: str, path: Path) -> dict[str, Any]:
        del row
        held = value if isinstance(value, Mapping) else {}
        wanted = [*self._wanted(path), *(str(k) for k in held)]
        parts = []
        for key in dict.fromkeys(wanted):
            inner = Row(key, "value", readable(key))
            parts.append(
                PartView(
                    f"{name}/{key}",
                    readable(key),
                    (self.field(inner, held.get(key), f"{name}/{key}", (*path, key)),),
                )
            )
        return {"parts": tuple(parts), "value": "", "errors": self._own_errors(path)}

    def _own_errors(self, path: Path) -> tuple[str, ...]:
        start = ".".join(str(part) for part in path)
        return tuple(p.message for p in self.space.problems if p.path == start)

    def _wanted(self, path: Path) -> Sequence[str]:
        """The arguments an action takes, or the questions of a procedure that is run."""
        from_path: Any = self.space.document
        for part in path[:-1]:
            from_path = from_path.get(part) if isinstance(from_path, Mapping) else _at(from_path, part)
        if not isinstance(from_path, Mapping):
            return ()
        if "run" in from_path:
            definition = procedures.load_book().get(str(from_path["run"]))
            return [slot.name for slot in definition.slots] if definition is not None else ()
        action = self.space.offers.actions.get(str(from_path.get("action", "")))
        return [str(name) for name in action.arguments] if action is not None else ()

    def _wordings(self, row: Row, value: Any, name: str, path: Path) -> dict[str, Any]:
        del row
        held = value if isinstance(value, Mapping) else {}
        parts = []
        for code, words in held.items():
            inner = Row(str(code), "words", readable(str(code)))
            view = self.field(inner, words, f"{name}/{code}", (*path, code))
            parts.append(PartView(f"{name}/{code}", str(code), (view,), path=pointer((*path, code))))
        return {"parts": tuple(parts), "value": "", "errors": self._own_errors(path)}

    def _group(self, row: Row, value: Any, name: str, path: Path) -> dict[str, Any]:
        fields = self.fields(row.section, value, name, path)
        return {"parts": (PartView(name, "", fields),), "value": "", "errors": self._own_errors(path)}


def _at(node: Any, part: str | int) -> Any:
    return node[part] if isinstance(node, list) and isinstance(part, int) and part < len(node) else None


def _text_of(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None or isinstance(value, (dict, list)) else str(value)


def _id(name: str) -> str:
    return "f-" + re.sub(r"[^A-Za-z0-9]+", "-", name)
