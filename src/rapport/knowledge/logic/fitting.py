"""Which approved variant of an article fits best; rules that anyone can follow by hand."""

from __future__ import annotations

from collections.abc import Iterable

from rapport.knowledge.logic.analysis import terms
from rapport.knowledge.variant_contracts import Judge, Occasion, VariantChoice, VariantInfo

SHORT_FORMS = frozenset({"messenger", "voice"})
"""Forms of channels where the short text is wanted."""


def choose_variant(
    variants: Iterable[VariantInfo], occasion: Occasion, passage: str, judge: Judge
) -> VariantChoice:
    """The variant to quote instead of the passage, if one fits.

    A variant fits when all of these hold, asked in this order; the first that fails is the reason it is passed over:

    1. it is approved, and for the article's text as it is now;
    2. its channel is any, or the one at hand;
    3. its audience is anyone; or a customer who is signed in; or staff, when staff read;
    4. its tone is open, or the one the inbox speaks;
    5. it says what was asked about: each meaningful word of the question that the passage holds, it holds too, words
       of the article's title aside;
    6. its condition, if it has one, is met. It is judged last: most occasions need no look at a record.

    Of those that fit, the most specific wins: one with a condition before one without, then one for this audience,
    then one for this channel, then one in this tone, then the length that is wanted (short on messengers, by voice and
    beside something else that goes on; full elsewhere), then the one approved last, then the newest.

    `passage` is what would be quoted without a variant; `judge` is asked about the conditions of those that fit in
    all else.
    """
    asked: set[str] | None = None
    fitting: list[VariantInfo] = []
    passed: list[tuple[int, str]] = []
    consents: dict[str, bool] = {}
    for variant in variants:
        why_not = _unfit(variant, occasion)
        if not why_not:
            if asked is None:
                asked = set(terms(occasion.asked, variant.language)) & set(terms(passage, variant.language))
            lost = asked - set(terms(f"{variant.title} {variant.text}", variant.language))
            why_not = f"leaves out what was asked about: {', '.join(sorted(lost))}" if lost else ""
        if not why_not and variant.fits.condition:
            verdict = judge(variant.fits.condition)
            if verdict.consent:
                consents[verdict.consent] = verdict.is_consented
            why_not = "" if verdict.is_met else verdict.reason
        if why_not:
            passed.append((variant.id, why_not))
        else:
            fitting.append(variant)
    best = max(fitting, key=lambda v: _rank(v, occasion), default=None)
    passed += [(v.id, "another is more specific") for v in fitting if v is not best]
    return VariantChoice(best, _why(best) if best else "", tuple(sorted(passed)), tuple(consents.items()))


def _unfit(variant: VariantInfo, occasion: Occasion) -> str:
    fits = variant.fits
    if variant.status != "approved":
        return f"is {variant.status}"
    if not variant.is_current:
        return "the article's text has changed"
    if fits.channel and fits.channel != occasion.channel:
        return f"for {fits.channel} only"
    if fits.audience == "customer" and not (occasion.is_signed_in and not occasion.is_staff):
        return "for signed-in customers only"
    if fits.audience == "staff" and not occasion.is_staff:
        return "for staff only"
    if fits.tone and fits.tone != occasion.tone:
        return f"speaks {fits.tone}ly"
    return ""


def _rank(variant: VariantInfo, occasion: Occasion) -> tuple[bool, bool, bool, bool, bool, float, int]:
    fits = variant.fits
    wanted = "short" if occasion.is_aside or occasion.channel in SHORT_FORMS else "full"
    approved = variant.approved_at.timestamp() if variant.approved_at else 0.0
    return (
        bool(fits.condition),
        bool(fits.audience),
        bool(fits.channel),
        bool(fits.tone),
        fits.length == wanted,
        approved,
        variant.id,
    )


def _why(variant: VariantInfo) -> str:
    fits = variant.fits
    marks = (
        f"meets {fits.condition}" if fits.condition else "",
        {"customer": "for signed-in customers", "staff": "for staff"}.get(fits.audience, ""),
        f"for {fits.channel}" if fits.channel else "",
        f"{fits.tone}" if fits.tone else "",
        fits.length,
    )
    return "most specific that fits: " + ", ".join(mark for mark in marks if mark)
