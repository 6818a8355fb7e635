"""Which turns belong to which run of a procedure, what each run cost the customer, and how it ended."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rapport.reports.logic.facts import CaseTraces, Effort, RunFacts, RunOutcome
from rapport.reports.logic.turns import Course, Turn

if TYPE_CHECKING:
    from rapport.connectors.api import CallTrace
    from rapport.procedures.api import FrameTrace, WaitTrace

FAULTS = frozenset({"system_unavailable", "definition_missing", "rule_error", "unknown_procedure"})
"""Reasons of handovers that are ours or a connected system's, not the case's."""

Changes = Callable[[str, int], bool | None]
"""Procedure and version → whether it is there to change something; None where nobody knows any more."""


@dataclass(slots=True)
class Span:
    """A run and the turns it took."""

    instance: str
    procedure: str
    version: int
    status: str
    """The run's outcome as recorded; ``stack`` or ``waiting`` where it has not ended."""
    finished_at: dt.datetime | None
    first: int
    last: int


def read_spans(case: CaseTraces, turns: Sequence[Turn]) -> list[Span]:
    """The runs customers asked for, in the order in which they ended; those not ended last."""
    frames = {f.instance: f for f in case.frames}
    parts = {f.instance for f in case.frames if f.parent}
    used: Counter[str] = Counter()
    spans = []
    for run in case.runs:
        if run.instance in parts or run.actor != "assistant":
            continue
        last = turn_at(turns, run.finished_at)
        first = _first_turn(turns, run.procedure, used[run.procedure], last)
        used[run.procedure] = last + 1
        version = frames[run.instance].version if run.instance in frames else 0
        spans.append(Span(run.instance, run.procedure, version, run.outcome, run.finished_at, first, last))
    ended = {s.instance for s in spans} | parts
    spans += [
        _unfinished(f, turns, used) for f in case.frames if f.place != "finished" and f.instance not in ended
    ]
    return spans


def turn_at(turns: Sequence[Turn], at: dt.datetime) -> int:
    """The turn during which something happened."""
    return max((n for n, t in enumerate(turns) if t.decided_at <= at), default=0)


def _unfinished(frame: FrameTrace, turns: Sequence[Turn], used: Counter[str]) -> Span:
    end = max(len(turns) - 1, 0)
    named = [n for n, t in enumerate(turns) if frame.procedure in t.targets and n >= used[frame.procedure]]
    first = _first_turn(turns, frame.procedure, used[frame.procedure], end)
    last = max([*named, first]) if frame.place == "waiting" else end
    used[frame.procedure] = last + 1
    return Span(frame.instance, frame.procedure, frame.version, frame.place, None, first, last)


def _first_turn(turns: Sequence[Turn], procedure: str, since: int, last: int) -> int:
    """Where a run began: where it was started, else first named, else where it ended; unclear words before it count."""
    within = range(since, last + 1)
    started = [n for n in within if turns and turns[n].has("start", procedure)]
    named = [n for n in within if turns and procedure in turns[n].targets]
    first = next(iter([*started, *named]), last)
    while first > since and _led_to(turns[first - 1]):
        first -= 1
    return first


def _led_to(turn: Turn) -> bool:
    """The customer was asked what they meant."""
    return all(s.startswith("clarify") or s == "reply:not_understood" for s in turn.steps)


def owners(spans: Sequence[Span], turns: Sequence[Turn]) -> list[Span | None]:
    """Whose turn each is: of the run its steps name, else of the one begun last; courtesies are no one's."""
    found: list[Span | None] = []
    for n, turn in enumerate(turns):
        covering = [] if turn.is_courtesy else [s for s in spans if s.first <= n <= s.last]
        named = [s for s in covering if s.procedure in turn.targets]
        found.append(next(iter(named), max(covering, key=lambda s: s.first, default=None)))
    return found


@dataclass(frozen=True, slots=True)
class _Own:
    """What of a conversation belongs to one run, with what its parts did and waited for."""

    turns: Sequence[Turn]
    calls: Sequence[CallTrace]
    waits: Sequence[WaitTrace]
    began_at: dt.datetime


