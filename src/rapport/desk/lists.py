"""The left pane: views, counts, rows."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rapport.accounts.contracts import Staff
from rapport.conversations import api as conversations
from rapport.conversations.contracts import ConversationInfo, Owner, Status
from rapport.desk.contexts import ListContext, ListFilters, ListRow, Mark, ViewTab
from rapport.desk.dispositions.wording import contact_reason_text, outcome_text
from rapport.desk.wording import CHANNEL_ICONS, PRIORITIES, SENTIMENTS, staff_language
from rapport.kernel.clock import now

PAGE_ROWS = 25
LONG_WAIT = dt.timedelta(minutes=10)
"""From here on a waiting customer is marked in the list."""


@dataclass(frozen=True, slots=True)
class View:
    """One named filter of the list."""

    key: str
    label: Promise
    icon: str
    is_counted: bool


VIEWS = (
    View("queue", gettext_lazy("Queue"), "inbox", is_counted=True),
    View("mine", gettext_lazy("Mine"), "circle-user", is_counted=True),
    View("assistant", gettext_lazy("With the assistant"), "sparkles", is_counted=True),
    View("snoozed", gettext_lazy("Snoozed"), "alarm-clock", is_counted=True),
    View("resolved", gettext_lazy("Resolved"), "circle-check", is_counted=False),
    View("all", gettext_lazy("All"), "layers", is_counted=False),
)
DEFAULT_VIEW = "queue"


def filter_of(view: str, staff_id: int, query: str = "") -> conversations.ListFilter:
    """The filter a view stands for."""
    match view:
        case "mine":
            return conversations.ListFilter(status="open", assignee_id=staff_id, query=query)
        case "assistant":
            return conversations.ListFilter(status="pending", owner="assistant", query=query)
        case "snoozed":
            return conversations.ListFilter(status="snoozed", query=query)
        case "resolved":
            return conversations.ListFilter(status="resolved", query=query)
        case "all":
            return conversations.ListFilter(query=query)
        case _:
            queue = conversations.ListFilter(status="open", owner="queue", longest_wait_first=True)
            return dataclasses.replace(queue, query=query)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the reader asked the list for."""

    view: str
    query: str
    cursor: str
    current: int
    reason: str = ""
    outcome: str = ""
    """Both of the disposition."""


def read_asked(parameters: Mapping[str, str], current: int = 0) -> Asked:
    """The list's parameters; anything unknown falls back to the queue."""
    view = parameters.get("view", "")
    number = parameters.get("current", "")
    known = any(v.key == view for v in VIEWS)
    return Asked(
        view=view if known else DEFAULT_VIEW,
        query=parameters.get("q", "").strip()[:100],
        cursor=parameters.get("cursor", "")[:60],
        current=current or (int(number) if number.isdigit() and len(number) < 12 else 0),
        reason=parameters.get("reason", "")[:120],
        outcome=parameters.get("outcome", "")[:30],
    )


def list_context(asked: Asked, staff: Staff) -> ListContext:
    """The list as asked for; a continuation carries rows only and counts nothing."""
    what = filter_of(asked.view, staff.id, asked.query)
    what = dataclasses.replace(what, reason=asked.reason, outcome=asked.outcome)
    page = conversations.list_conversations(what, cursor=asked.cursor, limit=PAGE_ROWS)
    tabs = tuple(_tab(v, asked.view, staff) for v in VIEWS) if not asked.cursor else ()
    chosen = next(v for v in VIEWS if v.key == asked.view)
    return ListContext(
        view=ViewTab(chosen.key, str(chosen.label), chosen.icon, None, is_current=True),
        tabs=tabs,
        rows=tuple(list_row(c, asked.current) for c in page.rows),
        next_cursor=page.next_cursor,
        query=asked.query,
        current=asked.current,
        is_continuation=bool(asked.cursor),
        filters=_filters(asked),
    )


def _filters(asked: Asked) -> ListFilters:
    """The two filters by disposition; what may be chosen is loaded when they are opened."""
    return ListFilters(
        reason=asked.reason,
        reason_text=contact_reason_text(asked.reason, staff_language()) if asked.reason else "",
        outcome=asked.outcome,
        outcome_text=outcome_text(asked.outcome),
        query=urlencode({"reason": asked.reason, "outcome": asked.outcome})
        if asked.reason or asked.outcome
        else "",
    )


def _tab(view: View, current: str, staff: Staff) -> ViewTab:
    count = conversations.count_conversations(filter_of(view.key, staff.id)) if view.is_counted else None
    return ViewTab(view.key, str(view.label), view.icon, count, is_current=view.key == current)


def list_row(info: ConversationInfo, current: int = 0) -> ListRow:
    """One conversation as a row."""
    waiting = info.waiting_since or info.queued_at
    is_waiting = info.owner is not Owner.ASSISTANT and info.status is Status.OPEN
    since = waiting if is_waiting else None
    return ListRow(
        conversation=info,
        name=customer_name(info),
        channel=channel_mark(info),
        sentiment=sentiment_mark(info.sentiment),
        priority=priority_mark(info.priority),
        state=state_mark(info),
        waiting_since=since,
        is_waiting_long=since is not None and now() - since > LONG_WAIT,
        is_current=info.display_id == current,
        preview=_preview(info),
    )


def _preview(info: ConversationInfo) -> str:
    """The newest words, or what a customer who has written nothing since the handover had asked."""
    asked = info.briefing.get("asked") if info.owner is Owner.QUEUE and info.waiting_since is None else None
    return " · ".join(str(text) for text in asked[:2]) if asked else info.preview


def customer_name(info: ConversationInfo) -> str:
    """What to call the customer."""
    return info.customer_name or _("Visitor %(number)d") % {"number": info.display_id}


def channel_mark(info: ConversationInfo) -> Mark:
    """Which channel the conversation came by."""
    return Mark(CHANNEL_ICONS.get(info.inbox.channel_kind, "message-circle"), info.inbox.name)


def sentiment_mark(label: str) -> Mark | None:
    """How the customer seems to feel; nothing when not known."""
    found = SENTIMENTS.get(label)
    return Mark(found[0], str(found[1]), found[2]) if found else None


def priority_mark(priority: str | None) -> Mark | None:
    """The priority, if one was set."""
    found = PRIORITIES.get(priority or "")
    return Mark("flag", str(found[0]), found[1]) if found else None


def state_mark(info: ConversationInfo) -> Mark:
    """Status and owner in one sign."""
    if info.status is Status.RESOLVED:
        return Mark("circle-check", _("Resolved"), "good")
    if info.status is Status.SNOOZED:
        return Mark("alarm-clock", _("Snoozed"), "info")
    if info.owner is Owner.ASSISTANT:
        return Mark("sparkles", _("With the assistant"), "ai")
    if info.owner is Owner.QUEUE:
        return Mark("inbox", _("In the queue"), "warn")
    return Mark("circle-user", _("With a colleague"), "accent")
