"""What other packages may ask of insights."""

from __future__ import annotations

from rapport.insights.engine_reading import reader_of
from rapport.insights.jobs import SCHEDULES, Surveyor, ask_for_survey, job_kinds
from rapport.insights.preparing import prepare
from rapport.insights.queries import find_issue, latest_survey, list_issues
from rapport.insights.vectors import Space

__all__ = [
    "SCHEDULES",
    "Space",
    "Surveyor",
    "ask_for_survey",
    "find_issue",
    "job_kinds",
    "latest_survey",
    "list_issues",
    "prepare",
    "reader_of",
]
