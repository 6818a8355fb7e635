"""The rows behind a figure: which conversations and runs it counts."""

from __future__ import annotations

import datetime as dt
import functools
import operator
from dataclasses import dataclass, fields
from typing import Any, Literal

from django.db.models import Q, QuerySet

from rapport.conversations import api as conversations
from rapport.kernel.cursors import read_cursor, write_cursor
from rapport.reports.contracts import BY_ID, Period
from rapport.reports.logic.facts import MEASURES
from rapport.reports.logic.metrics import Condition
from rapport.reports.models import Contact, ProcedureRun
from rapport.reports.queries import within

PAGE_ROWS = 50
Part = Literal["counted", "others", "among"]


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """Which rows are wanted; empty values ask for everything."""

    metric: str = ""
    """The rows a figure counts …"""
    part: Part = "counted"
    """… those in its numerator, those that are not, or both."""
    of: Literal["contacts", "runs"] = "contacts"
    """Where no figure is named."""
    reason: str = ""
    """Of contacts: what they were about; of runs: why they ended so."""
    outcome: str = ""
    procedure: str = ""
    version: int | None = None

    @property
    def kind(self) -> Literal["contacts", "runs"]:
        """What the rows are."""
        return BY_ID[self.metric].of if self.metric else self.of


@dataclass(frozen=True, slots=True)
class CaseLine:
    """One row behind a figure."""

    number: int
    """Of the conversation."""
    began_at: dt.datetime
    inbox_id: int
    about: str
    """The contact's reason, or the procedure."""
    outcome: str
    detail: str
    """Of a run: why it ended so."""
    turns: int
    version: int | None = None
    effort: tuple[int, ...] = ()
    """Of a run, in the order of `MEASURES`."""


@dataclass(frozen=True, slots=True)
class CasePage:
    """Rows, the latest first; `following` is empty at the end."""

    lines: tuple[CaseLine, ...]
    total: int
    following: str


def list_cases(
    what: CaseFilter, period: Period, inbox_id: int | None, *, cursor: str = "", limit: int = PAGE_ROWS
) -> CasePage:
    """One page of the rows behind a figure."""
    rows = _rows(what, period, inbox_id)
    total = rows.count()
    after = read_cursor(cursor)
    if after:
        at, row_id = after
        rows = rows.filter(Q(began_at__lt=at) | Q(pk__lt=row_id), began_at__lte=at)
    found = list(rows.order_by("-began_at", "-pk")[: limit + 1])
    page = found[:limit]
    numbers = conversations.numbers_of(_conversation(row) for row in page)
    lines = tuple(_line(row, numbers) for row in page if _conversation(row) in numbers)
    following = write_cursor(page[-1].began_at, page[-1].pk) if len(found) > limit else ""
    return CasePage(lines, total, following)


def _rows(what: CaseFilter, period: Period, inbox_id: int | None) -> QuerySet[Any]:
    model = Contact if what.kind == "contacts" else ProcedureRun
    rows = within(model.objects.all(), period, inbox_id)
    if what.metric:
        metric = BY_ID[what.metric]
        rows = rows.filter(_q(metric.among))
        if what.part != "among":
            counted = _q(metric.counted)
            rows = rows.filter(counted if what.part == "counted" else ~counted)
    given = {f.name: getattr(what, f.name) for f in fields(what)}
    names = (
        ("reason", "outcome") if what.kind == "contacts" else ("reason", "outcome", "procedure", "version")
    )
    return rows.filter(**{name: given[name] for name in names if given[name] not in ("", None)})


def _q(condition: Condition) -> Q:
    alternatives = [Q(**{f"{n}__in": list(v) for n, v in one.items()}) for one in condition]
    return functools.reduce(operator.or_, alternatives)


def _conversation(row: Contact | ProcedureRun) -> int:
    return row.conversation_id if isinstance(row, Contact) else row.contact_id


def _line(row: Contact | ProcedureRun, numbers: dict[int, int]) -> CaseLine:
    number = numbers[_conversation(row)]
    if isinstance(row, Contact):
        return CaseLine(number, row.began_at, row.inbox_id, row.reason, row.outcome, "", row.bursts)
    effort = tuple(int(getattr(row, name)) for name in MEASURES)
    return CaseLine(
        number,
        row.began_at,
        row.inbox_id,
        row.procedure,
        row.outcome,
        row.reason,
        row.turns,
        row.version,
        effort,
    )
