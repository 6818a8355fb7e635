"""Dispositions of many conversations as a table, for spreadsheets and other systems."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterator

from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from rapport.accounts.api import StaffRequest, require
from rapport.accounts.contracts import Permission
from rapport.conversations import api as conversations
from rapport.conversations.contracts import DISPOSITION_FIELDS, ConversationInfo, Disposition
from rapport.kernel.spreadsheets import plain_cell

PAGE = 200
COLUMNS = (
    "conversation", "inbox", "channel", "language", "status", "created_at", "resolved_at",
    *(f"{name}{more}" for name in DISPOSITION_FIELDS for more in ("", "_state", "_confidence")),
)  # fmt: skip


@require_safe
@require(Permission.READ_REPORTS)
def export(request: StaffRequest) -> HttpResponseBase:
    """Conversations that have a disposition, the latest first; ``since`` and ``until`` are days in UTC."""
    since, until = _day(request.GET.get("since", "")), _day(request.GET.get("until", ""))
    if request.method == "HEAD":
        return HttpResponse(content_type="text/csv; charset=utf-8")
    answer = StreamingHttpResponse(_lines(since, until), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="dispositions.csv"'
    return answer


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


def _lines(since: dt.date | None, until: dt.date | None) -> Iterator[str]:
    yield "\ufeff" + _line(COLUMNS)
    cursor = ""
    while True:
        page = conversations.list_conversations(conversations.ListFilter(), cursor=cursor, limit=PAGE)
        found = conversations.find_dispositions([int(c.id) for c in page.rows])
        for info in page.rows:
            day = info.last_activity_at.date()
            if int(info.id) in found and (since is None or day >= since) and (until is None or day <= until):
                yield _line(_row(info, found[int(info.id)]))
        cursor = page.next_cursor
        is_before = bool(page.rows) and since is not None and page.rows[-1].last_activity_at.date() < since
        if not cursor or is_before:
            return


def _row(info: ConversationInfo, found: Disposition) -> list[str]:
    cells = [
        str(info.display_id),
        info.inbox.name,
        info.inbox.channel_kind,
        info.language,
        info.status.value,
        info.created_at.isoformat(timespec="seconds"),
        info.resolved_at.isoformat(timespec="seconds") if info.resolved_at else "",
    ]
    for name in DISPOSITION_FIELDS:
        value = found[name]
        cells += [value.value, value.state, "" if value.confidence is None else str(value.confidence)]
    return cells


def _line(cells: tuple[str, ...] | list[str]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow([plain_cell(cell) for cell in cells])
    return out.getvalue()
