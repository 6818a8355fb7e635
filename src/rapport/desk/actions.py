"""What staff do in a conversation: each answers with the refreshed middle pane."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable
from urllib.parse import quote

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from rapport.accounts import api as accounts
from rapport.accounts.api import StaffRequest, require
from rapport.accounts.contracts import Permission
from rapport.conversations import api as conversations
from rapport.conversations.contracts import (
    ConversationInfo,
    MessageDraft,
    MessageType,
    NewFile,
    Owner,
    Sender,
    Status,
)
from rapport.conversations.errors import FileTooLarge, TooManyFiles
from rapport.desk.dispositions.pages import check_required, is_asked_first, settle
from rapport.desk.jobs import tell_joined
from rapport.desk.lists import filter_of
from rapport.desk.threads import snooze_choices, thread_context
from rapport.desk.views import conversation_or_404, is_partial
from rapport.desk.wording import PRIORITIES
from rapport.kernel.errors import InvalidInput, RapportError

Action = Callable[[StaffRequest, ConversationInfo], str]
MAX_LABELS = 20


def action(act: Action) -> Callable[..., HttpResponseBase]:
    """A view that does one thing to a conversation, says so, and shows the conversation as it is now."""

    @require_POST
    @require(Permission.ANSWER)
    @functools.wraps(act)
    def view(request: StaffRequest, number: int) -> HttpResponse:
        info = conversation_or_404(number)
        try:
            said = act(request, info)
        except RapportError as problem:
            return HttpResponse(status=409, headers={"X-Problem": quote(str(problem))})
        if not is_partial(request):
            return HttpResponseRedirect(reverse("desk:conversation", args=[number]))
        fresh = conversation_or_404(number)
        response = render(request, "desk/thread.html", {"thread": thread_context(fresh, request.staff)})
        news: dict[str, object] = {"desk-list-changed": "", "desk-disposition-changed": ""}
        if fresh.status is Status.RESOLVED:
            news["close-dialogs"] = ""
        elif request.POST.get("then") == "resolve":
            news["resolve-asked"] = ""
        if said:
            news["toast"] = said
        response["HX-Trigger"] = json.dumps(news)
        return response

    return view


@action
def take(request: StaffRequest, info: ConversationInfo) -> str:
    """Take the conversation over, from the queue, the assistant or a colleague."""
    conversations.take(info.id, request.staff.id, request.staff.name)
    return _("The conversation is yours now.")


@action
def assign(request: StaffRequest, info: ConversationInfo) -> str:
    """Give the conversation to a colleague."""
    raw = request.POST.get("staff_id", "")
    colleague = accounts.find_staff(int(raw)) if raw.isdecimal() else None
    if colleague is None:
        raise InvalidInput(_("There is no such colleague."), field="staff_id")
    conversations.take(info.id, colleague.id, colleague.name)
    return _("Assigned to %(name)s.") % {"name": colleague.name}


@action
def release(request: StaffRequest, info: ConversationInfo) -> str:
    """Put the conversation back in the queue."""
    conversations.release(info.id, request.staff.name)
    return _("Back in the queue.")


@action
def give_back(request: StaffRequest, info: ConversationInfo) -> str:
    """Return the conversation to the assistant."""
    conversations.give_back(info.id, request.staff.name)
    return _("The assistant answers again.")


@action
@transaction.atomic
def resolve(request: StaffRequest, info: ConversationInfo) -> str:
    """Mark the problem as solved, with what a person says it was about."""
    check_required(request.POST)
    if "reason" in request.POST:
        settle(request, info, is_ended=True)
    conversations.resolve(info.id, request.staff.name)
    return _("Resolved.")


@action
def reopen(request: StaffRequest, info: ConversationInfo) -> str:
    """Bring the conversation back to this member of staff."""
    conversations.reopen(info.id, request.staff.name)
    conversations.take(info.id, request.staff.id, request.staff.name)
    return _("Open again, and yours.")


@action
def snooze(request: StaffRequest, info: ConversationInfo) -> str:
    """Put the conversation aside until a moment."""
    chosen = next((c for c in snooze_choices() if c.key == request.POST.get("until")), None)
    if chosen is None:
        raise InvalidInput(_("Choose until when."), field="until")
    conversations.snooze(info.id, chosen.until, request.staff.name)
    return _("Snoozed: %(until)s.") % {"until": chosen.label}


@action
def set_priority(request: StaffRequest, info: ConversationInfo) -> str:
    """Set or clear the priority."""
    priority = request.POST.get("priority", "")
    if priority and priority not in PRIORITIES:
        raise InvalidInput(_("There is no such priority."), field="priority")
    conversations.update_conversation(info.id, {"priority": priority or None})
    return ""


@action
def set_label(request: StaffRequest, info: ConversationInfo) -> str:
    """Add one label, or remove one."""
    removed = request.POST.get("remove", "").strip()
    added = "-".join(request.POST.get("add", "").strip().lower().split())[:40]
    labels = [x for x in info.labels if x != removed]
    if added and added not in labels:
        labels.append(added)
    conversations.update_conversation(info.id, {"labels": labels[:MAX_LABELS]})
    return ""


@action
def reply(request: StaffRequest, info: ConversationInfo) -> str:
    """Send an answer to the customer, or keep a private note.

    An answer makes the conversation the sender's: there is one owner at a time, and it is who speaks.
    """
    content = conversations.clean_text(request.POST.get("content", ""))
    files = attached(request)
    if not content and not files:
        raise InvalidInput(_("Write something first."), field="content")
    sender = Sender("user", request.staff.id, request.staff.name)
    is_private = request.POST.get("kind") == "note"
    left = conversations.left_placeholders(content)
    if left and not is_private:
        raise InvalidInput(_("Fill in {{%(name)s}} first.") % {"name": left[0]}, field="content")
    if not is_private:
        is_theirs = info.owner is Owner.AGENT and info.assignee_id == request.staff.id
        if not is_theirs or info.status is not Status.OPEN:
            tell_joined(conversations.take(info.id, request.staff.id, request.staff.name))
    stored = tuple(file.id for file in conversations.add_attachments(info.id, files))
    draft = MessageDraft(MessageType.OUTGOING, content, sender, is_private=is_private, attachment_ids=stored)
    conversations.add_message(info.id, draft)
    if not is_private and request.POST.get("then") == "resolve":
        if is_asked_first():
            return _("Sent. Say what it was about, then it is resolved.")
        conversations.resolve(info.id, request.staff.name)
        return _("Sent and resolved.")
    return ""


def attached(request: StaffRequest) -> list[NewFile]:
    """The files chosen beside a reply. Raises InvalidInput."""
    uploads = [upload for upload in request.FILES.getlist("files") if upload.size]
    try:
        for upload in uploads:
            conversations.check_size(upload.name or "", upload.size or 0)
    except FileTooLarge as problem:
        facts = {"name": problem.facts["file"], "limit": problem.facts["limit_bytes"] // 2**20}
        text = _("%(name)s is too large: a file may hold %(limit)s MB at most.") % facts
        raise InvalidInput(text, field="files") from problem
    files = [NewFile(upload.name or "", upload.read()) for upload in uploads]
    try:
        conversations.check_files(None, files, from_customer=False)
    except TooManyFiles as problem:
        text = _("One message may carry %(limit)s files at most.") % {"limit": problem.facts["limit"]}
        raise InvalidInput(text, field="files") from problem
    return files


@require_POST
@require(Permission.ANSWER)
def take_next(request: StaffRequest) -> HttpResponse:
    """Take the conversation that has been waiting longest and open it."""
    waiting = conversations.list_conversations(filter_of("queue", request.staff.id), limit=1).rows
    if not waiting:
        messages.info(request, _("Nobody is waiting."))
        return HttpResponseRedirect(reverse("desk:home"))
    conversations.take(waiting[0].id, request.staff.id, request.staff.name)
    return HttpResponseRedirect(reverse("desk:conversation", args=[waiting[0].display_id]) + "?view=mine")


@require_POST
@require(Permission.ANSWER)
def typing(request: StaffRequest, number: int) -> HttpResponse:
    """Tell the customer and colleagues that somebody is writing an answer."""
    info = conversation_or_404(number)
    sender = Sender("user", request.staff.id, request.staff.name)
    conversations.note_typing(info.id, is_typing=request.POST.get("on") == "1", who=sender)
    return HttpResponse(status=204)
