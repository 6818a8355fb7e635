"""The audit log: who did or opened what, filtered, page by page, for reading only."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass

from django.http import HttpResponse, QueryDict
from django.utils.timezone import get_current_timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from rapport.accounts import api as accounts
from rapport.accounts.api import StaffRequest, require
from rapport.accounts.contracts import AuditFilter, AuditLine, Permission
from rapport.desk.oversight.decisions import read_id
from rapport.desk.oversight.pages import show

MAX_DETAIL_CHARS = 300
"""A longer value is cut on the page; the entry itself is whole."""


@dataclass(frozen=True, slots=True)
class EntryView:
    """One entry with its detail in words."""

    line: AuditLine
    detail: tuple[tuple[str, str], ...]


@never_cache
@require_safe
@require(Permission.PROTECT_DATA)
def audit_log(request: StaffRequest) -> HttpResponse:
    """Entries newest first; `kind`, `actor`, `since` and `until` (inclusive) narrow them down."""
    wanted = read_filter(request.GET)
    lines, following = accounts.list_audit(wanted, before=read_id(request.GET.get("before", "")))
    context = {
        "entries": [EntryView(line, _in_words(line)) for line in lines],
        "following": following,
        "kinds": accounts.list_audit_kinds(),
        "accounts": accounts.list_accounts(),
        "wanted": wanted,
        "since": request.GET.get("since", "") if wanted.since else "",
        "until": request.GET.get("until", "") if wanted.until else "",
    }
    return show(request, "audit.html", "governance:audit", context)


def read_filter(parameters: QueryDict) -> AuditFilter:
    """The filter out of an address; what cannot be read is left out."""
    until = _midnight(parameters.get("until", ""))
    return AuditFilter(
        kind=parameters.get("kind", "")[:60],
        actor_id=read_id(parameters.get("actor", "")),
        since=_midnight(parameters.get("since", "")),
        until=until + dt.timedelta(days=1) if until else None,
    )


def _midnight(text: str) -> dt.datetime | None:
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        return None
    if not 1970 <= day.year <= 2999:
        return None
    return dt.datetime.combine(day, dt.time.min, tzinfo=get_current_timezone())


def _in_words(line: AuditLine) -> tuple[tuple[str, str], ...]:
    found = []
    for name, value in line.detail.items():
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        if value not in ({}, [], "", None):
            found.append(
                (str(name), text if len(text) <= MAX_DETAIL_CHARS else text[:MAX_DETAIL_CHARS] + "…")
            )
    return tuple(found)
