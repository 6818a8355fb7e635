"""Whether a new model may take the place of the one in force: compared on rows that neither was trained on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from rapport.understanding.evaluation.measures import interval
from rapport.understanding.learning.logic.hierarchy import at_level, depth
from rapport.understanding.logic.calibration import at_least

_DRAWS = 2000
SHOWN = 60
"""Changed rows listed on each side."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What a model must keep to be published by itself."""

    significance: float = 0.05
    """Level of the one-sided tests, 0..1."""
    language_drop: float = 0.05
    """No language group may lose more accuracy than this, 0..1."""
    least_rows: int = 20
    """Languages with fewer held-out rows are reported, not judged."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What one model says of one text."""

    intent: str
    probability: float
    is_accepted: bool
    """Above the threshold and not rejected."""


@dataclass(frozen=True, slots=True)
class Trial:
    """One held-out row and what both models say of it."""

    id: int
    label: str
    language: str
    after: Answer
    before: Answer | None = None
    """None where there is no model in force."""

    @property
    def was_right(self) -> bool:
        return self.before is not None and self.before.intent == self.label

    @property
    def is_right(self) -> bool:
        return self.after.intent == self.label


@dataclass(frozen=True, slots=True)
class Verdict:
    """The comparison, and the reasons not to publish; none of them means it passed."""

    rows: int
    failures: tuple[str, ...]
    """``accuracy``, ``risk`` or ``language:<code>``."""
    facts: dict[str, Any] = field(default_factory=dict)
    """Figures for the report; JSON."""

    @property
    def passed(self) -> bool:
        return not self.failures


def judge(
    trials: Sequence[Trial], risk: float, parents: Mapping[str, str] | None = None, rules: Rules | None = None
) -> Verdict:
    """Compare on held-out rows.

    Args:
        trials: both models' answers.
        risk: promised share of wrong among answered, 0..1.
        parents: the catalogue's group of each intent.
        rules: what must hold.
    """
    rules, parents = rules or Rules(), parents or {}
    failures: list[str] = []
    compared = [trial for trial in trials if trial.before is not None]
    lost = [t for t in compared if t.was_right and not t.is_right]
    gained = [t for t in compared if t.is_right and not t.was_right]
    p_worse = at_least(len(lost), len(lost) + len(gained), 0.5)
    if compared and len(lost) > len(gained) and p_worse < rules.significance:
        failures.append("accuracy")
    answered = [t for t in trials if t.after.is_accepted]
    wrong = sum(not t.is_right for t in answered)
    if wrong and at_least(wrong, len(answered), risk) < rules.significance:
        failures.append("risk")
    languages = _groups(trials, lambda t: t.language or "?")
    for code, group in languages.items():
        fell = group["before"] is not None and group["before"] - group["after"] > rules.language_drop + 1e-9
        if fell and group["rows"] >= rules.least_rows:
            failures.append(f"language:{code}")
    facts = {
        "rows": len(trials),
        "accuracy": _share(trials, before=False),
        "accuracy_interval": _interval(trials),
        "accuracy_before": _share(compared, before=True) if compared else None,
        "difference_interval": _difference(compared) if compared else None,
        "better": len(gained),
        "worse": len(lost),
        "p_worse": round(p_worse, 4),
        "risk": {
            "asked": risk,
            "error": round(wrong / len(answered), 4) if answered else 0.0,
            "bound": round(interval(wrong / max(1, len(answered)), len(answered), 1.645)[1], 4),
            "answered": len(answered),
            "wrong": wrong,
            "coverage": round(len(answered) / len(trials), 4) if trials else 0.0,
            "coverage_before": _coverage_before(compared),
        },
        "languages": languages,
        "intents": _groups(trials, lambda t: t.label),
        "levels": _levels(trials, parents),
        "confusions": confusions(trials),
        "lost": [t.id for t in lost[:SHOWN]],
        "gained": [t.id for t in gained[:SHOWN]],
        "rules": {"language_drop": rules.language_drop, "least_rows": rules.least_rows},
    }
    return Verdict(len(trials), tuple(failures), facts)


def confusions(trials: Sequence[Trial], limit: int = 20) -> list[dict[str, Any]]:
    """Pairs of intents that are mistaken most often, ``{"label", "read_as", "rows", "ids"}``."""
    pairs: dict[tuple[str, str], list[int]] = {}
    for trial in trials:
        if not trial.is_right:
            pairs.setdefault((trial.label, trial.after.intent), []).append(trial.id)
    ranked = sorted(pairs.items(), key=lambda item: (-len(item[1]), item[0]))[:limit]
    return [{"label": a, "read_as": b, "rows": len(ids), "ids": ids[:8]} for (a, b), ids in ranked]


def _share(trials: Sequence[Trial], *, before: bool) -> float:
    right = sum(t.was_right if before else t.is_right for t in trials)
    return round(right / len(trials), 4) if trials else 0.0


def _interval(trials: Sequence[Trial]) -> list[float]:
    low, high = interval(_share(trials, before=False), len(trials))
    return [round(low, 4), round(high, 4)]


def _difference(trials: Sequence[Trial]) -> list[float]:
    """95 % bootstrap interval of the change of accuracy; rows are drawn in pairs, with a fixed seed."""
    change = np.array([t.is_right - t.was_right for t in trials], np.int8)
    draws = np.random.default_rng(0).integers(0, len(change), (_DRAWS, len(change)))
    low, high = np.percentile(change[draws].mean(axis=1), [2.5, 97.5])
    return [round(float(low), 4), round(float(high), 4)]


def _coverage_before(trials: Sequence[Trial]) -> float | None:
    if not trials:
        return None
    return round(sum(t.before is not None and t.before.is_accepted for t in trials) / len(trials), 4)


def _groups(trials: Iterable[Trial], name: Callable[[Trial], str]) -> dict[str, dict[str, Any]]:
    found: dict[str, list[Trial]] = {}
    for trial in trials:
        found.setdefault(name(trial), []).append(trial)
    return {
        key: {
            "rows": len(rows),
            "after": _share(rows, before=False),
            "before": _share(rows, before=True) if rows[0].before is not None else None,
            "interval": _interval(rows),
        }
        for key, rows in sorted(found.items())
    }


def _levels(trials: Sequence[Trial], parents: Mapping[str, str]) -> dict[str, float]:
    """Accuracy when only the group on a level must be right; one level where there is no hierarchy."""
    labels = [t.label for t in trials]
    found = {}
    for level in range(1, depth(labels, parents) + 1):
        right = sum(
            at_level(t.label, level, parents) == at_level(t.after.intent, level, parents) for t in trials
        )
        found[str(level)] = round(right / len(trials), 4) if trials else 0.0
    return found
