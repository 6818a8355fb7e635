"""Jobs of knowledge."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from rapport.jobs.api import JobContext, JobKind
from rapport.knowledge.indexing import encode_missing
from rapport.knowledge.services import INDEX_JOB
from rapport.understanding.contracts import Encoder


@dataclass(frozen=True, slots=True)
class ArticleIndexer:
    """Encodes what was changed; without an encoder there is nothing to do."""

    encoder: Encoder | None

    def run(self, payload: dict[str, Any], _: JobContext) -> None:
        """The job handler."""
        if self.encoder is not None:
            encode_missing(self.encoder, article_id=int(payload["article_id"]))


def job_kinds(encoder: Encoder | None) -> tuple[JobKind, ...]:
    """What the worker can do for knowledge."""
    return (JobKind(INDEX_JOB, ArticleIndexer(encoder).run, is_atomic=False),)
