"""What other packages may ask of knowledge."""

from __future__ import annotations

from rapport.knowledge.contracts import Searcher
from rapport.knowledge.exporting import export_articles
from rapport.knowledge.importing import import_articles
from rapport.knowledge.jobs import job_kinds
from rapport.knowledge.pictures import add_picture
from rapport.knowledge.queries import article_examples, find_article
from rapport.knowledge.quoting import quote
from rapport.knowledge.search import EmbeddedSearcher
from rapport.knowledge.services import publish, save_translation
from rapport.knowledge.variants import add_variant, approve_variant
from rapport.understanding.contracts import Encoder

__all__ = [
    "add_picture",
    "add_variant",
    "approve_variant",
    "article_examples",
    "export_articles",
    "find_article",
    "import_articles",
    "job_kinds",
    "open_searcher",
    "publish",
    "quote",
    "save_translation",
]


def open_searcher(encoder: Encoder | None) -> Searcher:
    """Search over the published articles; without an encoder by words alone."""
    return EmbeddedSearcher(encoder)
