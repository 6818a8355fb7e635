"""Catalogues of what channels say, and the words text channels say around questions, in the customer's language."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from pathlib import Path

import yaml

from rapport.kernel.languages import pick

TEXTS = Path(__file__).parent / "plain_text.yaml"


@functools.cache
def plain_wording(language: str) -> Mapping[str, str]:
    """What `logic.plain_text.render` needs, in one language."""
    return load_wording(TEXTS, language)


def load_wording(path: Path, language: str) -> dict[str, str]:
    """A catalogue of texts, each in one language."""
    return {key: pick(texts, language) for key, texts in load_catalogue(path).items()}


def load_catalogue(path: Path) -> dict[str, dict[str, str]]:
    """Key → language → text."""
    loaded: dict[str, dict[str, str]] = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
    return loaded
