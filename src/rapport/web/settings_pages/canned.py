"""Canned responses: texts with a short code that staff insert into replies."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rapport.accounts import api as accounts
from rapport.accounts.api import StaffRequest, require
from rapport.accounts.contracts import Permission
from rapport.channels import api as channels
from rapport.conversations import api as conversations
from rapport.conversations.api import CannedDraft, CannedInfo
from rapport.kernel.errors import Conflict, InvalidInput, NotFound, NotPermitted
from rapport.kernel.languages import LANGUAGE_NAMES, LANGUAGES
from rapport.web.settings_pages.pages import row_number, show

HERE = "settings:canned"
EVERY = 100_000
"""Rows of an export: all there are."""
SCOPES = {
    "shared": gettext_lazy("Everybody"),
    "team": gettext_lazy("One team"),
    "personal": gettext_lazy("Only me"),
}
MEANINGS = {
    "contact.name": gettext_lazy("the customer's name"),
    "agent.name": gettext_lazy("your name"),
    "conversation.id": gettext_lazy("number of the conversation"),
    "inbox.name": gettext_lazy("name of the brand"),
    "order.number": gettext_lazy("number of the order it is about"),
}


@never_cache
@require_safe
@require(Permission.ANSWER)
def canned_list(request: StaffRequest) -> HttpResponse:
    """Those a member of staff may use, the most used first."""
    return _list_page(request)


def _list_page(request: StaffRequest, problem: str = "") -> HttpResponse:
    query = request.GET.get("q", "").strip()[:200]
    teams = {int(team.id): team.name for team in accounts.list_teams()}
    rows = [
        (found, found.text_in("en")[0], teams.get(found.team_id or 0, ""), SCOPES[found.scope])
        for found in conversations.list_canned(request.staff, query)
    ]
    context = {
        "rows": rows,
        "query": query,
        "may_share": conversations.may_share(request.staff),
        "problem": problem,
    }
    return show(request, "canned.html", HERE, context, status=422 if problem else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@require(Permission.ANSWER)
def create(request: StaffRequest) -> HttpResponse:
    """A new one."""
    scope = "shared" if conversations.may_share(request.staff) else "personal"
    return _form(request, None, CannedDraft("", {}, scope))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@require(Permission.ANSWER)
def edit(request: StaffRequest, canned_id: int) -> HttpResponse:
    """One to read, and to change where that is allowed."""
    found = conversations.find_canned(request.staff, canned_id)
    if found is None:
        raise Http404
    return _form(request, found, CannedDraft(found.short_code, found.texts, found.scope, found.team_id))


def _form(request: StaffRequest, found: CannedInfo | None, shown: CannedDraft) -> HttpResponse:
    problem = ""
    if request.method == "POST":
        shown = _read(request)
        try:
            conversations.save_canned(
                request.staff,
                shown,
                canned_id=found.id if found else None,
                ip_address=channels.client_address(request),
            )
        except (InvalidInput, Conflict, NotPermitted) as refusal:
            problem = str(refusal)
        else:
            messages.success(request, _("Saved."))
            return HttpResponseRedirect(reverse(HERE))
    may_share = conversations.may_share(request.staff)
    context: dict[str, Any] = {
        "found": found,
        "shown": shown,
        "texts": [(x, LANGUAGE_NAMES[x], shown.texts.get(x, "")) for x in LANGUAGES],
        "scopes": [(x, label) for x, label in SCOPES.items() if x == "personal" or may_share],
        "teams": accounts.list_teams(),
        "placeholders": [("{{" + name + "}}", MEANINGS[name]) for name in conversations.PLACEHOLDERS],
        "is_editable": found is None or found.is_editable,
        "problem": problem,
    }
    return show(request, "canned_form.html", HERE, context, status=422 if problem else 200)


def _read(request: HttpRequest) -> CannedDraft:
    post = request.POST
    return CannedDraft(
        post.get("short_code", ""),
        {x: post.get(f"text_{x}", "") for x in LANGUAGES},
        post.get("scope", ""),
        row_number(post.get("team_id", "")),
    )


@require_POST
@require(Permission.ANSWER)
def delete(request: StaffRequest, canned_id: int) -> HttpResponse:
    """Remove one."""
    try:
        conversations.delete_canned(request.staff, canned_id, ip_address=channels.client_address(request))
    except NotFound as gone:
        raise Http404 from gone
    messages.success(request, _("Deleted."))
    return HttpResponseRedirect(reverse(HERE))


@require_POST
@require(Permission.ANSWER)
def import_file(request: StaffRequest) -> HttpResponse:
    """Store every row of a CSV file, or nothing."""
    upload = request.FILES.get("file")
    if upload is None:
        return _list_page(request, _("Choose a file."))
    try:
        made, known = conversations.import_canned(
            request.staff, upload.read(2_000_000), ip_address=channels.client_address(request)
        )
    except (InvalidInput, Conflict, NotPermitted) as refusal:
        return _list_page(request, str(refusal))
    said = ngettext("%(n)s row imported", "%(n)s rows imported", made + known) % {"n": made + known}
    messages.success(request, _("%(said)s, %(new)s of them new.") % {"said": said, "new": made})
    return HttpResponseRedirect(reverse(HERE))


@never_cache
@require_safe
@require(Permission.ANSWER)
def export_file(request: StaffRequest) -> HttpResponse:
    """All of them as a table that can be imported again."""
    text = conversations.export_canned(conversations.list_canned(request.staff, limit=EVERY))
    answer = HttpResponse("\ufeff" + text, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="canned-responses.csv"'
    return answer
