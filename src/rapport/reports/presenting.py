"""The report as the page shows it: every number with the address of the rows behind it."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from rapport.reports import wording
from rapport.reports.contracts import (
    Figure,
    GroupLine,
    ProcedureLine,
    SelfService,
    Share,
    Spread,
    VersionLine,
)
from rapport.reports.logic.charting import Line, draw_line, height_of
from rapport.reports.logic.facts import MEASURES
from rapport.reports.logic.metrics import AUTOMATION, INTERACTIONS, TARGETED
from rapport.reports.scope import Scope

CHARTED = ("digital", "straight_through")


@dataclass(frozen=True, slots=True)
class Change:
    """How a share differs from the period before."""

    text: str
    """In points: ``+3``."""
    tone: str
    """``better``, ``worse``, or empty where nothing changed."""


@dataclass(frozen=True, slots=True)
class Tile:
    """One figure."""

    id: str
    name: str
    formula: str
    share: Share
    change: Change | None
    target: float | None
    may_have_target: bool
    counted_url: str
    others_url: str


@dataclass(frozen=True, slots=True)
class NumberTile:
    """A figure that is no share."""

    name: str
    formula: str
    value: str
    before: str


@dataclass(frozen=True, slots=True)
class Part:
    """How many came to one outcome, and their rows."""

    key: str
    name: str
    count: int
    share: float
    url: str


@dataclass(frozen=True, slots=True)
class GroupRow:
    """Contacts of one reason or inbox."""

    name: str
    contacts: int
    share: Share
    change: Change | None
    url: str
    others_url: str


@dataclass(frozen=True, slots=True)
class EffortCell:
    """One measure of effort, now and before."""

    key: str
    name: str
    median: str
    p90: str
    mean: str
    before: str
    """Median, 90th percentile and mean of the period before; empty where that was too few."""
    change: float | None
    """Of the mean."""
    change_text: str


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One version of a procedure."""

    version: int
    share: Share
    effort: tuple[EffortCell, ...]
    """Beside the version before it."""
    url: str


@dataclass(frozen=True, slots=True)
class ProcedureRow:
    """Runs of one procedure."""

    name: str
    changes: bool
    runs: int
    share: Share
    change: Change | None
    parts: tuple[Part, ...]
    effort: tuple[EffortCell, ...]
    url: str
    counted_url: str


@dataclass(frozen=True, slots=True)
class ChartLine:
    """One line of the chart."""

    key: str
    name: str
    line: Line
    target_y: float | None


def cases_url(scope: Scope, **what: object) -> str:
    """The rows behind a number."""
    return reverse("reports:cases") + scope.query(**what)


def tiles(report: SelfService, scope: Scope) -> dict[str, Tile]:
    """The shares, by metric."""
    return {f.metric.id: _tile(f, scope) for f in report.figures}


def _tile(figure: Figure, scope: Scope) -> Tile:
    metric = figure.metric
    return Tile(
        metric.id,
        _(metric.name),
        _(metric.formula),
        figure.share,
        _change(figure.share, figure.before, is_lower_better=metric.is_lower_better),
        figure.target,
        metric.id in TARGETED,
        cases_url(scope, metric=metric.id),
        cases_url(scope, metric=metric.id, part="others"),
    )


def _change(now: Share, before: Share, *, is_lower_better: bool = False) -> Change | None:
    """None where either side has too few cases."""
    if now.share is None or before.share is None:
        return None
    points = round(100 * (now.share - before.share))
    tone = "better" if (points < 0) == is_lower_better else "worse"
    return Change(f"{points:+d}".replace("-", "−") if points else "±0", tone if points else "")


def numbers(report: SelfService) -> tuple[NumberTile, ...]:
    """The figures that are no shares of rows."""

    def percent(value: float | None) -> str:
        return "" if value is None else f"{round(100 * value)} %"

    def plain(value: float | None) -> str:
        return "" if value is None else f"{value:.1f}"

    return (
        NumberTile(
            _(AUTOMATION[0]), _(AUTOMATION[1]), percent(report.automation), percent(report.automation_before)
        ),
        NumberTile(
            _(INTERACTIONS[0]),
            _(INTERACTIONS[1]),
            plain(report.interactions),
            plain(report.interactions_before),
        ),
    )


