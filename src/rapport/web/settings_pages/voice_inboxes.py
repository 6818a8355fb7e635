"""The telephone of an inbox: number, token, transfer, hours, voices."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from rapport.accounts import api as accounts
from rapport.accounts.api import StaffRequest, require
from rapport.accounts.contracts import Permission
from rapport.channels import api as channels
from rapport.channels.kinds.voice import api as voice
from rapport.conversations import api as conversations
from rapport.web.settings_pages.inboxes import show_inbox
from rapport.web.settings_pages.pages import record_change
from rapport.web.settings_pages.voice_form import read_voice_form, voice_form_of


@require_POST
@require(Permission.CONFIGURE)
def save(request: StaffRequest, inbox_id: int) -> HttpResponse:
    """Store the telephone's settings, or show the page again with what is wrong."""
    inbox = conversations.find_inbox_by_id(inbox_id)
    if inbox is None or inbox.channel_kind != voice.KIND:
        raise Http404
    before = voice_form_of(inbox)
    form = read_voice_form(request.POST, inbox.settings, [team.key for team in accounts.list_teams()])
    if form.problems:
        return show_inbox(request, inbox, voice_form=form)
    with transaction.atomic():
        if record_change(request, f"inbox:{inbox.id}", before.on_record, form.on_record):
            conversations.update_inbox(inbox.id, {"settings": form.settings})
            transaction.on_commit(channels.forget_inboxes)
    messages.success(request, _("Saved."))
    return HttpResponseRedirect(reverse("settings:inbox", args=[inbox.id]))
