"""Test cases of a prepared draft: customers' first words, and what is asked then."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string

from rapport.insights.contracts import ProcedureDraft
from rapport.insights.queries import IssueInfo, distinct_examples
from rapport.kernel.languages import LANGUAGE_NAMES
from rapport.procedures import api as procedures
from rapport.studio.contracts import Rehearser

_OF_A_LANGUAGE = 1


def cases_for(issue: IssueInfo, draft: ProcedureDraft) -> str:
    """Cases that hold in the sandbox, one a language, as a text; empty where none does."""
    rehearser: Rehearser = import_string(settings.PROCEDURE_REHEARSER)()
    given, _ = procedures.with_examples(draft.source, {})
    wanted = list(_cases(issue, draft))
    held = [
        o.name for o in rehearser.run_cases(draft.source, _text(draft.name, given, wanted)) if not o.problems
    ]
    kept = [case for case in wanted if case["name"] in held]
    return _text(draft.name, given, kept) if kept else ""


def _cases(issue: IssueInfo, draft: ProcedureDraft) -> Iterator[dict[str, Any]]:
    slots = procedures.parse_definition(draft.source).slots
    expected: dict[str, Any] = {"asks": slots[0].name} if slots else {"calls": []}
    for language, found in distinct_examples(issue, most=_OF_A_LANGUAGE).items():
        if language in LANGUAGE_NAMES:
            for example in found:
                step = {"start": example.text}
                name = f"{LANGUAGE_NAMES[language]}: {example.text}"[:100]
                yield {"name": name, "language": language, "steps": [step], "expect": expected}


def _text(name: str, given: dict[str, Any], cases: list[dict[str, Any]]) -> str:
    """YAML that is plain JSON below its keys."""
    lines = [f"procedure: {name}"]
    if given:
        lines.append(f"given: {json.dumps(given, ensure_ascii=False)}")
    lines.append("cases:")
    for case in cases:
        first, *rest = (f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in case.items())
        lines += [f"  - {first}", *(f"    {line}" for line in rest)]
    return "\n".join(lines) + "\n"
