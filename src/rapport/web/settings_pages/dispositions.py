"""Dispositions: the shop's list of root causes, and whether people must confirm what a conversation was about."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from rapport.accounts.api import StaffRequest, require
from rapport.accounts.contracts import Permission
from rapport.conversations import api as conversations
from rapport.conversations.contracts import DispositionRules, RootCause
from rapport.kernel.errors import InvalidInput
from rapport.web.settings_pages.pages import record_change, show

HERE = "settings:dispositions"
EMPTY_ROWS = 3
MAX_ROWS = 200


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@require(Permission.CONFIGURE)
def rules(request: StaffRequest) -> HttpResponse:
    """The list of root causes with what proposes each, and whether dispositions are asked for."""
    shown, problem = conversations.find_rules(), ""
    if request.method == "POST":
        before, shown = shown, _read(request.POST)
        try:
            _save(request, before, shown)
        except InvalidInput as refusal:
            problem = str(refusal)
        else:
            messages.success(request, _("Saved."))
            return HttpResponseRedirect(reverse(HERE))
    rows = [(c.key, c.title, "\n".join(c.when), max(1, len(c.when))) for c in shown.causes]
    context = {
        "is_required": shown.is_required,
        "rows": [*rows, *[("", "", "", 1)] * EMPTY_ROWS],
        "problem": problem,
    }
    return show(request, "dispositions.html", HERE, context, status=422 if problem else 200)


def _read(post: QueryDict) -> DispositionRules:
    given = zip(
        post.getlist("key")[:MAX_ROWS], post.getlist("title")[:MAX_ROWS], post.getlist("when")[:MAX_ROWS],
        strict=False,
    )  # fmt: skip
    causes = tuple(
        RootCause(key, title, tuple(line.strip() for line in when.splitlines() if line.strip()))
        for key, title, when in given
        if key.strip() or title.strip()
    )
    return DispositionRules(post.get("is_required") == "1", causes)


@transaction.atomic
def _save(request: StaffRequest, before: DispositionRules, wanted: DispositionRules) -> None:
    saved = conversations.save_rules(wanted)
    record_change(request, "dispositions", _on_record(before), _on_record(saved))


def _on_record(rules: DispositionRules) -> dict[str, Any]:
    causes = {cause.key: [cause.title, *cause.when] for cause in rules.causes}
    return {"is_required": rules.is_required, "causes": causes}
