"""Training: labelled texts in, a calibrated model and a report on its held-out quality out."""

from __future__ import annotations

import hashlib
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from rapport.kernel.clock import now
from rapport.kernel.errors import InvalidInput
from rapport.kernel.languages import LANGUAGES
from rapport.understanding.chaining import Promise, fit_chains
from rapport.understanding.contracts import Encoder, Example, TrainingReport
from rapport.understanding.encoders import Panel
from rapport.understanding.examples import check_examples
from rapport.understanding.fitting import fit_heads
from rapport.understanding.language import detect_language
from rapport.understanding.logic.cleaning import without_identifiers
from rapport.understanding.logic.held_out import Folds
from rapport.understanding.logic.views import Chain
from rapport.understanding.sentiment_model import train_shipped
from rapport.understanding.trained import OUT_OF_SCOPE, TrainedModel
from rapport.understanding.updating import Change, correct, find_change, is_small

_DOUBTS_SHOWN = 20
_FOREIGN_SHARE = 0.02
"""A language with a smaller share of the texts is taken for a mistake of language detection."""

Floats = NDArray[np.float32]
Numbers = NDArray[np.int64]


class TrainingDataTooSmall(InvalidInput):
    """At least two labels with two different texts each are needed to train."""

    code = "training_data_too_small"


@dataclass(frozen=True, slots=True)
class Settings:
    """What is asked of a model."""

    risk: float = 0.02
    """Promised share of wrong among answered, 0..1."""
    seed: int = 0
    """Draws the folds."""
    outside_share: float = 0.0
    """Share of messages expected to be about nothing taught, for the promise; those labelled count anyway."""
    reject_share: float = 0.02
    """Share of messages about something taught that may be taken for strangers."""
    previous: TrainedModel | None = None
    """The model so far. Of the same encoders, its sentiment is taken over; and where little changed since its last
    full training, for the same error rate, its heads are only corrected."""


def train(
    examples: Sequence[Example],
    encoders: Panel | Encoder | None,
    *,
    risk: float = 0.02,
    seed: int = 0,
    settings: Settings | None = None,
) -> tuple[TrainedModel, TrainingReport]:
    """Train intents and sentiment, calibrated for `risk` wrong answers among the given ones.

    Args:
        examples: in any order of labels. Parallel translations should stand at the same place within their
            label and language: folds are made by place, so that no text is judged by its own translation.
        encoders: None trains the lexical floor.
        risk: promised error rate, 0..1.
        seed: draws the folds.
        settings: instead of `risk` and `seed`, everything that may be asked.
    Raises: TrainingDataTooSmall: fewer than two labels with two texts each.
    """
    started = time.process_time()
    asked = settings or Settings(risk, seed)
    rows, problems = check_examples(examples)
    labels = _labels(rows)
    panel = Panel.of(encoders)
    before = asked.previous if asked.previous and asked.previous.encoder_id == panel.id else None
    if before and before.report.risk == asked.risk:
        change = find_change(before, rows)
        if is_small(before, change, labels):
            return _corrected(before, rows, change, panel, started)
    texts = [without_identifiers(row.text) for row in rows]
    targets = np.array([labels.index(row.label) for row in rows])
    languages = find_languages(rows)
    heads = fit_heads(texts, targets, languages, labels, Folds.of(rows, asked.seed), panel)
    outside = labels.index(OUT_OF_SCOPE) if OUT_OF_SCOPE in labels else None
    promise = Promise(asked.risk, asked.outside_share, asked.reject_share, outside)
    chains, judged = fit_chains(heads, promise)
    chain = _widest(chains)
    report = TrainingReport(
        version=f"{now():%Y%m%d%H%M%S}-{_digest(rows, panel, asked)}",
        rows=len(rows),
        labels=labels,
        accuracy=judged.accuracy,
        coverage=chain.coverage,
        error_rate=chain.error_rate,
        threshold=chain.threshold,
        cpu_s=0.0,
        risk=asked.risk,
        problems=(*problems, *_doubts(rows, judged.shares, targets, labels), *_promise(chain, asked.risk)),
    )
    sentiment = before.sentiment if before else train_shipped(panel)
    report = replace(report, cpu_s=round(time.process_time() - started, 2))
    model = TrainedModel(
        version=report.version,
        encoders={name: panel.encoder(name).id for name in heads.views if name in panel.makers},
        labels=labels,
        languages=heads.taught,
        rarities=heads.rarities,
        views=heads.views,
        chains=chains,
        texts=tuple(row.text for row in rows),
        targets=tuple(targets.tolist()),
        sentiment=sentiment,
        report=report,
    )
    return model, report


def _corrected(
    before: TrainedModel, rows: Sequence[Example], change: Change, panel: Panel, started: float
) -> tuple[TrainedModel, TrainingReport]:
    languages = find_languages([rows[at] for at in change.added]) if change.added else []
    model = correct(before, rows, languages, change, panel)
    report = replace(
        before.report,
        version=f"{now():%Y%m%d%H%M%S}-{_digest(rows, panel, Settings(before.report.risk))}",
        rows=len(rows),
        labels=model.labels,
        changed_rows=before.report.changed_rows + change.size,
        cpu_s=round(time.process_time() - started, 2),
    )
    return replace(model, version=report.version, report=report), report


def find_languages(rows: Sequence[Example]) -> list[str]:
    """Language of each text: as given, else detected; rare guesses give way to the usual language."""
    found = [row.language or detect_language(row.text, LANGUAGES, None)[0] for row in rows]
    guessed = [not row.language for row in rows]
    counts = Counter(found)
    usual = counts.most_common(1)[0][0]
    rare = {language for language, count in counts.items() if count < _FOREIGN_SHARE * len(rows)}
    return [
        usual if is_guess and language in rare else language.split("-", maxsplit=1)[0]
        for language, is_guess in zip(found, guessed, strict=True)
    ]


def _widest(chains: Mapping[frozenset[str], Chain]) -> Chain:
    """The chain the report speaks of: the one most held-out texts went through, then the longest."""
    return max(chains.values(), key=lambda chain: (len(chain.stages) > 1, chain.rows, len(chain.stages)))


def _labels(rows: Sequence[Example]) -> tuple[str, ...]:
    counts = Counter(row.label for row in rows)
    if sum(count > 1 for count in counts.values()) < 2:
        raise TrainingDataTooSmall(labels=len(counts), rows=len(rows))
    return tuple(sorted(counts))


def _doubts(rows: Sequence[Example], shares: Floats, targets: Numbers, labels: Sequence[str]) -> list[str]:
    """Texts whose label the others contradict most: mislabelled, or on a border worth a decision."""
    best, surest = shares.argmax(axis=1), shares.max(axis=1)
    wrong = np.flatnonzero((best != targets) & (surest > 0.9))
    ranked = wrong[np.argsort(-surest[wrong])][:_DOUBTS_SHOWN].tolist()
    return [f"doubtful: {rows[i].text!r} is {rows[i].label}, reads like {labels[best[i]]}" for i in ranked]


def _promise(chain: Chain, risk: float) -> list[str]:
    if chain.is_certified:
        return []
    return [f"promise: too little data to certify an error rate of {risk:.1%}; the threshold is an estimate"]


def _digest(rows: Sequence[Example], panel: Panel, asked: Settings) -> str:
    content = "\n".join(sorted(f"{row.label}\t{row.text}" for row in rows))
    wanted = f"{asked.risk} {asked.seed} {asked.outside_share} {asked.reject_share}"
    return hashlib.sha256(f"{panel.id}\n{wanted}\n{content}".encode()).hexdigest()[:8]
