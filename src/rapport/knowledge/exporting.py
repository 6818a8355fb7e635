"""Articles as files, as `importing` reads them: one YAML file an article, pictures of its variants beside it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from rapport.accounts import api as accounts
from rapport.knowledge.models import Article, ArticleTranslation, Picture
from rapport.knowledge.variant_contracts import MARKS, VariantInfo
from rapport.knowledge.variant_queries import list_variants


def export_articles(folder: Path) -> int:
    """Write every article to ``<category>/<slug>.yaml`` below a folder; how many there are. Withdrawn variants stay."""
    emails = {int(account.staff.id): account.staff.email for account in accounts.list_accounts()}
    rows = Article.objects.prefetch_related("translations").order_by("category", "slug")
    for article in rows:
        place = folder / article.category
        place.mkdir(parents=True, exist_ok=True)
        found = [v for v in list_variants(slug=article.slug) if v.status != "withdrawn"]
        content = yaml.safe_dump(
            _article(article, found, emails), allow_unicode=True, sort_keys=False, width=110
        )
        (place / f"{article.slug}.yaml").write_text(content, encoding="utf-8")
        for picture in Picture.objects.filter(pk__in=[v.picture_id for v in found if v.picture_id]):
            (place / picture.name).write_bytes(bytes(picture.content))
    return len(rows)


def _article(article: Article, found: list[VariantInfo], emails: dict[int, str]) -> dict[str, Any]:
    content: dict[str, Any] = {
        "slug": article.slug,
        "category": article.category,
        "audience": article.audience,
    }
    if article.reviewed_on is not None:
        content["reviewed_at"] = article.reviewed_on
    names = dict(Picture.objects.filter(pk__in=[v.picture_id for v in found]).values_list("pk", "name"))
    content["translations"] = {
        row.language: _translation(row, [v for v in found if v.language == row.language], emails, names)
        for row in article.translations.all()
    }
    return content


def _translation(
    row: ArticleTranslation, found: list[VariantInfo], emails: dict[int, str], names: dict[int, str]
) -> dict[str, Any]:
    content: dict[str, Any] = {
        "title": row.title,
        "summary": row.summary,
        "questions": list(row.questions),
        "body": row.body,
    }
    if found:
        content["variants"] = [_variant(info, emails, names) for info in found]
    return content


def _variant(info: VariantInfo, emails: dict[int, str], names: dict[int, str]) -> dict[str, str]:
    content = {name: getattr(info.fits, name) for name in MARKS if getattr(info.fits, name)}
    content["text"] = info.text
    if info.picture_id:
        content |= {"picture": names[info.picture_id], "picture_alt": info.picture_alt}
    approver = emails.get(info.approved_by or 0, "")
    if info.status == "approved" and approver:
        content["approved_by"] = approver
    return content
