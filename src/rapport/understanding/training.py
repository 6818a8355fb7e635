"""Training: labelled texts in, a calibrated model and a report on its held-out quality out."""

from __future__ import annotations

import hashlib
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files

import numpy as np
import yaml
from numpy.typing import NDArray

from rapport.kernel.clock import now
from rapport.kernel.errors import InvalidInput
from rapport.understanding.contracts import Encoder, Example, TrainingReport
from rapport.understanding.logic.calibration import Threshold, choose_threshold, fit_temperature
from rapport.understanding.logic.cleaning import clean, fold, words
from rapport.understanding.logic.features import FeatureSpace, Head, Neighbours
from rapport.understanding.logic.regression import fit_softmax, softmax
from rapport.understanding.trained import OUT_OF_SCOPE, SENTIMENTS, TrainedModel

FOLDS = 5
THIN_LABEL = 8
L2 = 2e-4
"""Penalty of the heads per mean loss; cross-validation is flat within a factor of three around it."""
_REJECTED_SHARE = 0.01
"""Share of held-out texts of known intents that the nearness rule may reject."""

Floats = NDArray[np.float32]
Numbers = NDArray[np.int64]


class TrainingDataTooSmall(InvalidInput):
    """At least two labels with two different texts each are needed to train."""

    code = "training_data_too_small"


@dataclass(frozen=True, slots=True)
class _HeldOut:
    """Scores of every text by a head that did not see it."""

    scores: Floats
    similarities: Floats


def train(
    examples: Sequence[Example], encoder: Encoder | None, *, risk: float = 0.02, seed: int = 0
) -> tuple[TrainedModel, TrainingReport]:
    """Train intents and sentiment, calibrated for `risk` wrong answers among the given ones.

    Args:
        examples: in any order of labels. Parallel translations should stand at the same place within their
            label and language: folds are made by place, so a text's translation is never in its training fold.
        encoder: None trains the lexical floor.
        risk: promised error rate, 0..1.
        seed: rotates the folds.
    Raises: TrainingDataTooSmall: fewer than two labels with two texts each.
    """
    started = time.process_time()
    rows, problems = check_examples(examples)
    labels = tuple(sorted({row.label for row in rows}))
    counts = Counter(row.label for row in rows)
    if len([label for label in labels if counts[label] > 1]) < 2:
        raise TrainingDataTooSmall(labels=len(labels), rows=len(rows))
    texts = [row.text for row in rows]
    vectors = encoder.queries(texts) if encoder else None
    space = FeatureSpace.fit(texts, vectors)
    targets = np.array([labels.index(row.label) for row in rows])
    features = space.dense(texts, vectors)
    weights = _balance(targets)
    held_out = _cross_validate(features, targets, weights, _folds(rows, seed), labels)
    temperature = fit_temperature(held_out.scores, targets)
    least_similarity = _least_similarity(held_out, targets, labels)
    shares = softmax(held_out.scores / np.float32(temperature))
    threshold = _threshold(shares, held_out.similarities >= least_similarity, targets, labels, risk)
    fitted = fit_softmax(features, targets, weights, classes=len(labels), l2=L2)
    known = targets != labels.index(OUT_OF_SCOPE) if OUT_OF_SCOPE in labels else np.ones(len(rows), bool)
    version = f"{now():%Y%m%d%H%M%S}-{_digest(rows, encoder, risk)}"
    report = TrainingReport(
        version=version,
        rows=len(rows),
        labels=labels,
        accuracy=float((shares.argmax(axis=1) == targets).mean()),
        coverage=threshold.coverage,
        error_rate=threshold.error_rate,
        threshold=threshold.value,
        cpu_s=time.process_time() - started,
        problems=(*problems, *_doubtful(rows, shares, targets, labels), *_promise(threshold, risk)),
    )
    model = TrainedModel(
        version=version,
        encoder_id=encoder.id if encoder else "lexical",
        space=space,
        intents=Head(labels, *fitted, temperature),
        sentiment=train_sentiment(space, encoder),
        neighbours=Neighbours.of(
            space,
            [text for text, is_known in zip(texts, known, strict=True) if is_known],
            None if vectors is None else vectors[known],
        ),
        threshold=threshold.value,
        least_similarity=least_similarity,
        report=report,
    )
    return model, report


def check_examples(examples: Sequence[Example]) -> tuple[list[Example], tuple[str, ...]]:
    """Cleaned examples without repetitions, and what a CX analyst should look at."""
    rows: dict[tuple[str, str], Example] = {}
    labels_of: dict[str, set[str]] = defaultdict(set)
    problems: list[str] = []
    for example in examples:
        text = clean(example.text)
        key = " ".join(words(fold(text)))
        if not key:
            problems.append(f"empty: a text of {example.label} holds no words")
        elif (key, example.label) in rows:
            problems.append(f"duplicate: {text!r} in {example.label}")
        else:
            labels_of[key].add(example.label)
            rows[key, example.label] = Example(text, example.label, example.language, example.source)
    for key, names in labels_of.items():
        if len(names) > 1:
            problems.append(f"contradiction: {key!r} is labelled {' and '.join(sorted(names))}")
    for label, count in sorted(Counter(row.label for row in rows.values()).items()):
        if count < THIN_LABEL:
            problems.append(
                f"thin: {label} has {count} texts, {THIN_LABEL} or more are needed to know it well"
            )
    return list(rows.values()), tuple(problems)


