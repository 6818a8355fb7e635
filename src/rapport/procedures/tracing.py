"""What became of runs of procedures, many at once and without what they were about: for counting."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from rapport.procedures.contracts import JsonDict
from rapport.procedures.logic.parsing import InvalidDefinition
from rapport.procedures.models import ProcedureVersion, Run, Wait
from rapport.procedures.queries import load_book


@dataclass(frozen=True, slots=True)
class RunTrace:
    """A run that ended."""

    conversation_id: int
    instance: str
    procedure: str
    actor: str
    """``assistant``, or ``staff:<id>``."""
    outcome: str
    finished_at: dt.datetime


@dataclass(frozen=True, slots=True)
class WaitTrace:
    """Something a run waited for."""

    conversation_id: int
    instance: str
    kind: str
    """``time``, ``event`` or ``approval``."""
    decided_by: int | None
    """Staff id of who approved or refused."""


@dataclass(frozen=True, slots=True)
class FrameTrace:
    """A run as the dialogue remembers it, ended or not."""

    instance: str
    procedure: str
    version: int
    status: str
    place: str
    """``stack`` (under way), ``waiting`` or ``finished``."""
    parent: str
    """The instance that runs it as a step of its own; empty for what was asked for."""


def list_run_traces(conversation_ids: Collection[int]) -> list[RunTrace]:
    """The runs of these conversations that ended, in the order in which they did."""
    rows = Run.objects.filter(
        conversation_id__in=conversation_ids, limit="", finished_at__isnull=False
    ).order_by("finished_at", "id")
    names = ("conversation_id", "instance", "procedure", "actor", "outcome", "finished_at")
    return [RunTrace(*row) for row in rows.values_list(*names)]


def list_wait_traces(conversation_ids: Collection[int]) -> list[WaitTrace]:
    """What the runs of these conversations waited for."""
    rows = Wait.objects.filter(conversation_id__in=conversation_ids).order_by("id")
    return [WaitTrace(*row) for row in rows.values_list("conversation_id", "instance", "kind", "decided_by")]


def frames_of(state: JsonDict) -> list[FrameTrace]:
    """The runs that a dialogue's stored state remembers, oldest first in each place."""
    return [
        FrameTrace(
            frame["instance"],
            frame["procedure"],
            int(frame.get("version") or 0),
            frame["status"],
            place,
            frame.get("parent") or "",
        )
        for place in ("finished", "waiting", "stack")
        for frame in state.get(place, ())
    ]


def changes_something(name: str, version: int) -> bool | None:
    """Whether a version of a procedure calls an action that changes something; None where it cannot be read."""
    try:
        definition = load_book().at(name, version)
    except (ProcedureVersion.DoesNotExist, InvalidDefinition):
        return None
    return None if definition is None else not definition.is_read_only
