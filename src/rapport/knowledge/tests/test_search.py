"""Search by words, and the parts that do not depend on the real encoder."""

from __future__ import annotations

from pathlib import Path

import pytest

from rapport.knowledge import api
from rapport.knowledge.importing import import_articles
from rapport.knowledge.models import Passage
from rapport.knowledge.search import EmbeddedSearcher
from rapport.knowledge.tests.fakes import WordEncoder

pytestmark = pytest.mark.django_db


def slugs(text: str, language: str = "en", audience: str = "customers") -> list[str]:
    return [hit.slug for hit in EmbeddedSearcher(None).search(text, language=language, audience=audience)]


def test_words_find_the_article_in_its_language(articles: Path) -> None:
    hit = EmbeddedSearcher(None).search("poštovné do Brna?", language="cs")[0]
    assert (hit.slug, hit.language, hit.title) == ("shipping-costs", "cs", "Kolik stojí doručení")
    assert hit.url == "/help/cs/articles/shipping-costs"
    assert hit.passage == "Doručení stojí 4,90 €.\n\nStandardní doprava stojí 4,90 €."
    assert str(hit.reviewed_on) == "2026-11-01"
    assert 0 < hit.lexical <= 1
    assert hit.semantic == 0


def test_other_forms_of_words_are_found(articles: Path) -> None:
    assert slugs("returning a headphone") == ["send-back"]


def test_the_paragraph_that_fits_is_the_answer(articles: Path) -> None:
    hit = EmbeddedSearcher(None).search("is express delivery costly", language="en")[0]
    assert hit.passage == "Delivery costs EUR 4.90.\n\nExpress costs EUR 9.90 and arrives tomorrow."


def test_an_article_missing_in_the_language_is_found_in_english(articles: Path) -> None:
    hit = EmbeddedSearcher(None).search("return headphones label", language="cs")[0]
    assert (hit.slug, hit.language) == ("send-back", "en")


def test_articles_for_staff_are_for_staff(articles: Path) -> None:
    assert slugs("goodwill without asking") == []
    assert slugs("goodwill without asking", audience="agents") == ["goodwill"]


def test_drafts_are_not_found(articles: Path) -> None:
    api.publish("send-back", is_published=False)
    assert slugs("return the headphones") == []
    api.publish("send-back")
    assert slugs("return the headphones") == ["send-back"]


@pytest.mark.parametrize(
    "text", ["", "   ", "?!", "\x00", "\"' OR NEAR(terms) *", "the of and", "xyzzy", "🙂"]
)
def test_texts_without_known_words_find_nothing(articles: Path, text: str) -> None:
    assert slugs(text) == []


def test_without_articles_nothing_is_found(db: None) -> None:
    assert slugs("postage") == []


def test_an_edit_is_found_by_the_same_searcher(articles: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rapport.knowledge.search.CHECK_S", 0.0)
    searcher = EmbeddedSearcher(None)
    assert searcher.search("zeppelin", language="en") == []
    api.save_translation(
        "send-back", "en", title="Send back", summary="Soon.", body="By zeppelin.", questions=["how"]
    )
    assert [hit.slug for hit in searcher.search("zeppelin", language="en")] == ["send-back"]
    assert searcher.search("headphones", language="en") == []


def test_the_encoder_is_asked_for_what_understanding_read_of_the_message(folder: Path) -> None:
    encoder = WordEncoder()
    import_articles(folder, encoder)
    seen: list[str] = []
    ask = encoder.queries
    encoder.queries = lambda texts: (seen.extend(texts), ask(texts))[1]  # type: ignore[method-assign]
    EmbeddedSearcher(encoder).search("  How MUCH is postage for #W1234567? ", language="en")
    assert seen == ["How MUCH is postage for  ?"]


def test_meaning_finds_an_article_in_another_language(folder: Path) -> None:
    encoder = WordEncoder()
    import_articles(folder, encoder)
    hit = EmbeddedSearcher(encoder).search("how do i return the headphones", language="de")[0]
    assert (hit.slug, hit.language) == ("send-back", "en")
    assert hit.semantic > 1


def test_vectors_of_another_encoder_are_left_out(folder: Path) -> None:
    encoder = WordEncoder()
    import_articles(folder, encoder)
    Passage.objects.update(encoder_id="old/64")
    hits = EmbeddedSearcher(encoder).search("postage", language="en")
    assert [(hit.slug, hit.semantic) for hit in hits] == [("shipping-costs", 0)]
