"""The mail side of an inbox: stored, tried, its secret renewed, its failed mails sent again."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from rapport.accounts.api import StaffRequest, require
from rapport.accounts.contracts import Permission
from rapport.channels import api as channels
from rapport.channels.kinds.email import api as email
from rapport.conversations import api as conversations
from rapport.conversations.contracts import InboxInfo
from rapport.web.settings_pages.inboxes import show_inbox
from rapport.web.settings_pages.mail_form import mail_form_of, read_mail_form
from rapport.web.settings_pages.pages import record_change


def _access(inbox_id: int) -> InboxInfo:
    inbox = conversations.find_inbox_by_id(inbox_id)
    if inbox is None or inbox.channel_kind != email.KIND:
        raise Http404
    return inbox


def _back(inbox: InboxInfo) -> HttpResponse:
    return HttpResponseRedirect(reverse("settings:inbox", args=[inbox.id]))


@require_POST
@require(Permission.CONFIGURE)
def save(request: StaffRequest, inbox_id: int) -> HttpResponse:
    """Store the mail side, or show the page again with what is wrong."""
    inbox = _access(inbox_id)
    before = mail_form_of(int(inbox.id), inbox.settings)
    form = read_mail_form(request.POST, before)
    if form.problems:
        return show_inbox(request, inbox, mail_form=form)
    with transaction.atomic():
        record_change(request, f"inbox:{inbox.id}", before.on_record, form.on_record)
        email.save_mailbox(form.mailbox)
        settings = {**inbox.settings, "identity_methods": list(form.methods)}
        conversations.update_inbox(int(inbox.id), {"settings": settings})
        transaction.on_commit(channels.forget_inboxes)
    messages.success(request, _("Saved."))
    return _back(inbox)


@require_POST
@require(Permission.CONFIGURE)
def test(request: StaffRequest, inbox_id: int) -> HttpResponse:
    """Try a server as it was entered, without storing anything."""
    inbox = _access(inbox_id)
    form = read_mail_form(request.POST, mail_form_of(int(inbox.id), inbox.settings))
    what = request.POST.get("test", "")
    server = form.mailbox.imap if what == "imap" else form.mailbox.smtp
    tried = email.try_mailbox(form.mailbox) if what == "imap" else email.try_sending(server)
    words = {
        "no_server": _("Enter a server first."),
        "files": _("No mail server is set: answers are written as files."),
        "sends": _("The server takes the sign-in. Save to use it."),
        "reads": _("The mailbox opens. Mails in it: %(count)s. Save to use it.") % {"count": tried.detail},
        "failed": _("That did not work: %(detail)s") % {"detail": tried.detail},
    }
    tell = messages.success if tried.is_good else messages.error
    tell(request, words[tried.outcome])
    return show_inbox(request, inbox, mail_form=form)


@require_POST
@require(Permission.CONFIGURE)
def rotate(request: StaffRequest, inbox_id: int) -> HttpResponse:
    """A new secret; programs that send the old one along are refused from now on."""
    inbox = _access(inbox_id)
    with transaction.atomic():
        email.rotate_secret(int(inbox.id))
        record_change(request, f"inbox:{inbox.id}", {}, {"mail_secret": "rotated"})
    messages.success(request, _("There is a new secret. Put it into your mail service now."))
    return _back(inbox)


@require_POST
@require(Permission.CONFIGURE)
def try_again(request: StaffRequest, inbox_id: int, mail_id: int) -> HttpResponse:
    """Send a mail that failed once more."""
    inbox = _access(inbox_id)
    if email.try_again(int(inbox.id), mail_id):
        messages.success(request, _("It is sent again."))
    return _back(inbox)
