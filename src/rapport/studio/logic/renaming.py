"""Giving an answer, a value or a look-up another name everywhere it is used."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from rapport.kernel.languages import LANGUAGES

_STRING = r"'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\""
_EXPRESSIONS = frozenset(
    {"where", "when", "default", "check", "if", "amount", "each", "until", "of", "let", "with"}
)
_NAMES = frozenset({"of", "each", "slot"})
_BRACES = re.compile(r"\{([^{}]*)\}")


def rename_everywhere(document: Any, section: str, old: str, new: str) -> Any:
    """The document with the entry of `section` renamed, in expressions, texts and lists of names alike."""
    changed = _walk(document, old, new, "")
    entries = changed.get(section)
    if isinstance(entries, Mapping):
        changed[section] = {new if key == old else key: value for key, value in entries.items()}
    return changed


def _walk(node: Any, old: str, new: str, key: str) -> Any:
    if isinstance(node, Mapping):
        if node and all(name in LANGUAGES for name in node):
            return {name: _in_words(text, old, new) for name, text in node.items()}
        inner = {"let": "let", "with": "with"}.get(key)
        return {name: _walk(value, old, new, inner or str(name)) for name, value in node.items()}
    if isinstance(node, list):
        return [_walk(item, old, new, key) for item in node]
    if not isinstance(node, str):
        return node
    if key in _NAMES and node == old:
        return new
    return in_expression(node, old, new) if key in _EXPRESSIONS else node


def _in_words(text: Any, old: str, new: str) -> Any:
    if isinstance(text, Mapping):
        return {tone: _in_words(words, old, new) for tone, words in text.items()}
    if not isinstance(text, str):
        return text
    return _BRACES.sub(lambda found: "{" + in_expression(found[1], old, new) + "}", text)


def in_expression(text: str, old: str, new: str) -> str:
    """An expression that reads another name; strings and parts of paths stay."""
    pattern = re.compile(rf"({_STRING})|(?<![\w.]){re.escape(old)}(?!\w)")
    return pattern.sub(lambda found: found[1] or new, text)
