"""Inboxes: make one, say how it looks and who may embed it, rotate its signing secret."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rapport.accounts import api as accounts
from rapport.accounts.api import StaffRequest, require
from rapport.accounts.contracts import Permission
from rapport.channels import api as channels
from rapport.channels.kinds.email import api as email
from rapport.channels.kinds.voice import api as voice
from rapport.conversations import api as conversations
from rapport.conversations.contracts import InboxInfo
from rapport.kernel.languages import LANGUAGE_NAMES, LANGUAGES, base_language
from rapport.web.settings_pages.inbox_form import DEFAULT_COLOUR, InboxForm, form_of, read_inbox_form
from rapport.web.settings_pages.mail_form import MailForm
from rapport.web.settings_pages.mail_page import mail_context
from rapport.web.settings_pages.pages import record_change, show
from rapport.web.settings_pages.voice_form import VoiceForm
from rapport.web.settings_pages.voice_page import voice_context
from rapport.widget.snippet import make_snippet

KINDS = ("web", "api", "email", "voice")
"""Channel kinds that can be made here."""


@never_cache
@require_safe
@require(Permission.CONFIGURE)
def inbox_list(request: StaffRequest) -> HttpResponse:
    """Every inbox."""
    return show(request, "inboxes.html", "settings:home", {"inboxes": conversations.list_inboxes()})


@require_POST
@require(Permission.CONFIGURE)
def create(request: StaffRequest) -> HttpResponse:
    """A new inbox, opened for its settings."""
    name, kind = request.POST.get("name", "").strip(), request.POST.get("kind", "")
    if not 0 < len(name) <= 80 or kind not in KINDS:
        messages.error(request, _("Give a name of at most 80 characters and a kind."))
        return HttpResponseRedirect(reverse("settings:home"))
    with transaction.atomic():
        made = conversations.create_inbox(name, kind, settings=first_settings(kind))
        accounts.record_audit(
            "inbox_created",
            actor_id=request.staff.id,
            subject=f"inbox:{made.id}",
            detail={"name": name, "kind": kind},
            ip_address=channels.client_address(request),
        )
    messages.success(request, _("The inbox is there."))
    return HttpResponseRedirect(reverse("settings:inbox", args=[made.id]))


def first_settings(kind: str) -> dict[str, Any]:
    """What a new inbox begins with: a telephone number speaks the language of whoever made it."""
    if kind == email.KIND:
        return {"identity_methods": email.IDENTITY_METHODS}
    return {"languages": [base_language(get_language())]} if kind == voice.KIND else {}


def _inbox_or_404(inbox_id: int) -> InboxInfo:
    found = conversations.find_inbox_by_id(inbox_id)
    if found is None:
        raise Http404
    return found


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@require(Permission.CONFIGURE)
def inbox(request: StaffRequest, inbox_id: int) -> HttpResponse:
    """One inbox: how to embed or address it, and its settings."""
    info = _inbox_or_404(inbox_id)
    form = form_of(info)
    if request.method == "POST":
        form = read_inbox_form(request.POST, info.settings)
        if not form.problems:
            _save(request, info, form)
            messages.success(request, _("Saved."))
            return HttpResponseRedirect(reverse("settings:inbox", args=[info.id]))
    return show_inbox(request, info, form)


def show_inbox(
    request: StaffRequest,
    info: InboxInfo,
    form: InboxForm | None = None,
    *,
    voice_form: VoiceForm | None = None,
    mail_form: MailForm | None = None,
) -> HttpResponse:
    """The page of an inbox, with what was entered into its forms."""
    form = form or form_of(info)
    context: dict[str, Any] = {
        "inbox": info,
        "form": form,
        "colour": form.settings.get("colour") or DEFAULT_COLOUR,
        "languages": [
            (code, LANGUAGE_NAMES[code], code in (form.settings.get("languages") or LANGUAGES))
            for code in LANGUAGES
        ],
        "snippet": make_snippet(settings.CONFIG.base_url, info.identifier),
        "base_url": settings.CONFIG.base_url,
        **voice_context(info, voice_form),
        **mail_context(info, mail_form),
    }
    forms = [entered for entered in (form, voice_form, mail_form) if entered is not None]
    status = 422 if any(entered.problems for entered in forms) else 200
    return show(request, "inbox.html", "settings:home", context, status=status)


@transaction.atomic
def _save(request: StaffRequest, info: InboxInfo, form: InboxForm) -> None:
    changes = {
        "name": form.name,
        "is_enabled": form.is_enabled,
        "is_hmac_mandatory": form.is_hmac_mandatory,
        "settings": form.settings,
    }
    fields = ("name", "is_enabled", "is_hmac_mandatory")
    before = {**info.settings, **{f: getattr(info, f) for f in fields}}
    after = {**form.settings, **{f: getattr(form, f) for f in fields}}
    if record_change(request, f"inbox:{info.id}", before, after):
        conversations.update_inbox(info.id, changes)
        transaction.on_commit(channels.forget_inboxes)


@require_POST
@require(Permission.CONFIGURE)
def rotate(request: StaffRequest, inbox_id: int) -> HttpResponse:
    """A new signing secret; sites that sign with the old one are refused from now on."""
    info = _inbox_or_404(inbox_id)
    with transaction.atomic():
        conversations.rotate_hmac_token(info.id)
        record_change(request, f"inbox:{info.id}", {}, {"signing_secret": "rotated"})
        transaction.on_commit(channels.forget_inboxes)
    messages.success(request, _("There is a new signing secret. Put it into your site now."))
    return HttpResponseRedirect(reverse("settings:inbox", args=[info.id]))
