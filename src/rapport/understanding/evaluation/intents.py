"""How well intents are read: accuracy, out-of-scope recall, the promise kept, calibration, time, on one's own rows."""

from __future__ import annotations

import resource
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from rapport.understanding.contracts import Context, Example
from rapport.understanding.encoders import Panel, Reading
from rapport.understanding.engine import EmbeddedEngine
from rapport.understanding.evaluation.measures import (
    auroc,
    expected_calibration_error,
    interval,
    macro_f1,
    percentiles,
)
from rapport.understanding.evaluation.rows import BadRows, language_of, read_rows
from rapport.understanding.language import detect_language
from rapport.understanding.logic.cleaning import clean, readable
from rapport.understanding.logic.gate import CONFIDENCE
from rapport.understanding.neutral import without_names
from rapport.understanding.trained import OUT_OF_SCOPE, Prediction, TrainedModel
from rapport.understanding.training import Settings, train

OUTSIDE_SHARE = 0.2
"""Share of out-of-scope messages the promise is made for, when such messages are to be expected."""
PASSING_SHARE = 0.97
"""Share of held-out messages in scope that the out-of-scope rule lets through. Those that come later are a little
stranger than what was written together with the taught ones: about 95 % of them pass."""
_SURE_LANGUAGE = 0.95
TIMED = 200
_CONFUSIONS = 20


@dataclass(frozen=True, slots=True)
class Wish:
    """What to evaluate."""

    outside: str | None = None
    """The label of out-of-scope rows."""
    risk: float = 0.02
    per_class: int | None = None
    """Train on so many rows of each label only."""
    seed: int = 0


@dataclass(frozen=True, slots=True)
class _Judged:
    """One test row and what was said of it."""

    gold: str
    said: Prediction
    language: str

    @property
    def best(self) -> str:
        return self.said.intents[0].name

    @property
    def is_rejected(self) -> bool:
        return self.said.abstention == "out_of_scope"

    @property
    def is_answered(self) -> bool:
        return self.said.abstention is None


def evaluate_intents(train_file: Path, test_file: Path, panel: Panel, wish: Wish) -> dict[str, Any]:
    """Train on one file, test on another.

    Args:
        train_file: rows ``{"text", "label", "lang"?}``.
        test_file: rows of the same form; a label equal to `wish.outside` means out of scope.
        panel: encoders; cached ones leave encoding out of the training time.
        wish: see there.
    Raises: BadRows: unreadable rows, or a test label that is not taught.
    """
    taught = sample(read_examples(train_file, wish.outside), wish.per_class, wish.seed)
    asked = read_examples(test_file, wish.outside)
    unknown = sorted({row.label for row in asked} - {row.label for row in taught} - {OUT_OF_SCOPE})
    if unknown:
        raise BadRows(
            file=test_file.name, count=len(unknown), problems=[f"label {u} is not taught" for u in unknown]
        )
    is_open = wish.outside is not None
    settings = Settings(
        risk=wish.risk,
        seed=wish.seed,
        outside_share=OUTSIDE_SHARE if is_open else 0.0,
        reject_share=1 - PASSING_SHARE if is_open else 0.0,
    )
    started = time.process_time()
    model, report = train(taught, panel, settings=settings)
    train_cpu_s = time.process_time() - started
    judged = judge(model, panel, asked)
    return {
        "rows": len(judged),
        "train_rows": len(taught),
        "labels": len(model.labels),
        **_quality(judged, is_open=is_open),
        "risk": _risk(judged, wish.risk),
        "ece": round(_calibration(judged), 4),
        "train_cpu_s": round(train_cpu_s, 2),
        "ms_per_message": _time_messages(model, panel, [row.text for row in asked]),
        "peak_rss_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
        "model": f"{model.encoder_id} {model.version}",
        "by_language": _by_language(judged),
        "views_asked": _views(judged),
        "confusions": _confusions(judged),
        "findings": list(report.problems),
    }


def sample(rows: Sequence[Example], per_class: int | None, seed: int) -> list[Example]:
    """All rows, or so many of each label, drawn without replacement."""
    if per_class is None:
        return list(rows)
    rng = np.random.default_rng(seed)
    by_label: dict[str, list[Example]] = {}
    for row in rows:
        by_label.setdefault(row.label, []).append(row)
    return [
        group[place]
        for _, group in sorted(by_label.items())
        for place in sorted(rng.permutation(len(group))[:per_class].tolist())
    ]


def judge(model: TrainedModel, panel: Panel, rows: Sequence[Example]) -> list[_Judged]:
    """What a model says of every row, each read as a message would be, its language found anew."""
    languages = tuple(dict.fromkeys((*sorted(model.languages), *Context().languages)))
    found = []
    for row in rows:
        cleaned = readable(clean(row.text))
        language = row.language or _language(cleaned, languages, model)
        text = without_names(cleaned, language, model.ordinary)
        found.append(_Judged(row.label, model.predict(Reading(panel, text, language), panel), language))
    return found


def _language(text: str, languages: tuple[str, ...], model: TrainedModel) -> str:
    """The language of a text; where only one is taught and the guess is unsure, that one."""
    only = next(iter(model.languages)) if len(model.languages) == 1 else None
    language, share = detect_language(text, languages, only)
    return only if only and share < _SURE_LANGUAGE else language


