"""The figures of a run: pass^1 to pass^k with and without the policy, refusals, tokens, cost, failures by cause."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapport.testing.retail.report import pass_hat
from rapport.testing.retail.tasks import JsonDict
from rapport.testing.tau.trials import MODES, Trial

MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Prices:
    """Of a million tokens in and out; None where nobody said."""

    agent: tuple[float, float] | None = None
    user: tuple[float, float] | None = None


def report_of(trials: Sequence[Trial], about: JsonDict, k: int, prices: Prices | None = None) -> JsonDict:
    """Everything as plain JSON values: what was run, and the figures of each mode."""
    modes = [mode for mode in MODES if any(t.mode == mode for t in trials)]
    found: JsonDict = {m: _figures([t for t in trials if t.mode == m], k, prices or Prices()) for m in modes}
    return {**about, "k": k, **found}


def _figures(trials: Sequence[Trial], k: int, prices: Prices) -> JsonDict:
    counted = [t for t in trials if t.is_counted]
    by_task: dict[str, list[bool]] = {}
    for trial in counted:
        by_task.setdefault(trial.task, []).append(trial.is_success)
    counts = [(sum(found), len(found)) for found in by_task.values()]
    failed = sorted((t for t in counted if not t.is_success), key=lambda t: (t.trial, t.task))
    return {
        "tasks": len(by_task),
        "conversations": len(counted),
        "not_counted": len(trials) - len(counted),
        "complete_tasks": sum(count >= k for _, count in counts),
        **{f"pass^{n}": _pass(counts, n) for n in range(1, k + 1)},
        "state_equal_share": _mean(t.is_state_equal for t in counted),
        "outputs_said_share": _mean(not t.missing_outputs for t in counted),
        "refused": _counted(rule for t in counted for rule in t.refused),
        "violations": _counted(rule for t in counted for rule in t.violations),
        "conversations_with_violations": sum(bool(t.violations) for t in counted),
        "invalid": _counted(what for t in counted for what in t.invalid),
        "unanswered": _counted(what for t in counted for what in t.unanswered),
        "turns_mean": _mean(t.turns for t in counted),
        "agent_calls_mean": _mean(t.agent_calls for t in counted),
        "agent_tokens": _tokens(trials, "agent"),
        "user_tokens": _tokens(trials, "user"),
        "agent_cost": _cost(trials, "agent", prices.agent),
        "user_cost": _cost(trials, "user", prices.user),
        "seconds_mean": _mean(t.seconds for t in counted),
        "failures_by_cause": dict(Counter(t.cause for t in failed).most_common()),
        "first_failures": _first(failed),
    }


def _pass(counts: Sequence[tuple[int, int]], n: int) -> float | None:
    """Over the tasks held at least n times; None when there is none."""
    enough = [pair for pair in counts if pair[1] >= n]
    return round(pass_hat(enough, n), 4) if enough else None


def _mean(values: Iterable[float]) -> float | None:
    found = [float(value) for value in values]
    return round(sum(found) / len(found), 3) if found else None


def _counted(names: Iterable[str]) -> JsonDict:
    return dict(Counter(names).most_common())


def _tokens(trials: Sequence[Trial], who: str) -> JsonDict:
    return {way: sum(getattr(t, f"{who}_tokens_{way}") for t in trials) for way in ("in", "out")}


def _cost(trials: Sequence[Trial], who: str, prices: tuple[float, float] | None) -> float | None:
    if prices is None:
        return None
    tokens = _tokens(trials, who)
    return round(float(tokens["in"] * prices[0] + tokens["out"] * prices[1]) / MILLION, 4)


def _first(failed: Sequence[Trial]) -> list[JsonDict]:
    """The first failing conversation of each cause."""
    first: dict[str, Trial] = {}
    for trial in failed:
        first.setdefault(trial.cause, trial)
    return [
        {"cause": cause, "task": t.task, "trial": t.trial, "detail": t.detail, "transcript": t.transcript}
        for cause, t in first.items()
    ]


def summary(report: JsonDict) -> str:
    """The figures for people, one line a mode."""
    lines = []
    for mode in MODES:
        if mode in report:
            found = report[mode]
            shares = "  ".join(f"pass^{n} {_shown(found[f'pass^{n}'])}" for n in range(1, report["k"] + 1))
            refused, broken = sum(found["refused"].values()), sum(found["violations"].values())
            lines.append(
                f"{mode:<9}{found['conversations']:>5} conversations  {shares}  "
                f"refused {refused}  violations {broken}  invalid {sum(found['invalid'].values())}"
            )
    return "\n".join(lines) + "\n"


def _shown(share: float | None) -> str:
    return "  –  " if share is None else f"{share:.3f}"
