"""The life of a variant: written, approved, out of date, withdrawn; each step in its history and the audit log."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from pytest_django import Settings

from rapport.accounts.models import AuditEntry, User
from rapport.kernel.errors import Conflict, NotFound
from rapport.knowledge import api
from rapport.knowledge.importing import import_articles
from rapport.knowledge.variant_contracts import Fits, Occasion, VariantDraft, VariantInfo, Verdict
from rapport.knowledge.variant_queries import find_variant, list_changes, list_usable, list_variants
from rapport.knowledge.variants import (
    BadVariant,
    FourEyes,
    add_variant,
    approve_variant,
    change_variant,
    withdraw_variant,
)

pytestmark = pytest.mark.django_db
DRAFT = VariantDraft(Fits(channel="messenger", length="short"), "Delivery: **EUR 4.90**, express EUR 9.90.")


@pytest.fixture(autouse=True)
def _staff(db: None) -> None:
    for number in range(1, 5):
        User.objects.create(
            pk=number, email=f"{number}@example.org", name=f"Number {number}", role="supervisor"
        )


def written(draft: VariantDraft = DRAFT) -> VariantInfo:
    return add_variant("shipping-costs", "en", draft, staff_id=1)


def approved(info: VariantInfo, staff_id: int = 2) -> VariantInfo:
    return approve_variant(info.id, staff_id=staff_id, seen_version=info.current_version, seen_text=info.text)


def change_article(body: str = "Standard EUR 5.90.") -> None:
    questions = ["how much is postage"]
    api.save_translation(
        "shipping-costs",
        "en",
        title="What delivery costs",
        summary="It costs.",
        body=body,
        questions=questions,
    )


def quoted(occasion: Occasion) -> str:
    hit = api.open_searcher(None).search("how much is postage", language="en")[0]
    return api.quote(hit, occasion, lambda _: Verdict(is_met=False, reason="never")).text


def test_a_draft_is_not_used_an_approved_one_is(articles: Path) -> None:
    info = written()
    assert (info.status, info.written_by, info.approved_by, info.source_version) == ("draft", 1, None, 1)
    before = quoted(Occasion("messenger"))
    assert before.startswith("Delivery costs EUR 4.90.\n\n")
    info = approved(info)
    assert (info.status, info.approved_by) == ("approved", 2)
    assert quoted(Occasion("messenger")) == "Delivery: EUR 4.90, express EUR 9.90."
    assert quoted(Occasion("web")) == before


def test_a_changed_article_puts_its_variants_out_of_use_until_approved_again(articles: Path) -> None:
    info = approved(written())
    change_article()
    stale = find_variant(info.id)
    assert stale is not None
    assert (stale.status, stale.source_version, stale.current_version) == ("outdated", 1, 2)
    assert (
        stale.source_text
        == "Delivery costs EUR 4.90.\n\n**Standard:** EUR 4.90 anywhere.\n\n**Express** costs EUR 9.90 and arrives tomorrow."
    )
    assert stale.current_text == "It costs.\n\nStandard EUR 5.90."
    assert list_usable(stale.id) == []
    again = approved(stale)
    assert (again.status, again.source_version, again.source_text) == ("approved", 2, stale.current_text)


def test_new_questions_alone_change_nothing(articles: Path) -> None:
    info = approved(written())
    found = api.find_article("shipping-costs")
    assert found is not None
    text = found.translations["en"]
    api.save_translation(
        "shipping-costs", "en", title=text.title, summary=text.summary, body=text.body, questions=["new"]
    )
    after = find_variant(info.id)
    assert after is not None
    assert (after.status, after.current_version) == ("approved", 1)


def test_a_changed_file_puts_variants_out_of_use_too(articles: Path) -> None:
    info = approved(written())
    path = articles / "shipping.yaml"
    path.write_text(path.read_text("utf-8").replace("EUR 9.90", "EUR 8.90"), "utf-8")
    import_articles(articles)
    assert [v.status for v in list_variants(status="outdated")] == ["outdated"]
    assert find_variant(info.id).current_version == 2  # type: ignore[union-attr]


def test_what_was_not_seen_is_not_approved(articles: Path) -> None:
    info = written()
    with pytest.raises(Conflict):
        approve_variant(info.id, staff_id=2, seen_version=1, seen_text="another text")
    change_article()
    with pytest.raises(Conflict):
        approve_variant(info.id, staff_id=2, seen_version=1, seen_text=info.text)
    assert find_variant(info.id).status == "draft"  # type: ignore[union-attr]
    with pytest.raises(NotFound):
        approve_variant(0, staff_id=2, seen_version=1, seen_text="")


def test_an_approved_one_is_not_approved_twice(articles: Path) -> None:
    info = approved(written())
    with pytest.raises(Conflict):
        approved(info)


@pytest.mark.parametrize(
    ("four_eyes", "staff_id", "is_refused"), [(True, 1, True), (True, 2, False), (False, 1, False)]
)
def test_four_eyes(
    articles: Path, settings: Settings, four_eyes: bool, staff_id: int, is_refused: bool
) -> None:
    settings.CONFIG = replace(settings.CONFIG, knowledge_four_eyes=four_eyes)
    info = written()
    if is_refused:
        with pytest.raises(FourEyes):
            approved(info, staff_id)
    else:
        approved(info, staff_id)
    assert find_variant(info.id).status == ("draft" if is_refused else "approved")  # type: ignore[union-attr]


def test_what_the_system_proposed_anyone_may_approve(articles: Path, settings: Settings) -> None:
    settings.CONFIG = replace(settings.CONFIG, knowledge_four_eyes=True)
    info = add_variant("shipping-costs", "en", replace(DRAFT, origin="short"), staff_id=None)
    assert approved(info, 1).status == "approved"


def test_a_rewritten_one_is_a_draft_again(articles: Path) -> None:
    info = approved(written())
    after = change_variant(info.id, replace(DRAFT, text="EUR 4.90."), staff_id=3)
    assert (after.status, after.text, after.written_by, after.approved_by) == ("draft", "EUR 4.90.", 3, None)


def test_history_and_audit(articles: Path) -> None:
    info = approved(written())
    change_article()
    withdraw_variant(info.id, staff_id=4)
    withdraw_variant(info.id, staff_id=4)
    kinds = [(c.kind, c.staff_id) for c in list_changes(info.id)]
    assert kinds == [("withdrawn", 4), ("outdated", None), ("approved", 2), ("written", 1)]
    entries = AuditEntry.objects.filter(subject=f"variant:{info.id}").order_by("pk")
    assert list(entries.values_list("kind", "actor_id")) == [
        ("variant_written", 1),
        ("variant_approved", 2),
        ("variant_outdated", None),
        ("variant_withdrawn", 4),
    ]
    assert entries[0].detail == {"article": "shipping-costs", "language": "en", "version": 1}


@pytest.mark.parametrize(
    ("draft", "field"),
    [
        (VariantDraft(Fits(), "  "), "text"),
        (VariantDraft(Fits(), "x" * 8001), "text"),
        (VariantDraft(Fits(channel="fax"), "x"), "channel"),
        (VariantDraft(Fits(audience="vips"), "x"), "audience"),
        (VariantDraft(Fits(tone="rude"), "x"), "tone"),
        (VariantDraft(Fits(length="long"), "x"), "length"),
        (VariantDraft(Fits(condition="1 +"), "x"), "condition"),
        (VariantDraft(Fits(condition="weather.rain"), "x"), "condition"),
        (VariantDraft(Fits(condition="true " + "|| true" * 80), "x"), "condition"),
        (VariantDraft(Fits(), "x", picture_id=99, picture_alt="a"), "picture"),
        (VariantDraft(Fits(), "x", picture_id=99), "picture_alt"),
    ],
)
def test_what_is_refused(articles: Path, draft: VariantDraft, field: str) -> None:
    with pytest.raises(BadVariant) as caught:
        written(draft)
    assert caught.value.facts["field"] == field
    assert list_variants() == []


def test_conditions_that_can_be_read(articles: Path) -> None:
    fits = Fits(condition="customer.country == 'CZ' &&  order.total > 50 && channel == 'web'")
    info = written(replace(DRAFT, fits=fits))
    assert info.fits.condition == "customer.country == 'CZ' && order.total > 50 && channel == 'web'"
