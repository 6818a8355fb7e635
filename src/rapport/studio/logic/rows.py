"""Forms of a document's parts: rows that are described once, drawn by templates and read back here."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rapport.kernel.languages import LANGUAGES
from rapport.studio.logic.conditions import Clause, Condition, Kind, read_condition, write_condition
from rapport.studio.logic.tree import pointer

TONES = ("formal", "informal")
MODES = ("always", "never", "all", "any", "free")
"""How a condition is put: two constants, rows of which all or one must hold, an expression."""
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_MISSING = object()
SELF = "@self"
"""Name of the one row of a part that is a value itself."""


@dataclass(frozen=True, slots=True)
class Row:
    """One entry of a form. `label` and `hint` are read by people (translated when shown)."""

    key: str
    """Key in the mapping; empty: the part itself is the value."""
    kind: str
    """``words``, ``text``, ``name``, ``number``, ``flag``, ``choice``, ``names``, ``condition``, ``value``, ``parts``,
    ``arguments``, ``wordings`` or ``group``."""
    label: Any = ""
    hint: Any = ""
    source: str = ""
    """What fills a choice: ``types``, ``slots``, ``procedures``, ``teams``, ``actions`` …"""
    section: str = ""
    """What the parts of a list, or of a group, consist of."""
    types: tuple[str, ...] = ()
    """Slot types it concerns; empty: all. ``*`` stands for every type of a connected system."""
    is_required: bool = False
    is_folded: bool = False
    """Shown only when asked for, or when it has a value."""


Sections = Mapping[str, Sequence[Row]]
Post = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class FormReader:
    """Reads what a form sent into the value it stands for; readers of all kinds are called alike."""

    sections: Sections
    post: Post

    def section(self, name: str, old: Any, prefix: str = "") -> Any:
        """The part as entered; what the form did not show stays."""
        rows = self.sections[name]
        if len(rows) == 1 and not rows[0].key:
            value = self.row(rows[0], old, prefix or SELF)
            return old if value is _MISSING else value
        found = dict(old) if isinstance(old, Mapping) else {}
        for row in rows:
            value = self.row(row, found.get(row.key), joined(prefix, row.key))
            if value is _MISSING:
                continue
            if value is False or (value in (None, "", [], {}) and not _must_stay(row)):
                found.pop(row.key, None)
            else:
                found[row.key] = value
        return found

    def row(self, row: Row, old: Any, name: str) -> Any:
        """The value of one row; `_MISSING` when the form had no such row."""
        read = getattr(self, f"_{row.kind}", self._text)
        return read(row, old, name)

    def one(self, name: str) -> str | None:
        """What was entered under a name."""
        values = self.post.get(name)
        return _clean(values[-1]) if values else None

    def _text(self, row: Row, old: Any, name: str) -> Any:
        del row
        text = self.one(name)
        if text is None:
            return _MISSING
        if old is not None and not isinstance(old, (dict, list)) and _as_text(old) == text:
            return old
        return text

    def _value(self, row: Row, old: Any, name: str) -> Any:
        picked = self.one(f"{name}#pick")
        if picked is not None and picked != "#free":
            return old if _as_text(old) == picked else picked
        return self._text(row, old, name)

    def _lines(self, row: Row, old: Any, name: str) -> Any:
        del row
        text = self.one(name)
        if text is None:
            return _MISSING
        found = [part.strip() for part in re.split(r"[,\n]", text) if part.strip()]
        before = [str(item) for item in old] if isinstance(old, list) else [str(old)] if old else []
        return _MISSING if found == before else found

    def _number(self, row: Row, old: Any, name: str) -> Any:
        del row, old
        text = self.one(name)
        if text is None:
            return _MISSING
        return int(text) if re.fullmatch(r"-?\d{1,9}", text) else text

    def _flag(self, row: Row, old: Any, name: str) -> Any:
        if f"{name}#flag" not in self.post:
            return _MISSING
        is_on = name in self.post
        if row.hint == "default:true":
            return _MISSING if is_on and old is None else is_on or None
        return is_on

    def _names(self, row: Row, old: Any, name: str) -> Any:
        del row
        if f"{name}#names" not in self.post:
            return _MISSING
        chosen = [_clean(value) for value in self.post.get(name, ()) if value.strip()]
        before = [str(item) for item in old] if isinstance(old, list) else [str(old)] if old else []
        if set(chosen) == set(before):
            return _MISSING
        return [item for item in before if item in chosen] + [item for item in chosen if item not in before]

    def _words(self, row: Row, old: Any, name: str) -> Any:
        del row
        found: dict[str, Any] = {}
        was = old if isinstance(old, Mapping) else {}
        is_there = False
        for language in LANGUAGES:
            text = self.one(f"{name}/{language}")
            tones = {tone: self.one(f"{name}/{language}/{tone}") for tone in TONES}
            if text is None and all(value is None for value in tones.values()):
                if language in was:
                    found[language] = was[language]
                continue
            is_there = True
            if text is None:
                found[language] = {tone: value or "" for tone, value in tones.items()}
            elif isinstance(was.get(language), str) and was[language].strip() == text:
                found[language] = was[language]
            elif text:
                found[language] = text
        return found if is_there else _MISSING

    def _condition(self, row: Row, old: Any, name: str) -> Any:
        mode = self.one(f"{name}#mode")
        match mode:
            case None:
                return _MISSING
            case "always":
                return "true" if row.is_required else None
            case "never":
                return "false"
            case "free":
                return self._text(row, old, name)
            case _:
                condition = Condition(tuple(self._clauses(name)), mode == "any")
                before = read_condition(_as_text(old)) if old is not None else None
                if before is not None and before.clauses == condition.clauses:
                    is_same_way = before.any_of == condition.any_of or len(condition.clauses) < 2
                    if is_same_way and before.clauses:
                        return old
                return write_condition(condition) or ("true" if row.is_required else None)

    def _clauses(self, name: str) -> list[Clause]:
        found = []
        for n in range(50):
            field = self.one(f"{name}#{n}#field")
            if field is None:
                break
            value = self.one(f"{name}#{n}#value") or ""
            kind = self.one(f"{name}#{n}#kind") or ""
            comparison = self.one(f"{name}#{n}#comparison") or "is"
            if comparison in ("one_of", "not_one_of"):
                kind = "list"
            if field:
                found.append(Clause(field, comparison, value, _kind_of(kind)))
        return found

    def _parts(self, row: Row, old: Any, name: str) -> Any:
        items = old if isinstance(old, list) else [] if old is None else [old]
        found = []
        for n, item in enumerate(items):
            if f"{name}/{n}#part" not in self.post:
                return _MISSING
            found.append(self.part(row.section, item, f"{name}/{n}"))
        return found if items and isinstance(old, list) else (found[0] if found else _MISSING)

    def part(self, section: str, item: Any, prefix: str) -> Any:
        """One entry of a list; a text that stands for itself stays one as long as it has no condition."""
        if section != "line":
            return self.section(section, item, prefix)
        read = self.section("line", as_line(item), prefix)
        is_plain = isinstance(item, Mapping) and "say" not in item and "when" not in item
        return read.get("say", {}) if is_plain and "when" not in read else read

    def _arguments(self, row: Row, old: Any, name: str) -> Any:
        was = old if isinstance(old, Mapping) else {}
        start = f"{name}/"
        keys = [k.removeprefix(start) for k in self.post if k.startswith(start) and "#" not in k]
        if not keys and f"{name}#arguments" not in self.post:
            return _MISSING
        found = {}
        for key in [
            *(k for k in was if pointer((k,)) in keys or k in keys),
            *(k for k in keys if k not in was),
        ]:
            value = self._value(row, was.get(key), f"{start}{key}")
            if value not in (_MISSING, None, ""):
                found[key] = value
        return found

    def _wordings(self, row: Row, old: Any, name: str) -> Any:
        was = old if isinstance(old, Mapping) else {}
        found = {}
        for key, words in was.items():
            read = self._words(row, words, f"{name}/{key}")
            found[key] = words if read is _MISSING else read
        return found if was else _MISSING

    def _group(self, row: Row, old: Any, name: str) -> Any:
        if f"{name}#group" not in self.post:
            return _MISSING
        found = self.section(row.section, old, name)
        return {k: v for k, v in found.items() if v not in (None, "", {}, [])}


def joined(prefix: str, key: str) -> str:
    """A name below another."""
    return f"{prefix}/{key}" if prefix and key else prefix or key


def as_line(value: Any) -> dict[str, Any]:
    """A text with its condition, however it is written."""
    if isinstance(value, Mapping) and ("say" in value or "when" in value):
        return dict(value)
    return {"say": value if isinstance(value, Mapping) else {}}


def mode_of(expression: Any) -> str:
    """How a condition is best shown."""
    text = _as_text(expression)
    if text in ("", "true"):
        return "always"
    if text == "false":
        return "never"
    found = read_condition(text)
    if found is None:
        return "free"
    return "any" if found.any_of else "all"


def _must_stay(row: Row) -> bool:
    return row.is_required or row.kind == "arguments"


def _as_text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value).strip()


def _clean(text: str) -> str:
    return _CONTROL.sub("", text.replace("\r\n", "\n")).strip()


def _kind_of(kind: str) -> Kind:
    known: dict[str, Kind] = {
        "text": "text",
        "number": "number",
        "flag": "flag",
        "field": "field",
        "list": "list",
    }
    return known.get(kind, "")
