"""Writes about articles. A published text is found by words at once, by meaning once a worker encoded it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction

from rapport.governance import api as governance
from rapport.jobs import api as jobs
from rapport.kernel.clock import now
from rapport.kernel.errors import InvalidInput, NotFound
from rapport.kernel.languages import LANGUAGES
from rapport.knowledge.contracts import TranslationInfo
from rapport.knowledge.indexing import rebuild_passages
from rapport.knowledge.models import Article, ArticleFeedback, ArticleTranslation, Audience, Status
from rapport.knowledge.queries import translation_info
from rapport.knowledge.versions import WordingDraft, store_wording

INDEX_JOB = "knowledge.index_article"
MAX_TITLE, MAX_SUMMARY, MAX_BODY, MAX_QUESTIONS, MAX_QUESTION, MAX_COMMENT = 200, 400, 40_000, 40, 300, 500


class BadTranslation(InvalidInput):
    """A translation needs a title, a summary of one sentence and a body within the limits."""

    code = "bad_translation"


@transaction.atomic
def create_article(slug: str, *, category: str, audience: str = Audience.CUSTOMERS) -> int:
    """A new draft without any text; returns its id."""
    return Article.objects.create(slug=slug, category=category, audience=audience).pk


@transaction.atomic
def save_translation(
    slug: str, language: str, *, title: str, summary: str, body: str, questions: Sequence[str]
) -> TranslationInfo:
    """Write an article's text in one language, and have it indexed.

    Raises: NotFound: no such article. BadTranslation: a field is empty or too long.
    """
    article = Article.objects.filter(slug=slug).first()
    if article is None:
        raise NotFound(article=slug)
    asked = [q for q in dict.fromkeys(" ".join(q.split()) for q in questions) if q]
    _check(
        language,
        {"title": (title, MAX_TITLE), "summary": (summary, MAX_SUMMARY), "body": (body, MAX_BODY)},
        asked,
    )
    wording = WordingDraft(title.strip(), summary.strip(), body.replace("\r\n", "\n").strip(), asked)
    row = store_wording(article, language, wording)
    Article.objects.filter(pk=article.pk).update(updated_at=now())
    _index(article.pk, [row])
    return translation_info(row)


def _check(language: str, fields: dict[str, tuple[str, int]], questions: list[str]) -> None:
    if language not in LANGUAGES:
        raise BadTranslation(field="language")
    for name, (text, limit) in fields.items():
        if not text.strip() or len(text) > limit or "\x00" in text:
            raise BadTranslation(field=name, limit=limit)
    if len(questions) > MAX_QUESTIONS or any(len(q) > MAX_QUESTION or "\x00" in q for q in questions):
        raise BadTranslation(field="questions", limit=MAX_QUESTIONS)


@transaction.atomic
def publish(slug: str, *, is_published: bool = True) -> None:
    """Put an article in force, or take it back."""
    article = _article(slug)
    article.status = Status.PUBLISHED if is_published else Status.DRAFT
    article.updated_at = now()
    article.save(update_fields=["status", "updated_at"])
    _index(article.pk, list(article.translations.select_related("article")))


@transaction.atomic
def mark_reviewed(slug: str, on: dt.date | None = None) -> None:
    """A member of staff has read the article and found it right."""
    article = _article(slug)
    article.reviewed_on = on or now().date()
    article.save(update_fields=["reviewed_on"])
    _index(article.pk, [])


def add_feedback(slug: str, language: str, *, is_helpful: bool, comment: str = "") -> None:
    """Store a reader's vote; personal data in the comment are blanked."""
    article = Article.objects.filter(slug=slug, status=Status.PUBLISHED, audience=Audience.CUSTOMERS).first()
    if article is None:
        raise NotFound(article=slug)
    text = governance.redact_text(comment.replace("\x00", " ").strip())[:MAX_COMMENT]
    ArticleFeedback.objects.create(article=article, language=language, is_helpful=is_helpful, comment=text)


def _article(slug: str) -> Article:
    found = Article.objects.filter(slug=slug).first()
    if found is None:
        raise NotFound(article=slug)
    return found


def _index(article_id: int, rows: list[ArticleTranslation]) -> None:
    rebuild_passages(rows)
    if rows:
        jobs.enqueue(INDEX_JOB, {"article_id": article_id}, priority=jobs.Priority.INTERACTIVE)
