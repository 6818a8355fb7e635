"""The audit log as it is read: newest first, page by page, never changed."""

from __future__ import annotations

from django.db.models import QuerySet

from rapport.accounts.contracts import AuditFilter, AuditLine
from rapport.accounts.models import AuditEntry

PAGE_LINES = 50


def list_audit(
    wanted: AuditFilter, *, before: int | None = None, limit: int = PAGE_LINES
) -> tuple[list[AuditLine], int | None]:
    """Entries newest first, and the id to go on before; None at the end."""
    rows = _matching(wanted)
    if before is not None:
        rows = rows.filter(id__lt=before)
    found = list(rows.select_related("actor").order_by("-id")[: limit + 1])
    page = [_line(row) for row in found[:limit]]
    return page, page[-1].id if len(found) > limit else None


def list_audit_kinds() -> list[str]:
    """Every kind of entry there is, by name."""
    return list(AuditEntry.objects.order_by("kind").values_list("kind", flat=True).distinct())


def _matching(wanted: AuditFilter) -> QuerySet[AuditEntry]:
    rows = AuditEntry.objects.all()
    if wanted.kind:
        rows = rows.filter(kind=wanted.kind)
    if wanted.actor_id is not None:
        rows = rows.filter(actor_id=wanted.actor_id)
    if wanted.since is not None:
        rows = rows.filter(at__gte=wanted.since)
    if wanted.until is not None:
        rows = rows.filter(at__lt=wanted.until)
    return rows


def _line(row: AuditEntry) -> AuditLine:
    name = row.actor.name if row.actor else ""
    return AuditLine(row.pk, row.at, row.kind, name, row.subject, row.ip_address, row.detail)
