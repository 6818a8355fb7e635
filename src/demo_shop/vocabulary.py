"""Words the shop shows, in six languages; a missing word falls back to English, then to its key."""

import json
from functools import cache
from pathlib import Path
from typing import Final, cast

LANGUAGES: Final = {
    "en": "English", "cs": "Čeština", "de": "Deutsch", "es": "Español", "ru": "Русский", "zh": "中文",
}  # fmt: skip

Words = dict[str, dict[str, str]]


@cache
def load_data(name: str) -> dict[str, object]:
    """Read one of the package's JSON files."""
    path = Path(__file__).parent / "data" / f"{name}.json"
    return cast("dict[str, object]", json.loads(path.read_text(encoding="utf-8")))


@cache
def _section(name: str) -> Words:
    rows = cast("dict[str, list[str]]", load_data("vocabulary").get(name, {}))
    return {key: dict(zip(LANGUAGES, forms, strict=True)) for key, forms in rows.items()}


def say(section: str, key: str, language: str) -> str:
    """Look up one word; the sections are the first keys of ``data/vocabulary.json``."""
    forms = _section(section).get(key, {})
    return forms.get(language) or forms.get("en") or key


def say_options(options: dict[str, str], language: str) -> dict[str, str]:
    """Translate option names and values; sizes and numbers stay as they are."""
    if language == "en":
        return dict(options)
    return {
        say("options", name, language): say("values", str(value), language) for name, value in options.items()
    }


def words_of(section: str) -> list[str]:
    """List the keys of a section."""
    return list(_section(section))
