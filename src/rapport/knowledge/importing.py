"""Articles from files: one YAML file an article, as the folder's README describes."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from django.db import transaction

from rapport.kernel.clock import now
from rapport.kernel.errors import InvalidInput
from rapport.kernel.languages import LANGUAGES
from rapport.knowledge.calibration import fit_relevance
from rapport.knowledge.contracts import ImportReport
from rapport.knowledge.corpus import LEXICAL
from rapport.knowledge.indexing import Progress, encode_missing, rebuild_passages
from rapport.knowledge.models import Article, ArticleTranslation, Audience, RelevanceFit, Status
from rapport.knowledge.variant_files import VariantEntry, read_entries, store_entries
from rapport.knowledge.versions import WordingDraft, store_wording
from rapport.understanding.contracts import Encoder


class BadArticle(InvalidInput):
    """An article file lacks something; the facts name the file and the field."""

    code = "bad_article"


@dataclass(frozen=True, slots=True)
class ArticleFile:
    """An article as a file describes it."""

    slug: str
    category: str
    audience: str
    reviewed_on: dt.date | None
    translations: dict[str, dict[str, Any]]
    digest: str
    variants: dict[str, list[VariantEntry]]


def import_articles(
    folder: Path,
    encoder: Encoder | None = None,
    *,
    irrelevant: Sequence[tuple[str, str]] = (),
    progress: Progress | None = None,
) -> ImportReport:
    """Bring the articles in line with a folder of YAML files; files that have not changed are skipped.

    Args:
        folder: searched for ``**/*.yaml``.
        encoder: makes the vectors; give one with a cache on disk to make a second import quick.
        irrelevant: (text, language) that no article answers (out of scope, small talk): they set the floor of
            relevance. Leave requests for procedures out, see `calibration`.
        progress: called with (texts encoded, texts to encode).
    Raises: BadArticle: a file does not have the expected shape; nothing was changed then.
    """
    files = [read_article_file(path) for path in sorted(folder.glob("**/*.yaml"))]
    known = dict(Article.objects.values_list("slug", "digest"))
    changed = [file for file in files if known.get(file.slug) != file.digest]
    with transaction.atomic():
        rows = [row for file in changed for row in _store(file)]
        if rows:
            rebuild_passages(rows)
    encoded = encode_missing(encoder, progress=progress) if encoder else 0
    if (
        changed
        or encoded
        or not RelevanceFit.objects.filter(encoder_id=encoder.id if encoder else LEXICAL).exists()
    ):
        _fit_all(encoder, irrelevant)
    created = sum(file.slug not in known for file in changed)
    return ImportReport(created, len(changed) - created, len(files) - len(changed), encoded)


def _fit_all(encoder: Encoder | None, irrelevant: Sequence[tuple[str, str]]) -> None:
    fit_relevance(None, irrelevant)
    if encoder:
        fit_relevance(encoder, irrelevant)


def read_article_file(path: Path) -> ArticleFile:
    """Read and check one file."""
    content = path.read_bytes()
    data = yaml.safe_load(content)
    if not isinstance(data, dict):
        raise BadArticle(file=path.name, field="")
    for name in ("slug", "category", "translations"):
        if not data.get(name):
            raise BadArticle(file=path.name, field=name)
    audience = data.get("audience", Audience.CUSTOMERS)
    if audience not in Audience.values:
        raise BadArticle(file=path.name, field="audience")
    variants = {}
    for language, wording in data["translations"].items():
        _check_wording(path.name, str(language), wording)
        variants[language] = _read_variants(path, str(language), wording)
    reviewed_on = data.get("reviewed_at")
    if reviewed_on is not None and not isinstance(reviewed_on, dt.date):
        raise BadArticle(file=path.name, field="reviewed_at")
    digest = hashlib.sha256(content).hexdigest()
    return ArticleFile(
        data["slug"], data["category"], audience, reviewed_on, data["translations"], digest, variants
    )


def _read_variants(path: Path, language: str, wording: dict[str, Any]) -> list[VariantEntry]:
    try:
        return read_entries(wording.get("variants", []), path.parent)
    except InvalidInput as problem:
        field = f"translations.{language}.variants.{problem.facts.get('field', '')}"
        raise BadArticle(str(problem), file=path.name, field=field) from problem


def _check_wording(file: str, language: str, wording: Any) -> None:
    if language not in LANGUAGES or not isinstance(wording, dict):
        raise BadArticle(file=file, field=f"translations.{language}")
    for name in ("title", "summary", "body"):
        if not isinstance(wording.get(name), str) or not wording[name].strip():
            raise BadArticle(file=file, field=f"translations.{language}.{name}")
    questions = wording.get("questions", [])
    if not isinstance(questions, list) or not all(isinstance(q, str) for q in questions):
        raise BadArticle(file=file, field=f"translations.{language}.questions")


def _store(file: ArticleFile) -> list[ArticleTranslation]:
    article, _ = Article.objects.update_or_create(
        slug=file.slug,
        defaults={
            "category": file.category,
            "audience": file.audience,
            "reviewed_on": file.reviewed_on,
            "status": Status.PUBLISHED,
            "digest": file.digest,
            "updated_at": now(),
        },
    )
    rows = []
    for language, wording in file.translations.items():
        row = store_wording(
            article,
            language,
            WordingDraft(
                wording["title"], wording["summary"], wording["body"].strip(), wording.get("questions", [])
            ),
        )
        store_entries(row, file.variants[language])
        rows.append(row)
    return rows
