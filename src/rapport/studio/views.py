"""The editor's page: the flow of cards, the form beside it, and each change of the draft."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from rapport.accounts.api import StaffRequest, require
from rapport.accounts.contracts import Permission
from rapport.kernel.errors import NotFound, RapportError
from rapport.kernel.ids import new_uuid
from rapport.kernel.languages import LANGUAGE_NAMES
from rapport.procedures import api as procedures
from rapport.studio import changing
from rapport.studio.contracts import DraftInfo
from rapport.studio.forms import build_form
from rapport.studio.logic.cards import kind_at
from rapport.studio.logic.tree import NoSuchPlace, Path, exists, find, resolve
from rapport.studio.queries import find_draft, list_others
from rapport.studio.services import Stale, discard_draft, step_draft
from rapport.studio.workspace import Workspace, open_workspace

EDIT = Permission.EDIT_PROCEDURES
PUBLISH = Permission.CONFIGURE
STEP_CHOICES = ("action", "say", "if", "wait", "approve", "run", "person")


def draft_or_404(request: StaffRequest, name: str) -> DraftInfo:
    """The draft of whoever asks."""
    found = find_draft(int(request.staff.id), name)
    if found is None:
        raise Http404
    return found


def page_context(request: StaffRequest, draft: DraftInfo, tab: str) -> dict[str, Any]:
    """What every tab of the editor shows: the bar above it."""
    space = open_workspace(draft)
    in_force = procedures.find_in_force(draft.procedure)
    is_changed = in_force is None or in_force.digest != procedures.digest_of(draft.source)
    newer = in_force if in_force and is_changed and in_force.version != draft.base_version else None
    title = (space.document or {}).get("title")
    return {
        "space": space,
        "draft": draft,
        "tab": tab,
        "title": (title.get(space.language) or title.get("en") if isinstance(title, Mapping) else "")
        or draft.procedure,
        "in_force": in_force,
        "is_changed": is_changed or procedures.latest_cases(draft.procedure) != draft.cases,
        "newer": newer,
        "others": list_others(draft.staff_id, draft.procedure),
        "may_publish": PUBLISH in request.staff.permissions,
        "language_names": LANGUAGE_NAMES,
    }


@never_cache
@require_safe
@require(EDIT)
def flow(request: StaffRequest, name: str) -> HttpResponse:
    """The procedure as cards, the form of the chosen one, the preview."""
    context = page_context(request, draft_or_404(request, name), "flow")
    space: Workspace = context["space"]
    chosen = request.GET.get("card")
    path = resolve(space.document, chosen) if chosen else ()
    context |= _form_context(space, path) if space.document is not None and chosen is not None else {}
    return render(request, "studio/editor.html", context | {"selected": chosen})


@never_cache
@require_safe
@require(EDIT)
def bar(request: StaffRequest, name: str) -> HttpResponse:
    """The bar above the flow, after something else than the flow has changed the draft."""
    return render(request, "studio/bar.html", page_context(request, draft_or_404(request, name), "flow"))


@never_cache
@require_safe
@require(EDIT)
def form(request: StaffRequest, name: str) -> HttpResponse:
    """The form of one card."""
    space = open_workspace(draft_or_404(request, name))
    if space.document is None:
        raise Http404
    path = resolve(space.document, request.GET.get("card", ""))
    return render(request, "studio/panel.html", _form_context(space, path) | {"draft": space.draft})


@never_cache
@require_safe
@require(EDIT)
def add(request: StaffRequest, name: str) -> HttpResponse:
    """What can be put into a place among the steps."""
    space = open_workspace(draft_or_404(request, name))
    allowed = [kind for kind in STEP_CHOICES if changing.is_known_step(kind)]
    context = {
        "draft": space.draft,
        "into": request.GET.get("into", "do"),
        "index": request.GET.get("index", "0"),
        "kinds": [(kind, *_about_step(kind)) for kind in allowed],
    }
    return render(request, "studio/add.html", context)


def _about_step(kind: str) -> tuple[str, str, str]:
    return {
        "action": ("zap", _("An action"), _("Something a connected system does: cancel, refund, book.")),
        "say": ("message-square", _("A message"), _("Say something in between.")),
        "if": ("split", _("A branch"), _("Different steps, depending on a condition.")),
        "wait": ("hourglass", _("A wait"), _("Until some time has passed or something has happened.")),
        "approve": ("badge-check", _("An approval"), _("A colleague must agree first.")),
        "run": ("workflow", _("Another procedure"), _("Run it as a part of this one.")),
        "person": ("user-round", _("A person"), _("Hand the conversation over.")),
    }[kind]


def _form_context(space: Workspace, path: Path) -> dict[str, Any]:
    document = space.document or {}
    if path and not exists(document, path):
        return {"form": None, "path": path}
    card = space.card(path)
    if path and card is None:
        return {"form": None, "path": path}
    value = find(document, path) if path else document
    built = build_form(space, path, kind_at(path, document), value)
    return {
        "form": built,
        "window": new_uuid(),
        "path": path,
        "card": card,
        "sentence": card.sentence if card else space.head().sentence,
        "problems": space.problems_of(path),
        "language_names": LANGUAGE_NAMES,
        "known_json": json.dumps(
            [{"path": f.path, "kind": f.kind, "values": f.values} for f in built.known], ensure_ascii=False
        ),
    }


@require_POST
@require(EDIT)
def change(request: StaffRequest, name: str) -> HttpResponse:
    """One change: the form of a card, or something done to a card or an entry of its lists."""
    draft = draft_or_404(request, name)
    try:
        done = changing.change_draft(draft, request.POST)
    except Stale as problem:
        return _overtaken(request, name) if "#form" in request.POST else _refused(str(problem))
    except RapportError as problem:
        return _refused(str(problem))
    response = answer(request, done.draft, done.selected, redraws=done.redraws)
    if done.draft.source == draft.source:  # leaving a field says again what was saved while typing
        del response["HX-Trigger"]
    return response


@require_POST
@require(EDIT)
def step(request: StaffRequest, name: str) -> HttpResponse:
    """Take the last change back, or do it again."""
    by = 1 if request.POST.get("do") == "redo" else -1
    try:
        draft = step_draft(int(request.staff.id), name, by)
    except NotFound:
        return HttpResponse(status=204)
    return answer(request, draft, request.POST.get("card"), redraws=True)


def answer(request: StaffRequest, draft: DraftInfo, selected: str | None, *, redraws: bool) -> HttpResponse:
    """The flow and the bar after a change, and the form where it is drawn anew; the preview hears of it."""
    context = page_context(request, draft, "flow") | {"selected": selected, "redraws": redraws}
    space: Workspace = context["space"]
    if space.document is not None and selected is not None:
        path = resolve(space.document, selected)
        context |= _form_context(space, path)
        context["window"] = request.POST.get("#window") or context.get("window")
    context["is_answer"] = True
    response = render(request, "studio/changed.html", context)
    response["HX-Trigger"] = "draft-changed"
    return response


def overtaken() -> str:
    """Why nothing that is typed in this window is saved."""
    return _("This text was changed in another window since you opened it; what you type here is not saved.")


def _overtaken(request: StaffRequest, name: str) -> HttpResponse:
    """Nothing is saved: the card as it is now may be taken, or this window's form put in its place."""
    space = open_workspace(draft_or_404(request, name))
    try:
        shown = _form_context(space, resolve(space.document, request.POST.get("card", "")))
    except NoSuchPlace:
        shown = {"form": None}
    context = {
        "draft": space.draft,
        "card": request.POST.get("card", ""),
        "replaces": shown["form"].digest if shown["form"] else "",
    }
    response = render(request, "studio/form_conflict.html", context, status=409)
    response["X-Problem"] = quote(overtaken())
    return response


def _refused(reason: str) -> HttpResponse:
    response = HttpResponse(status=422)
    response["X-Problem"] = quote(reason[:300])
    return response


@require_POST
@require(EDIT)
def discard(request: StaffRequest, name: str) -> HttpResponse:
    """Throw the draft away."""
    discard_draft(int(request.staff.id), name)
    if procedures.list_versions(name, with_texts=False):
        return HttpResponseRedirect(reverse("studio:flow", args=[name]))
    return HttpResponseRedirect(reverse("settings:procedures"))
