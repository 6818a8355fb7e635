"""Writes of drafts: each change is a step that can be taken back and done again."""

from __future__ import annotations

import datetime as dt
import re

from django.db import transaction

from rapport.kernel.clock import now
from rapport.kernel.errors import Conflict, NotFound
from rapport.studio.contracts import DraftInfo
from rapport.studio.models import Draft, DraftRevision
from rapport.studio.queries import find_draft, info_of

WINDOW = re.compile(r"[\w-]{1,60}", re.ASCII)
"""How a page names the window it is in."""
KEPT_STEPS = 200
"""How many steps can be taken back."""
ONE_STEP = dt.timedelta(seconds=45)
"""Changes of the same part within this time are one step."""


class Stale(Conflict):
    """The draft was changed in another window since this page was shown; the page shows it as it is now."""

    code = "draft_changed"


@transaction.atomic
def create_draft(staff_id: int, name: str, source: str, cases: str = "") -> DraftInfo:
    """Begin a procedure that does not exist yet. Raises Conflict when the person has begun it already."""
    if find_draft(staff_id, name) is not None:
        raise Conflict(f"There is already a procedure or a draft called {name}.")
    row = Draft.objects.create(staff_id=staff_id, procedure=name)
    DraftRevision.objects.create(draft=row, number=0, source=source, cases=cases)
    return info_of(row)


@transaction.atomic
def save_draft(
    before: DraftInfo, *, source: str | None = None, cases: str | None = None, what: str = "", place: str = ""
) -> DraftInfo:
    """Keep a change made to the draft as `before` shows it. Raises Stale, NotFound."""
    row = _row(before)
    shown = DraftRevision.objects.get(draft=row, number=row.position)
    if (row.position, shown.source, shown.cases) != (before.position, before.source, before.cases):
        raise Stale("The draft was changed in another window.")
    facts = {
        "source": shown.source if source is None else source,
        "cases": shown.cases if cases is None else cases,
        "what": what[:200],
        "place": place[:300],
        "at": now(),
    }
    if facts["source"] == shown.source and facts["cases"] == shown.cases:
        return info_of(row)
    DraftRevision.objects.filter(draft=row, number__gt=row.position).delete()
    is_same_step = bool(place) and shown.place == place and now() - shown.at < ONE_STEP and shown.number > 0
    if is_same_step:
        DraftRevision.objects.filter(pk=shown.pk).update(**facts)
    else:
        row.position += 1
        DraftRevision.objects.create(draft=row, number=row.position, **facts)
        DraftRevision.objects.filter(draft=row, number__lt=row.position - KEPT_STEPS).delete()
    row.changed_at = now()
    row.save(update_fields=["position", "changed_at"])
    return info_of(row)


def _row(draft: DraftInfo) -> Draft:
    """The draft's row, made from the procedure as it stood when the page was shown."""
    found = (
        Draft.objects.select_for_update().filter(staff_id=draft.staff_id, procedure=draft.procedure).first()
    )
    if found is not None:
        return found
    if draft.is_kept:
        raise NotFound
    row = Draft.objects.create(
        staff_id=draft.staff_id, procedure=draft.procedure, base_version=draft.base_version
    )
    DraftRevision.objects.create(draft=row, number=0, source=draft.source, cases=draft.cases)
    return row


@transaction.atomic
def step_draft(staff_id: int, name: str, by: int) -> DraftInfo:
    """Take the last step back (-1) or do it again (+1). Raises NotFound when there is none."""
    row = Draft.objects.select_for_update().filter(staff_id=staff_id, procedure=name).first()
    if row is None or not DraftRevision.objects.filter(draft=row, number=row.position + by).exists():
        raise NotFound
    row.position += by
    row.changed_at = now()
    row.save(update_fields=["position", "changed_at"])
    DraftRevision.objects.filter(draft=row, number=row.position).update(place="")
    return info_of(row)


@transaction.atomic
def discard_draft(staff_id: int, name: str) -> None:
    """Throw a draft away; the procedure stays as it is in force."""
    Draft.objects.filter(staff_id=staff_id, procedure=name).delete()
