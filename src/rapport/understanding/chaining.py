"""Fitting chains: pools, stops and thresholds, all on texts their heads had not seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from rapport.understanding.encoders.panel import NAMES, serves
from rapport.understanding.fitting import FittedHeads
from rapport.understanding.logic.calibration import upper_bound
from rapport.understanding.logic.familiarity import Scale, held_out_nearness, likeliest
from rapport.understanding.logic.gate import CONFIDENCE, Judged, choose_gate
from rapport.understanding.logic.pooling import fit_pool, log_shares
from rapport.understanding.logic.views import WORDS, Chain, Stage, plan_stages
from rapport.understanding.trained import LIKELY_RISK_FACTOR, is_enough

_ENOUGH_ROWS = 200
"""Held-out texts in a chain's own languages from which on only they set its thresholds."""
_ENOUGH_STRANGERS = 50
"""Labelled texts about nothing taught from which on they, not simulated ones, stand for strangers."""
_STOP_COSTS = 0.004
"""Share of stopped texts that later stages alone would have read right: its upper bound stays below this."""
_STOP_NET = 0.0005
"""The same less the texts that later stages alone would have read wrong, as counted."""
_STOP_FAMILIARITY = 0.3
"""Quantile of familiarity a text must reach for a stop."""
_SURE = 0.5
_STOPS_TRIED = 200
_NEVER = 2.0
_ABSENT = np.float32(-1e4)
_UNTAUGHT = ("en", "de", "cs")
"""Languages that stand for all others in what encoders serve them."""

Floats = NDArray[np.float32]
Numbers = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Promise:
    """What thresholds are chosen for; see `training.Settings`."""

    risk: float
    outside_share: float
    reject_share: float
    outside_label: int | None
    """The label of examples about nothing taught, where there are any."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The held-out quality of the whole."""

    shares: Floats
    """Probabilities each text was given by the chain of its language, shape ``(n, k)``."""
    accuracy: float


@dataclass(frozen=True, slots=True)
class _Walk:
    """What a chain says of many texts, shape ``(n,)`` each but the first."""

    pooled: Floats
    """Log-probabilities, shape ``(n, k)``."""
    best: Numbers
    familiarity: Floats

    @property
    def probabilities(self) -> Floats:
        return np.asarray(np.exp(self.pooled.max(axis=1)), np.float32)


def fit_chains(heads: FittedHeads, promise: Promise) -> tuple[dict[frozenset[str], Chain], Verdict]:
    """A chain for every language there may be, with all encoders present and with dearer ones missing."""
    chains: dict[frozenset[str], Chain] = {}
    shares = np.zeros_like(heads.held_out[WORDS].scores)
    for language in (*sorted(heads.taught), *_UNTAUGHT):
        readers = [name for name in NAMES if name in heads.views and serves(name, language)]
        for count in range(len(readers) + 1):
            chosen = [(name, is_enough(name, len(heads.targets))) for name in readers[:count]]
            plan = plan_stages(language, heads.taught, chosen)
            if frozenset(plan[-1]) not in chains:
                chains[frozenset(plan[-1])] = _fit_chain(heads, plan, promise)
        own = heads.languages == language
        if own.any():
            stages, scores = chains[frozenset(plan[-1])].stages, _scores(heads, own)
            shares[own] = np.exp(_walk(stages, [_read(stage, scores, heads, own) for stage in stages]).pooled)
    return chains, Verdict(shares, float((shares.argmax(axis=1) == heads.targets).mean()))


def _fit_chain(heads: FittedHeads, plan: tuple[tuple[str, ...], ...], promise: Promise) -> Chain:
    rows = _rows_for(heads, plan[-1])
    scores, targets = _scores(heads, rows), heads.targets[rows]
    outside = promise.outside_label
    is_known = np.ones(len(targets), bool) if outside is None else targets != outside
    stages = [_fit_stage(heads, views, scores, rows, is_known) for views in plan]
    read = [_read(stage, scores, heads, rows) for stage in stages]
    stages = [
        *(
            _with_stop(stage, alone, read[-1], targets, is_known)
            for stage, alone in zip(stages[:-1], read[:-1], strict=True)
        ),
        stages[-1],
    ]
    walked = _walk(stages, read)
    known, strangers = _populations(stages, heads, rows, walked, promise)
    gate, likely = (
        choose_gate(
            known,
            strangers,
            risk=risk,
            outside_share=promise.outside_share,
            reject_share=promise.reject_share,
        )
        for risk in (promise.risk, LIKELY_RISK_FACTOR * promise.risk)
    )
    return Chain(
        stages=tuple(stages),
        threshold=gate.threshold,
        likely_threshold=min(likely.threshold, gate.threshold),
        least_familiarity=gate.least_familiarity,
        answer_familiarity=gate.answer_familiarity,
        coverage=gate.coverage,
        error_rate=gate.error_rate,
        bound=gate.bound,
        is_certified=gate.is_certified,
        rows=len(targets),
    )


def _rows_for(heads: FittedHeads, views: tuple[str, ...]) -> Flags:
    """Held-out texts a chain is judged by: those of its own languages if there are enough, else all it could read."""
    read = np.logical_and.reduce([heads.held_out[name].read for name in views])
    encoders = [name for name in NAMES if name in heads.views]
    own_languages = [
        language
        for language in heads.taught
        if frozenset(views) == frozenset(_full_plan(language, heads, encoders))
    ]
    own = read & np.isin(heads.languages, own_languages)
    return np.asarray(own if own.sum() >= _ENOUGH_ROWS else read)


