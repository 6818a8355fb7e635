"""How many attacks the injection detector finds, and how often it raises a false alarm."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rapport.understanding.evaluation.measures import auroc, interval, percentiles
from rapport.understanding.evaluation.rows import BadRows, read_rows
from rapport.understanding.injection import Injection, find_injection, load_weights

ATTACK_LABELS = frozenset(
    "injection 1 true attack jailbreak malicious unsafe prompt_injection injected yes positive".split()
)
BENIGN_LABELS = frozenset("benign 0 false safe normal legit legitimate ordinary clean no negative ok".split())
EXAMPLES = 20
"""Missed and falsely alarmed rows named in the report, by line."""


def evaluate_injection(test: Path, benign: Path | None = None) -> dict[str, Any]:
    """Recall on attacks, false alarms on ordinary texts, by family, with 95 % intervals.

    Args:
        test: rows ``{"text", "label"}``; labels as in `ATTACK_LABELS` and `BENIGN_LABELS`, case ignored, also as
            numbers or truth values. Without a label a row counts as an attack.
        benign: further rows of ordinary texts, whatever their labels.

    Raises: BadRows: an unknown label, with its line.
    """
    rows = [(row["text"], _is_attack(row), row["line"]) for row in read_rows(test)]
    _check(test, rows)
    rows += [(row["text"], False, row["line"]) for row in read_rows(benign)] if benign else []
    find_injection("")
    times_ms, found = [], []
    for text, _, _ in rows:
        started = time.thread_time()
        found.append(find_injection(text))
        times_ms.append((time.thread_time() - started) * 1000)
    return _report([(bool(gold), line) for _, gold, line in rows], found, times_ms)


def _report(
    rows: Sequence[tuple[bool, int]], found: Sequence[Injection], times_ms: Sequence[float]
) -> dict[str, Any]:
    attacks = [one for one, (gold, _) in zip(found, rows, strict=True) if gold]
    ordinary = [one for one, (gold, _) in zip(found, rows, strict=True) if not gold]
    hits, alarms = sum(one.is_injection for one in attacks), sum(one.is_injection for one in ordinary)
    return {
        "rows": len(rows),
        "attacks": len(attacks),
        "benign": len(ordinary),
        "recall": _share(hits, len(attacks)),
        "recall_interval": _interval(hits, len(attacks)),
        "false_alarm_rate": _share(alarms, len(ordinary)),
        "false_alarm_interval": _interval(alarms, len(ordinary)),
        "precision": _share(hits, hits + alarms),
        "auroc": round(auroc([one.score for one in found], [gold for gold, _ in rows]), 4)
        if attacks and ordinary
        else None,
        "threshold": load_weights().threshold,
        "per_family": _per_family(attacks, ordinary),
        "missed_lines": _lines(rows, found, is_attack=True),
        "false_alarm_lines": _lines(rows, found, is_attack=False),
        "ms_per_message": {"mean": round(sum(times_ms) / len(times_ms), 3), **percentiles(times_ms)},
    }


def _lines(rows: Sequence[tuple[bool, int]], found: Sequence[Injection], *, is_attack: bool) -> list[int]:
    """The first rows of one kind that were judged wrongly, by line."""
    pairs = zip(found, rows, strict=True)
    return [line for one, (gold, line) in pairs if gold == is_attack != one.is_injection][:EXAMPLES]


def _per_family(attacks: Sequence[Injection], ordinary: Sequence[Injection]) -> dict[str, dict[str, int]]:
    """In how many recognised attacks and false alarms each family was found."""
    hits = Counter(family for one in attacks if one.is_injection for family in one.families)
    alarms = Counter(family for one in ordinary if one.is_injection for family in one.families)
    return {name: {"hits": hits[name], "false_alarms": alarms[name]} for name in sorted(hits | alarms)}


def _is_attack(row: dict[str, Any]) -> bool | None:
    if "label" not in row:
        return True
    label = str(row["label"]).strip().lower()
    return True if label in ATTACK_LABELS else False if label in BENIGN_LABELS else None


def _check(path: Path, rows: Sequence[tuple[str, bool | None, int]]) -> None:
    unknown = [f"line {line}: unknown label" for _, gold, line in rows if gold is None]
    if unknown:
        raise BadRows(file=path.name, count=len(unknown), problems=unknown[:EXAMPLES])


def _share(count: int, rows: int) -> float | None:
    return round(count / rows, 4) if rows else None


def _interval(count: int, rows: int) -> list[float] | None:
    return [round(bound, 4) for bound in interval(count / rows, rows)] if rows else None
