"""What other packages call of procedures."""

from __future__ import annotations

from rapport.procedures.approvals import (
    Approval,
    count_approvals,
    decide,
    find_approval,
    list_approvals,
)
from rapport.procedures.checklists import (
    answer_item,
    as_json,
    as_markdown,
    check_text,
    find_checklist,
    load_items,
    make_answers,
    make_checklist,
    record_answers,
)
from rapport.procedures.events import EventOutcome, prune_events, report_event
from rapport.procedures.examples import with_examples
from rapport.procedures.following import KINDS as FOLLOW_KINDS
from rapport.procedures.following import SCHEDULES as FOLLOW_SCHEDULES
from rapport.procedures.following import follow_shop
from rapport.procedures.judging import TurnPolicy
from rapport.procedures.logic.book import ProcedureBook
from rapport.procedures.logic.definition import (
    ACTION_NEED,
    CUSTOMER_NEED,
    FILE_NEED,
    RUNS_NEED,
    Definition,
    Slot,
)
from rapport.procedures.logic.differing import Difference, compare
from rapport.procedures.logic.expressions import ExpressionError, holds, references
from rapport.procedures.logic.flow import describe
from rapport.procedures.logic.formatting import NotFormatted, format_definition
from rapport.procedures.logic.gate import judge_report
from rapport.procedures.logic.interpreter import advance
from rapport.procedures.logic.moments import DURATIONS, read_duration, read_moment
from rapport.procedures.logic.parsing import InvalidDefinition, check_definition, parse_definition
from rapport.procedures.logic.phrases import find_wording, list_wordings
from rapport.procedures.logic.policy import judge
from rapport.procedures.logic.problems import Problem, Report, read_document
from rapport.procedures.logic.proposals import Proposal, Verdict
from rapport.procedures.logic.schema import make_schema
from rapport.procedures.logic.sections import Section as DocumentSection
from rapport.procedures.logic.state import (
    state_from_json,
    state_to_json,
)
from rapport.procedures.mending import MendingInfo, count_kept, list_mendings
from rapport.procedures.queries import (
    MenuEntry,
    VersionRow,
    find_in_force,
    follow_book,
    forget_book,
    list_menu,
    list_procedures,
    list_versions,
    load_book,
    read_version,
)
from rapport.procedures.releasing import (
    GateClosed,
    GateState,
    RehearsalInfo,
    Release,
    find_rehearsal,
    job_kinds,
    latest_cases,
    latest_rehearsals,
    needs_rehearsal,
    release,
    release_rehearsed,
    request_rehearsal,
    set_threshold,
    threshold_of,
    what_stands_against,
)
from rapport.procedures.runs import count_runs, record_runs
from rapport.procedures.services import digest_of, publish, roll_back, withdraw
from rapport.procedures.template_files import (
    Template,
    cases_beside,
    definition_files,
    find_template,
    list_templates,
)
from rapport.procedures.tracing import (
    FrameTrace,
    RunTrace,
    WaitTrace,
    changes_something,
    frames_of,
    list_run_traces,
    list_wait_traces,
)
from rapport.procedures.waiting import (
    WAKE_DUE_JOB,
    WAKE_JOB,
    RunPlace,
    Woken,
    call_again,
    call_up_due,
    find_woken,
    is_approved,
    keep_waits,
    list_woken,
    pass_on,
)

__all__ = [
    "ACTION_NEED",
    "CUSTOMER_NEED",
    "DURATIONS",
    "FILE_NEED",
    "FOLLOW_KINDS",
    "FOLLOW_SCHEDULES",
    "RUNS_NEED",
    "WAKE_DUE_JOB",
    "WAKE_JOB",
    "Approval",
    "Definition",
    "Difference",
    "DocumentSection",
    "EventOutcome",
    "ExpressionError",
    "FrameTrace",
    "GateClosed",
    "GateState",
    "InvalidDefinition",
    "MendingInfo",
    "MenuEntry",
    "NotFormatted",
    "Problem",
    "ProcedureBook",
    "Proposal",
    "RehearsalInfo",
    "Release",
    "Report",
    "RunPlace",
    "RunTrace",
    "Slot",
    "Template",
    "TurnPolicy",
    "Verdict",
    "VersionRow",
    "WaitTrace",
    "Woken",
    "advance",
    "answer_item",
    "as_json",
    "as_markdown",
    "call_again",
    "call_up_due",
    "cases_beside",
    "changes_something",
    "check_definition",
    "check_text",
    "compare",
    "count_approvals",
    "count_kept",
    "count_runs",
    "decide",
    "definition_files",
    "describe",
    "digest_of",
    "find_approval",
    "find_checklist",
    "find_in_force",
    "find_rehearsal",
    "find_template",
    "find_woken",
    "find_wording",
    "follow_book",
    "follow_shop",
    "forget_book",
    "format_definition",
    "frames_of",
    "holds",
    "is_approved",
    "job_kinds",
    "judge",
    "judge_report",
    "keep_waits",
    "latest_cases",
    "latest_rehearsals",
    "list_approvals",
    "list_mendings",
    "list_menu",
    "list_procedures",
    "list_run_traces",
    "list_templates",
    "list_versions",
    "list_wait_traces",
    "list_woken",
    "list_wordings",
    "load_book",
    "load_items",
    "make_answers",
    "make_checklist",
    "make_schema",
    "needs_rehearsal",
    "parse_definition",
    "pass_on",
    "prune_events",
    "publish",
    "read_document",
    "read_duration",
    "read_moment",
    "read_version",
    "record_answers",
    "record_runs",
    "references",
    "release",
    "release_rehearsed",
    "report_event",
    "request_rehearsal",
    "roll_back",
    "set_threshold",
    "state_from_json",
    "state_to_json",
    "threshold_of",
    "what_stands_against",
    "with_examples",
    "withdraw",
]
