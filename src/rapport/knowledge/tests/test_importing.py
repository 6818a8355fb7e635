"""Importing articles from files."""

from __future__ import annotations

from pathlib import Path

import pytest

from rapport.knowledge import api
from rapport.knowledge.contracts import ImportReport
from rapport.knowledge.importing import BadArticle, import_articles
from rapport.knowledge.models import Article, Passage, SearchState
from rapport.knowledge.tests.fakes import WordEncoder

pytestmark = pytest.mark.django_db


def test_every_text_becomes_a_passage_with_a_vector(folder: Path) -> None:
    assert import_articles(folder, WordEncoder()) == ImportReport(
        created=3, changed=0, unchanged=0, encoded=18
    )
    kinds = list(
        Passage.objects.filter(translation__language="cs").order_by("pk").values_list("kind", "text")
    )
    assert kinds == [
        ("title", "Kolik stojí doručení"),
        ("summary", "Doručení stojí 4,90 €."),
        ("question", "kolik je poštovné"),
        ("body", "Standardní doprava stojí 4,90 €."),
    ]
    assert set(Passage.objects.values_list("encoder_id", "dimension")) == {("words/64", 64)}


def test_a_second_import_changes_nothing(folder: Path) -> None:
    encoder = WordEncoder()
    import_articles(folder, encoder)
    before = (
        encoder.asked,
        SearchState.objects.get().stamp,
        sorted(Passage.objects.values_list("pk", flat=True)),
    )
    assert import_articles(folder, encoder) == ImportReport(created=0, changed=0, unchanged=3, encoded=0)
    assert (
        encoder.asked,
        SearchState.objects.get().stamp,
        sorted(Passage.objects.values_list("pk", flat=True)),
    ) == before


def test_only_changed_texts_are_encoded_again(folder: Path) -> None:
    encoder = WordEncoder()
    import_articles(folder, encoder)
    path = folder / "shipping.yaml"
    path.write_text(path.read_text("utf-8").replace("how much is postage", "what is the postage"), "utf-8")
    asked = encoder.asked
    assert import_articles(folder, encoder) == ImportReport(created=0, changed=1, unchanged=2, encoded=1)
    assert encoder.asked == asked + 1


def test_an_edit_survives_an_import_of_the_unchanged_file(articles: Path) -> None:
    api.save_translation(
        "send-back", "en", title="Return it", summary="30 days.", body="Ask us.", questions=["x"]
    )
    import_articles(articles)
    found = api.find_article("send-back")
    assert found is not None
    assert found.translations["en"].title == "Return it"


def test_questions_of_customers_articles_are_training_examples(articles: Path) -> None:
    assert api.article_examples("en") == [
        ("how do I return the headphones", "send-back", "en"),
        ("how much is postage", "shipping-costs", "en"),
        ("is shipping free", "shipping-costs", "en"),
    ]
    assert ("kolik je poštovné", "shipping-costs", "cs") in api.article_examples()


@pytest.mark.parametrize(
    ("broken", "field"),
    [
        ("- a list", ""),
        ("slug: a\ncategory: b", "translations"),
        (
            "slug: a\ncategory: b\naudience: all\ntranslations: {en: {title: a, summary: b, body: c}}",
            "audience",
        ),
        ("slug: a\ncategory: b\ntranslations: {en: {title: a, body: c}}", "translations.en.summary"),
        ("slug: a\ncategory: b\ntranslations: {xx: {title: a, summary: b, body: c}}", "translations.xx"),
        (
            "slug: a\ncategory: b\ntranslations: {en: {title: a, summary: b, body: c, questions: 7}}",
            "translations.en.questions",
        ),
        (
            "slug: a\ncategory: b\nreviewed_at: soon\ntranslations: {en: {title: a, summary: b, body: c}}",
            "reviewed_at",
        ),
    ],
)
def test_a_broken_file_names_file_and_field_and_changes_nothing(
    folder: Path, broken: str, field: str
) -> None:
    (folder / "zz.yaml").write_text(broken, "utf-8")
    with pytest.raises(BadArticle) as caught:
        import_articles(folder)
    assert caught.value.facts == {"file": "zz.yaml", "field": field}
    assert Article.objects.count() == 0
