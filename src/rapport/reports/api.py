"""What the wiring and the command may ask of reports."""

from __future__ import annotations

from rapport.reports.cases import CaseFilter, list_cases
from rapport.reports.exporting import as_csv, as_json
from rapport.reports.gathering import gather
from rapport.reports.jobs import KINDS, SCHEDULES
from rapport.reports.logic.periods import last_days
from rapport.reports.queries import self_service

__all__ = [
    "KINDS",
    "SCHEDULES",
    "CaseFilter",
    "as_csv",
    "as_json",
    "gather",
    "last_days",
    "list_cases",
    "self_service",
]
