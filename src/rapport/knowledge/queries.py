"""Reads about articles."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Count, Q, QuerySet

from rapport.knowledge.contracts import ArticleInfo, TranslationInfo
from rapport.knowledge.models import Article, ArticleTranslation, Audience, Status


def list_articles(*, audience: str | None = None, only_published: bool = False) -> list[ArticleInfo]:
    """All articles with their translations, by category and slug.

    Args:
        audience: ``customers`` leaves out what only staff may read.
        only_published: leave out drafts.
    """
    return [_info(row) for row in _rows(audience, only_published=only_published).order_by("category", "slug")]


def find_article(
    slug: str, *, audience: str | None = None, only_published: bool = False
) -> ArticleInfo | None:
    """One article, or None when there is none for this audience."""
    row = _rows(audience, only_published=only_published).filter(slug=slug).first()
    return _info(row) if row else None


def article_examples(language: str | None = None) -> list[tuple[str, str, str]]:
    """(question, slug, language) of published articles for customers: training examples of questions."""
    rows = ArticleTranslation.objects.filter(
        article__status=Status.PUBLISHED, article__audience=Audience.CUSTOMERS
    ).order_by("article__slug", "language")
    if language is not None:
        rows = rows.filter(language=language)
    return [
        (str(question), slug, code)
        for slug, code, questions in rows.values_list("article__slug", "language", "questions")
        for question in questions
    ]


def _rows(audience: str | None, *, only_published: bool) -> QuerySet[Article]:
    rows = Article.objects.prefetch_related("translations").annotate(
        helpful=Count("feedback", filter=Q(feedback__is_helpful=True)),
        unhelpful=Count("feedback", filter=Q(feedback__is_helpful=False)),
    )
    if audience == Audience.CUSTOMERS:
        rows = rows.filter(audience=Audience.CUSTOMERS)
    return rows.filter(status=Status.PUBLISHED) if only_published else rows


def _info(row: Article) -> ArticleInfo:
    translations: Iterable[ArticleTranslation] = row.translations.all()
    return ArticleInfo(
        id=row.pk,
        slug=row.slug,
        category=row.category,
        audience=row.audience,
        status=row.status,
        reviewed_on=row.reviewed_on,
        translations={t.language: translation_info(t) for t in translations},
        updated_at=row.updated_at,
        helpful=getattr(row, "helpful", 0),
        unhelpful=getattr(row, "unhelpful", 0),
    )


def translation_info(row: ArticleTranslation) -> TranslationInfo:
    """A row as others see it."""
    return TranslationInfo(
        row.pk,
        row.language,
        row.title,
        row.summary,
        row.body,
        tuple(row.questions),
        row.updated_at,
        row.version,
    )
