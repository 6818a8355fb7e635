"""Look-ups and limits of a running procedure: asked of the outside once, as soon as what they read is known.

The answers stay in the frame as long as what was asked stays the same; a correction that changes it asks anew.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Set as AbstractSet

from rapport.procedures.contracts import JsonDict, Need, RuleTrace
from rapport.procedures.logic.definition import ACTION_NEED, RUNS_NEED, Limit, Lookup
from rapport.procedures.logic.dependencies import lookups_behind, mentioned_slots, needed_by
from rapport.procedures.logic.expressions import ExpressionError
from rapport.procedures.logic.turn import Turn, Waiting
from rapport.procedures.logic.values import subject_of

LIMIT_PREFIX = "limit:"
"""Begins the name under which the frame keeps how often a limit was used."""


def look_up(turn: Turn, settled: AbstractSet[str]) -> Lookup | None:
    """Fetch what can be fetched now; the look-up that found nothing though it must, if any.

    Raises: Waiting: data is needed, of all look-ups that can be made at once.
    """
    if not turn.definition.lookups:
        return None
    slots = {slot.name for slot in turn.definition.slots}
    missing: dict[str, Need] = {}
    open_names: set[str] = set()
    for lookup in turn.definition.lookups:
        ground = needed_by(turn.definition, lookup)
        if not ground & slots <= settled or _reads_any(turn, lookup, open_names):
            open_names.add(lookup.name)
            continue
        if not ground & slots <= turn.frame.slots.keys() or not turn.scope().holds(lookup.when or "true"):
            _forget(turn, lookup.name)
            continue
        need = _need(turn, lookup)
        if not _take(turn, lookup.name, need):
            missing[need.key] = need
            open_names.add(lookup.name)
        elif turn.frame.looked_up[lookup.name]["data"] is None and lookup.none:
            return lookup
    if missing:
        raise Waiting(tuple(missing.values()))
    return None


def find_reached(turn: Turn, settled: AbstractSet[str]) -> Limit | None:
    """The first limit whose subject is known and that is used up.

    Raises: Waiting: runs must be counted first. ExpressionError: a subject cannot be told.
    """
    for limit in turn.definition.limits:
        slots = mentioned_slots(turn.definition, limit.subject)
        if not slots <= settled or not slots <= turn.frame.slots.keys():
            continue
        need = _count(turn, limit)
        name = LIMIT_PREFIX + limit.name
        if not _take(turn, name, need):
            raise Waiting((need,))
        used = int((turn.frame.looked_up[name]["data"] or {}).get("count", 0))
        is_free = used < limit.count
        turn.trace.append(
            RuleTrace(limit.name, f"runs < {limit.count}", held=is_free, values={"runs": used, **need.of})
        )
        if not is_free:
            return limit
    return None


def _reads_any(turn: Turn, lookup: Lookup, names: set[str]) -> bool:
    """Whether a look-up reads another one that is still open."""
    return bool(names) and any(
        lookups_behind(turn.definition, expression) & names
        for expression in (*lookup.arguments.values(), lookup.when or "true")
    )


def _need(turn: Turn, lookup: Lookup) -> Need:
    scope = turn.scope()
    arguments: JsonDict = {name: scope.evaluate(source) for name, source in lookup.arguments.items()}
    kind = ACTION_NEED + lookup.action
    return Need(f"{kind}({_digest(arguments)})", kind, arguments)


def _count(turn: Turn, limit: Limit) -> Need:
    of = {
        "procedure": turn.definition.name,
        "limit": limit.name,
        "within_s": limit.within.total_seconds(),
        "subject": subject_of(turn.scope().evaluate(limit.subject)),
    }
    if not of["subject"]:
        raise ExpressionError("a limit counts by something that is not known", expression=limit.subject)
    return Need(f"{RUNS_NEED}({_digest(of)})", RUNS_NEED, of)


def _digest(value: JsonDict) -> str:
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, default=str)
    return text if len(text) <= 80 else hashlib.sha256(text.encode()).hexdigest()[:24]


def _take(turn: Turn, name: str, need: Need) -> bool:
    """Whether the answer is there, in the frame or among the facts of the turn; then the frame holds it."""
    held = turn.frame.looked_up.get(name)
    if held is not None and held["key"] == need.key:
        return True
    if need.key not in turn.facts:
        return False
    found = turn.facts[need.key]
    answer = {"key": need.key, "data": dict(found[0].data) if found else None}
    turn.update(looked_up={**turn.frame.looked_up, name: answer})
    return True


def _forget(turn: Turn, name: str) -> None:
    if name in turn.frame.looked_up:
        turn.update(looked_up={key: held for key, held in turn.frame.looked_up.items() if key != name})
