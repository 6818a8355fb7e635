"""Examples and intents: search, add, correct, take out; groups of intents."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from rapport.accounts.api import StaffRequest, require
from rapport.accounts.contracts import Permission
from rapport.desk.workbench.pages import reason_text, show
from rapport.kernel.errors import Conflict, InvalidInput
from rapport.kernel.languages import LANGUAGES
from rapport.understanding import api as understanding
from rapport.understanding.api import learning

MAX_LINES = 200
STATUSES = ("accepted", "proposed", "rejected", "retired")


@never_cache
@require_safe
@require(Permission.SUPERVISE)
def examples(request: StaffRequest) -> HttpResponse:
    """Examples, filtered, page by page, with the form to add more."""
    return _examples_page(request, {"text": "", "label": request.GET.get("label", ""), "language": ""})


def _examples_page(request: StaffRequest, given: dict[str, str], problem: str = "") -> HttpResponse:
    asked = request.GET
    wanted = learning.ExampleFilter(
        text=asked.get("q", "").strip()[:200],
        label=asked.get("label", "")[:120],
        language=asked.get("language", "")[:10],
        status=asked.get("status", "accepted") if asked.get("status", "accepted") in STATUSES else "",
        only_held_out=asked.get("held_out") == "1",
    )
    before = asked.get("before", "")
    after = int(before) if before.isdecimal() and len(before) < 12 else 0
    rows, following = learning.list_examples(wanted, after=after)
    context: dict[str, Any] = {
        "rows": [(row, reason_text(row.reason)) for row in rows],
        "following": following,
        "total": learning.count_examples(wanted),
        "wanted": wanted,
        "labels": [label.name for label in learning.list_labels()],
        "languages": LANGUAGES,
        "statuses": STATUSES,
        "given": given,
        "problem": problem,
    }
    return show(request, "examples.html", "understanding:examples", context, status=422 if problem else 200)


@require_POST
@require(Permission.SUPERVISE)
def add(request: StaffRequest) -> HttpResponse:
    """New texts of one intent, one on each line; trained on at once."""
    post = request.POST
    lines = [line.strip() for line in post.get("text", "").splitlines() if line.strip()]
    given = {
        "text": post.get("text", ""),
        "label": post.get("label", ""),
        "language": post.get("language", ""),
    }
    if len(lines) > MAX_LINES:
        return _examples_page(request, given, _("At most %(n)d lines at once.") % {"n": MAX_LINES})
    if not lines:
        return _examples_page(request, given, _("Write at least one text."))
    try:
        with transaction.atomic():
            for line in lines:
                language = given["language"] or understanding.detect_language(line, LANGUAGES, None, {})[0]
                learning.add_example(line, given["label"], language, int(request.staff.id))
    except (InvalidInput, Conflict) as refusal:
        return _examples_page(request, given, str(refusal))
    messages.success(request, _("Added. Training starts now; the next message is read with them."))
    where = urlencode({"label": "_".join(given["label"].split())})
    return HttpResponseRedirect(f"{reverse('understanding:examples')}?{where}")


@never_cache
@require_safe
@require(Permission.SUPERVISE)
def intents(request: StaffRequest) -> HttpResponse:
    """Every intent with its group and how much is known of it in each language."""
    labels = learning.list_labels()
    rows = [(label, [dict(label.languages).get(code, 0) for code in LANGUAGES]) for label in labels]
    groups = sorted({label.parent for label in labels if label.parent})
    context = {"rows": rows, "languages": LANGUAGES, "groups": groups}
    return show(request, "intents.html", "understanding:intents", context)


@require_POST
@require(Permission.SUPERVISE)
def describe(request: StaffRequest) -> HttpResponse:
    """Put an intent into a group, or say what it means."""
    post = request.POST
    try:
        learning.describe_intent(post.get("name", ""), post.get("parent", ""), post.get("description", ""))
    except InvalidInput as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Saved."))
    return HttpResponseRedirect(reverse("understanding:intents"))
