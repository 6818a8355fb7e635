"""Groups of unsolved requests beside their floor: TF-IDF of words and k-means with as many groups as there are labels.

    python evals/issues_floor.py --test F [--seeds 5]

Files as for `rapport evaluate issues`. Needs scikit-learn, which the product does not. The floor is told the number of
labels; ours is not.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from pathlib import Path

from rapport.insights.grouping import LEAST
from rapport.insights.logic.measuring import Agreement, agree
from rapport.understanding.evaluation.rows import read_rows


def floor(texts: list[str], labels: list[str], seed: int) -> Agreement:
    """K-means on TF-IDF."""
    from sklearn.cluster import KMeans  # noqa: PLC0415 - not part of the product
    from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415 - not part of the product

    rows = TfidfVectorizer(sublinear_tf=True).fit_transform(texts)
    found = KMeans(n_clusters=len(set(labels)), n_init=5, random_state=seed).fit_predict(rows)
    return agree(labels, found.tolist(), LEAST)


def main() -> int:
    """Print the means over seeds."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--test", type=Path, required=True)
    parser.add_argument("--seeds", type=int, default=5)
    options = parser.parse_args()
    rows = read_rows(options.test, ("text", "label"))
    texts, labels = [str(row["text"]) for row in rows], [str(row["label"]) for row in rows]
    found = [floor(texts, labels, seed) for seed in range(options.seeds)]
    v, purity = statistics.fmean(f.v_measure for f in found), statistics.fmean(f.purity for f in found)
    share = statistics.fmean(f.found / max(1, f.labels) for f in found)
    sys.stdout.write(f"v_measure {v:.4f}  purity {purity:.4f}  labels found {share:.4f}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
