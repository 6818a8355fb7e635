"""What the wiring and the command may ask of reports."""

from __future__ import annotations

from rapport.reports.cases import CaseFilter, CaseLine, CasePage, list_cases
from rapport.reports.exporting import as_csv, as_json
from rapport.reports.gathering import count_behind, gather
from rapport.reports.jobs import KINDS, SCHEDULES
from rapport.reports.logic.periods import last_days
from rapport.reports.queries import self_service
from rapport.reports.services import set_target

__all__ = [
    "KINDS",
    "SCHEDULES",
    "CaseFilter",
    "CaseLine",
    "CasePage",
    "as_csv",
    "as_json",
    "count_behind",
    "gather",
    "last_days",
    "list_cases",
    "self_service",
    "set_target",
]
