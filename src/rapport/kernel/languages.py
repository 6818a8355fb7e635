"""Language tags of customers and the choice of a wording in them."""

from __future__ import annotations

from collections.abc import Mapping

LANGUAGES = ("en", "cs", "de", "es", "ru", "zh")
"""Languages the built-in wording exists in, the fall-back first."""

LANGUAGE_NAMES = {
    "en": "English",
    "cs": "Čeština",
    "de": "Deutsch",
    "es": "Español",
    "ru": "Русский",
    "zh": "中文",
}


def base_language(tag: str | None, default: str = "en") -> str:
    """The supported language of a BCP 47 tag (``de-AT`` → ``de``), or `default`."""
    base = (tag or "").replace("_", "-").split("-")[0].lower()
    return base if base in LANGUAGES else default


def catalogue_language(language: str) -> str:
    """The name under which the screens' catalogues hold one of `LANGUAGES`: Chinese is written in simplified signs."""
    return "zh-hans" if language == "zh" else language


def pick(texts: Mapping[str, str], language: str) -> str:
    """The wording in `language`, else in English, else whichever exists."""
    found = texts.get(language) or texts.get("en")
    return found if found is not None else next(iter(texts.values()), "")
