"""From translations to passages: split, analyse, encode. Vectors of unchanged texts are kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from django.db import transaction
from django.db.models import F

from rapport.knowledge import lexical_index
from rapport.knowledge.corpus import AS_QUESTION
from rapport.knowledge.logic.analysis import analysed
from rapport.knowledge.logic.markdown import paragraphs
from rapport.knowledge.models import ArticleTranslation, Passage, SearchState, Status
from rapport.understanding.contracts import Encoder

Progress = Callable[[int, int], None]
"""Called with (texts encoded, texts to encode)."""

BATCH = 256


@dataclass(frozen=True, slots=True)
class Piece:
    """A passage before it is stored."""

    kind: str
    position: int
    text: str
    encoded: str
    """What the encoder reads: paragraphs are read under their title."""


def plan_pieces(title: str, summary: str, body: str, questions: Sequence[str]) -> list[Piece]:
    """The passages of one translation."""
    kind = Passage.Kind
    pieces = [Piece(kind.TITLE, 0, title, title), Piece(kind.SUMMARY, 0, summary, f"{title}. {summary}")]
    pieces += [Piece(kind.QUESTION, at, text, text) for at, text in enumerate(questions)]
    pieces += [Piece(kind.BODY, at, text, f"{title}. {text}") for at, text in enumerate(paragraphs(body))]
    return [piece for piece in pieces if piece.text.strip()]


def bump_stamp() -> None:
    """Tell every process that articles have changed."""
    if not SearchState.objects.filter(pk=1).update(stamp=F("stamp") + 1):
        SearchState.objects.create(pk=1, stamp=1)


@transaction.atomic
def rebuild_passages(translations: Iterable[ArticleTranslation]) -> None:
    """Make the passages of these translations anew (none for drafts), keeping vectors of unchanged texts."""
    wanted = list(translations)
    old = list(Passage.objects.filter(translation__in=wanted))
    kept = {(p.translation_id, p.kind, p.text): p for p in old}
    titles = {p.translation_id: p.text for p in old if p.kind == Passage.Kind.TITLE}
    lexical_index.remove_terms([p.pk for p in old])
    fresh = []
    for row in wanted:
        if row.article.status != Status.PUBLISHED:
            continue
        for piece in plan_pieces(row.title, row.summary, row.body, row.questions):
            before = kept.get((row.pk, piece.kind, piece.text))
            is_same = before is not None and (piece.text == piece.encoded or titles.get(row.pk) == row.title)
            source = before if is_same else None
            fresh.append(
                Passage(
                    translation=row,
                    kind=piece.kind,
                    position=piece.position,
                    text=piece.text,
                    analysed=analysed(piece.text, row.language),
                    encoder_id=source.encoder_id if source else "",
                    dimension=source.dimension if source else 0,
                    vector=source.vector if source else None,
                )
            )
    Passage.objects.filter(pk__in=[p.pk for p in old]).delete()
    Passage.objects.bulk_create(fresh, batch_size=200)
    lexical_index.add_terms((p.pk, p.translation.language, p.analysed) for p in fresh)
    bump_stamp()


def encode_missing(
    encoder: Encoder, *, progress: Progress | None = None, article_id: int | None = None
) -> int:
    """Give a vector to each passage that has none of this encoder; returns how many texts were encoded.

    The texts are encoded outside any transaction, so that nobody waits for the database meanwhile.
    """
    waiting = (
        Passage.objects.exclude(encoder_id=encoder.id).select_related("translation").order_by("kind", "pk")
    )
    if article_id is not None:
        waiting = waiting.filter(translation__article_id=article_id)
    rows = list(waiting)
    for start in range(0, len(rows), BATCH):
        batch = rows[start : start + BATCH]
        _encode(encoder, [row for row in batch if row.kind in AS_QUESTION], is_question=True)
        _encode(encoder, [row for row in batch if row.kind not in AS_QUESTION], is_question=False)
        with transaction.atomic():
            Passage.objects.bulk_update(batch, ["encoder_id", "dimension", "vector"], batch_size=200)
        if progress is not None:
            progress(min(start + BATCH, len(rows)), len(rows))
    if rows:
        bump_stamp()
    return len(rows)


def _encode(encoder: Encoder, rows: list[Passage], *, is_question: bool) -> None:
    if not rows:
        return
    texts = [row.text if is_question else f"{row.translation.title}. {row.text}" for row in rows]
    vectors = encoder.queries(texts) if is_question else encoder.passages(texts)
    for row, vector in zip(rows, vectors, strict=True):
        row.encoder_id, row.dimension = encoder.id, encoder.dimension
        row.vector = np.asarray(vector, np.float16).tobytes()
