"""What other packages may ask of knowledge."""

from __future__ import annotations

from rapport.knowledge.calibration import fit_relevance
from rapport.knowledge.contracts import Searcher
from rapport.knowledge.exporting import export_articles
from rapport.knowledge.importing import import_articles
from rapport.knowledge.jobs import job_kinds
from rapport.knowledge.pictures import add_picture
from rapport.knowledge.queries import article_examples, find_article, list_articles
from rapport.knowledge.quoting import quote
from rapport.knowledge.search import EmbeddedSearcher
from rapport.knowledge.services import add_feedback, create_article, mark_reviewed, publish, save_translation
from rapport.knowledge.variant_queries import count_variants, find_variant, list_variants
from rapport.knowledge.variants import add_variant, approve_variant, change_variant, withdraw_variant
from rapport.understanding.contracts import Encoder

__all__ = [
    "add_feedback",
    "add_picture",
    "add_variant",
    "approve_variant",
    "article_examples",
    "change_variant",
    "count_variants",
    "create_article",
    "export_articles",
    "find_article",
    "find_variant",
    "fit_relevance",
    "import_articles",
    "job_kinds",
    "list_articles",
    "list_variants",
    "mark_reviewed",
    "open_searcher",
    "publish",
    "quote",
    "save_translation",
    "withdraw_variant",
]


def open_searcher(encoder: Encoder | None) -> Searcher:
    """Search over the published articles; without an encoder by words alone."""
    return EmbeddedSearcher(encoder)
