"""Pages and partials of the desk. One partial renders the first load and every refresh."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from rapport.accounts.api import StaffRequest, require
from rapport.accounts.contracts import Permission
from rapport.channels import api as channels
from rapport.connectors import api as connectors
from rapport.conversations import api as conversations
from rapport.conversations.contracts import ConversationInfo
from rapport.desk.lists import list_context, read_asked
from rapport.desk.panels import decision_context, find_decision_of, orders_context, panel_context
from rapport.desk.threads import thread_context
from rapport.kernel.clock import now
from rapport.kernel.errors import NotFound


def is_partial(request: HttpRequest) -> bool:
    """Whether htmx asks for a piece of the page (and not for a page of the history)."""
    headers = request.headers
    return headers.get("HX-Request") == "true" and headers.get("HX-History-Restore-Request") != "true"


def conversation_or_404(number: int) -> ConversationInfo:
    """The conversation with this number."""
    info = conversations.find_conversation_by_number(number)
    if info is None:
        raise Http404
    return info


@never_cache
@require_safe
@require(Permission.ANSWER)
def home(request: StaffRequest) -> HttpResponse:
    """The desk with nothing opened yet."""
    asked = read_asked(request.GET)
    if is_partial(request):
        return render(request, "desk/workspace_empty.html", {})
    return render(request, "desk/desk.html", {"list": list_context(asked, request.staff), "thread": None})


@never_cache
@require_safe
@require(Permission.ANSWER)
def conversation_list(request: StaffRequest) -> HttpResponse:
    """The left pane, or its next rows."""
    context = list_context(read_asked(request.GET), request.staff)
    template = "desk/list_rows.html" if context.is_continuation else "desk/list.html"
    return render(request, template, {"list": context})


@never_cache
@require_safe
@require(Permission.ANSWER)
def conversation(request: StaffRequest, number: int) -> HttpResponse:
    """One conversation: the workspace alone, or the whole desk around it."""
    info = _seen(conversation_or_404(number), request)
    context = {"thread": thread_context(info, request.staff), "panel": panel_context(info)}
    if is_partial(request):
        return render(request, "desk/workspace.html", context)
    asked = read_asked(request.GET, current=number)
    return render(request, "desk/desk.html", {**context, "list": list_context(asked, request.staff)})


def _seen(info: ConversationInfo, request: StaffRequest) -> ConversationInfo:
    """Opening one's own conversation clears its unread mark: one write, only when something is to clear."""
    if info.unread_count and info.assignee_id == request.staff.id:
        return conversations.update_conversation(info.id, {"unread_count": 0, "agent_last_seen_at": now()})
    return info


@never_cache
@require_safe
@require(Permission.ANSWER)
def thread(request: StaffRequest, number: int) -> HttpResponse:
    """The middle pane alone: what a live update asks for."""
    everything = request.GET.get("all") == "1"
    info = _seen(conversation_or_404(number), request)
    context = thread_context(info, request.staff, everything=everything)
    return render(request, "desk/thread.html", {"thread": context})


@require_safe
@require(Permission.ANSWER)
def show_file(request: StaffRequest, number: int, attachment_id: int) -> HttpResponseBase:  # noqa: ARG001 - views get it
    """A photo or document of the conversation."""
    attachment = conversations.find_attachment(conversation_or_404(number).id, attachment_id)
    if attachment is None:
        raise Http404
    return channels.file_answer(attachment)


@never_cache
@require_safe
@require(Permission.ANSWER)
def show_call_file(request: StaffRequest, number: int, folder: str, name: str) -> HttpResponse:  # noqa: ARG001 - views get it
    """What an action of the conversation left: a document made, a picture of the page it was done on."""
    file = connectors.find_call_file(conversation_or_404(number).id, f"{folder}/{name}")
    if file is None:
        raise Http404
    is_shown = file["media_type"] == "image/jpeg"
    response = HttpResponse(connectors.read_call_file(file["ref"]), content_type=file["media_type"])
    response["Content-Disposition"] = f'{"inline" if is_shown else "attachment"}; filename="{file["name"]}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@never_cache
@require_safe
@require(Permission.ANSWER)
def panel(request: StaffRequest, number: int) -> HttpResponse:
    """The right pane alone."""
    return render(request, "desk/panel.html", {"panel": panel_context(conversation_or_404(number))})


@never_cache
@require_safe
@require(Permission.ANSWER)
def orders(request: StaffRequest, number: int) -> HttpResponse:
    """The customer's orders, asked of the connected shop when the page is already there."""
    return render(request, "desk/orders.html", {"orders": orders_context(conversation_or_404(number))})


@never_cache
@require_safe
@require(Permission.ANSWER)
def decision(request: StaffRequest, number: int, decision_id: int) -> HttpResponse:
    """Why the assistant said what it said."""
    info = conversation_or_404(number)
    try:
        found = find_decision_of(info, decision_id)
    except NotFound as problem:
        raise Http404 from problem
    return render(request, "desk/decision.html", {"decision": decision_context(found), "number": number})
