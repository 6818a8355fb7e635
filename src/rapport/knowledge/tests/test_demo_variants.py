"""The demonstration's articles: its variants say what the articles say, and the rules hold on all of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from rapport.knowledge.logic.claims import figures_of
from rapport.knowledge.logic.grounding import check_grounding
from rapport.knowledge.logic.shortening import core, shorten
from rapport.knowledge.logic.speaking import compact

FOLDER = Path(__file__).resolve().parents[4] / "demo" / "articles"


def texts() -> list[tuple[str, str, dict[str, Any]]]:
    """(slug, language, translation) of every article of the demonstration."""
    found = [yaml.safe_load(path.read_text("utf-8")) for path in sorted(FOLDER.glob("**/*.yaml"))]
    return [
        (article["slug"], language, text)
        for article in found
        for language, text in article["translations"].items()
    ]


ALL = texts()


def test_three_articles_have_variants_in_every_language() -> None:
    having = sorted({(slug, language) for slug, language, text in ALL if text.get("variants")})
    assert having == [
        (slug, language)
        for slug in ("delivery-costs", "how-to-return", "refund-timing")
        for language in sorted(("en", "cs", "de", "es", "ru", "zh"))
    ]


@pytest.mark.parametrize(
    ("language", "text"), [(language, text) for _, language, text in ALL if text.get("variants")]
)
def test_every_variant_is_grounded(language: str, text: dict[str, Any]) -> None:
    source = f"{text['title']}\n\n{text['summary']}\n\n{text['body']}"
    for variant in text["variants"]:
        found = check_grounding(variant["text"], source, language)
        if variant.get("channel") != "voice":
            assert found.problems == ()
        else:
            assert [p for p in found.problems if p.kind != "name"] == []


def test_the_short_form_never_loses_a_figure() -> None:
    for slug, language, text in ALL:
        found = shorten(text["summary"], text["body"], language)
        if found is not None:
            source = f"{text['summary']}\n\n{text['body']}"
            lost = set(figures_of(source, language)) - set(figures_of(found.text, language))
            assert (slug, language, lost) == (slug, language, set())


def test_the_answer_alone_is_grounded_and_much_shorter() -> None:
    for slug, language, text in ALL:
        found = core(text["summary"], text["body"], language)
        source = f"{text['summary']}\n\n{text['body']}"
        assert found is not None, (slug, language)
        assert check_grounding(found.text, source, language).problems == (), (slug, language)


def test_the_form_for_messengers_says_every_figure() -> None:
    for slug, language, text in ALL:
        said = compact(text["summary"], text["body"])
        source = f"{text['summary']}\n\n{text['body']}"
        lost = set(figures_of(source, language)) - set(figures_of(said, language))
        assert (slug, language, lost) == (slug, language, set())
