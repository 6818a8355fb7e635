"""Reads about variants."""

from __future__ import annotations

from collections import Counter

from django.db.models import QuerySet

from rapport.knowledge.models import Variant, VariantChange
from rapport.knowledge.variant_contracts import ChangeInfo, Fits, VariantInfo
from rapport.knowledge.versions import fits_of, text_of


def list_variants(*, slug: str = "", language: str = "", status: str = "") -> list[VariantInfo]:
    """Variants by article, language and number; what is empty asks for everything."""
    rows = _rows().order_by("translation__article__slug", "translation__language", "pk")
    wanted = {"translation__article__slug": slug, "translation__language": language, "status": status}
    rows = rows.filter(**{name: value for name, value in wanted.items() if value})
    return [variant_info(row) for row in rows]


def list_usable(translation_id: int) -> list[VariantInfo]:
    """Approved variants of one translation."""
    rows = _rows().filter(translation_id=translation_id, status=Variant.Status.APPROVED).order_by("pk")
    return [variant_info(row) for row in rows]


def find_variant(variant_id: int) -> VariantInfo | None:
    """One variant."""
    row = _rows().filter(pk=variant_id).first()
    return variant_info(row) if row else None


def list_changes(variant_id: int) -> list[ChangeInfo]:
    """A variant's history, newest first."""
    rows = VariantChange.objects.filter(variant_id=variant_id).order_by("-pk")
    return [ChangeInfo(r.at, r.kind, r.staff_id, r.text, Fits(**r.fits), r.source_version) for r in rows]


def count_variants() -> Counter[str]:
    """How many there are of each status."""
    return Counter(Variant.objects.values_list("status", flat=True))


def _rows() -> QuerySet[Variant]:
    return Variant.objects.select_related("translation__article")


def variant_info(row: Variant) -> VariantInfo:
    """A row as others see it."""
    translation = row.translation
    return VariantInfo(
        id=row.pk,
        slug=translation.article.slug,
        language=translation.language,
        title=translation.title,
        status=row.status,
        fits=Fits(**fits_of(row)),
        text=row.text,
        origin=row.origin,
        source_version=row.source_version,
        source_text=row.source_text,
        current_version=translation.version,
        current_text=text_of(translation),
        written_by=row.written_by,
        approved_by=row.approved_by,
        approved_at=row.approved_at,
        updated_at=row.updated_at,
        picture_id=row.picture_id,
        picture_alt=row.picture_alt,
    )
