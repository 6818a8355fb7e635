"""How well feelings are read: on labelled rows, by language, with intervals, and whether names move them."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rapport.understanding.contracts import Encoder
from rapport.understanding.evaluation.measures import accuracy, interval, macro_f1, percentiles
from rapport.understanding.evaluation.name_swaps import name_swaps
from rapport.understanding.evaluation.rows import BadRows, read_rows
from rapport.understanding.examples import load_sentiment_examples
from rapport.understanding.language import detect_language
from rapport.understanding.logic.cleaning import clean
from rapport.understanding.logic.regression import softmax
from rapport.understanding.sentiment_encoders import cached, encode_all, knows
from rapport.understanding.sentiment_model import SentimentModel, train_sentiment_model
from rapport.understanding.trained import SENTIMENTS

LEVELS = ("negative", "neutral", "positive")
LEAST_TO_ADAPT = 50
"""Texts of an unknown language from which on its usual scores are estimated; as many count as doubt."""
TIMED = 100
_NAMES = {"very_negative": "negative", "very_positive": "positive", "neg": "negative", "pos": "positive"}
_LANGUAGES = {
    "arabic": "ar", "chinese": "zh", "czech": "cs", "english": "en", "french": "fr", "german": "de", "hindi": "hi",
    "italian": "it", "portuguese": "pt", "russian": "ru", "spanish": "es",
}  # fmt: skip
_DETECTED = ("en", "cs", "de", "es", "ru", "zh")

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Row:
    """One labelled text."""

    text: str
    label: str
    language: str


def evaluate_sentiment(
    test: Path, train: Path | None, installed: Mapping[str, Encoder], cache: Path | None = None
) -> dict[str, Any]:
    """Accuracy, macro-F1, both by language, time, and name swaps.

    Args:
        test: rows ``{"text", "label", "lang"?}``.
        train: rows of the same form to train on; the shipped texts without it.
        installed: encoders by name; none leaves words and visible cues.
        cache: folder that keeps vectors between calls; training time then leaves encoding out.
    Raises: BadRows: an unknown label or an unreadable row, with its line.
    """
    gold, taught = read_labelled(test, train)
    encoders = cached(installed, cache)
    started = time.process_time()
    model, languages = _trained(taught, encoders)
    train_cpu_s = time.process_time() - started
    offered = sorted({row.label for row in gold} | {row.label for row in taught}, key=LEVELS.index)
    plain = _by_language(model, languages, gold, encoders)
    adapted = {
        language: scores if language in languages or not encoders else _adapted(scores, *place)
        for language, (scores, *place) in plain.items()
    }
    wanted = [row.label for row in gold]
    found, unadapted = (
        _labels(model, adapted, gold, offered),
        _labels(model, {language: scores for language, (scores, *_) in plain.items()}, gold, offered),
    )
    return {
        "accuracy": round(accuracy(wanted, found), 4),
        "macro_f1": round(macro_f1(wanted, found), 4),
        "macro_f1_unadapted": round(macro_f1(wanted, unadapted), 4),
        "per_language": _per_language(gold, found, unadapted),
        "intervals": {
            "accuracy": [round(bound, 4) for bound in interval(accuracy(wanted, found), len(gold))],
            "macro_f1": _bootstrap(wanted, found),
        },
        "labels": offered,
        "adapted_languages": sorted(set(plain) - languages) if encoders else [],
        "rows": len(gold),
        "training_rows": len(taught) or len(load_sentiment_examples()),
        "ms_per_message": _timed(model, installed, gold),
        "train_cpu_s": round(train_cpu_s, 2),
        "model": "+".join(["words", "cues", *(encoder.id for encoder in encoders.values())]),
        "fairness": name_swaps(lambda texts: _values(model, texts, encoders)),
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
    given = row.get("lang")
    if isinstance(given, str) and given:
        return _LANGUAGES.get(given.lower(), given.lower())
    return detect_language(clean(row["text"]), _DETECTED, None, {})[0]


def _trained(taught: Sequence[Row], encoders: Mapping[str, Encoder]) -> tuple[SentimentModel, set[str]]:
    """A model from the rows given, or from the shipped texts, and the languages of its texts."""
    if not taught:
        examples = load_sentiment_examples()
        texts = [clean(example.text) for example in examples]
        vectors = encode_all(encoders, texts)
        model = train_sentiment_model(
            texts, [example.label for example in examples], vectors, order=SENTIMENTS
        )
        return model, {str(example.language) for example in examples}
    texts = [row.text for row in taught]
    order = [level for level in LEVELS if any(row.label == level for row in taught)]
    if len(order) < 2:
        raise BadRows(file="train", count=1, problems=["fewer than two labels"])
    model = train_sentiment_model(
        texts, [row.label for row in taught], encode_all(encoders, texts), order=order
    )
    return model, {row.language for row in taught}


def _by_language(
    model: SentimentModel, languages: set[str], rows: Sequence[Row], encoders: Mapping[str, Encoder]
) -> dict[str, tuple[Floats, Floats, int]]:
    """Scores of each language's rows in order, the training texts' mean scores, and the number of rows."""
    found = {}
    for language in sorted({row.language for row in rows}):
        texts = [row.text for row in rows if row.language == language]
        vectors = encode_all({n: e for n, e in encoders.items() if knows(n, language)}, texts)
        is_known = language in languages
        scores = model.scores(texts, vectors, knows_language=is_known)
        usual = model.usual[model.present(vectors, knows_language=is_known)]
        found[language] = (scores, usual, len(texts))
    return found


def _adapted(scores: Floats, usual: Floats, rows: int) -> Floats:
    """Scores shifted towards the training texts' mean: the language's own offset, from texts without labels."""
    if rows < LEAST_TO_ADAPT:
        return scores
    share = np.float32(rows / (rows + LEAST_TO_ADAPT))
    return scores - share * (scores.mean(axis=0) - usual)


def _labels(
    model: SentimentModel, by_language: Mapping[str, Any], rows: Sequence[Row], offered: Sequence[str]
) -> list[str]:
    """The most probable of the labels offered, row by row."""
    queues = {}
    for language, found in by_language.items():
        scores = found[0] if isinstance(found, tuple) else found
        queues[language] = iter(_three(softmax(scores), model.labels, offered))
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


def _timed(model: SentimentModel, encoders: Mapping[str, Encoder], rows: Sequence[Row]) -> dict[str, Any]:
    """CPU time of single messages [ms]: all of it, and without the encoders."""
    whole, alone = [], []
    for row in rows[:: max(1, len(rows) // TIMED)][:TIMED]:
        started = time.thread_time()
        fresh = f"{row.text} ."  # not a text whose vector an encoder still remembers
        vectors = encode_all({n: e for n, e in encoders.items() if knows(n, row.language)}, [fresh])
        encoded = time.thread_time()
        model.shares(row.text, {name: vector[0] for name, vector in vectors.items()})
        whole.append((time.thread_time() - started) * 1000)
        alone.append((time.thread_time() - encoded) * 1000)
    return {**percentiles(whole), "without_encoders": percentiles(alone)}


def _values(model: SentimentModel, texts: Sequence[str], encoders: Mapping[str, Encoder]) -> list[float]:
    """Score of each text, -1..1."""
    shares = softmax(model.scores(texts, encode_all(encoders, texts)))
    worth = np.linspace(-1, 1, len(model.labels)).astype(np.float32)
    return [round(float(value), 6) for value in shares @ worth]
