"""Events that came before the wait for them began: a parcel is back while a colleague still thinks about it."""

from __future__ import annotations

from django.db.models import F

from rapport.procedures.contracts import WaitFor
from rapport.procedures.models import EventReport, Wait


def find_early(row: Wait, wait: WaitFor) -> EventReport | None:
    """The first report since the moment from which on events count; None when there is none."""
    if wait.kind != "event" or wait.since is None:
        return None
    reports = EventReport.objects.filter(name=row.event, subject=row.subject, received_at__gt=wait.since)
    return reports.order_by("received_at", "id").first()


def count_woken(report: EventReport) -> None:
    """One more procedure went on with it."""
    EventReport.objects.filter(pk=report.pk).update(woken=F("woken") + 1)
