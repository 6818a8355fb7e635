"""The report of self-service as JSON and as a table for spreadsheets."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from typing import Any

from rapport.kernel.spreadsheets import plain_cell
from rapport.reports.contracts import GroupLine, Period, ProcedureLine, SelfService, Share, Spread
from rapport.reports.logic.metrics import AUTOMATION, INTERACTIONS

COLUMNS = (
    "section",
    "name",
    "version",
    "week",
    "figure",
    "count",
    "of",
    "value",
    "low",
    "high",
    "before",
    "target",
)


def as_json(report: SelfService) -> dict[str, Any]:
    """Every number of the report; shares are 0..1, and null of fewer than five cases."""
    return {
        "report": "self-service",
        "period": _period(report.period),
        "timezone": report.period.zone,
        "inbox_id": report.inbox_id,
        "made_at": report.made_at.isoformat(),
        "contacts": report.contacts,
        "outcomes": dict(report.outcomes),
        "stage": report.stage,
        "figures": {
            f.metric.id: {
                "name": f.metric.name,
                "formula": f.metric.formula,
                "unit": f.metric.unit,
                "target": f.target,
                **_share(f.share),
                "before": _share(f.before),
            }
            for f in report.figures
        },
        "automation": {
            "formula": AUTOMATION[1],
            "value": report.automation,
            "before": report.automation_before,
        },
        "interactions_per_solved": {
            "formula": INTERACTIONS[1],
            "value": report.interactions,
            "before": report.interactions_before,
        },
        "effort": _effort(report.effort),
        "effort_before": _effort(report.effort_before),
        "weeks": [
            {"week": _period(w.period), **{name: _share(s) for name, s in w.shares.items()}}
            for w in report.weeks
        ],
        "reasons": [_group(line) for line in report.reasons],
        "inboxes": [_group(line) for line in report.inboxes],
        "procedures": [_procedure(line) for line in report.procedures],
    }


def _period(period: Period) -> dict[str, str]:
    return {"from": period.first.isoformat(), "to": period.last.isoformat()}


def _share(share: Share) -> dict[str, Any]:
    return {
        "count": share.count,
        "of": share.of,
        "share": _rounded(share.share),
        "low": _rounded(share.low),
        "high": _rounded(share.high),
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def _effort(effort: Mapping[str, Spread]) -> dict[str, Any]:
    return {
        name: {"median": s.median, "p90": round(s.p90, 2), "mean": round(s.mean, 2)}
        for name, s in effort.items()
    }


def _group(line: GroupLine) -> dict[str, Any]:
    return {
        "key": line.key,
        "name": line.name,
        "contacts": line.contacts,
        "outcomes": dict(line.outcomes),
        "digital": _share(line.digital),
        "before": _share(line.before),
    }


def _procedure(line: ProcedureLine) -> dict[str, Any]:
    return {
        "name": line.name,
        "changes": line.changes,
        "runs": line.runs,
        "done": _share(line.share),
        "before": _share(line.before),
        "weeks": [_share(s) for s in line.weekly],
        "outcomes": dict(line.outcomes),
        "otherwise": [{"outcome": o, "reason": r, "count": n} for o, r, n in line.reasons],
        "effort": _effort(line.effort),
        "effort_before": _effort(line.effort_before),
        "versions": [
            {"version": v.version, "done": _share(v.share), "effort": _effort(v.effort)}
            for v in line.versions
        ],
    }


def as_csv(report: SelfService) -> str:
    """One line a number, so that any spreadsheet can pivot it; begins with a mark that says it is UTF-8."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for row in _rows(report):
        writer.writerow([_cell(row.get(column, "")) for column in COLUMNS])
    return "\ufeff" + out.getvalue()


def _cell(value: Any) -> Any:
    return plain_cell(value) if isinstance(value, str) else value


def _rows(report: SelfService) -> Iterator[dict[str, Any]]:
    for f in report.figures:
        row = {"section": "figure", "figure": f.metric.id, "target": f.target, **_cells(f.share)}
        yield {**row, "before": _rounded(f.before.share)}
    for name, value, before in (
        ("automation", report.automation, report.automation_before),
        ("interactions_per_solved", report.interactions, report.interactions_before),
    ):
        yield {"section": "figure", "figure": name, "value": _rounded(value), "before": _rounded(before)}
    for week in report.weeks:
        for name, share in week.shares.items():
            yield {"section": "week", "week": week.period.first, "figure": name, **_cells(share)}
    for section, lines in (("reason", report.reasons), ("inbox", report.inboxes)):
        for line in lines:
            row = {"section": section, "name": line.name, "figure": "digital", **_cells(line.digital)}
            yield {**row, "before": _rounded(line.before.share)}
    for procedure in report.procedures:
        yield from _procedure_rows(report, procedure)


def _procedure_rows(report: SelfService, line: ProcedureLine) -> Iterator[dict[str, Any]]:
    about: dict[str, Any] = {"section": "procedure", "name": line.name}
    yield {**about, "figure": "done", **_cells(line.share), "before": _rounded(line.before.share)}
    for week, share in zip(report.weeks, line.weekly, strict=True):
        yield {**about, "week": week.period.first, "figure": "done", **_cells(share)}
    for outcome, reason, count in line.reasons:
        yield {
            **about,
            "figure": f"{outcome}:{reason}" if reason else outcome,
            "count": count,
            "of": line.share.of,
        }
    for version in line.versions:
        yield {**about, "version": version.version, "figure": "done", **_cells(version.share)}
        yield from _effort_rows({**about, "version": version.version}, version.effort, {})
    yield from _effort_rows(about, line.effort, line.effort_before)


def _effort_rows(
    about: dict[str, Any], effort: Mapping[str, Spread], before: Mapping[str, Spread]
) -> Iterator[dict[str, Any]]:
    for name, now in effort.items():
        was = before.get(name)
        for figure in ("median", "p90"):
            then = _rounded(getattr(was, figure)) if was else None
            yield {
                **about,
                "figure": f"{name}_{figure}",
                "value": _rounded(getattr(now, figure)),
                "before": then,
            }


def _cells(share: Share) -> dict[str, Any]:
    shown = _share(share)
    return {"value": shown.pop("share"), **shown}
