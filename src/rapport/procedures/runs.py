"""Runs of procedures on record: how each ended, and what its limits count."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from rapport.jobs import api as jobs
from rapport.kernel.clock import now
from rapport.procedures.contracts import DialogueState, Effect, Ended
from rapport.procedures.mending import record_mends
from rapport.procedures.models import Run
from rapport.procedures.waiting import RunPlace

Subjects = Mapping[tuple[str, str], str]
"""(procedure, name of its limit) → what the limit counts by, as the interpreter asked."""


def count_runs(procedure: str, limit: str, subject: str, within_s: float) -> int:
    """How many runs that count for a limit ended ``done`` in the last so many seconds."""
    if not subject:
        return 0
    since = now() - dt.timedelta(seconds=min(within_s, 3_000_000_000))
    done = Run.objects.filter(procedure=procedure, limit=limit, subject=subject[:160], outcome="done")
    return done.filter(finished_at__gt=since).count()


def record_runs(
    place: RunPlace, state: DialogueState, effects: tuple[Effect, ...], subjects: Subjects
) -> None:
    """Note which runs ended, and what the limits of running ones count by, in the transaction of the turn."""
    record_mends(place, effects)
    ended = {e.instance: e for e in effects if isinstance(e, Ended)}
    frames = {f.instance: f for f in (*state.stack, *state.waiting, *state.finished)}
    running = {f.instance for f in (*state.stack, *state.waiting)}
    about = {"conversation_id": int(place.conversation.id), "actor": place.actor}
    for (procedure, limit), subject in subjects.items():
        for instance, frame in frames.items():
            if frame.procedure == procedure and (instance in running or instance in ended):
                counted = {**about, "procedure": procedure, "subject": subject[:160]}
                Run.objects.update_or_create(instance=instance, limit=limit, defaults=counted)
    for instance, end in ended.items():
        values = {**about, "procedure": end.procedure, "subject": place.customer_ref}
        Run.objects.update_or_create(instance=instance, limit="", defaults=values)
    for instance, end in ended.items():
        Run.objects.filter(instance=instance).update(outcome=end.outcome, finished_at=now())
        news = {"procedure": end.procedure, "instance": instance, "outcome": end.outcome}
        jobs.publish("procedure_ended", ["events"], {**news, "conversation_row": int(place.conversation.id)})
