"""Reads of what was gathered: counted in the database, and the rows behind a figure."""

from __future__ import annotations

from typing import Any

from django.db.models import Case, Count, IntegerField, QuerySet, Sum, Value, When

from rapport.conversations import api as conversations
from rapport.kernel.clock import now
from rapport.reports.contracts import (
    ContactCell,
    EffortRow,
    Period,
    RunCell,
    SelfService,
)
from rapport.reports.logic.facts import MEASURES
from rapport.reports.logic.reporting import Counts, Frame, make_report
from rapport.reports.models import Contact, ProcedureRun, Target


def self_service(period: Period, inbox_id: int | None = None) -> SelfService:
    """The figures of a period beside those of the period before."""
    inboxes = {int(i.id): i.name for i in conversations.list_inboxes()}
    frame = Frame(period, inbox_id, now(), inboxes, list_targets())
    return make_report(frame, _count(period, inbox_id), _count(period.previous(), inbox_id))


def list_targets() -> dict[str, float]:
    """The shares figures are meant to reach, by metric."""
    return dict(Target.objects.values_list("metric", "share"))


def _count(period: Period, inbox_id: int | None) -> Counts:
    return Counts(_contact_cells(period, inbox_id), _run_cells(period, inbox_id), _efforts(period, inbox_id))


def _contact_cells(period: Period, inbox_id: int | None) -> list[ContactCell]:
    kinds = ("inbox_id", "reason", "outcome", "is_answered", "is_confirmed", "is_reopened", "came_back")
    rows = _in_weeks(Contact.objects.all(), period, inbox_id).values_list("week", *kinds)
    counted = rows.annotate(n=Count("pk"), all_bursts=Sum("bursts")).order_by("week")
    return [ContactCell(*row) for row in counted]


def _run_cells(period: Period, inbox_id: int | None) -> list[RunCell]:
    kinds = ("procedure", "version", "changes", "outcome", "reason")
    rows = _in_weeks(ProcedureRun.objects.all(), period, inbox_id).values_list("week", *kinds)
    return [RunCell(*row) for row in rows.annotate(n=Count("pk")).order_by("week")]


def _efforts(period: Period, inbox_id: int | None) -> list[EffortRow]:
    rows = within(ProcedureRun.objects.filter(outcome="done"), period, inbox_id)
    found = rows.values_list("procedure", "version", *MEASURES)
    return [EffortRow(row[0], row[1], row[2:]) for row in found.iterator(5000)]


def within(rows: QuerySet[Any], period: Period, inbox_id: int | None) -> QuerySet[Any]:
    """Rows that began in a period, in one inbox or in all."""
    conditions: dict[str, Any] = {"began_at__gte": period.begins_at, "began_at__lt": period.ends_at}
    if inbox_id is not None:
        conditions["inbox_id"] = inbox_id
    found: QuerySet[Any] = rows.filter(**conditions)
    return found


def _in_weeks(rows: QuerySet[Any], period: Period, inbox_id: int | None) -> QuerySet[Any]:
    """Rows of a period with the place of their week; weeks end where clocks in the period's zone say so."""
    whens = [When(began_at__lt=week.ends_at, then=Value(n)) for n, week in enumerate(period.weeks())]
    found: QuerySet[Any] = within(rows, period, inbox_id).annotate(
        week=Case(*whens, output_field=IntegerField())
    )
    return found
