"""What the report of a rehearsal permits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a rehearsed procedure may be published, and what stands against it."""

    reasons: tuple[str, ...]
    """Empty when the gate is open."""

    @property
    def is_open(self) -> bool:
        """Whether it may be published without anybody answering for it."""
        return not self.reasons


def judge_report(report: Mapping[str, Any], threshold: float) -> Verdict:
    """Open when every test case passed and enough simulated customers got what they wanted.

    What cannot be simulated for want of data, or only with made-up answers, must at least have test cases.
    """
    found: list[str] = []
    cases = report.get("cases", ())
    failed = [case["name"] for case in cases if case["problems"]]
    if report.get("problem"):
        found.append(str(report["problem"]))
    if failed:
        found.append(f"{len(failed)} of {len(cases)} test cases fail: {', '.join(failed[:3])}")
    simulation = report.get("simulation") or {}
    passed = simulation.get("pass") or []
    if simulation.get("lacking") or not simulation.get("conversations"):
        if not cases:
            found.append("nothing could be simulated, and there is no test case")
    elif simulation.get("examples") and not cases:
        found.append("connected systems only gave made-up examples, and there is no test case")
    elif passed[0] < threshold:
        found.append(f"pass^1 is {passed[0]:.2f}, below the threshold of {threshold:.2f}")
    return Verdict(tuple(found))
