"""The release gate as a page: what test cases and simulated customers made of a text, and publishing it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from rapport.accounts.api import StaffRequest, require
from rapport.accounts.contracts import Permission
from rapport.kernel.errors import InvalidInput, NotFound
from rapport.kernel.languages import base_language, pick
from rapport.procedures import api as procedures
from rapport.studio.api import checklist_lines
from rapport.web.settings_pages.pages import show
from rapport.web.wording import language_name


@never_cache
@require_safe
@require(Permission.EDIT_PROCEDURES)
def release(request: StaffRequest, number: int) -> HttpResponse:
    """The report of a rehearsal, or how far it is."""
    context = _context(number) | {"may_publish": Permission.CONFIGURE in request.staff.permissions}
    if request.headers.get("HX-Request"):
        return render(request, "web/settings/release_status.html", context)
    return show(request, "release.html", "settings:procedures", context)


@require_POST
@require(Permission.CONFIGURE)
def publish(request: StaffRequest, number: int) -> HttpResponse:
    """Put a rehearsed text into force; against the gate only with a reason."""
    reason = request.POST.get("reason", "").strip()[:500]
    context = _context(number) | {"may_publish": True}
    info: procedures.RehearsalInfo = context["info"]
    if info.verdict is None or info.published_version is not None:
        return HttpResponseRedirect(reverse("settings:release", args=[number]))
    try:
        version = procedures.release_rehearsed(number, actor_id=request.staff.id, reason=reason)
    except procedures.GateClosed:
        error = _("Say why it is published all the same, in at least ten characters.")
        return show(
            request,
            "release.html",
            "settings:procedures",
            {**context, "error": error, "reason": reason},
            status=422,
        )
    procedures.follow_book()
    messages.success(request, _("Version %(n)d is in force.") % {"n": version})
    return HttpResponseRedirect(reverse("studio:flow", args=[info.procedure]))


@require_POST
@require(Permission.EDIT_PROCEDURES)
def answer(request: StaffRequest, number: int) -> HttpResponse:
    """A person's word on one item of the checklist."""
    key, note = request.POST.get("item", ""), request.POST.get("note", "")
    is_yes = request.POST.get("answer") == "yes"
    try:
        procedures.answer_item(number, key, is_yes=is_yes, note=note, actor_id=int(request.staff.id))
    except NotFound as problem:
        raise Http404 from problem
    except InvalidInput:
        messages.error(request, _("Say why, in a few words."))
    return HttpResponseRedirect(f"{reverse('settings:release', args=[number])}#item-{key}")


def _context(number: int) -> dict[str, Any]:
    info = procedures.find_rehearsal(number)
    if info is None:
        raise Http404
    simulation = info.report.get("simulation") or {}
    failure = simulation.get("first_failure")
    in_force = procedures.find_in_force(info.procedure)
    before = procedures.read_version(info.procedure, in_force.version) if in_force else None
    return {
        "info": info,
        "title": title_of(info),
        "percent": round(100 * info.done / info.total) if info.total else 0,
        "simulation": simulation,
        "tries": range(1, int(simulation.get("k") or 0) + 1),
        "rows": [
            (_("All"), simulation.get("pass", ())),
            *((_persona(name), shares) for name, shares in simulation.get("personas", {}).items()),
            *((language_name(tag), shares) for tag, shares in simulation.get("languages", {}).items()),
        ],
        "not_applicable": [_persona(name) for name in simulation.get("not_applicable", ())],
        "first_failure_of": _persona(failure["persona"]) if failure else "",
        "cases": info.report.get("cases", ()),
        "differences": [str(d) for d in procedures.compare(before, info.source)] if before else (),
        "checklist": checklist_lines(
            procedures.as_json(info.checklist),
            number if info.published_version is None else None,
            info.procedure,
        ),
        "error": "",
        "reason": "",
    }


def title_of(info: procedures.RehearsalInfo) -> str:
    """The procedure's title in the reader's language; its name where the text has become none."""
    try:
        titles = procedures.parse_definition(info.source).title
    except procedures.InvalidDefinition:
        return info.procedure
    return pick(titles, base_language(get_language()))


def _persona(name: str) -> str:
    """How a simulated customer behaves, in words."""
    titles = {
        "terse": _("Terse"), "chatty": _("Chatty"), "confused": _("Confused"), "angry": _("Angry"),
        "polite": _("Polite"), "changes_mind": _("Changes their mind"), "non_native": _("Foreign language"),
        "clicks_only": _("Clicks only"), "text_only": _("Words only"), "wants_person": _("Wants a person"),
        "forbidden": _("Attempts what is not allowed"),
    }  # fmt: skip
    return titles.get(name, name)