def chart(report: SelfService) -> tuple[ChartLine, ...]:
    """The weekly shares as lines."""
    figures = {f.metric.id: f for f in report.figures}
    return tuple(
        ChartLine(
            key,
            _(figures[key].metric.name),
            draw_line([w.shares[key] for w in report.weeks]),
            height_of(target) if (target := figures[key].target) is not None else None,
        )
        for key in CHARTED
    )


def parts(counts: Mapping[str, int], scope: Scope, **what: object) -> tuple[Part, ...]:
    """Outcomes with their rows."""
    total = sum(counts.values())
    return tuple(
        Part(
            key,
            str(wording.OUTCOMES.get(key, key)),
            count,
            count / total,
            cases_url(scope, outcome=key, **what),
        )
        for key, count in counts.items()
    )


def reason_rows(report: SelfService, scope: Scope) -> tuple[GroupRow, ...]:
    """Contacts by what they were about."""
    return tuple(
        _group(line, wording.about(line.key), scope, {"reason": line.key}) for line in report.reasons
    )


def inbox_rows(report: SelfService, scope: Scope) -> tuple[GroupRow, ...]:
    """Contacts by inbox."""
    return tuple(_group(line, line.name, Scope(scope.period, int(line.key)), {}) for line in report.inboxes)


def _group(line: GroupLine, name: str, scope: Scope, what: Mapping[str, object]) -> GroupRow:
    return GroupRow(
        name,
        line.contacts,
        line.digital,
        _change(line.digital, line.before),
        cases_url(scope, metric="digital", **what),
        cases_url(scope, metric="digital", part="others", **what),
    )


def procedure_row(line: ProcedureLine, scope: Scope) -> ProcedureRow:
    """One procedure beside others."""
    metric = "straight_through" if line.changes else "informed"
    return ProcedureRow(
        wording.about(line.name),
        line.changes,
        line.runs,
        line.share,
        _change(line.share, line.before),
        parts(line.outcomes, scope, of="runs", procedure=line.name),
        effort_cells(line.effort, line.effort_before),
        reverse("reports:procedure", args=[line.name]) + scope.query(),
        cases_url(scope, metric=metric, procedure=line.name),
    )


def otherwise(line: ProcedureLine, scope: Scope) -> tuple[Part, ...]:
    """Why runs of a procedure ended otherwise than done."""
    total = sum(n for *_ignored, n in line.reasons)
    return tuple(
        Part(
            outcome,
            " · ".join(
                t for t in (str(wording.OUTCOMES.get(outcome, outcome)), wording.detail(outcome, reason)) if t
            ),
            count,
            count / total,
            cases_url(scope, of="runs", procedure=line.name, outcome=outcome, reason=reason),
        )
        for outcome, reason, count in line.reasons
    )


def version_rows(line: ProcedureLine, scope: Scope) -> tuple[VersionRow, ...]:
    """The versions of a procedure, each beside the one before it."""
    older: list[VersionLine | None] = [*line.versions[1:], None]
    return tuple(
        VersionRow(
            v.version,
            v.share,
            effort_cells(v.effort, before.effort if before else {}),
            cases_url(scope, of="runs", procedure=line.name, version=v.version),
        )
        for v, before in zip(line.versions, older, strict=True)
    )


def effort_cells(now: Mapping[str, Spread], before: Mapping[str, Spread]) -> tuple[EffortCell, ...]:
    """Every measure of effort; empty of too few cases."""
    return tuple(_effort_cell(key, now[key], before.get(key)) for key in MEASURES if key in now)


def _effort_cell(key: str, now: Spread, before: Spread | None) -> EffortCell:
    say = functools.partial(wording.say_effort, key)
    change = now.mean - before.mean if before else None
    scaled = None if change is None else change / 60 if key == "seconds" else change
    text = "" if scaled is None else f"{scaled:+.1f}".replace("-", "−")
    return EffortCell(
        key,
        str(wording.MEASURES[key]),
        say(now.median),
        say(now.p90),
        say(now.mean),
        " / ".join(say(v) for v in (before.median, before.p90, before.mean)) if before else "",
        None if scaled is None or round(abs(scaled), 1) == 0 else scaled,
        text,
    )
