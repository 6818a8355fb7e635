"""What staff can be led through, and beginning it: for their own work, or beside a customer's conversation."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from rapport.accounts.api import StaffRequest, require
from rapport.accounts.contracts import Permission
from rapport.assistant import api as assistant
from rapport.connectors.api import ConnectorDown
from rapport.conversations import api as conversations
from rapport.desk.procedure_views import FormsOnly
from rapport.desk.wording import staff_language
from rapport.procedures import api as procedures
from rapport.procedures.contracts import StartProcedure


@never_cache
@require_safe
@require(Permission.ANSWER)
def home(request: StaffRequest) -> HttpResponse:
    """Guides for one's own work first, then what can also be done for a customer."""
    book = procedures.load_book()
    entries = procedures.list_menu(staff_language(), "staff")
    own = [entry for entry in entries if book[entry.procedure].audience == "staff"]
    shared = [entry for entry in entries if entry not in own]
    titles = {entry.procedure: entry.title for entry in entries}
    running = [
        (info, titles.get(name, name))
        for info in conversations.list_internal(request.staff.id)
        if (name := assistant.running_for_staff(info.id))
    ]
    return render(request, "desk/guides/home.html", {"own": own, "shared": shared, "running": running})


@require_POST
@require(Permission.ANSWER)
def start(request: StaffRequest) -> HttpResponseRedirect:
    """Begin a guide in a conversation of its own and show it at its first step."""
    name = request.POST.get("procedure", "")
    if name not in {entry.procedure for entry in procedures.list_menu("en", "staff")}:
        messages.error(request, _("This guide is not in force any more."))
        return HttpResponseRedirect(reverse("guides:home"))
    info = conversations.start_internal(request.staff.id, request.staff.name)
    try:
        beginning = StartProcedure(name)
        assistant.run_for_customer(FormsOnly(), info.id, request.staff, beginning, staff_language())
    except ConnectorDown:
        messages.error(
            request, _("A connected system does not answer at the moment. Begin the step again there.")
        )
    return HttpResponseRedirect(reverse("desk:conversation", args=[info.display_id]) + "#procedure")
