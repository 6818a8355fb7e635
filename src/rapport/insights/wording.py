"""The package's own texts: what drafts say, and words by which facts are recognised."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from rapport.insights.logic.asking import KindWords

_FILE = "wording.yaml"


@cache
def _texts() -> dict[str, Any]:
    texts: dict[str, Any] = yaml.safe_load((files("rapport.insights") / _FILE).read_text("utf-8"))
    return texts


def kind_words() -> KindWords:
    """By which words a kind of fact is asked for."""
    kinds = {name: tuple(kind["words"]) for name, kind in _texts()["kinds"].items()}
    return KindWords(kinds, tuple(_texts()["asking"]))


def kinds() -> dict[str, dict[str, dict[str, str]]]:
    """Kinds of facts in the order in which they are asked, with ``label`` and ``ask`` by language."""
    return {name: {"label": k["label"], "ask": k["ask"]} for name, k in _texts()["kinds"].items()}


def text(name: str) -> dict[str, str]:
    """One of the texts by language."""
    found: dict[str, str] = _texts()["texts"][name]
    return dict(found)


def phrases() -> dict[str, list[str]]:
    """The same sentences in every language."""
    found: dict[str, list[str]] = _texts()["phrases"]
    return found


@cache
def plain_words(language: str) -> frozenset[str]:
    """Words of a language that say nothing about a request."""
    return frozenset(map(str, _texts()["plain"].get(language, ())))
