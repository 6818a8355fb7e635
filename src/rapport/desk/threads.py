"""The middle pane: one conversation with its messages, briefing and possible moves."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from rapport.accounts import api as accounts
from rapport.accounts.contracts import Staff
from rapport.conversations import api as conversations
from rapport.conversations.contracts import ConversationInfo, MessageInfo, MessageType, Owner
from rapport.desk.contexts import (
    BriefingView,
    Choice,
    FileView,
    FormLine,
    MessageView,
    SnoozeChoice,
    ThreadContext,
)
from rapport.desk.lists import channel_mark, customer_name, priority_mark, sentiment_mark, state_mark
from rapport.desk.mails import MailView, mail_views, subject_of
from rapport.desk.moods import briefing_mood
from rapport.desk.spoken import heard_in
from rapport.desk.wording import PRIORITIES, reason_text
from rapport.kernel.clock import now

PAGE_MESSAGES = 60
QUESTIONS = {"input_select", "form"}
SAME_BREATH = dt.timedelta(minutes=5)
"""Messages of one author closer than this are shown as one group."""


def thread_context(info: ConversationInfo, staff: Staff, *, everything: bool = False) -> ThreadContext:
    """One conversation ready to be shown."""
    limit = 2000 if everything else PAGE_MESSAGES
    found = conversations.list_latest_messages(info.id, limit=limit)
    colleagues = tuple(accounts.list_staff())
    names = {s.id: s.name for s in colleagues}
    messages = message_views(found, info.display_id, mail_views(found, info))
    return ThreadContext(
        conversation=info,
        name=customer_name(info),
        state=state_mark(info),
        channel=channel_mark(info),
        priority=priority_mark(info.priority),
        sentiment=sentiment_mark(info.sentiment),
        assignee=names.get(info.assignee_id, "") if info.assignee_id else "",  # type: ignore[call-overload]
        is_mine=info.assignee_id == staff.id,
        briefing=_briefing(info, messages),
        messages=messages,
        earlier_than=found[0].sequence if found and found[0].sequence > 1 else 0,
        staff=tuple(s for s in colleagues if s.id != staff.id),
        snoozes=snooze_choices(),
        priorities=tuple((key, mark) for key in PRIORITIES if (mark := priority_mark(key))),
        announcement=_announcement(messages),
        subject=subject_of(info),
    )


def message_views(
    found: list[MessageInfo], number: int, mails: Mapping[int, MailView]
) -> tuple[MessageView, ...]:
    """Messages with what their neighbours mean for them: groups, days, chosen options; and their mails."""
    views: list[MessageView] = []
    before: MessageInfo | None = None
    for message in found:
        day = localtime(message.created_at).date()
        is_new_day = before is None or localtime(before.created_at).date() != day
        starts_group = is_new_day or not _continues(before, message)
        shown = _view(message, starts_group, day if is_new_day else None)
        files = file_views(message, number) if message.attachments else ()
        mail = mails.get(int(message.id))
        views.append(replace(shown, files=files, mail=mail) if files or mail else shown)
        before = message
    return tuple(views)


def file_views(message: MessageInfo, number: int) -> tuple[FileView, ...]:
    """The files of a message of a conversation."""
    return tuple(
        FileView(
            file.name,
            file.size,
            conversations.present_attachment(file)["file_type"] == "image",
            reverse("desk:file", args=[number, file.id]),
        )
        for file in message.attachments
    )


def _continues(before: MessageInfo | None, message: MessageInfo) -> bool:
    if before is None or _side(before) != _side(message):
        return False
    same_author = (before.sender.kind, before.sender.id) == (message.sender.kind, message.sender.id)
    return same_author and message.created_at - before.created_at < SAME_BREATH


def _side(message: MessageInfo) -> str:
    if message.type is MessageType.ACTIVITY:
        return "activity"
    if message.is_private:
        return "note"
    if message.type is MessageType.INCOMING:
        return "customer"
    if message.sender.kind == "assistant":
        return "assistant"
    return "agent" if message.sender.kind == "user" else "system"


def _view(message: MessageInfo, starts_group: bool, day: dt.date | None) -> MessageView:  # noqa: FBT001 - private, named at the call
    attributes = message.content_attributes
    submitted: list[dict[str, Any]] = attributes.get("submitted_values") or []
    is_reply = "in_reply_to" in attributes
    choices, form = ((), ()) if is_reply else _offered(message, submitted)
    return MessageView(
        id=message.id,
        sequence=message.sequence,
        side=_side(message),
        author=message.sender.name,
        content=message.content,
        at=message.created_at,
        decision_id=message.decision_id,
        starts_group=starts_group,
        day=day,
        choices=choices,
        form=form,
        is_open_question=bool(choices or form) and not submitted and message.content_type in QUESTIONS,
        is_click=is_reply or "command" in attributes,
        heard=heard_in(message),
    )


def _offered(
    message: MessageInfo, submitted: list[dict[str, Any]]
) -> tuple[tuple[Choice, ...], tuple[FormLine, ...]]:
    items: list[dict[str, Any]] = message.content_attributes.get("items") or []
    if message.content_type == "form":
        given: dict[str, list[str]] = {}
        for value in submitted:
            given.setdefault(str(value.get("name", "")), []).append(str(value.get("title", "")))
        lines = [(str(i.get("label", "")), given.get(str(i.get("name")), [])) for i in items]
        return (), tuple(FormLine(label, ", ".join(values)) for label, values in lines)
    if message.content_type != "input_select":
        return (), ()
    chosen = {str(v.get("value")) for v in submitted}
    offered = [(str(i.get("title", "")), str(i.get("description", "")), str(i.get("value"))) for i in items]
    return tuple(Choice(title, more, value in chosen) for title, more, value in offered), ()


def _briefing(info: ConversationInfo, messages: tuple[MessageView, ...]) -> BriefingView | None:
    facts = info.briefing
    if not facts or info.owner is Owner.ASSISTANT:
        return None
    return BriefingView(
        reason=reason_text(str(facts.get("reason", ""))),
        who=str(facts.get("who", "")),
        asked=tuple(str(t) for t in facts.get("asked", ())),
        tried=tuple(str(t) for t in facts.get("tried", ())),
        left=tuple(str(t) for t in facts.get("left", ())),
        sentiment=sentiment_mark(str(facts.get("sentiment", ""))),
        mood=briefing_mood(facts.get("facts") or {}),
        is_open=info.owner is Owner.QUEUE or not any(m.side == "agent" for m in messages),
    )


def snooze_choices() -> tuple[SnoozeChoice, ...]:
    """Moments a conversation may be put aside until, in the reader's time zone."""
    here = localtime(now())
    tomorrow = (here + dt.timedelta(days=1)).replace(hour=9, minute=0, second=0, microsecond=0)
    monday = tomorrow + dt.timedelta(days=(7 - tomorrow.weekday()) % 7)
    return (
        SnoozeChoice("hour", _("One hour"), now() + dt.timedelta(hours=1)),
        SnoozeChoice("hours", _("Three hours"), now() + dt.timedelta(hours=3)),
        SnoozeChoice("tomorrow", _("Tomorrow morning"), tomorrow),
        SnoozeChoice("monday", _("Monday morning"), monday),
    )


def _announcement(messages: tuple[MessageView, ...]) -> str:
    said = [m for m in messages if m.side != "activity"]
    if not said:
        return ""
    last = said[-1]
    text = last.content[:120] or ", ".join(file.name for file in last.files)
    return _("%(author)s: %(text)s") % {"author": last.author or _("Customer"), "text": text}
