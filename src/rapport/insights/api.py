"""What other packages may ask of insights."""

from __future__ import annotations

from rapport.insights.engine_reading import reader_of
from rapport.insights.jobs import PERIOD_DAYS, SCHEDULES, Surveyor, ask_for_survey, job_kinds
from rapport.insights.preparing import prepare
from rapport.insights.queries import distinct_examples, find_issue, latest_survey, list_issues
from rapport.insights.services import begin_draft, dismiss, propose_wordings, restore
from rapport.insights.vectors import Space

__all__ = [
    "PERIOD_DAYS",
    "SCHEDULES",
    "Space",
    "Surveyor",
    "ask_for_survey",
    "begin_draft",
    "dismiss",
    "distinct_examples",
    "find_issue",
    "job_kinds",
    "latest_survey",
    "list_issues",
    "prepare",
    "propose_wordings",
    "reader_of",
    "restore",
]
