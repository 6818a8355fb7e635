"""The interface's languages say the same things."""

from __future__ import annotations

import re

import pytest

from rapport.kernel.languages import LANGUAGES
from rapport.widget.assets import load_bundle

ENTRY = re.compile(r'(\w+): "((?:[^"\\]|\\.)*)"')
FORM = re.compile(r"_(one|few|many|other)$")


def words(language: str) -> dict[str, str]:
    found = ENTRY.findall(load_bundle().assets[f"words/{language}.js"].body.decode())
    assert len(found) == len({key for key, _ in found})
    return dict(found)


def places(entries: dict[str, str]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for key, text in entries.items():
        found.setdefault(FORM.sub("", key), set()).update(re.findall(r"\{(\w+)\}", text))
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_language_has_every_text_with_its_places(language: str) -> None:
    entries = words(language)
    assert places(entries) == places(words("en"))
    assert all(text.strip() for text in entries.values())


def test_every_text_asked_for_exists() -> None:
    scripts = [a.body.decode() for n, a in load_bundle().assets.items() if n.endswith(".js") and "/" not in n]
    asked = {k for s in scripts for k in re.findall(r'\b(?:t|plural)\("(\w+)"', s)}
    assert asked <= set(places(words("en")))
