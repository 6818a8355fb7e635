"""One whole rehearsal: the test cases of a text, then simulated customers; what the release gate judges."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from rapport.procedures import api as procedures
from rapport.testing.personas import load_phrasebook
from rapport.testing.rehearsal.case_files import CaseFile, read_case_file
from rapport.testing.rehearsal.cases import CaseResult, run_cases
from rapport.testing.rehearsal.reporting import make_report
from rapport.testing.rehearsal.scenes import find_scenes
from rapport.testing.rehearsal.simulating import Cast, Plan, simulate
from rapport.testing.rehearsal.speaking import choose_personas

JsonDict = dict[str, Any]


def load_cast(folder: Path) -> Cast:
    """The default personas of a demonstration's folder. Raises OSError, BadPersonas."""
    book = load_phrasebook(folder / "personas.yaml")
    return Cast(book, choose_personas(book))


def read_cases(source: str, beside: str = "") -> CaseFile | None:
    """The cases in a definition's ``tests:`` section, or else beside it. Raises InvalidDefinition."""
    data, _ = procedures.read_document(source)
    within = data.get("tests") if isinstance(data, dict) else None
    if within:
        return read_case_file({"procedure": data["procedure"], **within})
    return read_case_file(beside) if beside.strip() else None


def rehearse(
    source: str,
    cases: str,
    book: procedures.ProcedureBook,
    progress: Callable[[int, int], None],
    *,
    cast: Cast | None,
    plan: Plan | None = None,
) -> JsonDict:
    """The report: ``cases`` and ``simulation``, and in ``problem`` what kept either from running."""
    definition = procedures.parse_definition(source)
    others = [d for d in book.values() if d.name != definition.name]
    found: JsonDict = {"cases": [], "simulation": {}, "problem": ""}
    try:
        file = read_cases(source, cases)
    except procedures.InvalidDefinition as problem:
        found["problem"] = f"the test cases cannot be read: {problem}"
        file = None
    if file is not None:
        found["cases"] = [case_json(result) for result in run_cases(file, [*others, definition])]
    if cast is None:
        found["simulation"] = {
            "lacking": ["there are no simulated customers: the file of personas is missing"]
        }
    else:
        whole = procedures.ProcedureBook([*others, definition])
        scenes = find_scenes(definition, whole, file, lambda: procedures.with_examples(source, {}))
        found["simulation"] = make_report(
            simulate(definition, others, cast, plan, scenes=scenes, report=progress)
        )
    return found


def case_json(result: CaseResult) -> JsonDict:
    """A result as plain JSON values."""
    return {
        "name": result.name,
        "line": result.line,
        "problems": list(result.problems),
        "transcript": list(result.transcript) if result.problems else [],
    }
