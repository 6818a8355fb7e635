"""Past conversations with a text that somebody wants to publish: what would come out differently. Read only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from rapport.accounts.api import StaffRequest, require
from rapport.accounts.contracts import Permission
from rapport.conversations import api as conversations
from rapport.kernel.errors import RapportError
from rapport.procedures import api as procedures
from rapport.web.settings_pages.pages import show
from rapport.web.settings_pages.releases import title_of

if TYPE_CHECKING:
    from rapport.testing.rehearsal.past import PastReplay
    from rapport.testing.rehearsal.replaying import Compared

LIMITS = (20, 50, 100, 200)
PATIENCE_S = 15.0
"""A page is not waited for longer; what was compared by then is shown."""
SAMPLES = 20
"""Conversations of each kind that are listed."""


@never_cache
@require_safe
@require(Permission.EDIT_PROCEDURES)
def replay(request: StaffRequest, number: int) -> HttpResponse:
    """The page at once; what came of the replay is fetched by it, since that takes seconds."""
    info = procedures.find_rehearsal(number)
    if info is None:
        raise Http404
    asked = request.GET.get("limit", "")
    limit = int(asked) if asked in map(str, LIMITS) else LIMITS[1]
    context: dict[str, Any] = {"info": info, "title": title_of(info), "limit": limit, "limits": LIMITS}
    if request.headers.get("HX-Request") or "now" in request.GET:
        context |= _results(info, limit)
        if Permission.ANSWER not in request.staff.permissions:
            context["groups"] = [{**group, "found": []} for group in context["groups"]]
        if request.headers.get("HX-Request"):
            return render(request, "web/settings/replay_results.html", context)
    return show(request, "replay.html", "settings:procedures", context)


def _results(info: procedures.RehearsalInfo, limit: int) -> dict[str, Any]:
    try:
        found: PastReplay = import_string(settings.PROCEDURE_REPLAYER)(info.source, limit, PATIENCE_S)
    except RapportError as problem:
        return {"is_done": True, "problem": str(problem), "groups": []}
    titles = _titles()
    groups = [
        {
            "kind": kind,
            "title": titles[kind][0],
            "about": titles[kind][1],
            "count": len(ones),
            "is_different": kind in found.DIFFERENT,
            "found": [_row(one) for one in ones[:SAMPLES]] if kind in found.DIFFERENT else [],
        }
        for kind, ones in found.by_kind().items()
    ]
    return {"is_done": True, "replay": found, "groups": groups, "problem": ""}


def _row(one: Compared) -> dict[str, Any]:
    conversation = conversations.find_conversation(one.conversation_id)
    return {"compared": one, "number": conversation.display_id if conversation else None}


def _titles() -> dict[str, tuple[str, str]]:
    """What each kind is called, and what it means."""
    return {
        "other_action": (
            _("Something else is done"),
            _("Other changes in a connected system, or others' data."),
        ),
        "other_outcome": (
            _("Ends differently"),
            _("Done, cancelled, failed or handed over where it was not."),
        ),
        "refused": (_("Is refused now"), _("A rule or condition stands against what was done.")),
        "other_question": (
            _("Something else is asked"),
            _("A question is added, left out or in another place."),
        ),
        "other_words": (_("Other words"), _("The same course in other words.")),
        "same": (_("Nothing differs"), ""),
        "records_changed": (
            _("Cannot be told"),
            _(
                "The records have changed since then (the order is cancelled by now): both versions meet that and "
                "agree."
            ),
        ),
    }
