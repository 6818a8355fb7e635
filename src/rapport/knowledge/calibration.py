"""Fitting the relevance of one encoder on held-out questions of the articles and on texts nobody can answer.

Positives: each question of each article, searched while it and its translations are left out of the index.
Negatives: irrelevant example texts (out of scope, small talk), searched while they are left out of the
examples. Requests for something to be done (procedures) are no negatives: many of them are the very questions
an article answers, and telling a request from a question is understanding's work.

A shown article counts as irrelevant when the text is a negative, or when the right article is not even among
the first three: neighbouring articles overlap, and for many questions several are right.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from rapport.kernel.clock import now
from rapport.knowledge.corpus import AS_QUESTION, LEXICAL
from rapport.knowledge.logic.analysis import terms
from rapport.knowledge.logic.overlap import overlaps, weigh
from rapport.knowledge.logic.relevance import (
    WITHOUT_FIT,
    Relevance,
    choose_floor,
    features_of,
    fit_logistic,
    fused,
    nearness_to_irrelevant,
)
from rapport.knowledge.logic.space import Floats, fit_space, unit
from rapport.knowledge.models import Passage, RelevanceFit, Status
from rapport.understanding.contracts import Encoder

RISK = 0.075
"""Share of irrelevant among shown on held-out questions. Leaving out a question's translations too makes these
questions harder than fresh ones: on fresh paraphrases of the demonstration (`evals/knowledge_paraphrases.yaml`)
the article shown was another one in 5 % and unrelated in 1 %."""
LEXICAL_RISK = 0.2
"""Words alone cannot keep the promise above for a useful share of questions."""
FOLDS = 5
LEAST_QUESTIONS = 60
"""With fewer questions the figures of the demonstration help centre are used."""
RIGHT_AMONG = 3


@dataclass(frozen=True, slots=True)
class _Row:
    article: int
    language: str
    kind: str
    position: int
    terms: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Asked:
    """A text to be searched while its fold is left out."""

    language: str
    terms: tuple[str, ...]
    fold: int
    article: int
    """Which answers it; -1: none."""
    vector: Floats | None


def fit_relevance(
    encoder: Encoder | None, irrelevant: Sequence[tuple[str, str]], *, risk: float | None = None
) -> Relevance | None:
    """Fit and store the calibration; None when there are too few questions.

    Args:
        encoder: None calibrates search by words alone.
        irrelevant: (text, language) that no article answers; translations in the same order in each language.
        risk: accepted share of irrelevant among shown, held out, 0..1; `RISK` or `LEXICAL_RISK` when omitted.
    """
    rows, vectors = _rows(encoder.id if encoder else None)
    questions = [at for at, row in enumerate(rows) if row.kind == Passage.Kind.QUESTION]
    if len(questions) < LEAST_QUESTIONS:
        return None
    bad = encoder.queries([text for text, _ in irrelevant]) if encoder and irrelevant else None
    asked = [_asked_row(rows[at], vectors[at] if vectors is not None else None) for at in questions]
    seen: Counter[str] = Counter()
    for number, (text, language) in enumerate(irrelevant):
        vector = bad[number] if bad is not None else None
        asked.append(_Asked(language, tuple(terms(text, language)), seen[language] % FOLDS, -1, vector))
        seen[language] += 1
    default = LEXICAL_RISK if encoder is None else RISK
    relevance = _fit(rows, vectors, asked, default if risk is None else risk)
    RelevanceFit.objects.update_or_create(
        encoder_id=encoder.id if encoder else LEXICAL,
        defaults={
            "fit": relevance.to_json(),
            "irrelevant": np.asarray(bad, np.float16).tobytes() if bad is not None else None,
            "dimension": encoder.dimension if encoder else 0,
            "fitted_at": now(),
        },
    )
    return relevance


def _asked_row(row: _Row, vector: Floats | None) -> _Asked:
    return _Asked(row.language, tuple(sorted(row.terms)), row.position % FOLDS, row.article, vector)


def _rows(encoder_id: str | None) -> tuple[list[_Row], Floats | None]:
    """Passages of published articles for customers; with an encoder only those that have its vector."""
    found = Passage.objects.filter(
        translation__article__status=Status.PUBLISHED, translation__article__audience="customers"
    ).order_by("translation__article_id", "pk")
    if encoder_id:
        found = found.filter(encoder_id=encoder_id)
    numbers: dict[int, int] = {}
    rows: list[_Row] = []
    vectors: list[NDArray[np.float16]] = []
    for article_id, language, kind, position, words, vector in found.values_list(
        "translation__article_id", "translation__language", "kind", "position", "analysed", "vector"
    ):
        number = numbers.setdefault(article_id, len(numbers))
        rows.append(_Row(number, language, kind, position, frozenset(words.split())))
        if encoder_id and vector is not None:
            vectors.append(np.frombuffer(vector, np.float16))
    return rows, unit(np.stack(vectors).astype(np.float32)) if vectors else None


def _fit(rows: list[_Row], vectors: Floats | None, asked: list[_Asked], risk: float) -> Relevance:
    articles = rows[-1].article + 1
    words = _words_of(rows)
    empty = _Words(Counter(), {})
    lexical = [_held_out_overlap(rows, words.get(text.language, empty), text, articles) for text in asked]
    semantic = [np.zeros(articles, np.float32)] * len(asked)
    near = [0.0] * len(asked)
    base = WITHOUT_FIT["lexical" if vectors is None else "semantic"]
    if vectors is not None:
        semantic, near = _held_out_nearness(rows, vectors, asked, articles)
        others = np.concatenate(
            [
                np.delete(own, text.article)
                for own, text in zip(semantic, asked, strict=True)
                if text.article >= 0
            ]
        )
        base = replace(base, mean=float(others.mean()), deviation=float(others.std()))
        semantic = [base.semantic(own) for own in semantic]
    features, is_right, is_acceptable = [], [], []
    for text, own, overlap, irrelevant in zip(asked, semantic, lexical, near, strict=True):
        order = np.argsort(-fused(own, overlap))
        features.append(features_of(own, overlap, irrelevant, [int(order[0])])[0])
        is_right.append(int(order[0]) == text.article)
        is_acceptable.append(text.article in order[:RIGHT_AMONG])
    table, right, fine = np.stack(features), np.array(is_right), np.array(is_acceptable)
    weights, intercept = fit_logistic(table, right)
    fitted = replace(base, weights=weights, intercept=intercept, risk=risk)
    chances = fitted.probability(table)
    return _with_figures(replace(fitted, floor=choose_floor(chances, fine, risk=risk)), chances, fine, asked)


def _with_figures(
    fitted: Relevance, chances: Floats, fine: NDArray[np.bool_], asked: list[_Asked]
) -> Relevance:
    shown = chances >= fitted.floor
    positive = np.array([text.article >= 0 for text in asked])
    return replace(
        fitted,
        shown_share=_share(shown[positive]),
        error_share=_share(~fine[shown]),
        rejected_share=_share(~shown[~positive]),
        questions=int(positive.sum()),
        irrelevant_texts=int((~positive).sum()),
    )


def _share(flags: NDArray[np.bool_]) -> float:
    return round(float(flags.mean()), 4) if len(flags) else 0.0


def _held_out_nearness(
    rows: list[_Row], vectors: Floats, asked: list[_Asked], articles: int
) -> tuple[list[Floats], list[float]]:
    """(nearness to each article, nearness to irrelevant texts) of each text, with its fold left out."""
    is_question = np.array([row.kind in AS_QUESTION for row in rows])
    owners = np.array([row.article for row in rows])
    folds = np.array([row.position % FOLDS if row.kind == Passage.Kind.QUESTION else -1 for row in rows])
    nearness: list[Floats] = [np.zeros(0, np.float32)] * len(asked)
    irrelevant = [0.0] * len(asked)
    for fold in range(FOLDS):
        kept = folds != fold
        space = fit_space(vectors[kept], is_question[kept], owners[kept], articles)
        examples = [t.vector for t in asked if t.article < 0 and t.fold != fold and t.vector is not None]
        others = space.place(np.stack(examples)) if examples else np.zeros((0, len(space.centre)), np.float32)
        for at, text in enumerate(asked):
            if text.fold == fold and text.vector is not None:
                placed = space.place(text.vector[None])[0]
                nearness[at] = space.nearness(placed)
                irrelevant[at] = nearness_to_irrelevant(placed, others)
    return nearness, irrelevant


@dataclass(frozen=True, slots=True)
class _Words:
    """The terms of one language's rows."""

    frequencies: Counter[str]
    """In how many articles a term occurs."""
    places: dict[str, list[int]]
    """Rows in which a term occurs."""


def _words_of(rows: list[_Row]) -> dict[str, _Words]:
    owners: dict[str, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    places: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for at, row in enumerate(rows):
        for term in row.terms:
            owners[row.language][term].add(row.article)
            places[row.language][term].append(at)
    return {
        language: _Words(
            Counter({term: len(found) for term, found in by_term.items()}), dict(places[language])
        )
        for language, by_term in owners.items()
    }


def _held_out_overlap(rows: list[_Row], words: _Words, text: _Asked, articles: int) -> Floats:
    """Overlap of a text with each article of its language, the text's own row left out."""
    weights = weigh(text.terms, words.frequencies, articles)
    candidates = {at for term in weights for at in words.places.get(term, ())}
    pairs = [(rows[at].article, rows[at].terms) for at in sorted(candidates) if not _is_own(rows[at], text)]
    return overlaps(weights, pairs, articles)


def _is_own(row: _Row, text: _Asked) -> bool:
    return (
        row.kind == Passage.Kind.QUESTION
        and row.article == text.article
        and row.position % FOLDS == text.fold
    )
