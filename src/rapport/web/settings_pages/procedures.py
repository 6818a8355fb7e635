"""Procedures: what is in force, earlier versions, and writing, checking and publishing definitions."""

from __future__ import annotations

import re
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rapport.accounts import api as accounts
from rapport.accounts.api import StaffRequest, require
from rapport.accounts.contracts import Permission
from rapport.connectors import api as connectors
from rapport.kernel.languages import base_language
from rapport.procedures import api as procedures
from rapport.web.settings_pages.pages import show

MAX_SOURCE_CHARS = 200_000
TOO_LONG = procedures.Problem("document", 0, 0, f"longer than {MAX_SOURCE_CHARS} characters")
_NAME = re.compile(r"^procedure:[ \t]*['\"]?([a-z][a-z0-9_]*)['\"]?[ \t]*(?:#.*)?$", re.MULTILINE | re.ASCII)


@never_cache
@require_safe
@require(Permission.CONFIGURE)
def procedure_list(request: StaffRequest) -> HttpResponse:
    """Every procedure with the version in force."""
    procedures.forget_book()
    found = procedures.list_procedures(base_language(get_language()))
    return show(request, "procedures.html", "settings:procedures", {"procedures": found})


def find_problems(source: str, name: str = "") -> tuple[procedures.Problem, ...]:
    """What keeps a text from being published, in its order; with a name, also that it stays that procedure."""
    if len(source) > MAX_SOURCE_CHARS:
        return (TOO_LONG,)
    names = {*procedures.load_book(), *_NAME.findall(source)}
    actions = [action.name for action in connectors.list_actions()]
    found = procedures.check_definition(source, names, actions)
    written = _NAME.search(source)
    if name and not found and (written is None or written[1] != name):
        line = source[: written.start()].count("\n") + 1 if written else 1
        message = _("must stay %(name)s; another name makes another procedure") % {"name": name}
        return (procedures.Problem("procedure", line, 1, message),)
    return found


@require_POST
@require(Permission.CONFIGURE)
def check(request: StaffRequest) -> HttpResponse:
    """What is wrong with a text, while it is being written."""
    problems = find_problems(_source(request), request.POST.get("name", "")[:60])
    return render(request, "web/settings/procedure_problems.html", {"problems": problems, "is_checked": True})


@require_safe
@require(Permission.CONFIGURE)
def schema(_: StaffRequest) -> HttpResponse:
    """The definition language as a JSON Schema, for editors."""
    return JsonResponse(procedures.make_schema(), content_type="application/schema+json")


def _source(request: StaffRequest) -> str:
    return request.POST.get("source", "").replace("\r\n", "\n")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@require(Permission.CONFIGURE)
def create(request: StaffRequest) -> HttpResponse:
    """Write or paste a new procedure."""
    context: dict[str, Any] = {"name": "", "source": "", "versions": ()}
    return _write(request, context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@require(Permission.CONFIGURE)
def procedure(request: StaffRequest, name: str) -> HttpResponse:
    """One procedure: its text (of any version) to read and change, and its versions."""
    versions = procedures.list_versions(name)
    if not versions:
        raise Http404
    in_force = next((v for v in versions if v.is_published), versions[0])
    asked = request.GET.get("version", "")
    opened = next((v for v in versions if str(v.version) == asked), in_force)
    names = {a.staff.id: a.staff.name for a in accounts.list_accounts()}
    context = {
        "name": name,
        "source": opened.source,
        "opened": opened,
        "versions": [(v, names.get(v.created_by or 0, "")) for v in versions],  # type: ignore[call-overload]
        "is_in_force": in_force.is_published,
    }
    return _write(request, context)


def _write(request: StaffRequest, context: dict[str, Any]) -> HttpResponse:
    """Show the text; a POST has it rehearsed, or publishes at once what was in force before."""
    if request.method != "POST":
        return show(request, "procedure.html", "settings:procedures", {**context, "note": ""})
    source, note = _source(request), request.POST.get("note", "").strip()[:200]
    problems = find_problems(source, context["name"])
    if not problems and not context["name"]:
        problems = _already_there(source)
    if problems:
        given = {**context, "source": source, "note": note, "problems": problems, "is_checked": True}
        return show(request, "procedure.html", "settings:procedures", given, status=422)
    if procedures.needs_rehearsal(source):
        number = procedures.request_rehearsal(source, actor_id=request.staff.id, note=note)
        return HttpResponseRedirect(reverse("settings:release", args=[number]))
    version = procedures.publish(source, actor_id=request.staff.id, note=note)
    procedures.forget_book()
    messages.success(request, _("Version %(n)d is in force.") % {"n": version})
    written = procedures.parse_definition(source).name
    return HttpResponseRedirect(reverse("settings:procedure", args=[written]))


def _already_there(source: str) -> tuple[procedures.Problem, ...]:
    name = procedures.parse_definition(source).name
    if not procedures.list_versions(name):
        return ()
    message = _("%(name)s exists; open it to change it") % {"name": name}
    return (procedures.Problem("procedure", 1, 1, message),)


@require_POST
@require(Permission.CONFIGURE)
def change(request: StaffRequest, name: str) -> HttpResponse:
    """Put an earlier version into force again, or take the procedure out of force."""
    version = request.POST.get("version", "")
    known = {str(v.version): v.version for v in procedures.list_versions(name)}
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
    procedures.forget_book()
    messages.success(request, said)
    return HttpResponseRedirect(reverse("settings:procedure", args=[name]))
