"""When to answer: sure enough and familiar enough, chosen on held-out texts for a promised error rate."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rapport.understanding.logic.calibration import upper_bound

Floats = NDArray[np.float32]
Flags = NDArray[np.bool_]

CONFIDENCE = 0.95
_STRICTER = (0.0, 0.04, 0.08, 0.14, 0.2, 0.3)
"""Further shares of known texts that may be given up to keep strangers out."""
_CANDIDATES = 250
_TELLING = 20
"""Texts below a quantile from which on it is worth telling those read right from the others."""


@dataclass(frozen=True, slots=True)
class Judged:
    """Held-out texts with what would have been answered, shape ``(n,)`` each."""

    probabilities: Floats
    """Calibrated probability of the best intent; 0 where the answer would be "none of ours"."""
    familiarity: Floats
    wrong: Flags


@dataclass(frozen=True, slots=True)
class Gate:
    """From where on an answer is given."""

    threshold: float
    """Least probability."""
    least_familiarity: float
    """Below it a text is out of scope."""
    answer_familiarity: float
    """Below it a text is not answered, though it may be about something taught."""
    coverage: float
    """Share of held-out texts of known intents answered."""
    error_rate: float
    """Wrong among answered, strangers included at their assumed share."""
    bound: float
    """Upper confidence bound of the error rate."""
    is_certified: bool
    """Whether the bound, not only the estimate, keeps the promise."""


def choose_gate(
    known: Judged, strangers: Judged, *, risk: float, outside_share: float, reject_share: float
) -> Gate:
    """The gate that answers most while wrong answers stay below `risk` among the answered.

    Args:
        known: held-out texts of taught intents.
        strangers: texts none of whose intents is known; any answer to them is wrong. May be empty.
        risk: promised share of wrong among answered, 0..1.
        outside_share: share of strangers in what will come, 0..1; 0 counts known texts only.
        reject_share: share of the known texts read right that the familiarity rule may always reject; to reject one
            that would have been misread anyway costs nothing.

    Bounds are Clopper-Pearson, one for wrong among answered known texts and one for answered strangers, each at
    half the error of `CONFIDENCE` where both count. With too little data to certify anything, the estimate
    ``(wrong + 1) / (answered + 1)`` has to keep the promise; failing that, the probability itself.
    """
    share = outside_share if len(strangers.wrong) else 0.0
    quantiles = [min(0.9, reject_share + more) for more in (_STRICTER if share else _STRICTER[:1])]
    read_right = known.familiarity[~known.wrong]
    counted = read_right if reject_share * len(read_right) >= _TELLING else known.familiarity
    limits = [float(np.quantile(counted, q)) for q in quantiles]
    found: list[Gate] = []
    for certify in (True, False):
        for limit in limits:
            kept = [
                np.where(part.familiarity >= limit, part.probabilities, 0).astype(np.float32)
                for part in (known, strangers)
            ]
            gate = _lowest(kept[0], known.wrong, kept[1], risk, share, certify=certify)
            if gate is not None:
                found.append(Gate(gate[0], limits[0], limit, *gate[1:], is_certified=certify))
        if found:
            return max(found, key=lambda gate: gate.coverage)
    kept_known = np.where(known.familiarity >= limits[0], known.probabilities, 0)
    return _plain(kept_known, known.wrong, 1 - risk, limits[0])


def _lowest(
    known: Floats, wrong: Flags, strangers: Floats, risk: float, share: float, *, certify: bool
) -> tuple[float, float, float, float] | None:
    """Threshold, coverage, error rate and bound of the lowest threshold that keeps the promise."""
    order = np.argsort(-known, kind="stable")
    ranked, errors = known[order], np.cumsum(wrong[order])
    outside = np.sort(strangers)
    ends = np.flatnonzero(np.append(ranked[1:] != ranked[:-1], True) & (ranked > 0))
    if not len(ends):
        return None
    picked = ends[np.unique(np.linspace(0, len(ends) - 1, _CANDIDATES).astype(int))]
    for end in picked[::-1].tolist():
        answered, failed = end + 1, int(errors[end])
        if failed > 1.5 * risk * answered + 1:
            continue
        let_in = len(outside) - int(np.searchsorted(outside, ranked[end], "left"))
        rates = _rates(failed, answered, let_in, len(outside), share, certify=certify)
        bound = _mixed(rates[0], answered / len(known), rates[1], share)
        if bound <= risk:
            estimate = _mixed(failed / answered, answered / len(known), let_in / max(1, len(outside)), share)
            return float(ranked[end]), answered / len(known), estimate, bound
    return None


def _rates(
    failed: int, answered: int, let_in: int, outside: int, share: float, *, certify: bool
) -> tuple[float, float]:
    """Bounds (or cautious estimates) of wrong among answered known texts, and of answered strangers."""
    if not certify:
        return (failed + 1) / (answered + 1), (let_in + 1) / (outside + 1) if share else 0.0
    level = CONFIDENCE if not share else (1 + CONFIDENCE) / 2
    return upper_bound(failed, answered, level), upper_bound(let_in, outside, level) if share else 0.0


def _mixed(wrong_share: float, answered_share: float, let_in_share: float, share: float) -> float:
    """Wrong among answered when strangers are `share` of what comes."""
    answered, strangers = (1 - share) * answered_share, share * let_in_share
    return (answered * wrong_share + strangers) / max(answered + strangers, 1e-12)


def _plain(known: Floats, wrong: Flags, threshold: float, limit: float) -> Gate:
    taken = known >= threshold
    failed, answered = int((taken & wrong).sum()), int(taken.sum())
    rate = failed / max(1, answered)
    bound = upper_bound(failed, answered, CONFIDENCE) if answered else 1.0
    return Gate(threshold, limit, limit, answered / max(1, len(known)), rate, bound, is_certified=False)
