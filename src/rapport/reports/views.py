"""The pages of reports."""

from __future__ import annotations

from typing import Any, get_args

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from rapport.accounts.api import StaffRequest, require
from rapport.accounts.contracts import Permission
from rapport.conversations import api as conversations
from rapport.kernel.clock import now
from rapport.kernel.errors import InvalidInput
from rapport.reports import presenting, wording
from rapport.reports.cases import CaseFilter, CaseLine, Part, list_cases
from rapport.reports.contracts import BY_ID
from rapport.reports.exporting import as_csv
from rapport.reports.gathering import count_behind
from rapport.reports.logic.facts import MEASURES
from rapport.reports.logic.periods import last_days
from rapport.reports.queries import self_service
from rapport.reports.scope import CHOICES, Scope, read_scope
from rapport.reports.services import set_target

_PARTS: tuple[Part, ...] = get_args(Part)
_KEPT = ("metric", "part", "of", "reason", "outcome", "procedure", "version")


@require_safe
@require(Permission.READ_REPORTS)
def home(_request: StaffRequest) -> HttpResponse:
    """There is one report today."""
    return HttpResponseRedirect(reverse("reports:self_service"))


@never_cache
@require_safe
@require(Permission.READ_REPORTS)
def self_service_page(request: StaffRequest) -> HttpResponse:
    """What customers get done without a person, and what it costs them."""
    scope = read_scope(request.GET.dict())
    report = self_service(scope.period, scope.inbox_id)
    context = {
        "report": report,
        "tiles": presenting.tiles(report, scope),
        "numbers": presenting.numbers(report),
        "stage": wording.STAGES[report.stage],
        "parts": presenting.parts(report.outcomes, scope, of="contacts"),
        "lines": presenting.chart(report),
        "weeks": [(w, _week_urls(w.period, scope)) for w in report.weeks],
        "reasons": presenting.reason_rows(report, scope),
        "inboxes": presenting.inbox_rows(report, scope),
        "procedures": [presenting.procedure_row(line, scope) for line in report.procedures],
        "effort": presenting.effort_cells(report.effort, report.effort_before),
        "done_url": presenting.cases_url(scope, of="runs", outcome="done"),
        "behind": count_behind(),
        "csv_url": reverse("reports:self_service_csv") + scope.query(),
    }
    return _show(request, "self_service.html", scope, context)


def _week_urls(week: Any, scope: Scope) -> dict[str, str]:
    of_week = Scope(week, scope.inbox_id)
    return {key: presenting.cases_url(of_week, metric=key, part="among") for key in presenting.CHARTED}


@never_cache
@require_safe
@require(Permission.READ_REPORTS)
def self_service_csv(request: StaffRequest) -> HttpResponse:
    """The same numbers for a spreadsheet."""
    scope = read_scope(request.GET.dict())
    response = HttpResponse(
        as_csv(self_service(scope.period, scope.inbox_id)), content_type="text/csv; charset=utf-8"
    )
    name = f"self-service-{scope.period.first}-{scope.period.last}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@never_cache
@require_safe
@require(Permission.READ_REPORTS)
def procedure_page(request: StaffRequest, name: str) -> HttpResponse:
    """One procedure: how its runs ended, what they cost, and its versions beside each other."""
    scope = read_scope(request.GET.dict())
    report = self_service(scope.period, scope.inbox_id)
    line = next((p for p in report.procedures if p.name == name), None)
    if line is None:
        raise Http404
    weekly = [
        (w.period, share, presenting.cases_url(Scope(w.period, scope.inbox_id), of="runs", procedure=name))
        for w, share in zip(report.weeks, line.weekly, strict=True)
    ]
    context = {
        "row": presenting.procedure_row(line, scope),
        "otherwise": presenting.otherwise(line, scope),
        "versions": presenting.version_rows(line, scope),
        "weekly": weekly,
    }
    return _show(request, "procedure.html", scope, context)


@never_cache
@require_safe
@require(Permission.READ_REPORTS)
def cases(request: StaffRequest) -> HttpResponse:
    """The conversations, or runs, behind one number."""
    scope = read_scope(request.GET.dict())
    what = _read_filter(request.GET.dict())
    page = list_cases(what, scope.period, scope.inbox_id, cursor=request.GET.get("after", ""))
    rows = [
        (
            line,
            wording.about(line.about),
            wording.OUTCOMES.get(line.outcome, line.outcome),
            wording.detail(line.outcome, line.detail),
            _effort(line),
        )
        for line in page.lines
    ]
    metric = BY_ID.get(what.metric)
    context = {
        "what": what,
        "title": _(metric.name) if metric else "",
        "formula": _(metric.formula) if metric else "",
        "about": wording.about(what.procedure or (what.reason if what.kind == "contacts" else "")),
        "outcome": wording.OUTCOMES.get(what.outcome, ""),
        "detail": wording.detail(what.outcome, what.reason) if what.kind == "runs" else "",
        "rows": rows,
        "page": page,
        "measures": [str(wording.MEASURES[m]) for m in MEASURES],
        "kept": [(n, request.GET[n]) for n in _KEPT if request.GET.get(n)],
        "inbox_names": {int(i.id): i.name for i in conversations.list_inboxes()},
        "back_url": reverse("reports:self_service") + scope.query(),
    }
    return _show(request, "cases.html", scope, context)


def _effort(line: CaseLine) -> list[tuple[str, str]]:
    return [
        (str(wording.MEASURES[name]), wording.say_effort(name, value))
        for name, value in zip(MEASURES, line.effort, strict=False)
    ]


def _read_filter(given: dict[str, str]) -> CaseFilter:
    """What is asked for in the address; what cannot be read asks for everything."""
    version = given.get("version", "")
    return CaseFilter(
        metric=given["metric"] if given.get("metric") in BY_ID else "",
        part=next((p for p in _PARTS if p == given.get("part")), "counted"),
        of="runs" if given.get("of") == "runs" else "contacts",
        reason=given.get("reason", "")[:80],
        outcome=given.get("outcome", "")[:12],
        procedure=given.get("procedure", "")[:60],
        version=int(version) if version.isdecimal() and len(version) < 10 else None,
    )


@require_POST
@require(Permission.CONFIGURE)
def target(request: StaffRequest) -> HttpResponse:
    """Set a figure's target, or take it away."""
    text = request.POST.get("percent", "").strip().replace(",", ".").removesuffix("%").strip()
    try:
        share = float(text) / 100 if text else None
        set_target(request.POST.get("metric", ""), share, staff_id=int(request.staff.id))
    except (ValueError, InvalidInput):
        messages.error(request, _("A target is a share between 0 and 100 %."))
    else:
        messages.success(request, _("The target is set.") if share else _("The target is gone."))
    scope = read_scope(request.POST.dict())
    return HttpResponseRedirect(reverse("reports:self_service") + scope.query())


def _show(request: StaffRequest, template: str, scope: Scope, context: dict[str, Any]) -> HttpResponse:
    periods = [
        (days, Scope(last_days(days, now(), scope.period.zone), scope.inbox_id).query()) for days in CHOICES
    ]
    shown = {
        "scope": scope,
        "scope_query": scope.query(),
        "before": scope.period.previous(),
        "periods": periods,
        "inboxes_offered": [
            i for i in conversations.list_inboxes() if i.channel_kind != conversations.INTERNAL
        ],
        "may_answer": Permission.ANSWER in request.staff.permissions,
        "may_supervise": Permission.SUPERVISE in request.staff.permissions,
        "may_configure": Permission.CONFIGURE in request.staff.permissions,
        **context,
    }
    return render(request, f"reports/{template}", shown)
