"""The weekly survey of unsolved conversations."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from rapport.insights.contracts import Window
from rapport.insights.models import Survey
from rapport.insights.stories import ReadText, gather
from rapport.insights.surveying import survey
from rapport.insights.vectors import Space
from rapport.jobs import api as jobs
from rapport.jobs.api import JobContext, JobKind, Priority, ScheduleSpec
from rapport.kernel.clock import now

SURVEY_JOB = "insights.survey"
PERIOD_DAYS = 28
EVERY = dt.timedelta(days=7)
_EARLY = dt.timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Surveyor:
    """Looks at the conversations with an encoder and an engine of this house."""

    space: Space
    read_text: ReadText

    def look(self, days: int = PERIOD_DAYS) -> Survey:
        """Survey the last days now."""
        return survey(gather(Window(now(), days), self.read_text), self.space)

    def run(self, payload: dict[str, Any], _: JobContext) -> None:
        """The job handler, asked each night: a week after the last survey it looks again; at once with ``now``."""
        latest = Survey.objects.order_by("-at").values_list("at", flat=True).first()
        if payload.get("now") or latest is None or now() - latest > EVERY - _EARLY:
            self.look()


@transaction.atomic
def ask_for_survey() -> None:
    """A worker looks at the conversations as soon as it can; asked twice within a minute, once."""
    jobs.enqueue(SURVEY_JOB, {"now": True}, key=f"survey:{now():%Y%m%d%H%M}")


def job_kinds(surveyor: Surveyor) -> tuple[JobKind, ...]:
    """What the worker can do for insights."""
    return (JobKind(SURVEY_JOB, surveyor.run, tries=3, lease_s=300, is_atomic=False),)


SCHEDULES = (ScheduleSpec("insights-survey", SURVEY_JOB, daily_at=dt.time(3, 50), priority=Priority.BULK),)
