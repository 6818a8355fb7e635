"""Drift and the correction log: what changed in what customers write, and who taught the model what."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from rapport.accounts.api import StaffRequest, require
from rapport.accounts.contracts import Permission
from rapport.desk.workbench.pages import show, staff_names
from rapport.kernel.clock import now
from rapport.understanding.api import learning

MEASURES = {
    "languages": gettext_lazy("Languages"),
    "intents": gettext_lazy("Intents"),
    "confidence": gettext_lazy("Confidence"),
    "abstained": gettext_lazy("Share left undecided"),
    "unknown_words": gettext_lazy("Messages of unknown words"),
}


@dataclass(frozen=True, slots=True)
class DayLine:
    """One day's figures."""

    day: dt.date
    messages: int
    abstained_share: float | None
    strange_share: float | None
    languages: tuple[tuple[str, float], ...]
    intents: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class ShiftLine:
    """One measure of this week against the month before."""

    name: str
    shift: learning.Shift
    is_index: bool
    """A population stability index; else a share."""


@never_cache
@require_safe
@require(Permission.SUPERVISE)
def drift(request: StaffRequest) -> HttpResponse:
    """Alarms, this week against the month before, and the days behind it."""
    days = [_day(*found) for found in learning.list_days()]
    yesterday = now().date() - dt.timedelta(days=1)
    shifts = [
        ShiftLine(str(MEASURES[s.measure]), s, is_index="moved" in s.detail)
        for s in learning.compare_windows(yesterday)
    ]
    context = {
        "alarms": [(a, str(MEASURES.get(a.measure, a.measure))) for a in learning.list_alarms()],
        "shifts": shifts,
        "days": list(reversed(days)),
        "most": max((day.messages for day in days), default=0),
    }
    return show(request, "drift.html", "understanding:drift", context)


def _day(day: dt.date, count: int, figures: dict[str, Any]) -> DayLine:
    texts = figures.get("texts", 0)
    return DayLine(
        day,
        count,
        figures.get("abstained", 0) / count if count else None,
        figures.get("strange", 0) / texts if texts else None,
        _top(figures.get("languages", {}), count),
        _top(figures.get("intents", {}), count),
    )


def _top(counts: dict[str, int], total: int) -> tuple[tuple[str, float], ...]:
    ranked = sorted(counts.items(), key=lambda item: -item[1])[:3]
    return tuple((name, count / max(1, total)) for name, count in ranked)


@require_POST
@require(Permission.SUPERVISE)
def close_alarm(request: StaffRequest, alarm_id: int) -> HttpResponse:
    """Somebody has looked at it."""
    learning.close_alarm(alarm_id, int(request.staff.id))
    messages.success(request, _("Noted. It is raised again when it stays so for a week."))
    return HttpResponseRedirect(reverse("understanding:drift"))


@never_cache
@require_safe
@require(Permission.SUPERVISE)
def log(request: StaffRequest) -> HttpResponse:
    """Every decision about an example, the newest first."""
    before = request.GET.get("before", "")
    at = int(before) if before.isdecimal() and len(before) < 12 else 0
    changes, following = learning.list_changes(before=at)
    names = staff_names()
    lines = [(change, names.get(change.actor_id or 0, "")) for change in changes]
    return show(request, "log.html", "understanding:log", {"lines": lines, "following": following})
