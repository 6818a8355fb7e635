"""The figures of a run, put together from the shares of its processes."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from rapport.testing.retail.tasks import JsonDict


def report_of(shares: Sequence[JsonDict], parts: Sequence[str]) -> JsonDict:
    """One report of what the processes of a run found."""
    report: JsonDict = {}
    if "customers" in parts:
        report |= _customers(shares)
    if "gold" in parts:
        report["gold"] = _joined_gold([s["gold"] for s in shares])
    if "customers" in parts and "gold" in parts:
        report |= _of_permitted([h for s in shares for h in s["held"]], report["gold"])
    if "mutations" in parts:
        report["mutations"] = _joined_mutations([s["mutations"] for s in shares])
    return report


def _of_permitted(held: Sequence[JsonDict], gold: JsonDict) -> JsonDict:
    """How often a task is reached whose every action the written policy permits."""
    barred = {entry["task"] for entry in gold["too_strict"]}
    kept = [h for h in held if h["task_id"] not in barred]
    return {
        "permitted_tasks": len({h["task_id"] for h in kept}),
        "permitted_reached_share": _rate(sum(h["is_reached"] for h in kept), len(kept)),
    }


def pass_hat(successes: Iterable[tuple[int, int]], k: int) -> float:
    """Mean over tasks of the chance that k of its conversations, drawn without putting back, all succeed.

    `successes` holds for each task how many of how many conversations succeeded; each must have at least k.
    """
    shares = [math.comb(good, k) / math.comb(count, k) for good, count in successes]
    return sum(shares) / len(shares) if shares else 0.0


def _customers(shares: Sequence[JsonDict]) -> JsonDict:
    held = [h for share in shares for h in share["held"]]
    by_task: dict[str, list[bool]] = {}
    for one in held:
        by_task.setdefault(one["task_id"], []).append(one["is_reached"])
    counts = [(sum(found), len(found)) for found in by_task.values()]
    fewest = min((count for _, count in counts), default=0)
    questions, minimum = sum(h["questions"] for h in held), sum(h["minimum"] for h in held)
    failed = sorted((h for h in held if not h["is_reached"]), key=lambda h: (h["task_id"], h["seed"]))
    steps = sum(s["steps"] for s in shares)
    longest = max((s["seconds"] for s in shares), default=0.0)
    causes = Counter(str(h["cause"]).split(":", 1)[0] for h in failed)
    return {
        "tasks": len(by_task),
        "conversations": len(held),
        **{f"pass^{k}": round(pass_hat(counts, k), 4) for k in range(1, min(fewest, 4) + 1)},
        "by_seed": _by_seed(held),
        "questions": questions,
        "minimum_questions": minimum,
        "questions_ratio": round(questions / minimum, 4) if minimum else None,
        "moves_per_conversation": _rate(sum(h["moves"] for h in held), len(held)),
        "failures_by_cause": dict(causes.most_common()),
        "failures": [{k: h[k] for k in ("task_id", "seed", "cause", "questions", "minimum")} for h in failed],
        "steps": steps,
        "cpu_ms_per_step": _rate(1000 * sum(s["deciding_s"] for s in shares), steps),
        "cpu_ms_per_step_connected_systems": _rate(1000 * sum(s["systems_s"] for s in shares), steps),
        "cpu_ms_per_step_encoder": _rate(1000 * sum(s["encoder_s"] for s in shares), steps),
        "cpu_ms_per_turn": _rate(1000 * sum(s["turn_s"] - s["encoder_s"] for s in shares), steps),
        "cpu_ms_per_conversation": _rate(1000 * sum(s["cpu_s"] for s in shares), len(held)),
        "conversations_per_minute": round(60 * len(held) / longest, 1) if longest else None,
        "processes": len(shares),
    }


def _rate(amount: float, count: int) -> float | None:
    return round(amount / count, 3) if count else None


def _by_seed(held: Sequence[JsonDict]) -> JsonDict:
    seeds = sorted({h["seed"] for h in held})
    found = {seed: [h for h in held if h["seed"] == seed] for seed in seeds}
    return {
        str(seed): {
            "reached_share": _rate(sum(h["is_reached"] for h in of_seed), len(of_seed)),
            "questions_ratio": _rate(
                sum(h["questions"] for h in of_seed), sum(h["minimum"] for h in of_seed)
            ),
        }
        for seed, of_seed in found.items()
    }


def _joined_gold(parts: Sequence[JsonDict]) -> JsonDict:
    joined: JsonDict = _summed(parts, ("tasks", "permitted", "equal", "actions", "actions_permitted"))
    for key in ("against_policy", "too_strict", "unequal"):
        joined[key] = [entry for part in parts for entry in part[key]]
    owed = joined["actions"] - len(joined["against_policy"])
    joined["permitted_share"] = round(joined["actions_permitted"] / owed, 4) if owed else None
    return joined


def _joined_mutations(parts: Sequence[JsonDict]) -> JsonDict:
    joined: JsonDict = _summed(parts, ("tried", "refused", "unchanged"))
    kinds = sorted({kind for part in parts for kind in part["by_kind"]})
    joined["by_kind"] = {
        kind: _joined_kind([p["by_kind"][kind] for p in parts if kind in p["by_kind"]]) for kind in kinds
    }
    joined["escaped"] = [entry for part in parts for entry in part["escaped"]]
    return joined


def _joined_kind(parts: Sequence[JsonDict]) -> JsonDict:
    rules: Counter[str] = Counter()
    for part in parts:
        rules.update(part["rules"])
    return {**_summed(parts, ("tried", "refused", "unchanged")), "rules": dict(rules.most_common())}


def _summed(parts: Sequence[JsonDict], keys: Sequence[str]) -> dict[str, Any]:
    return {key: sum(part[key] for part in parts) for key in keys}


def transcripts_of(shares: Sequence[JsonDict]) -> str:
    """The first failing conversation of each task, to be read."""
    failed = [h for share in shares for h in share["held"] if not h["is_reached"]]
    first: dict[str, JsonDict] = {}
    for one in sorted(failed, key=lambda h: (h["task_id"], h["seed"])):
        first.setdefault(one["task_id"], one)
    blocks = [
        "\n".join([f"task {h['task_id']}, seed {h['seed']}: {h['cause']}", *h["transcript"]])
        for h in first.values()
    ]
    return "\n\n".join(blocks) + "\n" if blocks else "Every conversation reached its end.\n"
