"""Reads of drafts."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from rapport.accounts import api as accounts
from rapport.kernel.clock import now
from rapport.procedures import api as procedures
from rapport.studio.contracts import DraftInfo
from rapport.studio.models import Draft, DraftRevision

RECENT = dt.timedelta(days=14)
"""How long somebody else's draft is worth telling about."""


@dataclass(frozen=True, slots=True)
class Other:
    """Somebody else who is changing the same procedure."""

    name: str
    changed_at: dt.datetime


def find_draft(staff_id: int, name: str) -> DraftInfo | None:
    """A person's draft, else the procedure as it stands; None when there is neither."""
    row = Draft.objects.filter(staff_id=staff_id, procedure=name).first()
    if row is not None:
        return info_of(row)
    begun = procedures.find_in_force(name) or _newest(name)
    if begun is None:
        return None
    source, cases = procedures.read_version(name, begun.version), procedures.latest_cases(name)
    return DraftInfo(staff_id, name, begun.version, source, cases, 0, is_kept=False)


def _newest(name: str) -> procedures.VersionRow | None:
    return next(iter(procedures.list_versions(name, with_texts=False)), None)


def info_of(row: Draft) -> DraftInfo:
    """A row with the revision it stands at."""
    numbers = [row.position, row.position + 1]
    found = {r.number: r for r in DraftRevision.objects.filter(draft=row, number__in=numbers)}
    shown, later = found[row.position], found.get(row.position + 1)
    return DraftInfo(
        row.staff_id,
        row.procedure,
        row.base_version,
        shown.source,
        shown.cases,
        row.position,
        undoes=shown.what if _has_earlier(row) else "",
        redoes=later.what if later else "",
        changed_at=row.changed_at,
        place=shown.place,
    )


def _has_earlier(row: Draft) -> bool:
    return DraftRevision.objects.filter(draft=row, number__lt=row.position).exists()


def list_drafts(staff_id: int) -> dict[str, dt.datetime]:
    """Procedures a person has a changed draft of, with when it was changed last."""
    rows = Draft.objects.filter(staff_id=staff_id).values_list("procedure", "changed_at")
    return dict(rows)


def list_others(staff_id: int, name: str) -> tuple[Other, ...]:
    """Who else has changed the same procedure lately and has not published, the latest first."""
    rows = (
        Draft.objects.filter(procedure=name, position__gt=0, changed_at__gte=now() - RECENT)
        .exclude(staff_id=staff_id)
        .order_by("-changed_at")
    )
    names = {a.staff.id: a.staff.name for a in accounts.list_accounts()}
    return tuple(Other(names.get(row.staff_id, "?"), row.changed_at) for row in rows)  # type: ignore[call-overload]
