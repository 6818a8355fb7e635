"""What other packages call of procedures."""

from __future__ import annotations

from rapport.procedures.logic.book import ProcedureBook
from rapport.procedures.logic.definition import Definition, Slot
from rapport.procedures.logic.differing import Difference, compare
from rapport.procedures.logic.flow import describe
from rapport.procedures.logic.formatting import NotFormatted, format_definition
from rapport.procedures.logic.gate import Verdict as GateVerdict
from rapport.procedures.logic.gate import judge_report
from rapport.procedures.logic.interpreter import advance
from rapport.procedures.logic.parsing import InvalidDefinition, check_definition, parse_definition
from rapport.procedures.logic.phrases import find_wording, list_wordings
from rapport.procedures.logic.policy import Proposal, Verdict, judge
from rapport.procedures.logic.problems import Problem, Report, read_document
from rapport.procedures.logic.schema import make_schema
from rapport.procedures.logic.sections import Section as DocumentSection
from rapport.procedures.logic.state import (
    input_from_json,
    input_to_json,
    option_from_json,
    option_to_json,
    state_from_json,
    state_to_json,
)
from rapport.procedures.logic.wording import say as house_wording
from rapport.procedures.queries import (
    MenuEntry,
    forget_book,
    list_menu,
    list_procedures,
    list_versions,
    load_book,
)
from rapport.procedures.releasing import (
    GateClosed,
    RehearsalInfo,
    find_rehearsal,
    job_kinds,
    latest_cases,
    needs_rehearsal,
    release,
    release_rehearsed,
    request_rehearsal,
    set_threshold,
    threshold_of,
)
from rapport.procedures.services import publish, roll_back, withdraw
from rapport.procedures.template_files import (
    Template,
    cases_beside,
    definition_files,
    find_template,
    list_templates,
)

__all__ = [
    "Definition",
    "Difference",
    "DocumentSection",
    "GateClosed",
    "GateVerdict",
    "InvalidDefinition",
    "MenuEntry",
    "NotFormatted",
    "Problem",
    "ProcedureBook",
    "Proposal",
    "RehearsalInfo",
    "Report",
    "Slot",
    "Template",
    "Verdict",
    "advance",
    "cases_beside",
    "check_definition",
    "compare",
    "definition_files",
    "describe",
    "find_rehearsal",
    "find_template",
    "find_wording",
    "forget_book",
    "format_definition",
    "house_wording",
    "input_from_json",
    "input_to_json",
    "job_kinds",
    "judge",
    "judge_report",
    "latest_cases",
    "list_menu",
    "list_procedures",
    "list_templates",
    "list_versions",
    "list_wordings",
    "load_book",
    "make_schema",
    "needs_rehearsal",
    "option_from_json",
    "option_to_json",
    "parse_definition",
    "publish",
    "read_document",
    "release",
    "release_rehearsed",
    "request_rehearsal",
    "roll_back",
    "set_threshold",
    "state_from_json",
    "state_to_json",
    "threshold_of",
    "withdraw",
]
