"""Which variant is quoted: each rule of the choice, by table."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from rapport.knowledge.logic.fitting import choose_variant
from rapport.knowledge.variant_contracts import Fits, Occasion, VariantInfo, Verdict

WEB = Occasion("web", asked="what does express delivery cost")
PASSAGE = "Delivery costs EUR 4.90.\n\nExpress costs EUR 9.90 and arrives tomorrow."
PLAIN = VariantInfo(
    id=1,
    slug="shipping-costs",
    language="en",
    title="What delivery costs",
    status="approved",
    fits=Fits(),
    text="Delivery costs EUR 4.90, express delivery EUR 9.90.",
    origin="person",
    source_version=3,
    source_text="",
    current_version=3,
    current_text="",
    written_by=1,
    approved_by=2,
    approved_at=dt.datetime(2026, 11, 1, tzinfo=dt.UTC),
    updated_at=dt.datetime(2026, 11, 1, tzinfo=dt.UTC),
)


def met(_: str) -> Verdict:
    return Verdict(is_met=True, reason="the condition is met")


def variant(number: int, **fits: str) -> VariantInfo:
    return replace(PLAIN, id=number, fits=Fits(**fits))


@pytest.mark.parametrize(
    ("given", "occasion", "reason"),
    [
        (PLAIN, WEB, ""),
        (replace(PLAIN, status="draft"), WEB, "is draft"),
        (replace(PLAIN, status="outdated"), WEB, "is outdated"),
        (replace(PLAIN, status="withdrawn"), WEB, "is withdrawn"),
        (replace(PLAIN, current_version=4), WEB, "the article's text has changed"),
        (variant(1, channel="web"), WEB, ""),
        (variant(1, channel="voice"), WEB, "for voice only"),
        (variant(1, channel="web"), replace(WEB, channel=""), "for web only"),
        (variant(1, audience="customer"), WEB, "for signed-in customers only"),
        (variant(1, audience="customer"), replace(WEB, is_signed_in=True), ""),
        (
            variant(1, audience="customer"),
            replace(WEB, is_signed_in=True, is_staff=True),
            "for signed-in customers only",
        ),
        (variant(1, audience="staff"), WEB, "for staff only"),
        (variant(1, audience="staff"), replace(WEB, is_staff=True), ""),
        (variant(1, tone="formal"), WEB, ""),
        (variant(1, tone="informal"), WEB, "speaks informally"),
        (variant(1, length="short"), WEB, ""),
        (
            replace(PLAIN, text="Delivery costs EUR 4.90."),
            WEB,
            "leaves out what was asked about: express",
        ),
        (replace(PLAIN, text="Delivery costs EUR 4.90."), replace(WEB, asked="what does delivery cost"), ""),
        (replace(PLAIN, text="EUR 4.90."), replace(WEB, asked="what does delivery cost"), ""),
    ],
)
def test_who_may_see_it_where(given: VariantInfo, occasion: Occasion, reason: str) -> None:
    choice = choose_variant([given], occasion, PASSAGE, met)
    assert choice.passed_over == (((1, reason),) if reason else ())
    assert choice.chosen == (None if reason else given)


@pytest.mark.parametrize(
    ("fits", "occasion", "best"),
    [
        ([{}, {"channel": "web"}], WEB, 2),
        ([{"channel": "web"}, {"audience": "customer"}], replace(WEB, is_signed_in=True), 2),
        (
            [{"audience": "customer", "channel": "web"}, {"condition": "order.total > 5"}],
            replace(WEB, is_signed_in=True),
            2,
        ),
        ([{"tone": "formal"}, {"channel": "web"}], WEB, 2),
        ([{"length": "full"}, {"tone": "formal"}], WEB, 2),
        ([{"length": "full"}, {"length": "short"}], WEB, 1),
        ([{"length": "full"}, {"length": "short"}], replace(WEB, is_aside=True), 2),
        ([{"length": "full"}, {"length": "short"}], replace(WEB, channel="messenger"), 2),
        ([{"length": "full"}, {"length": "short"}], replace(WEB, channel="voice"), 2),
        ([{"length": "full"}, {"length": "short"}], replace(WEB, channel="email"), 1),
        ([{}, {}], WEB, 2),
    ],
)
def test_the_most_specific_wins(fits: list[dict[str, str]], occasion: Occasion, best: int) -> None:
    given = [variant(number, **marks) for number, marks in enumerate(fits, start=1)]
    choice = choose_variant(given, occasion, PASSAGE, met)
    assert choice.chosen is not None
    assert choice.chosen.id == best
    assert choice.passed_over == ((3 - best, "another is more specific"),)


def test_of_equals_the_one_approved_last_wins() -> None:
    later = replace(PLAIN, id=0, approved_at=dt.datetime(2026, 11, 2, tzinfo=dt.UTC))
    assert choose_variant([later, PLAIN], WEB, PASSAGE, met).chosen == later


def test_why_it_was_chosen() -> None:
    given = variant(1, channel="web", tone="formal", length="short", condition="order.total > 5")
    found = choose_variant([given], WEB, PASSAGE, met)
    assert found.why == "most specific that fits: meets order.total > 5, for web, formal, short"


def test_a_condition_is_judged_only_when_all_else_fits_and_its_consent_is_kept() -> None:
    asked: list[str] = []

    def judge(condition: str) -> Verdict:
        asked.append(condition)
        return Verdict(
            is_met=False,
            reason="no consent to a look at the profile",
            consent="profiling",
            is_consented=False,
        )

    given = [variant(1, condition="a", channel="voice"), variant(2, condition="b"), variant(3)]
    choice = choose_variant(given, WEB, PASSAGE, judge)
    assert asked == ["b"]
    assert choice.chosen == given[2]
    assert choice.consents == (("profiling", False),)
    assert choice.passed_over == ((1, "for voice only"), (2, "no consent to a look at the profile"))


def test_without_variants_the_passage_is_quoted() -> None:
    choice = choose_variant([], WEB, PASSAGE, met)
    assert (choice.chosen, choice.why, choice.passed_over, choice.consents) == (None, "", (), ())
