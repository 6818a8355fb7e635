"""Tasks with what a simulated customer is told, and what the customer must have been told in the end."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from rapport.testing.retail.tasks import JsonDict, Task, read_json, read_tasks

PARTS = {
    "reason_for_call": "What you want",
    "known_info": "What you know",
    "unknown_info": "What you do not know",
    "task_instructions": "How you are",
}
"""Parts of a scenario → how they are introduced to whoever plays it."""
_NUMBER = re.compile(r"\d[\d.,'\s\u00a0\u202f]*\d|\d")


@dataclass(frozen=True, slots=True)
class TauTask:
    """One errand to be played."""

    task: Task
    instruction: str
    """For whoever plays the customer."""
    outputs: tuple[str, ...]
    """Words and numbers that the customer must have been told."""

    @property
    def id(self) -> str:
        """The task's name."""
        return self.task.id


def read_tau_tasks(path: Path, snapshot: JsonDict) -> list[TauTask]:
    """All tasks of a file, in either of the benchmark's shapes. Raises BadTasks."""
    tasks = read_tasks(path, snapshot)
    return [
        TauTask(task, _instruction(entry), _outputs(entry))
        for task, entry in zip(tasks, read_json(path), strict=True)
    ]


def _instruction(entry: JsonDict) -> str:
    if "instruction" in entry:
        return str(entry["instruction"]).strip()
    scenario = entry.get("user_scenario") or {}
    told = scenario.get("instructions")
    lines = [f"Who you are: {scenario['persona']}"] if scenario.get("persona") else []
    if isinstance(told, Mapping):
        lines += [f"{title}: {told[name]}" for name, title in PARTS.items() if told.get(name)]
    elif told:
        lines.append(str(told))
    return "\n".join(lines)


def _outputs(entry: JsonDict) -> tuple[str, ...]:
    if "evaluation_criteria" in entry:
        found = entry["evaluation_criteria"].get("communicate_info") or []
    else:
        found = entry.get("outputs") or []
    return tuple(str(text) for text in found)


def missing_outputs(outputs: tuple[str, ...], said: str) -> list[str]:
    """Which of the wanted words and numbers do not occur in what was said.

    Words are compared without upper and lower case; numbers however they are written ("1,234.50", "1 234,50").
    """
    folded = said.casefold().replace(",", "")
    numbers = {value for text in _NUMBER.findall(said) for value in _values(text)}
    return [o for o in outputs if o.casefold().replace(",", "") not in folded and not _values(o) & numbers]


def _values(text: str) -> set[str]:
    """What a written number may mean: the last mark before one or two digits may be the decimal one."""
    bare = re.sub(r"[^\d.,]", "", text).rstrip(".,")
    if not bare or not re.fullmatch(r"[\d.,'\s\u00a0\u202f$€£]+", text.strip()):
        return set()
    digits = re.sub(r"\D", "", bare)
    found = {digits.lstrip("0") or "0"} if not re.search(r"[.,]\d{1,2}$", bare) else set()
    decimal = re.fullmatch(r"([\d.,]*)[.,](\d{1,2})", bare)
    if decimal:
        whole = re.sub(r"\D", "", decimal[1]).lstrip("0") or "0"
        fraction = decimal[2].ljust(2, "0")
        found.add(whole if fraction == "00" else f"{whole}.{fraction}")
    return found
