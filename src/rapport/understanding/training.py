"""Training: labelled texts in, a calibrated model and a report on its held-out quality out."""

from __future__ import annotations

import hashlib
import time
from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from rapport.kernel.clock import now
from rapport.kernel.errors import InvalidInput
from rapport.understanding.contracts import Encoder, Example, TrainingReport
from rapport.understanding.examples import check_examples, load_sentiment_examples
from rapport.understanding.logic.calibration import Threshold, choose_threshold, fit_temperature
from rapport.understanding.logic.cleaning import without_identifiers
from rapport.understanding.logic.features import FeatureSpace, Head, Neighbours
from rapport.understanding.logic.held_out import Problem, cross_validate, folds_by_place, nearest_other
from rapport.understanding.logic.regression import softmax
from rapport.understanding.trained import LIKELY_RISK_FACTOR, OUT_OF_SCOPE, SENTIMENTS, TrainedModel

L2 = 3e-4
"""Penalty of the intent head; cross-validated accuracy is flat within a factor of three around it."""
_SENTIMENT_L2 = 1e-3
_REJECTED_SHARE = 0.01
"""Share of held-out texts of known intents that the nearness rule may reject."""
_DOUBTS_SHOWN = 20

Floats = NDArray[np.float32]
Numbers = NDArray[np.int64]
Flags = NDArray[np.bool_]


class TrainingDataTooSmall(InvalidInput):
    """At least two labels with two different texts each are needed to train."""

    code = "training_data_too_small"


def train(
    examples: Sequence[Example], encoder: Encoder | None, *, risk: float = 0.02, seed: int = 0
) -> tuple[TrainedModel, TrainingReport]:
    """Train intents and sentiment, calibrated for `risk` wrong answers among the given ones.

    Args:
        examples: in any order of labels. Parallel translations should stand at the same place within their
            label and language: folds are made by place, so that no text is judged by its own translation.
        encoder: None trains the lexical floor.
        risk: promised error rate, 0..1.
        seed: rotates the folds.
    Raises: TrainingDataTooSmall: fewer than two labels with two texts each.
    """
    started = time.process_time()
    rows, problems = check_examples(examples)
    labels = _labels(rows)
    texts = [without_identifiers(row.text) for row in rows]
    vectors = encoder.queries(texts) if encoder else None
    space = FeatureSpace.fit(texts, vectors)
    targets = np.array([labels.index(row.label) for row in rows])
    features = space.dense(texts, vectors)
    problem = Problem.of(features, targets, len(labels), L2)
    folds = folds_by_place(rows, seed)
    scores = cross_validate(problem, folds)
    temperature = fit_temperature(scores, targets)
    shares = softmax(scores / np.float32(temperature))
    known = _known(targets, labels)
    compared = features if vectors is None else space.centred(vectors)
    nearest = nearest_other(compared, known, folds)
    least_similarity = float(np.quantile(nearest[known], _REJECTED_SHARE))
    is_offered = (nearest >= least_similarity) & _known(shares.argmax(axis=1), labels)
    offered = np.where(is_offered, shares.max(axis=1), 0).astype(np.float32)
    wrong = shares.argmax(axis=1) != targets
    threshold = choose_threshold(offered, wrong, risk=risk)
    likely = choose_threshold(offered, wrong, risk=LIKELY_RISK_FACTOR * risk)
    intents = Head(labels, *problem.solve(), temperature)
    remembered = [text for text, is_known in zip(texts, known, strict=True) if is_known]
    neighbours = Neighbours.of(space, remembered, None if vectors is None else vectors[known])
    sentiment = train_sentiment(space, encoder)
    report = TrainingReport(
        version=f"{now():%Y%m%d%H%M%S}-{_digest(rows, encoder, risk)}",
        rows=len(rows),
        labels=labels,
        accuracy=float((shares.argmax(axis=1) == targets).mean()),
        coverage=threshold.coverage,
        error_rate=threshold.error_rate,
        threshold=threshold.value,
        cpu_s=round(time.process_time() - started, 2),
        problems=(*problems, *_doubts(rows, shares, targets, labels), *_promise(threshold, risk)),
    )
    model = TrainedModel(
        version=report.version,
        encoder_id=encoder.id if encoder else "lexical",
        space=space,
        intents=intents,
        sentiment=sentiment,
        neighbours=neighbours,
        threshold=threshold.value,
        likely_threshold=min(likely.value, threshold.value),
        least_similarity=least_similarity,
        report=report,
    )
    return model, report


def train_sentiment(space: FeatureSpace, encoder: Encoder | None) -> Head:
    """The sentiment head, from the small labelled file shipped with this package."""
    rows = load_sentiment_examples()
    texts = [row.text for row in rows]
    targets = np.array([SENTIMENTS.index(row.label) for row in rows])
    features = space.dense(texts, encoder.queries(texts) if encoder else None)
    problem = Problem.of(features, targets, len(SENTIMENTS), _SENTIMENT_L2)
    temperature = fit_temperature(cross_validate(problem, folds_by_place(rows, 0)), targets)
    return Head(SENTIMENTS, *problem.solve(), temperature)


def _labels(rows: Sequence[Example]) -> tuple[str, ...]:
    counts = Counter(row.label for row in rows)
    if sum(count > 1 for count in counts.values()) < 2:
        raise TrainingDataTooSmall(labels=len(counts), rows=len(rows))
    return tuple(sorted(counts))


def _known(targets: Numbers, labels: Sequence[str]) -> Flags:
    """Which rows do not belong to the label for everything else."""
    if OUT_OF_SCOPE not in labels:
        return np.ones(len(targets), bool)
    return np.asarray(targets != labels.index(OUT_OF_SCOPE))


def _doubts(rows: Sequence[Example], shares: Floats, targets: Numbers, labels: Sequence[str]) -> list[str]:
    """Texts whose label the others contradict most: mislabelled, or on a border worth a decision."""
    best, surest = shares.argmax(axis=1), shares.max(axis=1)
    wrong = np.flatnonzero((best != targets) & (surest > 0.9))
    ranked = wrong[np.argsort(-surest[wrong])][:_DOUBTS_SHOWN].tolist()
    return [f"doubtful: {rows[i].text!r} is {rows[i].label}, reads like {labels[best[i]]}" for i in ranked]


def _promise(threshold: Threshold, risk: float) -> list[str]:
    if threshold.is_certified:
        return []
    return [f"promise: too little data to certify an error rate of {risk:.1%}; the threshold is an estimate"]


def _digest(rows: Sequence[Example], encoder: Encoder | None, risk: float) -> str:
    content = "\n".join(sorted(f"{row.label}\t{row.text}" for row in rows))
    name = encoder.id if encoder else "lexical"
    return hashlib.sha256(f"{name}\n{risk}\n{content}".encode()).hexdigest()[:8]
