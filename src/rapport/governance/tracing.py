"""What was decided in many conversations at once: for counting."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from rapport.governance.models import Decision


@dataclass(frozen=True, slots=True)
class DecisionTrace:
    """One turn's choice."""

    id: int
    conversation_id: int
    at: dt.datetime
    steps: tuple[str, ...]
    """As ``start:return_items``, in the order in which they were taken."""


def list_decision_traces(conversation_ids: Collection[int]) -> list[DecisionTrace]:
    """The turns of these conversations, by conversation and in order."""
    rows = Decision.objects.filter(conversation_id__in=conversation_ids, kind="turn").order_by(
        "conversation_id", "id"
    )
    found = rows.values_list("id", "conversation_id", "at", "chosen")
    return [DecisionTrace(pk, of or 0, at, tuple(chosen.split(" + "))) for pk, of, at, chosen in found]


def list_broken_rules(decision_ids: Collection[int]) -> dict[int, tuple[str, ...]]:
    """Names of the rules that did not hold, by decision; rules that call a person are not among them."""
    rows = Decision.objects.filter(pk__in=decision_ids).values_list("pk", "rules")
    return {pk: tuple(str(r.get("name", "")) for r in rules if _is_broken(r)) for pk, rules in rows}


def _is_broken(rule: dict[str, object]) -> bool:
    return not rule.get("held", True) and not str(rule.get("name", "")).startswith("human:")
