"""How well feelings are read: on labelled rows, by language, with intervals, and whether names move them."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rapport.kernel.languages import LANGUAGES
from rapport.understanding.encoders import Panel
from rapport.understanding.evaluation.measures import accuracy, interval, macro_f1, percentiles
from rapport.understanding.evaluation.name_swaps import name_swaps
from rapport.understanding.evaluation.rows import BadRows, language_of, read_rows
from rapport.understanding.examples import load_sentiment_examples
from rapport.understanding.language import detect_language
from rapport.understanding.logic.cleaning import clean
from rapport.understanding.logic.regression import softmax
from rapport.understanding.sentiment_encoders import encode_served
from rapport.understanding.sentiment_model import SentimentModel, train_sentiment_model, train_shipped

LEVELS = ("negative", "neutral", "positive")
LEAST_TO_ADAPT = 50
"""Texts of an unknown language from which on its usual scores are estimated; as many count as doubt."""
TIMED = 100
_NAMES = {"very_negative": "negative", "very_positive": "positive", "neg": "negative", "pos": "positive"}

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Row:
    """One labelled text."""

    text: str
    label: str
    language: str


@dataclass(frozen=True, slots=True)
class Scored:
    """Scores of one language's rows."""

    plain: Floats
    adapted: Floats
    is_adapted: bool


def evaluate_sentiment(
    test: Path, train: Path | None, installed: Panel, cache: Path | None = None
) -> dict[str, Any]:
    """Accuracy, macro-F1, both by language, time, and name swaps.

    Args:
        test: rows ``{"text", "label", "lang"?}``.
        train: rows of the same form to train on; the shipped texts without it.
        installed: the encoders; an empty panel leaves words and visible cues.
        cache: folder that keeps vectors between calls; training time then leaves encoding out.
    Raises: BadRows: an unknown label or an unreadable row, with its line.
    """
    gold, taught = read_labelled(test, train)
    for name in installed.names:
        installed.encoder(name)  # loading is not training
    panel = installed if cache is None else installed.cached(cache)
    started = time.process_time()
    model, languages = _trained(taught, panel)
    train_cpu_s = time.process_time() - started
    plain = _by_language(model, languages, gold, panel)
    offered = sorted({row.label for row in gold} | {row.label for row in taught}, key=LEVELS.index)
    return {
        **_figures(gold, plain, model, offered),
        "labels": offered,
        "adapted_languages": sorted(name for name, scored in plain.items() if scored.is_adapted),
        "rows": len(gold),
        "training_rows": len(taught) or len(load_sentiment_examples()),
        "ms_per_message": _timed(model, installed, gold),
        "train_cpu_s": round(train_cpu_s, 2),
        "model": "+".join(["words", "cues", *(panel.encoder(name).id for name in sorted(model.encoders))]),
        "fairness": name_swaps(lambda texts: _values(model, languages, texts, panel)),
    }


def read_labelled(test: Path, train: Path | None) -> tuple[list[Row], list[Row]]:
    """Rows of both files with one of three labels each.

    Names count as they are (five levels become three); of numbers, -1/0/1 where a -1 occurs in either file, 0/1
    where nothing else occurs in both (negative, positive), else 0/1/2.
    """
    raw = [read_rows(path) if path else [] for path in (test, train)]
    given = {str(row.get("label")) for rows in raw for row in rows}
    if "-1" in given:
        numbers = {"-1": "negative", "0": "neutral", "1": "positive"}
    elif given <= {"0", "1"}:
        numbers = {"0": "negative", "1": "positive"}
    else:
        numbers = {"0": "negative", "1": "neutral", "2": "positive"}
    known = {**{level: level for level in LEVELS}, **_NAMES, **numbers}
    problems = [
        f"line {row['line']}: unknown label {row.get('label')!r}"
        for rows in raw
        for row in rows
        if str(row.get("label")).lower() not in known
    ]
    if problems:
        raise BadRows(file=test.name, count=len(problems), problems=problems[:20])
    parsed = [
        [Row(clean(row["text"]), known[str(row["label"]).lower()], _language(row)) for row in rows]
        for rows in raw
    ]
    return parsed[0], parsed[1]


def _language(row: Mapping[str, Any]) -> str:
    return language_of(row) or detect_language(clean(row["text"]), LANGUAGES, None, {})[0]


def _trained(taught: Sequence[Row], panel: Panel) -> tuple[SentimentModel, set[str]]:
    """A model from the rows given, or from the shipped texts, and the languages of its texts."""
    if not taught:
        return train_shipped(panel), {str(row.language) for row in load_sentiment_examples()}
    texts, languages = [row.text for row in taught], [row.language for row in taught]
    order = [level for level in LEVELS if any(row.label == level for row in taught)]
    if len(order) < 2:
        raise BadRows(file="train", count=1, problems=["fewer than two labels"])
    encoded = encode_served(panel, texts, languages)
    return train_sentiment_model(texts, [row.label for row in taught], encoded, order=order), set(languages)


