"""Versions, comparison and publishing: what stands beside the flow."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from rapport.accounts import api as accounts
from rapport.accounts.api import StaffRequest, require
from rapport.procedures import api as procedures
from rapport.studio.contracts import DraftInfo
from rapport.studio.views import EDIT, PUBLISH, draft_or_404, page_context
from rapport.studio.workspace import find_problems

DRAFT = "draft"


@never_cache
@require_safe
@require(EDIT)
def versions(request: StaffRequest, name: str) -> HttpResponse:
    """Every version, and what differs between any two of them or the draft."""
    draft = draft_or_404(request, name)
    rows = procedures.list_versions(name, with_texts=False)
    names = {a.staff.id: a.staff.name for a in accounts.list_accounts()}
    known = {str(v.version): v.version for v in rows}
    in_force = next((str(v.version) for v in rows if v.is_published), "")
    old, new = request.GET.get("from", in_force), request.GET.get("to", DRAFT)
    context = page_context(request, draft, "versions") | {
        "versions": [(v, names.get(v.created_by or 0, "")) for v in rows],  # type: ignore[call-overload]
        "sides": [
            (DRAFT, _("My draft")),
            *((str(v.version), _("Version %(n)d") % {"n": v.version}) for v in rows),
        ],
        "old": old,
        "new": new,
        "differences": _differences(_text(draft, known, old), _text(draft, known, new)),
    }
    return render(request, "studio/versions.html", context)


def _text(draft: DraftInfo, versions: Mapping[str, int], side: str) -> str | None:
    """The text of a version, or of the draft; None where there is none."""
    if side == DRAFT:
        return draft.source
    return procedures.read_version(draft.procedure, versions[side]) if side in versions else None


def _differences(old: str | None, new: str | None) -> list[dict[str, Any]] | None:
    """What differs, in the order of the document; None when there are not two texts to compare."""
    if old is None or new is None:
        return None
    areas = {
        "head": _("Start"), "slot": _("Question"), "value": _("Worked out"), "rule": _("Rule"), "person": _("Person"),
        "confirmation": _("Agreement"), "action": _("Step"), "answer": _("Ending"), "wording": _("Text"),
    }  # fmt: skip
    kinds = {"added": _("added"), "removed": _("removed"), "changed": _("changed")}
    return [
        {
            "area": areas.get(d.area, d.area),
            "kind": d.kind,
            "kind_title": kinds.get(d.kind, d.kind),
            "what": d.what,
            "before": d.before,
            "after": d.after,
        }
        for d in procedures.compare(old, new)
    ]


@require_POST
@require(PUBLISH)
def publish(request: StaffRequest, name: str) -> HttpResponse:
    """Have the draft rehearsed before it goes live; what was in force before goes live at once."""
    draft = draft_or_404(request, name)
    note = request.POST.get("note", "").strip()[:200]
    if find_problems(draft.source, name):
        messages.error(request, _("The draft has problems; put them right first."))
        return HttpResponseRedirect(reverse("studio:flow", args=[name]))
    if procedures.needs_rehearsal(draft.source):
        return _rehearsed(request, draft, note)
    version = procedures.publish(draft.source, actor_id=int(request.staff.id), note=note, cases=draft.cases)
    procedures.follow_book()
    messages.success(request, _("Version %(n)d is in force.") % {"n": version})
    return HttpResponseRedirect(reverse("studio:flow", args=[name]))


def _rehearsed(request: StaffRequest, draft: DraftInfo, note: str) -> HttpResponse:
    number = procedures.request_rehearsal(
        draft.source, cases=draft.cases, actor_id=int(request.staff.id), note=note
    )
    return HttpResponseRedirect(reverse("settings:release", args=[number]))
