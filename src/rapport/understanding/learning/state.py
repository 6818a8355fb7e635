"""Small facts that outlive a job: what waits for training, how the last one ended, how far decisions were read."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

from rapport.kernel.clock import now
from rapport.understanding.learning.values import TrainingOutcome
from rapport.understanding.models import LearningState

WAITING, OUTCOME, CURSOR, SETTINGS, RUNNING = "waiting", "outcome", "cursor", "settings", "running"
LONGEST_TRAINING = dt.timedelta(minutes=10)
"""A training that has not ended by then is taken for dead."""


def read_state(name: str) -> dict[str, Any]:
    """A named value; empty before it was first written."""
    row = LearningState.objects.filter(name=name).first()
    return dict(row.value) if row else {}


def write_state(name: str, value: dict[str, Any]) -> None:
    """Keep a named value."""
    LearningState.objects.update_or_create(name=name, defaults={"value": value})


def note_waiting() -> int:
    """Count a change that is not trained on yet; its number."""
    waiting = read_state(WAITING)
    number = int(waiting.get("number", 0)) + 1
    since = waiting.get("since") or now().isoformat()
    write_state(WAITING, {"number": number, "since": since})
    return number


def is_superseded(number: int, patience: dt.timedelta) -> bool:
    """Whether a newer change will train anyway, and nobody has waited longer than `patience` yet."""
    waiting = read_state(WAITING)
    since = waiting.get("since")
    if int(waiting.get("number", 0)) <= number or not since:
        return False
    return now() - dt.datetime.fromisoformat(since) < patience


def note_started() -> int:
    """Nothing waits from here on; the number of the newest change that is taken along."""
    waiting = read_state(WAITING)
    number = int(waiting.get("number", 0))
    write_state(WAITING, {"number": number, "since": None})
    return number


def is_training_due() -> bool:
    """Whether a change waits to be trained on."""
    return bool(read_state(WAITING).get("since"))


def note_outcome(outcome: TrainingOutcome) -> None:
    """Keep how a training ended, for the screen."""
    shown = dataclasses.asdict(outcome)
    shown["at"] = now().isoformat()
    shown.pop("report")
    shown.pop("comparison")
    write_state(OUTCOME, shown)


def last_outcome() -> TrainingOutcome:
    """How the latest training ended."""
    found = read_state(OUTCOME)
    if not found:
        return TrainingOutcome("none")
    return TrainingOutcome(
        state=found["state"],
        version=found["version"],
        at=dt.datetime.fromisoformat(found["at"]),
        findings=tuple(found["findings"]),
        failures=tuple(found["failures"]),
        cpu_s=found["cpu_s"],
    )


def is_training() -> bool:
    """Whether a training runs now, in whichever process."""
    since = read_state(RUNNING).get("since")
    return bool(since) and now() - dt.datetime.fromisoformat(str(since)) < LONGEST_TRAINING


def note_running(*, is_running: bool) -> None:
    """Mark the start or the end of a training."""
    write_state(RUNNING, {"since": now().isoformat() if is_running else None})
