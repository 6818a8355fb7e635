"""Rules and actions as a decision's record holds them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rapport.procedures.contracts import ActionResult, Call, RuleTrace

MAX_MESSAGE_CHARS = 300


def rule_facts(trace: Iterable[RuleTrace]) -> tuple[dict[str, Any], ...]:
    """Each rule that was judged, with what it saw."""
    return tuple(
        {"name": r.name, "expression": r.expression, "held": r.held, "values": r.values} for r in trace
    )


def call_facts(calls: Iterable[tuple[Call, ActionResult]]) -> tuple[dict[str, Any], ...]:
    """Each action that was tried, and what came of it; what a system said of a refusal is for staff alone."""
    return tuple(
        {
            "kind": "action",
            "ref": c.key,
            "title": c.action,
            "score": None,
            "ok": r.ok,
            "code": r.code,
            **({"message": r.message[:MAX_MESSAGE_CHARS]} if r.message and not r.ok else {}),
        }
        for c, r in calls
    )
