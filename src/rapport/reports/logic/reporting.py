"""The report of self-service out of counted cells: pure arithmetic."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from rapport.reports.contracts import (
    ContactCell,
    EffortRow,
    Figure,
    GroupLine,
    ProcedureLine,
    RunCell,
    SelfService,
    VersionLine,
    WeekLine,
)
from rapport.reports.logic.facts import MEASURES
from rapport.reports.logic.metrics import BY_ID, METRICS, stage_of
from rapport.reports.logic.periods import Period
from rapport.reports.logic.shares import Share, Spread, spread

Cell = TypeVar("Cell", ContactCell, RunCell, EffortRow)
Key = TypeVar("Key", int, str)

GOOD = "done"


@dataclass(frozen=True, slots=True)
class Counts:
    """What was counted in one period."""

    contacts: Sequence[ContactCell]
    runs: Sequence[RunCell]
    efforts: Sequence[EffortRow]

    def cells(self, of: str) -> Sequence[ContactCell] | Sequence[RunCell]:
        """The cells a metric counts."""
        return self.contacts if of == "contacts" else self.runs

    def measure(self, metric_id: str) -> Share:
        """One figure."""
        metric = BY_ID[metric_id]
        return metric.measure(self.cells(metric.of))


@dataclass(frozen=True, slots=True)
class Frame:
    """What the report is about."""

    period: Period
    inbox_id: int | None
    made_at: dt.datetime
    inbox_names: Mapping[int, str]
    targets: Mapping[str, float]


def make_report(frame: Frame, now: Counts, before: Counts) -> SelfService:
    """The figures of a period, each beside the period before."""
    figures = tuple(
        Figure(m, now.measure(m.id), before.measure(m.id), frame.targets.get(m.id)) for m in METRICS
    )
    return SelfService(
        period=frame.period,
        inbox_id=frame.inbox_id,
        made_at=frame.made_at,
        contacts=sum(c.count for c in now.contacts),
        outcomes=_tally((c.outcome, c.count) for c in now.contacts),
        figures=figures,
        automation=automation(now),
        automation_before=automation(before),
        interactions=interactions(now),
        interactions_before=interactions(before),
        stage=stage_of(now.measure("digital").share),
        weeks=_weeks(frame.period, now),
        reasons=_groups(now, before, lambda c: c.reason, {}),
        inboxes=_groups(
            now, before, lambda c: str(c.inbox_id), {str(k): v for k, v in frame.inbox_names.items()}
        ),
        procedures=_procedures(len(frame.period.weeks()), now, before),
        effort=_effort(now.efforts),
        effort_before=_effort(before.efforts),
    )


def automation(counts: Counts) -> float | None:
    """Involvement times resolution; None of too few cases."""
    involvement, resolution = counts.measure("involvement").share, counts.measure("resolution").share
    return None if involvement is None or resolution is None else involvement * resolution


def interactions(counts: Counts) -> float | None:
    """How often customers wrote for each problem solved without a person; None of too few."""
    solved = counts.measure("digital").count
    alone = [c for c in counts.contacts if c.outcome in ("solved", "refused", "unsolved")]
    return sum(c.bursts for c in alone) / solved if Share(solved, solved).is_told else None


def _tally(pairs: Iterable[tuple[str, int]]) -> dict[str, int]:
    counts: Counter[str] = Counter()
    for name, count in pairs:
        counts[name] += count
    return dict(counts.most_common())


def _weeks(period: Period, counts: Counts) -> tuple[WeekLine, ...]:
    contacts, runs = _by(counts.contacts, lambda c: c.week), _by(counts.runs, lambda c: c.week)
    found = []
    for n, week in enumerate(period.weeks()):
        of_week = Counts(contacts[n], runs[n], ())
        found.append(WeekLine(week, {m.id: of_week.measure(m.id) for m in METRICS}))
    return tuple(found)


def _by(cells: Iterable[Cell], key: Callable[[Cell], Key]) -> defaultdict[Key, list[Cell]]:
    found: defaultdict[Key, list[Cell]] = defaultdict(list)
    for cell in cells:
        found[key(cell)].append(cell)
    return found


def _groups(
    now: Counts, before: Counts, key: Callable[[ContactCell], str], names: Mapping[str, str]
) -> tuple[GroupLine, ...]:
    digital = BY_ID["digital"]
    earlier = _by(before.contacts, key)
    lines = [
        GroupLine(
            name,
            names.get(name, name),
            sum(c.count for c in cells),
            _tally((c.outcome, c.count) for c in cells),
            digital.measure(cells),
            digital.measure(earlier[name]),
        )
        for name, cells in _by(now.contacts, key).items()
    ]
    return tuple(sorted(lines, key=lambda line: (-line.contacts, line.name)))


def _procedures(weeks: int, now: Counts, before: Counts) -> tuple[ProcedureLine, ...]:
    earlier = _by(before.runs, lambda c: c.procedure)
    efforts = _by(now.efforts, lambda e: e.procedure)
    efforts_before = _by(before.efforts, lambda e: e.procedure)
    lines = [
        _procedure(name, cells, earlier[name], (efforts[name], efforts_before[name]), weeks)
        for name, cells in _by(now.runs, lambda c: c.procedure).items()
    ]
    return tuple(sorted(lines, key=lambda line: (not line.changes, -line.runs, line.name)))


def _procedure(
    name: str,
    cells: Sequence[RunCell],
    earlier: Sequence[RunCell],
    efforts: tuple[Sequence[EffortRow], Sequence[EffortRow]],
    weeks: int,
) -> ProcedureLine:
    by_week = _by(cells, lambda c: c.week)
    otherwise: Counter[tuple[str, str]] = Counter()
    for cell in cells:
        if cell.outcome not in (GOOD, "open"):
            otherwise[cell.outcome, cell.reason] += cell.count
    by_version = _by(cells, lambda c: c.version)
    effort_by_version = _by(efforts[0], lambda e: e.version)
    return ProcedureLine(
        name=name,
        changes=any(c.changes for c in cells),
        runs=sum(c.count for c in cells),
        share=_ended_well(cells),
        before=_ended_well(earlier),
        weekly=tuple(_ended_well(by_week[n]) for n in range(weeks)),
        outcomes=_tally((c.outcome, c.count) for c in cells),
        reasons=tuple(
            (*why, n) for why, n in sorted(otherwise.items(), key=lambda item: (-item[1], item[0]))
        ),
        effort=_effort(efforts[0]),
        effort_before=_effort(efforts[1]),
        versions=tuple(
            VersionLine(v, _ended_well(by_version[v]), _effort(effort_by_version[v]))
            for v in sorted(by_version, reverse=True)
        ),
    )


def _ended_well(cells: Iterable[RunCell]) -> Share:
    ended = [c for c in cells if c.outcome != "open"]
    return Share(sum(c.count for c in ended if c.outcome == GOOD), sum(c.count for c in ended))


def _effort(rows: Sequence[EffortRow]) -> dict[str, Spread]:
    columns = zip(*(row.values for row in rows), strict=True)
    found = {name: spread(column) for name, column in zip(MEASURES, columns, strict=False)}
    return {name: told for name, told in found.items() if told is not None}
