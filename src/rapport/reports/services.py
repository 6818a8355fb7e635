"""Writes of reports: the shares that figures are meant to reach."""

from __future__ import annotations

from django.db import transaction

from rapport.accounts import api as accounts
from rapport.kernel.errors import InvalidInput
from rapport.reports.logic.metrics import TARGETED
from rapport.reports.models import Target


@transaction.atomic
def set_target(metric: str, share: float | None, *, staff_id: int | None) -> None:
    """Set a figure's target, or with None take it away. Raises InvalidInput."""
    if metric not in TARGETED:
        raise InvalidInput("This figure has no target.", field="metric")
    if share is not None and not 0 < share <= 1:
        raise InvalidInput("A target is a share between 0 and 100 %.", field="share")
    if share is None:
        Target.objects.filter(metric=metric).delete()
    else:
        Target.objects.update_or_create(metric=metric, defaults={"share": share})
    accounts.record_audit(
        "settings_changed", actor_id=staff_id, subject=f"target:{metric}", detail={"share": share}
    )