def read_examples(path: Path, outside: str | None) -> list[Example]:
    """Labelled rows of a file; the label `outside` becomes the one for everything out of scope."""
    rows = read_rows(path, ("text", "label"))
    return [
        Example(
            row["text"],
            OUT_OF_SCOPE if outside is not None and row["label"] == outside else row["label"],
            language_of(row),
        )
        for row in rows
    ]


def _quality(judged: Sequence[_Judged], *, is_open: bool) -> dict[str, Any]:
    inside = [row for row in judged if row.gold != OUT_OF_SCOPE]
    outside = [row for row in judged if row.gold == OUT_OF_SCOPE]
    final = [OUT_OF_SCOPE if is_open and row.is_rejected else row.best for row in judged]
    gold = [row.gold for row in judged]
    right = sum(g == f for g, f in zip(gold, final, strict=True)) / max(1, len(judged))
    in_scope = sum(row.best == row.gold for row in inside) / max(1, len(inside))
    rejected = sum(row.is_rejected for row in outside) / max(1, len(outside))
    return {
        "accuracy": round(right, 4),
        "accuracy_interval": _rounded(interval(right, len(judged))),
        "macro_f1": round(macro_f1(gold, final), 4),
        "in_scope_accuracy": round(in_scope, 4),
        "in_scope_interval": _rounded(interval(in_scope, len(inside))),
        "in_scope_passing": round(1 - sum(row.is_rejected for row in inside) / max(1, len(inside)), 4),
        "oos_recall": round(rejected, 4) if outside else None,
        "oos_interval": _rounded(interval(rejected, len(outside))) if outside else None,
        "oos_auroc": round(_auroc(judged), 4) if outside else None,
    }


def _auroc(judged: Sequence[_Judged]) -> float:
    strange = [np.inf if row.best == OUT_OF_SCOPE else -row.said.familiarity for row in judged]
    return auroc(strange, [row.gold == OUT_OF_SCOPE for row in judged])


def _risk(judged: Sequence[_Judged], asked: float) -> dict[str, Any]:
    answered = [row for row in judged if row.is_answered]
    wrong = sum(row.best != row.gold for row in answered)
    inside = [row for row in judged if row.gold != OUT_OF_SCOPE]
    return {
        "asked": asked,
        "error": round(wrong / max(1, len(answered)), 4),
        "coverage": round(len(answered) / max(1, len(judged)), 4),
        "confidence": CONFIDENCE,
        "error_interval": _rounded(interval(wrong / max(1, len(answered)), len(answered))),
        "in_scope_coverage": round(sum(row.is_answered for row in inside) / max(1, len(inside)), 4),
    }


def _calibration(judged: Sequence[_Judged]) -> float:
    inside = [row for row in judged if row.gold != OUT_OF_SCOPE]
    sure = [row.said.intents[0].probability for row in inside]
    return expected_calibration_error(sure, [row.best == row.gold for row in inside])


def _by_language(judged: Sequence[_Judged]) -> dict[str, Any]:
    found = {}
    for language in sorted({row.language for row in judged}):
        rows = [row for row in judged if row.language == language and row.gold != OUT_OF_SCOPE]
        share = sum(row.best == row.gold for row in rows) / max(1, len(rows))
        found[language] = {"rows": len(rows), "in_scope_accuracy": round(share, 4)}
    return found


def _views(judged: Sequence[_Judged]) -> dict[str, float]:
    """Share of rows by what was asked before it was sure."""
    asked = ["+".join(row.said.views) for row in judged]
    return {views: round(asked.count(views) / len(asked), 4) for views in sorted(set(asked))}


def _confusions(judged: Sequence[_Judged]) -> list[dict[str, Any]]:
    pairs: dict[tuple[str, str], int] = {}
    for row in judged:
        if row.gold not in (row.best, OUT_OF_SCOPE):
            pairs[row.gold, row.best] = pairs.get((row.gold, row.best), 0) + 1
    ranked = sorted(pairs.items(), key=lambda pair: -pair[1])[:_CONFUSIONS]
    return [{"gold": gold, "read_as": read, "rows": count} for (gold, read), count in ranked]


def _time_messages(model: TrainedModel, panel: Panel, texts: Sequence[str]) -> dict[str, float]:
    """CPU time of the whole engine, not only of intents, per message [ms]; rows evenly spaced over the file."""
    engine = EmbeddedEngine(model, panel.uncached())
    chosen = [texts[i] for i in np.linspace(0, len(texts) - 1, min(TIMED, len(texts))).astype(int).tolist()]
    for text in chosen[:5]:
        engine.understand(text + " ", Context())
    spent, encoding = [], []
    for text in chosen:
        started = time.thread_time()
        read = engine.understand(text + ".", Context())
        spent.append((time.thread_time() - started) * 1000)
        encoding.append(read.encode_ms)
    mean, encoders = float(np.mean(spent)), float(np.mean(encoding))
    return {**percentiles(spent), "mean": round(mean, 3), "encoders_mean": round(encoders, 3)}


def _rounded(pair: tuple[float, float]) -> list[float]:
    return [round(value, 4) for value in pair]
