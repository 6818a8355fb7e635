"""Intents beside their floors: TF-IDF with a linear separator, and MiniLM with a logistic head, on the same rows.

    python evals/intents_floors.py --train F --test F [--per-class N] [--seeds 5] [--cache DIR]

Files as for `rapport evaluate intents`, without out-of-scope rows. Needs scikit-learn, which the product does not.
With `--per-class`, every seed draws the rows anew, the same for the floors and for ours.
"""

from __future__ import annotations

import argparse
import importlib.util
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from rapport.understanding.contracts import Encoder, Example
from rapport.understanding.encoders import DiskCachedEncoder, Panel, load_panel
from rapport.understanding.encoders.minilm import MiniLmEncoder
from rapport.understanding.evaluation.intents import judge, read_examples, sample
from rapport.understanding.evaluation.measures import accuracy
from rapport.understanding.training import Settings, train


def words_floor(taught: Sequence[Example], asked: Sequence[Example]) -> float:
    """Accuracy of word and character n-grams under a linear support vector machine."""
    from scipy.sparse import hstack  # noqa: PLC0415 - not part of the product
    from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415 - not part of the product
    from sklearn.svm import LinearSVC  # noqa: PLC0415 - not part of the product

    kinds = [
        TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True),
        TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True),
    ]
    rows = hstack([kind.fit_transform([row.text for row in taught]) for kind in kinds]).tocsr()
    asked_rows = hstack([kind.transform([row.text for row in asked]) for kind in kinds]).tocsr()
    fitted = LinearSVC(C=1.0).fit(rows, [row.label for row in taught])
    return accuracy([row.label for row in asked], fitted.predict(asked_rows).tolist())


def encoder_floor(taught: Sequence[Example], asked: Sequence[Example], encoder: Encoder) -> float:
    """Accuracy of a logistic head on MiniLM's vectors."""
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 - not part of the product

    fitted = LogisticRegression(C=30, max_iter=300).fit(
        encoder.queries([row.text for row in taught]), [row.label for row in taught]
    )
    found = fitted.predict(encoder.queries([row.text for row in asked]))
    return accuracy([row.label for row in asked], found.tolist())


def ours(taught: Sequence[Example], asked: Sequence[Example], panel: Panel, seed: int) -> float:
    """Accuracy of the embedded engine's heads."""
    model, _ = train(taught, panel, settings=Settings(seed=seed))
    return accuracy([row.label for row in asked], [row.best for row in judge(model, panel, asked)])


def _published_minilm(cache: Path | None) -> Encoder:
    """MiniLM with the plain mean it was published with; ours weighs words."""
    encoder = MiniLmEncoder(is_weighted=False)
    return encoder if cache is None else DiskCachedEncoder(encoder, cache / "minilm_published.npz")


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--train", type=Path, required=True)
    parser.add_argument("--test", type=Path, required=True)
    parser.add_argument("--per-class", type=int)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--cache", type=Path)
    options = parser.parse_args()
    if importlib.util.find_spec("sklearn") is None:
        sys.stderr.write("scikit-learn is not installed: the floors cannot be run\n")
        return 0
    if not (options.train.is_file() and options.test.is_file()):
        sys.stderr.write("no such data: nothing was measured\n")
        return 0
    panel = load_panel() if options.cache is None else load_panel().cached(options.cache)
    everything, asked = read_examples(options.train, None), read_examples(options.test, None)
    published = _published_minilm(options.cache)
    published.queries([row.text for row in asked])
    seeds = range(options.seeds if options.per_class else 1)
    rows = []
    for seed in seeds:
        taught = sample(everything, options.per_class, seed)
        rows.append(
            (
                words_floor(taught, asked),
                encoder_floor(taught, asked, published),
                ours(taught, asked, panel, seed),
            )
        )
    mean, spread = np.mean(rows, axis=0) * 100, np.std(rows, axis=0) * 100
    for name, value, deviation in zip(
        ("TF-IDF + SVM", "MiniLM + logistic", "Rapport"), mean, spread, strict=True
    ):
        sys.stdout.write(f"{name:20} {value:6.2f} ± {deviation:.2f}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
