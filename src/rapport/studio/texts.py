"""The Source tab: the draft's text, read and changed; a text that another window has changed is not saved over."""

from __future__ import annotations

import difflib
from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from rapport.accounts.api import StaffRequest, require
from rapport.kernel.ids import new_uuid
from rapport.procedures import api as procedures
from rapport.studio.contracts import DraftInfo
from rapport.studio.services import WINDOW, Stale, save_draft
from rapport.studio.views import EDIT, draft_or_404, overtaken, page_context
from rapport.studio.workspace import MAX_SOURCE_CHARS, find_problems

NEIGHBOURS = 2
"""Lines shown around each that differs."""


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@require(EDIT)
def source(request: StaffRequest, name: str) -> HttpResponse:
    """The draft's text, to read and change."""
    draft = draft_or_404(request, name)
    if request.method != "POST":
        return _page(request, draft, draft.source, {})
    text = request.POST.get("source", "").replace("\r\n", "\n").replace("\x00", "")
    is_typing = request.headers.get("HX-Request") == "true"
    if len(text) > MAX_SOURCE_CHARS:
        return _checked(request, name, text, is_saved=False)
    if not _save(request, draft, text):
        draft = draft_or_404(request, name)  # perhaps this window's own last request was faster
        if not _save(request, draft, text):
            return _refused(request, draft, text, is_typing=is_typing)
    if is_typing:
        return _checked(request, name, text, is_saved=True)
    messages.success(request, _("The draft is saved."))
    return HttpResponseRedirect(reverse("studio:source", args=[name]))


def _save(request: StaffRequest, draft: DraftInfo, text: str) -> bool:
    """Save what this window has typed; false when another one has changed the text since this one opened it.

    A window knows its own changes by its name: what it types is saved while an answer is still on its way. One that
    was shown the difference says by the digest which text it wants to replace.
    """
    window = request.POST.get("window", "")
    place = f"source:{window}" if WINDOW.fullmatch(window) else ""
    opened = request.POST.get("replaces") or request.POST.get("opened", "")
    is_own = bool(place) and draft.place == place
    if opened and not is_own and text != draft.source and opened != procedures.digest_of(draft.source):
        return False
    try:
        save_draft(draft, source=text, what=_("Changed the source"), place=place)
    except Stale:
        return False
    return True


def _checked(request: StaffRequest, name: str, text: str, *, is_saved: bool) -> HttpResponse:
    """What is wrong with what was typed."""
    context = {"problems": find_problems(text, name), "is_checked": True, "is_saved": is_saved}
    return render(request, "studio/source_problems.html", context)


def _refused(request: StaffRequest, draft: DraftInfo, text: str, *, is_typing: bool) -> HttpResponse:
    """Nothing is saved: what the other window made of the text, beside what was typed here."""
    conflict = {
        "draft": draft,
        "lines": compare_lines(draft.source, text),
        "replaces": procedures.digest_of(draft.source),
    }
    if not is_typing:
        response = _page(request, draft, text, {"conflict": conflict})
    else:
        response = render(request, "studio/source_conflict.html", {"conflict": conflict, "draft": draft})
        response["X-Problem"] = quote(overtaken())
    response.status_code = 409
    return response


def _page(request: StaffRequest, draft: DraftInfo, text: str, more: dict[str, Any]) -> HttpResponse:
    opened = request.POST.get("opened") or procedures.digest_of(draft.source)
    window = request.POST.get("window") or new_uuid()
    context = page_context(request, draft, "source") | {"text": text, "opened": opened, "window": window}
    context |= {"problems": find_problems(text, draft.procedure)} | more
    return render(request, "studio/source.html", context)


def compare_lines(kept: str, typed: str) -> list[tuple[str, str]]:
    """What differs between two texts: ``kept``, ``typed``, ``both`` or ``gap`` (lines left out), and the line."""
    kinds = {"-": "kept", "+": "typed", " ": "both", "@": "gap"}
    found = difflib.unified_diff(kept.splitlines(), typed.splitlines(), n=NEIGHBOURS, lineterm="")
    return [(kinds[line[0]], "…" if line[0] == "@" else line[1:]) for line in list(found)[2:]]
