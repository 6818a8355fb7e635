"""The look-ups and limits of a definition, read from its document."""

from __future__ import annotations

import datetime as dt
from typing import Any, get_args

from rapport.procedures.logic import keys
from rapport.procedures.logic.definition import Limit, Lookup, Then
from rapport.procedures.logic.moments import DURATIONS, read_duration
from rapport.procedures.logic.problems import Path, Report
from rapport.procedures.logic.sections import NAME, Section


def read_lookup(report: Report, name: str, path: Path, value: Any) -> Lookup:
    """One look-up."""
    if not NAME.match(name):
        report.add(path, f"{name!r} is no name: use small letters, digits and _")
    section = Section.of(report, path, value, keys.LOOKUP)
    if "with" not in section.data:
        section.add(
            "with", "its arguments are missing: 'with' names each as an expression ({} when it has none)"
        )
    return Lookup(
        name=name,
        action=section.text("action", is_required=True),
        arguments=section.expressions("with"),
        when=section.expression("when"),
        none=section.words("none"),
    )


def read_limit(report: Report, path: Path, value: Any) -> Limit:
    """One limit."""
    section = Section.of(report, path, value, keys.LIMIT)
    count = section.number("count")
    if count is None or count < 1:
        section.add("count", "say how often at most: a whole number from 1")
    within = read_duration(section.text("within", is_required=True))
    if within is None:
        section.add("within", f"must be {DURATIONS}")
    then = section.text("then") or "refuse"
    followed: Then | None = next((known for known in get_args(Then) if known == then), None)
    if followed is None:
        section.add("then", f"unknown {then!r}; allowed: {', '.join(get_args(Then))}")
    return Limit(
        name=section.name("name", is_required=True),
        count=max(count or 1, 1),
        within=within or dt.timedelta(days=1),
        say=section.words("say", is_required=True),
        of=section.expression("of") or "customer",
        then=followed or "refuse",
    )
