"""What one conversation came to: its contact and the runs in it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from rapport.reports.logic.facts import CaseTraces, ContactFacts, ContactOutcome, RunFacts, RunOutcome
from rapport.reports.logic.runs import Changes, read_runs, turn_at
from rapport.reports.logic.turns import Course, Turn, read_course

QUIET = dt.timedelta(hours=24)
"""So long without a word from either side, and the customer has left."""
REOPENING = dt.timedelta(days=7)
"""Who writes again within this time had not been helped for good."""

_SAID_YES = "thanks"
_GOOD_ENDS = {RunOutcome.DONE, RunOutcome.NO_ACTION}
_REASONS = {"answer": "question", "hand_over": "person", "person_offer": "person", "clarify": "unclear"}


def read_case(case: CaseTraces, changes: Changes, now: dt.datetime) -> tuple[ContactFacts, list[RunFacts]]:
    """Every fact of one conversation, as of a moment."""
    course = read_course(case.messages, case.decisions)
    is_left = _is_left(case, now)
    runs = read_runs(case, course, changes, is_left=is_left)
    solving = _solving(course.turns, runs)
    outcome = _outcome(case, course, runs, solving, is_left=is_left)
    is_solved = outcome is ContactOutcome.SOLVED
    return (
        ContactFacts(
            reason=_reason(course, runs),
            outcome=outcome,
            is_answered=course.is_answered,
            is_confirmed=is_solved and _is_confirmed(course.turns, solving),
            is_reopened=_is_reopened(course, solving),
            bursts=course.bursts,
            is_settled=is_left or outcome is ContactOutcome.PERSON,
        ),
        runs,
    )


def _is_left(case: CaseTraces, now: dt.datetime) -> bool:
    of = case.conversation
    return of.status == "resolved" or now - of.last_activity_at >= QUIET


def _solving(turns: Sequence[Turn], runs: Sequence[RunFacts]) -> list[int]:
    """The turns that gave an article as an answer, or in which a run came to a good end."""
    good = {turn_at(turns, r.ended_at) for r in runs if r.outcome in _GOOD_ENDS and r.ended_at}
    return [n for n, t in enumerate(turns) if n in good or t.has("answer")]


def _has_person(case: CaseTraces, course: Course) -> bool:
    by_staff = any(r.actor != "assistant" for r in case.runs) or any(
        c.actor != "assistant" for c in case.calls
    )
    approved = any(w.decided_by for w in case.waits)
    is_theirs = case.conversation.owner != "assistant"
    return bool(course.staff_wrote_at or course.handed_over or by_staff or approved or is_theirs)


def _outcome(
    case: CaseTraces, course: Course, runs: Sequence[RunFacts], solving: Sequence[int], *, is_left: bool
) -> ContactOutcome:
    requests = [n for n, t in enumerate(course.turns) if not t.is_courtesy]
    if _has_person(case, course):
        return ContactOutcome.PERSON
    if not is_left or any(f.place == "waiting" for f in case.frames):
        return ContactOutcome.OPEN
    if not requests:
        return ContactOutcome.NONE if course.turns else ContactOutcome.UNSOLVED
    if solving and solving[-1] == requests[-1]:
        return ContactOutcome.SOLVED
    if runs and runs[-1].outcome is RunOutcome.REFUSED:
        return ContactOutcome.REFUSED
    return ContactOutcome.UNSOLVED


def _reason(course: Course, runs: Sequence[RunFacts]) -> str:
    started = [s.partition(":")[2] for t in course.turns for s in t.steps if s.startswith("start:")]
    if started or runs:
        return started[0] if started else runs[0].procedure
    verbs = [s.partition(":")[0] for t in course.turns for s in t.steps]
    found = [_REASONS[v] for v in verbs if v in _REASONS]
    if found:
        return found[0]
    if any(not t.is_courtesy for t in course.turns):
        return "unclear"
    return "person" if course.handed_over or course.staff_wrote_at else "none"


def _is_confirmed(turns: Sequence[Turn], solving: Sequence[int]) -> bool:
    return any(t.has("reply", _SAID_YES) for t in turns[solving[-1] + 1 :])


def _is_reopened(course: Course, solving: Sequence[int]) -> bool:
    """Whether a request followed a solution after the customer had left with it, within seven days."""
    for n in solving:
        solved_at = course.turns[n].decided_at
        later = [t for t in course.turns[n + 1 :] if t.is_customers and not t.is_courtesy]
        if not later:
            continue
        again_at = later[0].began_at
        had_left = again_at - solved_at >= QUIET or any(
            solved_at <= at <= again_at for at in course.resolved_at
        )
        if had_left and again_at - solved_at <= REOPENING:
            return True
    return False
