"""The queue of uncertain messages: one text at a time, a meaning with one key; and corrections from the desk."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from rapport.accounts.api import StaffRequest, require
from rapport.accounts.contracts import Permission
from rapport.desk.workbench.pages import reason_text, show, training_status
from rapport.kernel.errors import Conflict, InvalidInput, NotFound
from rapport.understanding.api import learning

KEYS = 9
NEXT_SHOWN = 8


@dataclass(frozen=True, slots=True)
class Option:
    """One meaning offered with a key."""

    key: int
    label: str
    probability: float | None
    """As the model in force read it; None when it was not among the best."""
    is_proposed: bool


@dataclass(frozen=True, slots=True)
class QueueItem:
    """The text to be labelled."""

    example: learning.ExampleInfo
    reason: str
    options: tuple[Option, ...]


@never_cache
@require_safe
@require(Permission.SUPERVISE)
def queue(request: StaffRequest) -> HttpResponse:
    """The most instructive text that waits, with its likely meanings, and what comes next."""
    waiting = learning.list_queue(limit=NEXT_SHOWN + 1)
    labels = learning.list_labels()
    item = None
    if waiting:
        names = [label.name for label in sorted(labels, key=lambda found: -found.examples)]
        item = QueueItem(waiting[0], reason_text(waiting[0].reason), options_of(waiting[0], names))
    context = {
        "item": item,
        "following": [(e, reason_text(e.reason)) for e in waiting[1:]],
        "counts": [(reason_text(name), count) for name, count in learning.count_queue().items()],
        "labels": [label.name for label in labels],
    }
    return show(request, "queue.html", "understanding:queue", context)


def options_of(example: learning.ExampleInfo, frequent: list[str]) -> tuple[Option, ...]:
    """Up to nine meanings: the proposed one, what the model found likely, then the most frequent ones."""
    shares = dict(example.suggested)
    names = [example.label, *shares, *frequent] if example.label else [*shares, *frequent]
    found = list(dict.fromkeys(names))[:KEYS]
    return tuple(
        Option(key, name, shares.get(name), name == example.label) for key, name in enumerate(found, start=1)
    )


@require_POST
@require(Permission.SUPERVISE)
def decide(request: StaffRequest, example_id: int) -> HttpResponse:
    """A decision about one text: a label, skip or reject; then the next one."""
    post, actor = request.POST, int(request.staff.id)
    try:
        match post.get("do", ""):
            case "skip":
                learning.skip(example_id, actor)
            case "reject":
                learning.reject(example_id, actor)
            case _:
                label = post.get("other", "").strip() or post.get("label", "")
                learning.accept(example_id, label, actor)
                messages.success(request, _("Labelled as %(label)s.") % {"label": label})
    except (Conflict, InvalidInput) as problem:
        messages.error(request, str(problem))
    except NotFound:
        messages.error(request, _("This text is not there any more."))
    return HttpResponseRedirect(_back(request))


@require_POST
@require(Permission.SUPERVISE)
def undo(request: StaffRequest) -> HttpResponse:
    """Take back one's own latest decision."""
    try:
        found = learning.undo(int(request.staff.id))
    except Conflict as problem:
        messages.error(request, str(problem))
    else:
        said = _("Taken back.") if found else _("There is nothing of yours to take back.")
        messages.success(request, said)
    return HttpResponseRedirect(_back(request))


def _back(request: StaffRequest) -> str:
    """The page of the workbench the form stood on."""
    wanted = request.POST.get("next", "")
    is_ours = wanted.startswith(reverse("understanding:home")) and "//" not in wanted and "\\" not in wanted
    return wanted if is_ours else reverse("understanding:queue")


@require_POST
@require(Permission.ANSWER)
def correct(request: StaffRequest, decision_id: int) -> HttpResponse:
    """A correction from the desk: this is what the customer meant; it waits for review."""
    problem = ""
    try:
        learning.correct_decision(decision_id, request.POST.get("label", ""), int(request.staff.id))
    except (InvalidInput, NotFound, Conflict) as refusal:
        problem = str(refusal)
    context = {"decision_id": decision_id, "problem": problem, "is_done": not problem}
    return render(request, "desk/workbench/corrected.html", context, status=422 if problem else 200)


@never_cache
@require_safe
@require(Permission.SUPERVISE)
def status(request: StaffRequest) -> HttpResponse:
    """How training stands; asked again and again while one is on its way."""
    return render(request, "desk/workbench/status.html", {"training": training_status()})
