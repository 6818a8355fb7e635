"""`rapport evaluate dispositions`: how much of the resolved conversations is filled in, and what speaks for it."""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path
from typing import Any

from rapport.cli.contracts import Commands
from rapport.cli.evaluating.reporting import write_report


def add_parser(kinds: Commands) -> None:
    """`rapport evaluate dispositions [--limit N] [--json OUT]`."""
    parser = kinds.add_parser(
        "dispositions",
        help="of this installation: share filled in, agreement with the runs on record and with people",
    )
    parser.add_argument("--limit", type=int, default=2000, help="the latest so many resolved conversations")
    parser.add_argument("--json", type=Path, help="where to write the figures")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Measure and print."""
    from rapport import bootstrap

    bootstrap.set_up_django()
    write_report(measure(arguments.limit), arguments.json)
    return 0


def measure(limit: int) -> dict[str, Any]:
    """Fill in every resolved conversation anew, storing nothing, and compare.

    `reason_is_a_run` and `outcome_fits_a_run` compare with the table of ended runs, which the rules do not read.
    """
    from rapport.conversations import api as conversations
    from rapport.conversations.contracts import DISPOSITION_FIELDS
    from rapport.desk.dispositions.filling import propose_for_all
    from rapport.procedures import api as procedures

    infos = _resolved(limit)
    runs: dict[int, list[tuple[str, str]]] = {}
    for trace in procedures.list_run_traces([int(c.id) for c in infos]):
        runs.setdefault(trace.conversation_id, []).append((trace.procedure, trace.outcome))
    filled: Counter[str] = Counter()
    values: Counter[str] = Counter()
    with_runs = reason_fits = alone = outcome_fits = 0
    owners = {int(info.id): info.owner.value for info in infos}
    for conversation_id, proposals in propose_for_all(infos):
        found = {name: str(p.value) for name, p in proposals.items()}
        filled.update(list(found))
        values.update(f"{name}: {found[name]}" for name in ("reason", "outcome") if name in found)
        ended = runs.get(conversation_id, [])
        if ended:
            with_runs += 1
            reason_fits += found.get("reason") in {name for name, _ in ended}
        if ended and owners[conversation_id] == "assistant":
            alone += 1
            outcome_fits += found.get("outcome") in {EXPECTED.get(outcome, "") for _, outcome in ended}
    count = max(1, len(infos))
    verdicts = conversations.count_verdicts()
    confirmed, changed = (sum(pair[n] for pair in verdicts.values()) for n in (0, 1))
    return {
        "conversations": len(infos),
        "filled_share": {name: round(filled[name] / count, 3) for name in DISPOSITION_FIELDS},
        "with_runs": with_runs,
        "reason_is_a_run_share": round(reason_fits / max(1, with_runs), 3),
        "ended_with_the_assistant": alone,
        "outcome_fits_a_run_share": round(outcome_fits / max(1, alone), 3),
        "people_confirmed": confirmed,
        "people_changed": changed,
        "values": dict(values.most_common(40)),
    }


EXPECTED = {"done": "solved_by_assistant", "refused": "refused_by_rule", "cancelled": "given_up"}
"""What the outcome of a run means for the conversation."""


def _resolved(limit: int) -> list[Any]:
    from rapport.conversations import api as conversations

    found: list[Any] = []
    cursor = ""
    while len(found) < limit:
        page = conversations.list_conversations(
            conversations.ListFilter(status="resolved"), cursor=cursor, limit=min(200, limit - len(found))
        )
        found += page.rows
        cursor = page.next_cursor
        if not cursor:
            break
    return found
