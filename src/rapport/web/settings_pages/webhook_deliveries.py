"""One delivery of a webhook: what was sent and answered, attempt by attempt, and sending it again."""

from __future__ import annotations

import json

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from rapport.accounts import api as accounts
from rapport.accounts.api import StaffRequest, require
from rapport.accounts.contracts import Permission
from rapport.channels import api as channels
from rapport.channels.webhooks import api as webhooks
from rapport.channels.webhooks.api import DeliveryInfo
from rapport.kernel.errors import Conflict
from rapport.web.settings_pages.pages import show
from rapport.web.settings_pages.webhook_wording import problem_said
from rapport.web.settings_pages.webhooks import HERE, access


@never_cache
@require_safe
@require(Permission.CONFIGURE)
def delivery(request: StaffRequest, webhook_id: int, delivery_id: int) -> HttpResponse:
    """Everything about one; a look at what customers said is put on record."""
    hook, found = access(webhook_id), _access(webhook_id, delivery_id)
    if found.body and found.subject and hook.with_personal_data:
        accounts.record_audit(
            "webhook_delivery_viewed",
            actor_id=request.staff.id,
            subject=f"webhook:{webhook_id}",
            detail={"delivery": found.uuid, "about": found.subject},
            ip_address=channels.client_address(request),
        )
    context = {
        "hook": hook,
        "delivery": found,
        "about_url": _page_about(found.subject),
        "body": _indented(found.body),
        "attempts": [(attempt, problem_said(attempt.problem)) for attempt in reversed(found.log)],
        "is_test": found.event == webhooks.TEST_EVENT,
        "is_fresh": found.state is webhooks.DeliveryState.WAITING and not found.log,
        "is_waiting": found.state is webhooks.DeliveryState.WAITING,
    }
    return show(request, "webhook_delivery.html", HERE, context)


@require_POST
@require(Permission.CONFIGURE)
def replay(request: StaffRequest, webhook_id: int, delivery_id: int) -> HttpResponse:
    """Send it again."""
    _access(webhook_id, delivery_id)
    try:
        address = channels.client_address(request)
        webhooks.replay(webhook_id, delivery_id, request.staff, ip_address=address)
    except Conflict as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("It is sent again."))
    return HttpResponseRedirect(reverse("settings:webhook_delivery", args=[webhook_id, delivery_id]))


def _access(webhook_id: int, delivery_id: int) -> DeliveryInfo:
    found = webhooks.find_delivery(webhook_id, delivery_id)
    if found is None:
        raise Http404
    return found


def _page_about(subject: str) -> str:
    """Where staff read about it."""
    kind, _sep, number = subject.partition(":")
    if kind == "conversation":
        return reverse("desk:conversation", args=[int(number)])
    return reverse("customers:profile", args=[int(number)]) if kind == "contact" else ""


def _indented(body: str) -> str:
    return json.dumps(json.loads(body), ensure_ascii=False, indent=2) if body else ""
