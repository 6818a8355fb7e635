"""What other packages may ask of the assistant."""

from __future__ import annotations

from rapport.assistant.approvals import (
    Approval,
    count_approvals,
    decide,
    find_approval,
    list_approvals,
)
from rapport.assistant.events import Report, report_event
from rapport.assistant.greeting import GREET_JOB
from rapport.assistant.jobs import SCHEDULES, job_kinds
from rapport.assistant.staff import StaffStep, run_for_customer, verify_for_customer
from rapport.assistant.turn import TurnRunner
from rapport.assistant.wording import say

__all__ = [
    "GREET_JOB",
    "SCHEDULES",
    "Approval",
    "Report",
    "StaffStep",
    "TurnRunner",
    "count_approvals",
    "decide",
    "find_approval",
    "job_kinds",
    "list_approvals",
    "report_event",
    "run_for_customer",
    "say",
    "verify_for_customer",
]