def train_sentiment(space: FeatureSpace, encoder: Encoder | None) -> Head:
    """The sentiment head, from the small labelled file shipped with this package."""
    rows = load_sentiment_examples()
    texts = [row.text for row in rows]
    targets = np.array([SENTIMENTS.index(row.label) for row in rows])
    features = space.dense(texts, encoder.queries(texts) if encoder else None)
    weights, classes = _balance(targets), len(SENTIMENTS)
    held_out = _cross_validate(features, targets, weights, _folds(rows, 0), SENTIMENTS)
    fitted = fit_softmax(features, targets, weights, classes=classes, l2=5 * L2)
    return Head(SENTIMENTS, *fitted, fit_temperature(held_out.scores, targets))


def load_sentiment_examples() -> list[Example]:
    """The shipped sentences, labelled with one of the five sentiments."""
    data = yaml.safe_load(files(__package__).joinpath("data/sentiment.yaml").read_text("utf-8"))
    return [
        Example(text, label, language, "rapport")
        for label, by_language in data.items()
        for language, texts in by_language.items()
        for text in texts
    ]


def _balance(targets: Numbers) -> Floats:
    """Weights that halve (on a log scale) the advantage of frequent labels."""
    counts = np.bincount(targets)
    return (1 / np.sqrt(counts[targets])).astype(np.float32)


def _folds(rows: Sequence[Example], seed: int) -> Numbers:
    """Fold of each row by its place within label and language, so that translations stay together."""
    places: Counter[tuple[str, str | None]] = Counter()
    folds = []
    for row in rows:
        folds.append((places[row.label, row.language] + seed) % FOLDS)
        places[row.label, row.language] += 1
    return np.array(folds)


def _cross_validate(
    features: Floats, targets: Numbers, weights: Floats, folds: Numbers, labels: Sequence[str]
) -> _HeldOut:
    scores = np.zeros((len(targets), len(labels)), np.float32)
    similarities = np.ones(len(targets), np.float32)
    known = targets != labels.index(OUT_OF_SCOPE) if OUT_OF_SCOPE in labels else np.ones(len(targets), bool)
    dense = features[:, : -_lexical_width()] if features.shape[1] > _lexical_width() else features
    for fold_number in range(FOLDS):
        out = folds == fold_number
        if not out.any() or out.all():
            continue
        head, intercepts = fit_softmax(
            features[~out], targets[~out], weights[~out], classes=len(labels), l2=L2
        )
        scores[out] = features[out] @ head + intercepts
        seen = dense[~out & known]
        if len(seen):
            similarities[out] = (dense[out] @ seen.T).max(axis=1)
    return _HeldOut(scores, similarities)


def _lexical_width() -> int:
    from rapport.understanding.logic.lexical import BUCKETS

    return BUCKETS


def _least_similarity(held_out: _HeldOut, targets: Numbers, labels: Sequence[str]) -> float:
    """The cosine below which only a hundredth of the held-out texts of known intents lie."""
    known = targets != labels.index(OUT_OF_SCOPE) if OUT_OF_SCOPE in labels else np.ones(len(targets), bool)
    return float(np.quantile(held_out.similarities[known], _REJECTED_SHARE))


def _threshold(
    shares: Floats, near: NDArray[np.bool_], targets: Numbers, labels: Sequence[str], risk: float
) -> Threshold:
    best = shares.argmax(axis=1)
    in_scope = best != labels.index(OUT_OF_SCOPE) if OUT_OF_SCOPE in labels else np.ones(len(best), bool)
    offered = np.where(near & in_scope, shares.max(axis=1), 0)
    return choose_threshold(offered.astype(np.float32), best != targets, risk=risk)


def _doubtful(rows: Sequence[Example], shares: Floats, targets: Numbers, labels: Sequence[str]) -> list[str]:
    """Texts whose label the others contradict most: mislabelled, or on a border worth a decision."""
    best, surest = shares.argmax(axis=1), shares.max(axis=1)
    wrong = np.flatnonzero((best != targets) & (surest > 0.9))
    ranked = wrong[np.argsort(-surest[wrong])][:20]
    return [
        f"doubtful: {rows[i].text!r} is labelled {rows[i].label}, reads like {labels[best[i]]}"
        for i in ranked
    ]


def _promise(threshold: Threshold, risk: float) -> list[str]:
    if threshold.is_certified:
        return []
    return [
        f"promise: too little data to certify an error rate of {risk:.1%}; the threshold rests on estimates"
    ]


def _digest(rows: Sequence[Example], encoder: Encoder | None, risk: float) -> str:
    content = "\n".join(sorted(f"{row.label}\t{row.text}" for row in rows))
    return hashlib.sha256(f"{encoder.id if encoder else 'lexical'}\n{risk}\n{content}".encode()).hexdigest()[
        :8
    ]
