"""Figures of a simulation: pass^k by persona and language, questions, turns, the first failing conversation."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from math import comb
from typing import Any

from rapport.testing.rehearsal.simulating import Simulation, Trial

JsonDict = dict[str, Any]


def pass_k(trials: Sequence[Trial], k: int) -> list[float]:
    """pass^1 … pass^k: how likely all of j tries of one customer succeed, averaged over customers."""
    runs: dict[tuple[str, str, int], list[bool]] = defaultdict(list)
    for trial in trials:
        runs[trial.persona, trial.language, trial.customer].append(trial.is_success)
    found: list[float] = []
    for j in range(1, k + 1):
        shares = [comb(sum(run), j) / comb(len(run), j) for run in runs.values() if len(run) >= j]
        found.append(round(sum(shares) / len(shares), 4) if shares else 0.0)
    return found


def make_report(simulation: Simulation) -> JsonDict:
    """Everything as plain JSON values."""
    trials, k = simulation.trials, simulation.plan.k
    failed = [trial for trial in trials if not trial.is_success]
    count = len(trials)
    return {
        "procedure": simulation.procedure,
        "seed": simulation.plan.seed,
        "k": k,
        "conversations": count,
        "lacking": list(simulation.lacking),
        "from_cases": simulation.from_cases,
        "examples": list(simulation.examples),
        "not_applicable": list(simulation.not_applicable),
        "pass": pass_k(trials, k),
        "personas": {name: pass_k(part, k) for name, part in _parts(trials, "persona")},
        "languages": {name: pass_k(part, k) for name, part in _parts(trials, "language")},
        "behaviour": {name: _deeds(part) for name, part in _parts(trials, "persona")},
        "outcomes": {o: sum(t.outcome == o for t in trials) for o in sorted({t.outcome for t in trials})},
        "questions_mean": round(sum(t.questions for t in trials) / count, 2) if count else 0.0,
        "questions_needed_mean": round(sum(t.needed for t in trials) / count, 2) if count else 0.0,
        "turns_mean": round(sum(t.turns for t in trials) / count, 2) if count else 0.0,
        "cpu_s": round(simulation.cpu_s, 2),
        "per_cpu_minute": round(60 * count / simulation.cpu_s) if simulation.cpu_s else 0,
        "faults": _faults(trials),
        "failures": len(failed),
        "first_failure": _failure(failed[0]) if failed else None,
    }


def _faults(trials: Sequence[Trial]) -> JsonDict:
    """Conversations in which a connected system failed once, and how many came to their end all the same."""
    met = [trial for trial in trials if trial.has_fault]
    return {"conversations": len(met), "mended": sum(trial.is_success for trial in met)}


def _parts(trials: Sequence[Trial], key: str) -> list[tuple[str, list[Trial]]]:
    names = dict.fromkeys(getattr(trial, key) for trial in trials)
    return [(name, [t for t in trials if getattr(t, key) == name]) for name in names]


def _deeds(trials: Sequence[Trial]) -> JsonDict:
    """In which share of their conversations customers did what their persona is there for."""
    deeds = sorted({deed for trial in trials for deed in trial.did})
    return {deed: round(sum(deed in t.did for t in trials) / len(trials), 3) for deed in deeds}


def _failure(trial: Trial) -> JsonDict:
    return {
        "persona": trial.persona,
        "language": trial.language,
        "customer": trial.customer,
        "trial": trial.trial,
        "problems": list(trial.problems),
        "transcript": list(trial.transcript),
    }
