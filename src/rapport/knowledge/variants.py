"""Writes about variants: draft → approved → out of date or withdrawn. Nobody's word but a person's approves one."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction

from rapport.kernel.clock import now
from rapport.kernel.errors import Conflict, InvalidInput, NotFound, NotPermitted
from rapport.knowledge.conditions import condition_language
from rapport.knowledge.models import ArticleTranslation, Picture, Variant
from rapport.knowledge.variant_contracts import (
    AUDIENCES,
    CHANNELS,
    LENGTHS,
    TONES,
    Fits,
    VariantDraft,
    VariantInfo,
)
from rapport.knowledge.variant_queries import variant_info
from rapport.knowledge.versions import note_change, text_of

MAX_TEXT, MAX_CONDITION, MAX_ALT, MAX_VARIANTS = 8_000, 500, 300, 40


class BadVariant(InvalidInput):
    """A variant needs a text within the limit, marks that exist and a condition that can be read."""

    code = "bad_variant"


class FourEyes(NotPermitted):
    """Whoever wrote a variant does not approve it; ask a colleague."""

    code = "four_eyes"


@transaction.atomic
def add_variant(slug: str, language: str, draft: VariantDraft, *, staff_id: int | None) -> VariantInfo:
    """A new draft; `staff_id` wrote it, or None for the system's own proposal. Raises NotFound, BadVariant."""
    row = ArticleTranslation.objects.select_related("article").filter(article__slug=slug, language=language)
    translation = row.first()
    if translation is None:
        raise NotFound(article=slug, language=language)
    check_draft(draft)
    if translation.variants.exclude(status=Variant.Status.WITHDRAWN).count() >= MAX_VARIANTS:
        raise BadVariant(field="text", limit=MAX_VARIANTS)
    variant = Variant(translation=translation, origin=draft.origin, source_version=translation.version)
    _write(variant, draft, translation)
    variant.written_by = staff_id
    variant.save()
    note_change(variant, "proposed" if staff_id is None else "written", staff_id)
    return variant_info(variant)


@transaction.atomic
def change_variant(variant_id: int, draft: VariantDraft, *, staff_id: int | None) -> VariantInfo:
    """Rewrite it: it is a draft again until it is approved; None for an import. Raises NotFound, BadVariant."""
    variant = access_variant(variant_id)
    check_draft(draft)
    _write(variant, draft, variant.translation)
    variant.written_by, variant.status = staff_id, Variant.Status.DRAFT
    variant.approved_by, variant.approved_at = None, None
    variant.save()
    note_change(variant, "written", staff_id)
    return variant_info(variant)


@transaction.atomic
def approve_variant(variant_id: int, *, staff_id: int, seen_version: int, seen_text: str) -> VariantInfo:
    """Approve what the member of staff has seen: this text, for this version of the article.

    Raises: NotFound. Conflict: text or article changed meanwhile, or it is approved already. FourEyes: own text.
    """
    variant = access_variant(variant_id)
    translation = ArticleTranslation.objects.select_for_update().get(pk=variant.translation_id)
    if (variant.text, translation.version) != (seen_text, seen_version):
        raise Conflict("The variant or its article has changed meanwhile; look at it again.")
    if variant.status == Variant.Status.APPROVED:
        raise Conflict("The variant is approved already.")
    if settings.CONFIG.knowledge_four_eyes and variant.written_by == staff_id:
        raise FourEyes
    variant.status = Variant.Status.APPROVED
    variant.source_version, variant.source_text = translation.version, text_of(translation)
    variant.approved_by, variant.approved_at, variant.updated_at = staff_id, now(), now()
    variant.save()
    note_change(variant, "approved", staff_id)
    return variant_info(variant)


@transaction.atomic
def withdraw_variant(variant_id: int, *, staff_id: int) -> VariantInfo:
    """Take it out of use; it stays in the history and may be written anew. Raises NotFound."""
    variant = access_variant(variant_id)
    if variant.status != Variant.Status.WITHDRAWN:
        variant.status = Variant.Status.WITHDRAWN
        variant.approved_by, variant.approved_at, variant.updated_at = None, None, now()
        variant.save()
        note_change(variant, "withdrawn", staff_id)
    return variant_info(variant)


def access_variant(variant_id: int) -> Variant:
    """The row, locked until the transaction ends. Raises NotFound."""
    rows = Variant.objects.select_for_update(of=("self",)).select_related("translation__article")
    variant = rows.filter(pk=variant_id).first()
    if variant is None:
        raise NotFound(variant=variant_id)
    return variant


def check_draft(draft: VariantDraft) -> None:
    """Raises: BadVariant: the facts name the field."""
    fits = draft.fits
    if not draft.text.strip() or len(draft.text) > MAX_TEXT or "\x00" in draft.text:
        raise BadVariant(field="text", limit=MAX_TEXT)
    _check_marks(fits)
    if draft.picture_id is not None and not draft.picture_alt.strip():
        raise BadVariant("A picture needs words that say what it shows.", field="picture_alt")
    if draft.picture_id is not None and not Picture.objects.filter(pk=draft.picture_id).exists():
        raise BadVariant(field="picture")
    if len(draft.picture_alt) > MAX_ALT or "\x00" in draft.picture_alt:
        raise BadVariant(field="picture_alt", limit=MAX_ALT)
    if fits.condition.strip():
        _check_condition(fits.condition)


def _check_marks(fits: Fits) -> None:
    allowed = {
        "channel": ("", *CHANNELS),
        "audience": ("", *AUDIENCES),
        "tone": ("", *TONES),
        "length": LENGTHS,
    }
    for name, values in allowed.items():
        if getattr(fits, name) not in values:
            raise BadVariant(field=name)


def _check_condition(condition: str) -> None:
    if len(condition) > MAX_CONDITION or "\x00" in condition:
        raise BadVariant(field="condition", limit=MAX_CONDITION)
    try:
        condition_language().check(condition)
    except InvalidInput as problem:
        raise BadVariant(str(problem), field="condition") from problem


def _write(variant: Variant, draft: VariantDraft, translation: ArticleTranslation) -> None:
    variant.text = draft.text.replace("\r\n", "\n").strip()
    for name in ("channel", "audience", "tone", "length"):
        setattr(variant, name, getattr(draft.fits, name))
    variant.condition = " ".join(draft.fits.condition.split())
    variant.picture_id = draft.picture_id
    variant.picture_alt = draft.picture_alt.strip() if draft.picture_id else ""
    variant.source_version, variant.source_text = translation.version, text_of(translation)
    variant.updated_at = now()
