"""The checklist of a release as pages show it: titles, evidence, who answered what."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from rapport.accounts import api as accounts
from rapport.accounts.api import StaffRequest, require
from rapport.kernel.languages import base_language, pick
from rapport.procedures import api as procedures
from rapport.studio.views import EDIT, draft_or_404, page_context


@never_cache
@require_safe
@require(EDIT)
def checklist(request: StaffRequest, name: str, version: int) -> HttpResponse:
    """What was looked at before a version was released; `?format=json` or `markdown` to keep it elsewhere."""
    draft = draft_or_404(request, name)
    found = procedures.find_checklist(name, version)
    wanted = request.GET.get("format", "")
    if found is not None and wanted == "json":
        return JsonResponse({"procedure": name, "version": version, **found.data})
    if found is not None and wanted == "markdown":
        title = f"{name}, version {version}"
        text = procedures.as_markdown(title, found.data, base_language(get_language()))
        return HttpResponse(text, content_type="text/markdown; charset=utf-8")
    names = {int(a.staff.id): a.staff.name for a in accounts.list_accounts()}
    data = found.data if found else {}
    context = page_context(request, draft, "versions") | {
        "version": version,
        "stored": data,
        "by": names.get(data.get("by") or 0, ""),
        "at": dt.datetime.fromisoformat(data["at"]) if data else None,
        "checklist": checklist_lines(data["items"], None, name) if data else [],
    }
    return render(request, "studio/version_checklist.html", context)


def checklist_lines(items: list[dict[str, Any]], number: int | None, procedure: str) -> list[dict[str, Any]]:
    """The checklist as a page shows it; `number` of a rehearsal whose items may still be answered."""
    language = base_language(get_language())
    known = {item.key: item for item in procedures.load_items()}
    names = {int(a.staff.id): a.staff.name for a in accounts.list_accounts()}
    states = {
        "passed": (_("Fine"), "good"),
        "answered": (_("Answered"), "info"),
        "open": (_("Open"), "bad"),
        "not_needed": (_("Not needed"), ""),
    }
    lines = []
    for item in items:
        state, tone = states[item["state"]]
        said = item["answer"]
        about = known.get(item["key"])
        can_answer = about is not None and about.is_answerable
        lines.append(
            {
                **item,
                "title": pick(item["title"], language),
                "ask": pick(about.ask, language) if about and about.ask else _("Why is that all right?"),
                "state_title": state,
                "tone": tone if item["required"] or item["state"] != "open" else "warn",
                "who": (names.get(said["by"], "") or _("Command line")) if said else "",
                "said_at": dt.datetime.fromisoformat(said["at"]) if said and said["at"] else None,
                "may_answer": number is not None and can_answer and item["state"] in ("open", "answered"),
                "link": _evidence(item["key"], number, procedure),
            }
        )
    return lines


def _evidence(key: str, number: int | None, procedure: str) -> str:
    """Where the evidence can be looked at."""
    if number is not None and key in ("tests", "simulation", "forbidden"):
        return "#cases-title" if key == "tests" else "#simulation-title"
    if number is not None and key == "past":
        return reverse("settings:replay", args=[number])
    if key in ("money", "four_eyes"):
        return reverse("settings:actions")
    if key in ("wording", "languages"):
        return reverse("studio:flow", args=[procedure])
    return reverse("studio:versions", args=[procedure]) if key == "roll_back" else ""
