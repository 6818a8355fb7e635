"""Fit the logistic layer of the injection detector on the sentences beside this file.

Attacks: ``injection_attacks.yaml``. Ordinary: ``injection_benign.yaml`` (chosen to look like attacks) and the
demonstration's examples. Scores for the threshold are cross-validated in ten parts. Writes
``src/rapport/understanding/data/injection_weights.yaml``; the same input gives the same file.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray

from rapport.understanding.injection import find_wordings
from rapport.understanding.logic.grammar import Finding
from rapport.understanding.logic.injection import Weights, features, score, windows
from rapport.understanding.logic.regression import fit_softmax

HERE = Path(__file__).parent
OUT = HERE.parent / "src/rapport/understanding/data/injection_weights.yaml"
FALSE_ALARMS_ORDINARY, FALSE_ALARMS_HARD = 0.002, 0.12
"""Asked of ordinary messages, and of those chosen to look like attacks [share]."""
L2 = 0.001


def main() -> int:
    """Fit, choose the threshold on held-out scores, write both."""
    attacks = _sentences("injection_attacks.yaml")
    hard = _sentences("injection_benign.yaml")
    ordinary = _examples(HERE.parent / "demo" / "examples")
    texts = attacks + hard + ordinary
    kinds = np.array([1] * len(attacks) + [0] * len(hard) + [2] * len(ordinary))
    found = [find_wordings(text) for text in texts]
    parts = np.random.default_rng(11).integers(0, 10, len(texts))
    held_out = np.zeros(len(texts))
    for part in range(10):
        weights = fit([f for f, p in zip(found, parts, strict=True) if p != part], kinds[parts != part] == 1)
        for i in np.flatnonzero(parts == part):
            held_out[i] = score(found[i], weights)
    threshold = max(
        _threshold(held_out[kinds == 2], FALSE_ALARMS_ORDINARY),
        _threshold(held_out[kinds == 0], FALSE_ALARMS_HARD),
    )
    weights = fit(found, kinds == 1)
    rounded = {
        "intercept": weights.intercept,
        "threshold": round(threshold, 3),
        "families": dict(weights.families),
    }
    OUT.write_text(yaml.safe_dump(rounded, sort_keys=False))
    _report(texts, kinds, held_out, threshold)
    return 0


def fit(found: Sequence[Sequence[Finding]], is_attack: NDArray[np.bool_]) -> Weights:
    """Logistic weights; both classes count alike; texts are weighed by their first window."""
    counted = [features(groups[0]) if (groups := windows(f)) else {} for f in found]
    names = sorted({name for one in counted for name in one})
    matrix = np.array([[one.get(name, 0.0) for name in names] for one in counted], np.float32)
    balance = np.where(is_attack, 1 / is_attack.sum(), 1 / (~is_attack).sum()).astype(np.float32)
    slopes, intercepts = fit_softmax(
        matrix, is_attack.astype(np.int64), balance, classes=2, l2=L2, iterations=300
    )
    slope = slopes[:, 1] - slopes[:, 0]
    return Weights(
        round(float(intercepts[1] - intercepts[0]), 3),
        {name: round(float(value), 3) for name, value in zip(names, slope, strict=True)},
        0.5,
    )


def _threshold(scores: NDArray[Any], share: float) -> float:
    """The least score that at most this share of harmless texts reaches."""
    allowed = int(share * len(scores))
    return float(np.sort(scores)[::-1][allowed]) + 0.001


def _sentences(name: str) -> list[str]:
    data = yaml.safe_load((HERE / name).read_text("utf-8"))
    return [text for texts in data.values() for text in texts]


def _examples(folder: Path) -> list[str]:
    texts: list[str] = []
    for path in sorted(folder.glob("*.yaml")):
        texts += _texts(yaml.safe_load(path.read_text("utf-8")))
    return texts


def _texts(node: object) -> list[str]:
    if isinstance(node, str):
        return [node] if len(node) > 2 else []
    values = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    return [text for value in values for text in _texts(value)]


def _report(texts: list[str], kinds: NDArray[Any], scores: NDArray[Any], threshold: float) -> None:
    reached = scores >= threshold
    names = {1: "attacks", 0: "hard", 2: "ordinary"}
    shares = {name: round(float(reached[kinds == kind].mean()), 4) for kind, name in names.items()}
    sys.stdout.write(f"held out, share reaching {threshold:.3f}: {shares}, rows {len(texts)}\n")
    for kind, is_wrong in ((1, ~reached), (0, reached), (2, reached)):
        for i in np.flatnonzero((kinds == kind) & is_wrong):
            sys.stdout.write(f"  {names[kind]} {scores[i]:.2f} {texts[i][:100]!r}\n")


if __name__ == "__main__":
    raise SystemExit(main())
