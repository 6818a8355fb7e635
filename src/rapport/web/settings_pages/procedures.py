"""Procedures: what there is, what is in force, and putting versions back; they are written in the editor (`studio`)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from rapport.accounts.api import StaffRequest, require
from rapport.accounts.contracts import Permission
from rapport.kernel.languages import base_language
from rapport.procedures import api as procedures
from rapport.studio import api as studio
from rapport.web.settings_pages.pages import show


@never_cache
@require_safe
@require(Permission.EDIT_PROCEDURES)
def procedure_list(request: StaffRequest) -> HttpResponse:
    """Every procedure with the version in force and what the gate said last; first what is only a draft yet."""
    procedures.follow_book()
    found = procedures.list_procedures(base_language(get_language()))
    drafts = studio.list_drafts(int(request.staff.id))
    gates = procedures.latest_rehearsals()
    rows: list[dict[str, Any]] = [
        {"row": row, "gate": gates.get(row.name), "drafted_at": drafts.pop(row.name, None)} for row in found
    ]
    context = {"procedures": rows, "drafts": sorted(drafts.items())}
    return show(request, "procedures.html", "settings:procedures", context)


@require_POST
@require(Permission.EDIT_PROCEDURES)
def check(request: StaffRequest) -> HttpResponse:
    """What is wrong with a text."""
    source = request.POST.get("source", "").replace("\r\n", "\n")
    problems = studio.find_problems(source, request.POST.get("name", "")[:60])
    return render(request, "web/settings/procedure_problems.html", {"problems": problems, "is_checked": True})


@require_safe
@require(Permission.EDIT_PROCEDURES)
def schema(_: StaffRequest) -> HttpResponse:
    """The definition language as a JSON Schema, for editors."""
    return JsonResponse(procedures.make_schema(), content_type="application/schema+json")


@require_safe
@require(Permission.EDIT_PROCEDURES)
def procedure(request: StaffRequest, name: str) -> HttpResponse:
    """One procedure: in the editor."""
    if studio.find_draft(int(request.staff.id), name) is None:
        raise Http404
    return HttpResponseRedirect(reverse("studio:flow", args=[name]))


@require_POST
@require(Permission.CONFIGURE)
def change(request: StaffRequest, name: str) -> HttpResponse:
    """Put an earlier version into force again, or take the procedure out of force."""
    version = request.POST.get("version", "")
    known = {str(v.version): v.version for v in procedures.list_versions(name, with_texts=False)}
    if not known:
        raise Http404
    with transaction.atomic():
        match request.POST.get("do"):
            case "roll_back" if version in known:
                procedures.roll_back(name, known[version], actor_id=request.staff.id)
                said = _("Version %(n)d is in force again.") % {"n": known[version]}
            case "withdraw":
                procedures.withdraw(name, actor_id=request.staff.id)
                said = _("Taken out of force; what is running finishes.")
            case _:
                return HttpResponse(status=400)
    procedures.follow_book()
    messages.success(request, said)
    return HttpResponseRedirect(reverse("studio:versions", args=[name]))
