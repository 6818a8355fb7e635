"""What the assistant says outside procedures, in every language."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any

import yaml

from rapport.conversations.contracts import Sender
from rapport.kernel.languages import pick

ASSISTANT = Sender("assistant", None, "Rapport")
"""Who says it."""
DEFAULT = Path(__file__).parent / "wording.yaml"


@functools.cache
def _texts() -> dict[str, dict[str, str]]:
    loaded: dict[str, dict[str, str]] = yaml.load(DEFAULT.read_text(encoding="utf-8"), yaml.CSafeLoader)
    return loaded


def say(key: str, language: str, **values: Any) -> str:
    """One text; a missing value shows as an em dash rather than failing a turn."""
    return pick(_texts()[key], language).format_map(_Lenient(values))


class _Lenient(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "—"


@functools.cache
def explanation_texts() -> dict[str, dict[str, str]]:
    """The sentences of explanations, key → language → text."""
    path = Path(__file__).parent / "explanations.yaml"
    loaded: dict[str, dict[str, str]] = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
    return loaded
