"""What other packages call of procedures."""

from __future__ import annotations

from rapport.procedures.logic.book import ProcedureBook
from rapport.procedures.logic.definition import Definition, Slot
from rapport.procedures.logic.interpreter import advance
from rapport.procedures.logic.parsing import InvalidDefinition, check_definition, parse_definition
from rapport.procedures.logic.policy import Proposal, Verdict, judge
from rapport.procedures.logic.problems import Problem
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
from rapport.procedures.services import publish, roll_back, withdraw

__all__ = [
    "Definition",
    "InvalidDefinition",
    "MenuEntry",
    "Problem",
    "ProcedureBook",
    "Proposal",
    "Slot",
    "Verdict",
    "advance",
    "check_definition",
    "forget_book",
    "house_wording",
    "input_from_json",
    "input_to_json",
    "judge",
    "list_menu",
    "list_procedures",
    "list_versions",
    "load_book",
    "option_from_json",
    "option_to_json",
    "parse_definition",
    "publish",
    "roll_back",
    "state_from_json",
    "state_to_json",
    "withdraw",
]