def _full_plan(language: str, heads: FittedHeads, encoders: list[str]) -> tuple[str, ...]:
    readers = [(name, is_enough(name, len(heads.targets))) for name in encoders if serves(name, language)]
    return plan_stages(language, heads.taught, readers)[-1]


def _scores(heads: FittedHeads, rows: Flags) -> dict[str, Floats]:
    return {name: held.scores[rows] for name, held in heads.held_out.items()}


def _fit_stage(
    heads: FittedHeads, views: tuple[str, ...], scores: Mapping[str, Floats], rows: Flags, is_known: Flags
) -> Stage:
    targets = heads.targets[rows]
    weights = fit_pool([log_shares(scores[name]) for name in views], targets)
    bare = Stage(views, weights, Scale(np.zeros(1, np.float32), np.ones(1, np.float32)), _NEVER, 0.0)
    pooled = bare.opinion(scores)
    signs = bare.signs(pooled, scores, _nearness(heads, views, pooled, rows))
    return replace(bare, scale=Scale.fit(signs[is_known]))


def _nearness(heads: FittedHeads, views: tuple[str, ...], pooled: Floats, rows: Flags) -> dict[str, Floats]:
    intents = likeliest(pooled)
    return {
        name: held_out_nearness(
            heads.held_out[name].placed[rows], heads.targets[rows], intents, heads.folds[rows]
        )
        for name in views
        if name != WORDS
    }


def _read(stage: Stage, scores: Mapping[str, Floats], heads: FittedHeads, rows: Flags) -> _Walk:
    """What one stage alone says of all texts; where it stops plays no part."""
    pooled = stage.opinion(scores)
    familiarity = stage.familiarity(pooled, scores, _nearness(heads, stage.views, pooled, rows))
    return _Walk(pooled, pooled.argmax(axis=1), familiarity)


def _walk(stages: Sequence[Stage], read: Sequence[_Walk]) -> _Walk:
    """Texts through the stages: each stops at the first that is sure enough of it."""
    pooled, familiarity = read[0].pooled.copy(), read[0].familiarity.copy()
    is_open = np.ones(len(pooled), bool)
    for stage, said in zip(stages, read, strict=True):
        pooled[is_open], familiarity[is_open] = said.pooled[is_open], said.familiarity[is_open]
        sure = said.pooled.max(axis=1) >= np.log(stage.stop_at)
        is_open &= ~(sure & (said.familiarity >= stage.stop_familiarity))
    return _Walk(pooled, pooled.argmax(axis=1), familiarity)


def _with_stop(stage: Stage, alone: _Walk, final: _Walk, targets: Numbers, is_known: Flags) -> Stage:
    """The lowest probability from which on stopping here has cost no more errors than allowed."""
    limit = float(np.quantile(alone.familiarity[is_known], _STOP_FAMILIARITY))
    may_stop = alone.familiarity >= limit
    order = np.argsort(-np.where(may_stop, alone.probabilities, 0), kind="stable")
    order = order[: int(may_stop.sum())]
    is_right, stays_right = alone.best[order] == targets[order], final.best[order] == targets[order]
    harm, good = np.cumsum(~is_right & stays_right), np.cumsum(is_right & ~stays_right)
    sure = np.flatnonzero(alone.probabilities[order] >= _SURE)
    picked = sure[np.unique(np.linspace(0, len(sure) - 1, _STOPS_TRIED).astype(int))] if len(sure) else sure
    end = [
        at
        for at in picked.tolist()
        if harm[at] - good[at] <= _STOP_NET * (at + 1)
        and upper_bound(int(harm[at]), at + 1, CONFIDENCE) <= _STOP_COSTS
    ]
    if not end:
        return stage
    return replace(stage, stop_at=float(alone.probabilities[order][end[-1]]), stop_familiarity=limit)


def _populations(
    stages: list[Stage], heads: FittedHeads, rows: Flags, walked: _Walk, promise: Promise
) -> tuple[Judged, Judged]:
    """Texts about something taught, and strangers: labelled ones, or texts whose own intent is taken away.

    Without an expected share of strangers, labelled ones count among the others as often as they occur.
    """
    targets, outside = heads.targets[rows], promise.outside_label
    offered = (
        walked.probabilities if outside is None else np.where(walked.best == outside, 0, walked.probabilities)
    )
    everything = Judged(np.asarray(offered, np.float32), walked.familiarity, walked.best != targets)
    is_outside = np.zeros(len(targets), bool) if outside is None else targets == outside
    if not promise.outside_share:
        return everything, _some(everything, np.zeros(len(targets), bool))
    if is_outside.sum() >= _ENOUGH_STRANGERS:
        return _some(everything, ~is_outside), _some(everything, is_outside)
    scores = _scores(heads, rows)
    for name in scores:
        scores[name] = scores[name].copy()
        scores[name][np.arange(len(targets)), targets] = _ABSENT
    lost = _walk(stages, [_read(stage, scores, heads, rows) for stage in stages])
    simulated = Judged(lost.probabilities, lost.familiarity, np.ones(len(targets), bool))
    return _some(everything, ~is_outside), _some(simulated, ~is_outside)


def _some(judged: Judged, rows: Flags) -> Judged:
    return Judged(judged.probabilities[rows], judged.familiarity[rows], judged.wrong[rows])
