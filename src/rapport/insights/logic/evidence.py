"""What the conversations of a group have in common, in counts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from rapport.insights.contracts import ActionUse, Cause, Evidence, Group, Kind, StaffCall, Story

_HOUSE_REASONS = frozenset(
    {
        "customer_asked", "our_mistake", "not_understood", "too_many_attempts", "safety", "legal_threat",
        "vulnerability", "abuse", "complaint", "system_unavailable", "refused_by_system", "partly_done",
        "revoked", "unknown_procedure", "definition_missing", "escalation", "contract_cancellation", "",
    }
)  # fmt: skip
"""Reasons of a handover that are not a procedure's own rule for people."""
_ENUM = re.compile(r"[a-z][a-z_]{0,40}\Z")
"""A word of an interface, not of a person: the only text that is taken over as it is."""
_DAY = re.compile(r"\d{4}-\d\d-\d\d\Z")
LEAST_CALLS = 3
"""From which on an argument that never changes counts as fixed."""


def weigh(group: Group, stories: Sequence[Story]) -> Evidence:
    """Counts over the stories of the period; each conversation counts once for each thing."""
    causes = _causes(group, stories) if group.kind is not Kind.NEW else ()
    return Evidence(
        conversations=len(stories),
        facts=_ranked(fact for s in stories for fact in set(s.facts)),
        actions=_actions(stories),
        runs=_ranked(name for s in stories for name in set(s.runs)),
        teams=_ranked(s.team_id for s in stories if s.team_id is not None),
        causes=causes,
        verified=sum(s.is_verified for s in stories),
    )


def _ranked(found: Iterable[Any]) -> tuple[tuple[Any, int], ...]:
    counts = Counter(found)
    return tuple(sorted(counts.items(), key=lambda item: (-item[1], str(item[0]))))


def _actions(stories: Sequence[Story]) -> tuple[ActionUse, ...]:
    ranked = _ranked(name for s in stories for name in {call.action for call in s.calls})
    uses = []
    for name, count in ranked:
        calls = [call for s in stories for call in s.calls if call.action == name]
        arguments = dict.fromkeys(key for call in calls for key in call.arguments)
        fixed = {key: calls[0].arguments[key] for key in arguments if _is_fixed(calls, key)}
        types = {key: found for key in arguments if (found := _type_of_values(calls, key))}
        uses.append(ActionUse(name, count, tuple(arguments), fixed, types))
    return tuple(uses)


def _type_of_values(calls: Sequence[StaffCall], key: str) -> str:
    """The type of question that all values of an argument answer; empty where they are texts, or of several."""
    found = {_type_of(call.arguments[key]) for call in calls if call.arguments.get(key) not in (None, "")}
    return found.pop() if len(found) == 1 else ""


def _type_of(value: Any) -> str:
    if isinstance(value, bool):
        return "yes_no"
    if isinstance(value, (int, float)):
        return "number"
    if isinstance(value, dict) and "address1" in value:
        return "address"
    return "date" if isinstance(value, str) and _DAY.match(value) else ""


def _is_fixed(calls: Sequence[StaffCall], key: str) -> bool:
    """Whether every call gave the same value, and it is a word of the interface or a switch."""
    values = [call.arguments.get(key) for call in calls]
    first = values[0]
    is_plain = isinstance(first, bool) or (isinstance(first, str) and bool(_ENUM.match(first)))
    return is_plain and len(calls) >= LEAST_CALLS and all(value == first for value in values)


def _causes(group: Group, stories: Sequence[Story]) -> tuple[Cause, ...]:
    """What several of the runs that ended with a person share, the most frequent first."""
    found: Counter[tuple[str, str]] = Counter()
    for story in stories:
        found.update(set(_causes_of(group, story)))
    ranked = sorted(found.items(), key=lambda item: (-item[1], item[0]))
    return tuple(Cause(kind, name, count) for (kind, name), count in ranked if count > 1)


def _causes_of(group: Group, story: Story) -> Iterable[tuple[str, str]]:
    if story.reason not in _HOUSE_REASONS:
        yield "person_rule", story.reason
    elif story.reason == "customer_asked" and story.slot:
        yield "asked", story.slot
    elif story.reason == "too_many_attempts" and story.slot:
        yield "slot", story.slot
    elif story.reason:
        yield "reason", story.reason
    yield from (("rule", rule) for rule in story.rules)
    if not story.was_sure or (story.reading is not None and story.reading[0] != group.procedure):
        yield "unread", ""
