"""Typed reading of one mapping of a document: each access checks, and reports what it cannot use."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rapport.kernel.languages import LANGUAGES
from rapport.procedures.logic.keys import TONES
from rapport.procedures.logic.problems import Path, Report
from rapport.procedures.logic.tone import toned

NAME = re.compile(r"[a-z][a-z0-9_]*\Z")


@dataclass(frozen=True, slots=True)
class Section:
    """One mapping at one path."""

    report: Report
    path: Path
    data: Mapping[Any, Any]

    @classmethod
    def of(cls, report: Report, path: Path, value: Any, allowed: tuple[str, ...]) -> Section:
        """Take a value as a mapping with these keys only."""
        if not isinstance(value, Mapping):
            report.add(path, f"must be a mapping with the keys {', '.join(allowed)}")
            return cls(report, path, {})
        for key in value:
            if str(key) not in allowed:
                report.add((*path, str(key)), f"unknown key {str(key)!r}; allowed: {', '.join(allowed)}")
        return cls(report, path, value)

    def add(self, key: str, message: str) -> None:
        """Note a mistake at a key."""
        self.report.add((*self.path, key), message)

    def text(self, key: str, *, is_required: bool = False) -> str:
        """A short text; numbers are taken as written."""
        value = self.data.get(key)
        if value is None:
            if is_required:
                self.add(key, f"{key!r} is missing")
            return ""
        if isinstance(value, bool) or not isinstance(value, (str, int, float)):
            self.add(key, f"must be text, not {_kind(value)}; put it in quotes")
            return ""
        return str(value).strip()

    def name(self, key: str, *, is_required: bool = False) -> str:
        """A lower-case name."""
        value = self.text(key, is_required=is_required)
        if value and not NAME.match(value):
            self.add(key, f"{value!r} is no name: use small letters, digits and _")
        return value

    def expression(self, key: str, *, is_required: bool = False) -> str | None:
        """A CEL expression; ``true``, ``false`` and numbers may stand unquoted."""
        value = self.data.get(key)
        if isinstance(value, bool):
            return str(value).lower()
        return self.text(key, is_required=is_required) or None

    def flag(self, key: str) -> bool:
        """True or false; false when absent."""
        value = self.data.get(key, False)
        if not isinstance(value, bool):
            self.add(key, "must be true or false")
            return False
        return value

    def number(self, key: str) -> int | None:
        """A whole number."""
        value = self.data.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int):
            self.add(key, f"must be a whole number, not {_kind(value)}")
            return None
        return value

    def words(self, key: str, *, is_required: bool = False) -> dict[str, str]:
        """A wording per language."""
        value = self.data.get(key)
        if value is None:
            if is_required:
                self.add(key, f"{key!r} is missing: a text per language, English ('en') at least")
            return {}
        return read_words(self.report, (*self.path, key), value)

    def names(self, key: str) -> tuple[str, ...]:
        """One text or a list of texts."""
        value = self.data.get(key)
        if value is None:
            return ()
        listed = value if isinstance(value, list) else [value]
        if not all(isinstance(item, (str, int, float)) and not isinstance(item, bool) for item in listed):
            self.add(key, "must be a list of texts")
            return ()
        return tuple(str(item) for item in listed)

    def items(self, key: str) -> list[tuple[Path, Any]]:
        """The entries of a list, each with its path."""
        value = self.data.get(key)
        if value is None:
            return []
        if not isinstance(value, list):
            self.add(key, f"must be a list, not {_kind(value)}")
            return []
        return [((*self.path, key, index), item) for index, item in enumerate(value)]

    def entries(self, key: str) -> list[tuple[str, Path, Any]]:
        """The entries of a mapping: key, path and value."""
        value = self.data.get(key)
        if value is None:
            return []
        if not isinstance(value, Mapping):
            self.add(key, f"must be a mapping, not {_kind(value)}")
            return []
        return [(str(name), (*self.path, key, str(name)), item) for name, item in value.items()]

    def expressions(self, key: str) -> dict[str, str]:
        """The entries of a mapping from names to expressions."""
        found: dict[str, str] = {}
        for name, path, value in self.entries(key):
            if not NAME.match(name):
                self.report.add(path, f"{name!r} is no name: use small letters, digits and _")
            if isinstance(value, bool):
                found[name] = str(value).lower()
            elif isinstance(value, (str, int, float)) and str(value).strip():
                found[name] = str(value).strip()
            else:
                self.report.add(path, "must be an expression in quotes")
        return found


def read_words(report: Report, path: Path, value: Any) -> dict[str, str]:
    """A wording per language, English among them; two tones of one are flattened to ``de`` and ``de.informal``."""
    if not isinstance(value, Mapping):
        report.add(path, "must be a text per language, for example {en: ..., cs: ...}")
        return {}
    words: dict[str, str] = {}
    for language, text in value.items():
        here = (*path, str(language))
        if language not in LANGUAGES:
            report.add(here, f"unknown language; allowed: {', '.join(LANGUAGES)}")
        elif isinstance(text, Mapping):
            words |= _read_tones(report, here, text)
        elif not isinstance(text, str) or not text.strip():
            report.add(here, "must be a text that is not empty")
        else:
            words[str(language)] = text.strip()
    if "en" not in words and ("en" not in value):
        report.add(path, "the English wording ('en') is missing")
    return words


def _read_tones(report: Report, path: Path, value: Mapping[Any, Any]) -> dict[str, str]:
    """One language in its two tones, the formal one under the language alone."""
    section = Section.of(report, path, value, TONES)
    found: dict[str, str] = {}
    for tone in TONES:
        text = section.data.get(tone)
        if not isinstance(text, str) or not text.strip():
            section.add(tone, "must be a text that is not empty; both tones are needed: formal, informal")
        else:
            found[toned(str(path[-1]), tone)] = text.strip()
    return found


def _kind(value: Any) -> str:
    kinds = {
        dict: "a mapping",
        list: "a list",
        bool: "true/false",
        str: "text",
        int: "a number",
        float: "a number",
    }
    return kinds.get(type(value), type(value).__name__)
