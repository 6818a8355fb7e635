"""Pages: what customers keep asking for, one such group, and what is made of it."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from rapport.accounts.api import StaffRequest, require
from rapport.accounts.contracts import Permission
from rapport.insights import services
from rapport.insights.contracts import Kind
from rapport.insights.jobs import PERIOD_DAYS, ask_for_survey
from rapport.insights.pages import begun_lines, cause_lines, draft_of, example_groups, line_of, own_draft
from rapport.insights.queries import IssueInfo, find_issue, latest_survey, list_issues
from rapport.insights.surveying import returns_at
from rapport.kernel.errors import Conflict, InvalidInput, NotFound

EDIT = Permission.EDIT_PROCEDURES


@never_cache
@require_safe
@require(EDIT)
def home(request: StaffRequest) -> HttpResponse:
    """Frequent issues: those that wait, or those that were dismissed."""
    is_dismissed = request.GET.get("show") == "dismissed"
    lines = [line_of(info) for info in list_issues(dismissed=is_dismissed)]
    context = {
        "survey": latest_survey(),
        "lines": lines,
        "is_dismissed": is_dismissed,
        "most": max((line.info.count for line in lines), default=1),
        "minutes": round(sum(line.info.agent_minutes for line in lines)),
        "period_days": PERIOD_DAYS,
    }
    return render(request, "insights/issues.html", context)


@require_POST
@require(EDIT)
def look(request: StaffRequest) -> HttpResponse:
    """Ask for a new survey; a worker makes it."""
    ask_for_survey()
    messages.success(request, _("The conversations are being looked at. Come back in a minute."))
    return HttpResponseRedirect(reverse("insights:home"))


@never_cache
@require_safe
@require(EDIT)
def issue(request: StaffRequest, issue_id: int) -> HttpResponse:
    """One group: its requests, what they have in common, and the draft or the proposal."""
    return _page(request, _issue(issue_id))


def _page(request: StaffRequest, info: IssueInfo, problem: str = "", status: int = 200) -> HttpResponse:
    may_open = Permission.ANSWER in request.staff.permissions
    context = {
        "line": line_of(info),
        "info": info,
        "survey": latest_survey(),
        "examples": example_groups(info, may_open=may_open),
        "draft": draft_of(info) if info.kind is Kind.NEW else None,
        "causes": cause_lines(info),
        "begun": begun_lines(info),
        "own_draft": own_draft(info, int(request.staff.id)),
        "returns_at": returns_at(info.dismissed_count),
        "problem": problem,
    }
    return render(request, "insights/issue.html", context, status=status)


@require_POST
@require(EDIT)
def draft(request: StaffRequest, issue_id: int) -> HttpResponse:
    """Begin the prepared draft as one's own and open the editor."""
    try:
        made = services.begin_draft(issue_id, int(request.staff.id))
    except NotFound:
        raise Http404 from None
    except Conflict as problem:
        return _page(request, _issue(issue_id), str(problem), status=409)
    return HttpResponseRedirect(reverse("studio:flow", args=[made.name]))


@require_POST
@require(EDIT)
def wordings(request: StaffRequest, issue_id: int) -> HttpResponse:
    """Put customers' wordings up for review as examples of their procedure."""
    try:
        count = services.propose_wordings(issue_id, int(request.staff.id))
    except NotFound:
        raise Http404 from None
    except InvalidInput as problem:
        return _page(request, _issue(issue_id), str(problem), status=422)
    said = ngettext(
        "%(count)d wording waits for review under Understanding.",
        "%(count)d wordings wait for review under Understanding.",
        count,
    )
    messages.success(request, said % {"count": count})
    return HttpResponseRedirect(reverse("insights:issue", args=[issue_id]))


@require_POST
@require(EDIT)
def dismiss(request: StaffRequest, issue_id: int) -> HttpResponse:
    """Take a group out of the list, with a reason."""
    try:
        services.dismiss(issue_id, int(request.staff.id), request.POST.get("reason", ""))
    except NotFound:
        raise Http404 from None
    except InvalidInput as problem:
        return _page(request, _issue(issue_id), str(problem), status=422)
    messages.success(request, _("Dismissed. It comes back when it has grown by half."))
    return HttpResponseRedirect(reverse("insights:home"))


@require_POST
@require(EDIT)
def restore(request: StaffRequest, issue_id: int) -> HttpResponse:
    """Put a dismissed group back."""
    try:
        services.restore(issue_id, int(request.staff.id))
    except NotFound:
        raise Http404 from None
    return HttpResponseRedirect(reverse("insights:issue", args=[issue_id]))


def _issue(issue_id: int) -> IssueInfo:
    try:
        return find_issue(issue_id)
    except NotFound:
        raise Http404 from None