def _by_language(
    model: SentimentModel, known: set[str], rows: Sequence[Row], panel: Panel
) -> dict[str, Scored]:
    """Scores of each language's rows, in order."""
    found = {}
    for language in sorted({row.language for row in rows}):
        texts = [row.text for row in rows if row.language == language]
        vectors = encode_served(panel, texts, [language] * len(texts)).vectors
        is_known = language in known
        scores = model.scores(texts, vectors, knows_language=is_known)
        is_adapted = not is_known and bool(vectors) and len(texts) >= LEAST_TO_ADAPT
        usual = model.usual[model.present(vectors, knows_language=is_known)]
        found[language] = Scored(scores, _adapted(scores, usual) if is_adapted else scores, is_adapted)
    return found


def _adapted(scores: Floats, usual: Floats) -> Floats:
    """Scores shifted towards the training texts' mean: the language's own offset, from texts without labels."""
    share = np.float32(len(scores) / (len(scores) + LEAST_TO_ADAPT))
    return np.asarray(scores - share * (scores.mean(axis=0) - usual), np.float32)


def _figures(
    rows: Sequence[Row], by_language: Mapping[str, Scored], model: SentimentModel, offered: Sequence[str]
) -> dict[str, Any]:
    """Everything measured on the labels found."""
    gold = [row.label for row in rows]
    found, unadapted = (
        _in_order(
            rows, {name: _three(softmax(scores), model.labels, offered) for name, scores in kind.items()}
        )
        for kind in (
            {name: scored.adapted for name, scored in by_language.items()},
            {name: scored.plain for name, scored in by_language.items()},
        )
    )
    return {
        "accuracy": round(accuracy(gold, found), 4),
        "macro_f1": round(macro_f1(gold, found), 4),
        "macro_f1_unadapted": round(macro_f1(gold, unadapted), 4),
        "per_language": _per_language(rows, found, unadapted),
        "intervals": {
            "accuracy": [round(bound, 4) for bound in interval(accuracy(gold, found), len(rows))],
            "macro_f1": _bootstrap(gold, found),
        },
    }


def _in_order(rows: Sequence[Row], by_language: Mapping[str, Sequence[str]]) -> list[str]:
    queues = {language: iter(labels) for language, labels in by_language.items()}
    return [next(queues[row.language]) for row in rows]


def _three(shares: Floats, labels: Sequence[str], offered: Sequence[str]) -> list[str]:
    sums = np.zeros((len(shares), len(offered)), np.float32)
    for number, label in enumerate(labels):
        level = _NAMES.get(label, label)
        if level in offered:
            sums[:, list(offered).index(level)] += shares[:, number]
    return [offered[place] for place in sums.argmax(axis=1).tolist()]


def _per_language(
    rows: Sequence[Row], found: Sequence[str], unadapted: Sequence[str]
) -> dict[str, dict[str, float]]:
    tables = {}
    for language in sorted({row.language for row in rows}):
        places = [place for place, row in enumerate(rows) if row.language == language]
        gold = [rows[place].label for place in places]
        tables[language] = {
            "macro_f1": round(macro_f1(gold, [found[place] for place in places]), 4),
            "macro_f1_unadapted": round(macro_f1(gold, [unadapted[place] for place in places]), 4),
            "accuracy": round(accuracy(gold, [found[place] for place in places]), 4),
            "rows": len(places),
        }
    return tables


def _bootstrap(gold: Sequence[str], found: Sequence[str], rounds: int = 200) -> list[float]:
    """95 % percentile interval of macro-F1 over resampled rows."""
    draws = np.random.default_rng(0)
    tried = []
    for _ in range(rounds):
        places = draws.integers(0, len(gold), len(gold)).tolist()
        tried.append(macro_f1([gold[place] for place in places], [found[place] for place in places]))
    return [round(float(np.quantile(tried, share)), 4) for share in (0.025, 0.975)]


def _timed(model: SentimentModel, panel: Panel, rows: Sequence[Row]) -> dict[str, Any]:
    """CPU time of single messages [ms]: all of it, and without the encoders."""
    whole, alone = [], []
    for row in rows[:: max(1, len(rows) // TIMED)][:TIMED]:
        fresh = f"{row.text} ."  # not a text whose vector an encoder still remembers
        started = time.thread_time()
        vectors = encode_served(panel, [fresh], [row.language]).vectors
        encoded = time.thread_time()
        model.shares(fresh, {name: vector[0] for name, vector in vectors.items()})
        whole.append((time.thread_time() - started) * 1000)
        alone.append((time.thread_time() - encoded) * 1000)
    return {**percentiles(whole), "without_encoders": percentiles(alone)}


def _values(model: SentimentModel, known: set[str], texts: Sequence[str], panel: Panel) -> list[float]:
    """Score of each text, -1..1."""
    languages = [detect_language(text, LANGUAGES, None, {})[0] for text in texts]
    values = np.zeros(len(texts))
    worth = np.linspace(-1, 1, len(model.labels)).astype(np.float32)
    for language in sorted(set(languages)):
        chosen = [place for place, found in enumerate(languages) if found == language]
        some = [texts[place] for place in chosen]
        vectors = encode_served(panel, some, [language] * len(some)).vectors
        values[chosen] = softmax(model.scores(some, vectors, knows_language=language in known)) @ worth
    return [round(float(value), 6) for value in values]
