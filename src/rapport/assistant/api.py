"""What other packages may ask of the assistant."""

from __future__ import annotations

from rapport.assistant.conditions import CelConditions
from rapport.assistant.greeting import GREET_JOB
from rapport.assistant.jobs import SCHEDULES, job_kinds
from rapport.assistant.reading import EngineReader
from rapport.assistant.recalling import recall_frames
from rapport.assistant.staff import StaffStep, run_for_customer, running_for_staff, verify_for_customer
from rapport.assistant.tracing import list_frame_traces
from rapport.assistant.turn import TurnRunner
from rapport.assistant.wording import say

__all__ = [
    "GREET_JOB",
    "SCHEDULES",
    "CelConditions",
    "EngineReader",
    "StaffStep",
    "TurnRunner",
    "job_kinds",
    "list_frame_traces",
    "recall_frames",
    "run_for_customer",
    "running_for_staff",
    "say",
    "verify_for_customer",
]
