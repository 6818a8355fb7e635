"""The list of canned responses in a reply, and the count of their use."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from rapport.accounts.api import StaffRequest, require
from rapport.accounts.contracts import Permission
from rapport.conversations import api as conversations
from rapport.desk.canned.filling import placeholder_values
from rapport.desk.views import conversation_or_404
from rapport.kernel.languages import base_language

SHOWN = 30


@dataclass(frozen=True, slots=True)
class CannedOption:
    """One response as the list shows it."""

    id: int
    short_code: str
    scope: str
    text: str
    """With everything known filled in: what is inserted."""
    gap: str
    """The first placeholder left in it because nothing is known for it; empty for none."""
    language: str
    is_fallback: bool
    """The customer's language is missing."""


@never_cache
@require_safe
@require(Permission.ANSWER)
def options(request: StaffRequest, number: int) -> HttpResponse:
    """Responses that fit what was typed, in the customer's language."""
    info = conversation_or_404(number)
    query = request.GET.get("q", "").strip().removeprefix("/")[:100]
    language = base_language(info.language)
    listed = [(c, *c.text_in(language)) for c in conversations.list_canned(request.staff, query, limit=SHOWN)]
    values = placeholder_values(info, request.staff, (text for _canned, text, _written in listed))
    found = []
    for canned, text, written in listed:
        filled, missing = conversations.fill_placeholders(text, values)
        gap = "{{" + missing[0] + "}}" if missing else ""
        found.append(
            CannedOption(
                canned.id, canned.short_code, canned.scope, filled, gap, written, written != language
            )
        )
    return render(request, "desk/canned/options.html", {"options": found, "query": query, "number": number})


@require_POST
@require(Permission.ANSWER)
def used(request: StaffRequest, number: int, canned_id: int) -> HttpResponse:
    """One was inserted into a reply."""
    conversation_or_404(number)
    conversations.count_use(request.staff, canned_id)
    return HttpResponse(status=204)
