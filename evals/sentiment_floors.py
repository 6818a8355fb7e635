"""Sentiment beside its floors: TF-IDF with a linear separator, and each frozen encoder with a logistic head.

    python evals/sentiment_floors.py --train F --test F [--cache DIR]

Files as for `rapport evaluate sentiment`. Needs scikit-learn, which the product does not; the floors get the best
of several penalties on the test rows themselves, so they are generous.
"""

from __future__ import annotations

import argparse
import importlib.util
import sys
from pathlib import Path

import numpy as np

from rapport.understanding.encoders import load_panel
from rapport.understanding.evaluation.measures import macro_f1
from rapport.understanding.evaluation.sentiment import Row, evaluate_sentiment, read_labelled
from rapport.understanding.sentiment_encoders import encode_served


def words_floor(train: list[Row], test: list[Row]) -> dict[str, float]:
    """Macro-F1 by language of word and character n-grams under a linear support vector machine."""
    from scipy.sparse import hstack  # noqa: PLC0415 - not part of the product
    from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415 - not part of the product
    from sklearn.svm import LinearSVC  # noqa: PLC0415 - not part of the product

    kinds = [
        TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True),
        TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, min_df=2),
    ]
    taught = hstack([kind.fit_transform([row.text for row in train]) for kind in kinds]).tocsr()
    asked = hstack([kind.transform([row.text for row in test]) for kind in kinds]).tocsr()
    labels = [row.label for row in train]
    return best(test, [LinearSVC(C=cost).fit(taught, labels).predict(asked) for cost in (0.1, 0.3, 1.0)])


def encoder_floors(train: list[Row], test: list[Row], cache: Path | None) -> dict[str, dict[str, float]]:
    """The same of a logistic head on each encoder that serves every training row."""
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 - not part of the product

    panel = load_panel()
    for name in panel.names:
        panel.encoder(name)
    panel = panel if cache is None else panel.cached(cache)
    taught = encode_served(panel, [row.text for row in train], [row.language for row in train])
    asked = encode_served(panel, [row.text for row in test], [row.language for row in test])
    labels = [row.label for row in train]
    found = {}
    for name, vectors in taught.vectors.items():
        if taught.served[name].all() and name in asked.vectors:
            heads = [LogisticRegression(C=cost, max_iter=2000).fit(vectors, labels) for cost in (1.0, 10.0)]
            found[name] = best(test, [head.predict(asked.vectors[name]) for head in heads])
    return found


def best(test: list[Row], tried: list[np.ndarray]) -> dict[str, float]:
    """The best macro-F1 of each language over the tries."""
    figures = {}
    for language in sorted({row.language for row in test}):
        places = [place for place, row in enumerate(test) if row.language == language]
        gold = [test[place].label for place in places]
        figures[language] = max(macro_f1(gold, [str(found[place]) for place in places]) for found in tried)
    return figures


def main() -> int:
    """Print one line per reader."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--train", type=Path, required=True)
    parser.add_argument("--test", type=Path, required=True)
    parser.add_argument("--cache", type=Path)
    arguments = parser.parse_args()
    if not (arguments.train.is_file() and arguments.test.is_file()):
        sys.stdout.write("skipped: no such data; see docs/reference/evaluation.md\n")
        return 0
    if importlib.util.find_spec("sklearn") is None:
        sys.stdout.write("skipped: the floors need scikit-learn\n")
        return 0
    test, train = read_labelled(arguments.test, arguments.train)
    ours = evaluate_sentiment(arguments.test, arguments.train, load_panel(), arguments.cache)
    rows = {
        "words": words_floor(train, test),
        **encoder_floors(train, test, arguments.cache),
        "rapport": {name: one["macro_f1"] for name, one in ours["per_language"].items()},
        "unadapted": {name: one["macro_f1_unadapted"] for name, one in ours["per_language"].items()},
    }
    sys.stdout.write("".join(f"{name:>10}" for name in ("", *rows["words"], "mean")) + "\n")
    for name, figures in rows.items():
        shown = [*figures.values(), sum(figures.values()) / len(figures)]
        sys.stdout.write(f"{name:>10}" + "".join(f"{value:10.3f}" for value in shown) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
