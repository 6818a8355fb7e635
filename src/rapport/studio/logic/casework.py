"""Test cases made from what was just tried, and their expectations as a form changes them."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from typing import Any

import yaml

from rapport.studio.contracts import Talk, Turn
from rapport.studio.logic.merging import rewrite
from rapport.studio.logic.writing import write

JsonDict = dict[str, Any]


def read_case_list(cases: str) -> tuple[JsonDict, list[JsonDict]]:
    """A file of cases as data, and its cases; empty where it cannot be read."""
    try:
        data = yaml.safe_load(cases) if cases.strip() else {}
    except yaml.YAMLError:
        data = {}
    data = data if isinstance(data, dict) else {}
    found = data.get("cases")
    return data, [case for case in found if isinstance(case, dict)] if isinstance(found, list) else []


def case_of(name: str, talk: Talk, given: Mapping[str, Any], language: str) -> JsonDict:
    """The conversation as a test case: its moves, what each must lead to, how it ends and what is changed."""
    case: JsonDict = {"name": name}
    if language != "en":
        case["language"] = language
    if given:
        case["given"] = copy.deepcopy(dict(given))
    case["steps"] = [_step(turn) for turn in talk.turns if turn.move]
    case["expect"] = expectation_of(talk)
    return case


def _step(turn: Turn) -> JsonDict:
    step = dict(turn.move)
    if turn.waits_for:
        step["asks"] = turn.waits_for
    if turn.waits:
        step["waits"] = turn.waits
    return step


def expectation_of(talk: Talk) -> JsonDict:
    """What the conversation came to, as a test case expects it."""
    found: JsonDict = {}
    if talk.ended:
        found["ends"] = talk.ended
    last = talk.turns[-1] if talk.turns else None
    if last is not None and not talk.ended and last.waits_for:
        found["asks"] = last.waits_for
    refused = next((turn.refused for turn in reversed(talk.turns) if turn.refused), "")
    if refused and talk.ended == "refused":
        found["refused"] = refused
    handed = next((turn.hands_over for turn in talk.turns if turn.hands_over), "")
    if handed:
        found["hands_over"] = handed
    found["calls"] = [{"action": call["action"], "with": copy.deepcopy(call["with"])} for call in talk.writes]
    return found


def add_case(cases: str, procedure: str, case: JsonDict) -> str:
    """The file with another case at its end."""
    data, listed = read_case_list(cases)
    changed = copy.deepcopy(data) or {"procedure": procedure}
    changed["cases"] = [*listed, case]
    return rewrite(cases, changed) if data else write(changed)


def change_case(cases: str, index: int, case: JsonDict | None) -> str:
    """The file with one case changed, or without it."""
    data, listed = read_case_list(cases)
    if not 0 <= index < len(listed):
        return cases
    kept: Sequence[JsonDict] = [
        *listed[:index], *([] if case is None else [case]), *listed[index + 1 :]
    ]  # fmt: skip
    if not kept:
        return ""
    return rewrite(cases, {**data, "cases": list(kept)})


def free_title(title: str, cases: str) -> str:
    """A title no case has yet."""
    _, listed = read_case_list(cases)
    taken = {str(case.get("name")) for case in listed}
    return (
        title if title not in taken else next(t for n in range(2, 500) if (t := f"{title} {n}") not in taken)
    )