def read_runs(case: CaseTraces, course: Course, changes: Changes, *, is_left: bool) -> list[RunFacts]:
    """What became of each run; `is_left`: the customer is not expected back, so what is open was left."""
    spans = read_spans(case, course.turns)
    owned = owners(spans, course.turns)
    parents = {f.instance: f.parent for f in case.frames}
    calls = [(_root(c.key.partition(":")[0], parents), c) for c in case.calls]
    waits = [(_root(w.instance, parents), w) for w in case.waits]
    facts = []
    for span in spans:
        turns = [t for t, owner in zip(course.turns, owned, strict=True) if owner is span]
        own = _Own(
            turns,
            [c for root, c in calls if root == span.instance],
            [w for root, w in waits if root == span.instance],
            turns[0].began_at if turns else span.finished_at or case.conversation.created_at,
        )
        known = changes(span.procedure, span.version)
        is_there_to_change = bool(own.calls) if known is None else known
        outcome, reason = _outcome(span, own, case, course, is_left=is_left)
        is_changed = any(c.state == "done" and not c.key.endswith("~undo") for c in own.calls)
        if outcome is RunOutcome.DONE and is_there_to_change and not is_changed:
            outcome = RunOutcome.NO_ACTION
        facts.append(
            RunFacts(
                span.instance,
                span.procedure,
                span.version,
                is_there_to_change,
                outcome,
                reason[:80],
                own.began_at,
                span.finished_at,
                _effort(span, own),
            )
        )
    return facts


def _root(instance: str, parents: Mapping[str, str]) -> str:
    """The run that was asked for, where this one is a part of it."""
    while parents.get(instance):
        instance = parents[instance]
    return instance


def _outcome(
    span: Span, own: _Own, case: CaseTraces, course: Course, *, is_left: bool
) -> tuple[RunOutcome, str]:
    began_at = own.turns[0].began_at if own.turns else case.conversation.created_at
    handed = [reason for at, reason in course.handed_over if at >= began_at]
    if span.finished_at is None:
        if span.status == "waiting":
            return RunOutcome.OPEN, ""
        if handed or case.conversation.owner != "assistant":
            return RunOutcome.PERSON, next(iter(handed), "taken_over")
        asked = next((t.slot for t in reversed(own.turns) if t.slot), "")
        return (RunOutcome.ABANDONED, asked) if is_left else (RunOutcome.OPEN, "")
    match span.status:
        case "done":
            return _done(span, own, began_at, course)
        case "refused":
            refusals = [c.code for c in own.calls if c.state == "refused"]
            last = case.broken_rules.get(own.turns[-1].decision_id, ()) if own.turns else ()
            return RunOutcome.REFUSED, next(iter([*refusals, *last]), "")
        case "handed_over":
            reason = next(iter(handed), "")
            return (RunOutcome.FAILED if reason in FAULTS else RunOutcome.PERSON), reason
        case "cancelled":
            return RunOutcome.CANCELLED, ""
        case _:
            return RunOutcome.FAILED, next((c.code for c in own.calls if c.state == "failed"), "")


def _done(span: Span, own: _Own, began_at: dt.datetime, course: Course) -> tuple[RunOutcome, str]:
    assert span.finished_at is not None
    if any(w.decided_by for w in own.waits):
        return RunOutcome.WITH_PERSON, "approval"
    if any(began_at <= at <= span.finished_at for at in course.staff_wrote_at):
        return RunOutcome.WITH_PERSON, "reply"
    return RunOutcome.DONE, ""


def _effort(span: Span, own: _Own) -> Effort:
    mine = own.turns
    asked = [t for t in mine if t.slot and not (span.finished_at and t.decided_at == _last_decided(mine))]
    repeated = sum(count - 1 for count in Counter(t.question for t in asked).values())
    end = span.finished_at or (mine[-1].decided_at if mine else own.began_at)
    return Effort(
        turns=sum(t.is_customers for t in mine),
        clicks=sum(t.clicks for t in mine),
        fields=sum(t.fields for t in mine),
        words=sum(t.words for t in mine),
        questions=sum(not t.slot.startswith("identify:") for t in asked),
        repeats=repeated,
        identifications=sum(t.slot.startswith("identify:") for t in asked),
        waits=len(own.waits),
        seconds=max(0, round((end - own.began_at).total_seconds())),
    )


def _last_decided(mine: Sequence[Turn]) -> dt.datetime | None:
    """The last turn's answer tells the end; what it asks belongs to what follows."""
    return mine[-1].decided_at if mine else None
