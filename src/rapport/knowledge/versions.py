"""The text of an article in one language, and its versions: a changed text puts its variants out of use."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rapport.accounts import api as accounts
from rapport.kernel.clock import now
from rapport.knowledge.models import Article, ArticleTranslation, Variant, VariantChange


@dataclass(frozen=True, slots=True)
class WordingDraft:
    """An article's text in one language, about to be stored."""

    title: str
    summary: str
    body: str
    questions: Sequence[str]


def store_wording(article: Article, language: str, draft: WordingDraft) -> ArticleTranslation:
    """Store the text in the caller's transaction; where title, summary or body change, the version grows."""
    found = ArticleTranslation.objects.select_for_update().filter(article=article, language=language)
    row = found.first()
    fresh = {
        "title": draft.title,
        "summary": draft.summary,
        "body": draft.body,
        "questions": list(draft.questions),
        "updated_at": now(),
    }
    if row is None:
        return ArticleTranslation.objects.create(article=article, language=language, **fresh)
    is_changed = (row.title, row.summary, row.body) != (draft.title, draft.summary, draft.body)
    for name, value in fresh.items():
        setattr(row, name, value)
    row.version += is_changed
    row.save()
    if is_changed:
        _put_out_of_date(row)
    return row


def _put_out_of_date(row: ArticleTranslation) -> None:
    """What was approved was approved for another text."""
    stale = list(Variant.objects.filter(translation=row, status=Variant.Status.APPROVED))
    for variant in stale:
        variant.status = Variant.Status.OUTDATED
        variant.updated_at = now()
        variant.save(update_fields=["status", "updated_at"])
        note_change(variant, "outdated", None)


def note_change(variant: Variant, kind: str, staff_id: int | None) -> None:
    """Append to a variant's history and to the audit log."""
    VariantChange.objects.create(
        variant=variant,
        kind=kind,
        staff_id=staff_id,
        text=variant.text,
        fits=fits_of(variant),
        source_version=variant.source_version,
    )
    accounts.record_audit(
        f"variant_{kind}",
        actor_id=staff_id,
        subject=f"variant:{variant.pk}",
        detail={
            "article": variant.translation.article.slug,
            "language": variant.translation.language,
            "version": variant.source_version,
        },
    )


def fits_of(variant: Variant) -> dict[str, str]:
    """For whom and where a row is meant."""
    return {
        "channel": variant.channel,
        "audience": variant.audience,
        "condition": variant.condition,
        "tone": variant.tone,
        "length": variant.length,
    }


def text_of(row: ArticleTranslation) -> str:
    """The approved text that variants are made of: summary, then body."""
    return f"{row.summary}\n\n{row.body}"
