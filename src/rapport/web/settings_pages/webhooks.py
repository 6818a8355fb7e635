"""Webhooks: other programs that hear of events, their secrets, and pausing, testing and ending them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rapport.accounts.api import StaffRequest, require
from rapport.accounts.contracts import Permission
from rapport.channels import api as channels
from rapport.channels.webhooks import api as webhooks
from rapport.channels.webhooks.api import Counts, WebhookDraft, WebhookInfo
from rapport.conversations import api as conversations
from rapport.kernel.clock import now
from rapport.kernel.errors import Conflict, InvalidInput
from rapport.web.settings_pages.pages import row_number, show
from rapport.web.settings_pages.webhook_wording import EVENT_GROUPS, problem_said

HERE = "settings:webhooks"
NEW_EVENTS = ("conversation_created", "conversation_status_changed", "message_created")
"""What a new webhook wants unless somebody chooses."""
STATES = {
    "": gettext_lazy("All"),
    "waiting": gettext_lazy("Waiting"),
    "delivered": gettext_lazy("Delivered"),
    "dead": gettext_lazy("Dead"),
}


@never_cache
@require_safe
@require(Permission.CONFIGURE)
def webhook_list(request: StaffRequest) -> HttpResponse:
    """Every webhook, and how its receiver is doing."""
    counts = webhooks.count_deliveries()
    rows = [(hook, counts.get(hook.id, Counts()), condition_of(hook)) for hook in webhooks.list_webhooks()]
    return show(request, "webhooks.html", HERE, {"rows": rows})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@require(Permission.CONFIGURE)
def create(request: StaffRequest) -> HttpResponse:
    """A new one; its secret is in the answer to the form, and nowhere after."""
    if request.method == "POST":
        draft = _read(request)
        try:
            made, secret = webhooks.create_webhook(
                draft, request.staff, ip_address=channels.client_address(request)
            )
        except (InvalidInput, Conflict) as refusal:
            return _form(request, None, draft, str(refusal))
        return _page(request, made, secret=secret)
    return _form(request, None, WebhookDraft("", "https://", NEW_EVENTS))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@require(Permission.CONFIGURE)
def edit(request: StaffRequest, webhook_id: int) -> HttpResponse:
    """Change one."""
    found = access(webhook_id)
    if request.method == "POST":
        draft = _read(request)
        try:
            webhooks.update_webhook(
                webhook_id, draft, request.staff, ip_address=channels.client_address(request)
            )
        except InvalidInput as refusal:
            return _form(request, found, draft, str(refusal))
        messages.success(request, _("Saved."))
        return _back(webhook_id)
    return _form(request, found, found.as_draft())


@never_cache
@require_safe
@require(Permission.CONFIGURE)
def webhook(request: StaffRequest, webhook_id: int) -> HttpResponse:
    """One, with its deliveries, the newest first."""
    return _page(request, access(webhook_id))


@require_POST
@require(Permission.CONFIGURE)
def test(request: StaffRequest, webhook_id: int) -> HttpResponse:
    """Send a test event, and show what becomes of it."""
    access(webhook_id)
    sent = webhooks.send_test(webhook_id, request.staff, ip_address=channels.client_address(request))
    return HttpResponseRedirect(reverse("settings:webhook_delivery", args=[webhook_id, sent.id]))


@never_cache
@require_POST
@require(Permission.CONFIGURE)
def rotate(request: StaffRequest, webhook_id: int) -> HttpResponse:
    """A new secret, shown in this answer only."""
    access(webhook_id)
    secret = webhooks.rotate_secret(webhook_id, request.staff, ip_address=channels.client_address(request))
    return _page(request, access(webhook_id), secret=secret)


@require_POST
@require(Permission.CONFIGURE)
def replay_dead(request: StaffRequest, webhook_id: int) -> HttpResponse:
    """Send everything dead again."""
    access(webhook_id)
    address = channels.client_address(request)
    count = webhooks.replay_dead(webhook_id, request.staff, ip_address=address)
    messages.success(request, _("Deliveries to be sent again: %(n)s.") % {"n": count})
    return _back(webhook_id)


@require_POST
@require(Permission.CONFIGURE)
def delete(request: StaffRequest, webhook_id: int) -> HttpResponse:
    """End one, with its deliveries."""
    access(webhook_id)
    webhooks.delete_webhook(webhook_id, request.staff, ip_address=channels.client_address(request))
    messages.success(request, _("Deleted."))
    return HttpResponseRedirect(reverse(HERE))


def access(webhook_id: int) -> WebhookInfo:
    """One, or the page that says there is none."""
    found = webhooks.find_webhook(webhook_id)
    if found is None:
        raise Http404
    return found


def condition_of(hook: WebhookInfo) -> tuple[str, str]:
    """How the receiver is doing: a tone and a word."""
    if not hook.is_active:
        return "", _("Paused")
    if hook.resting_until and hook.resting_until > now():
        return "bad", _("Left alone for a while")
    if hook.failures:
        return "warn", _("Fails")
    return ("good", _("Receives")) if hook.delivered_at else ("", _("Nothing sent yet"))


def _page(request: StaffRequest, found: WebhookInfo, *, secret: str = "") -> HttpResponse:
    state = request.GET.get("state", "")
    deliveries = webhooks.list_deliveries(
        found.id,
        state=state if state in STATES else "",
        before=row_number(request.GET.get("before", "")),
        limit=webhooks.PAGE_SIZE + 1,
    )
    has_more = len(deliveries) > webhooks.PAGE_SIZE
    deliveries = deliveries[: webhooks.PAGE_SIZE]
    context: dict[str, Any] = {
        "hook": found,
        "secret": secret,
        "is_all": found.events == webhooks.EVENTS,
        "condition": condition_of(found),
        "counts": webhooks.count_deliveries([found.id]).get(found.id, Counts()),
        "rows": [(d, problem_said(d.log[-1].problem) if d.log else "") for d in deliveries],
        "problem_said": problem_said(found.problem.partition(" ")[0]),
        "states": list(STATES.items()),
        "state": state,
        "next_before": deliveries[-1].id if has_more else None,
    }
    return show(request, "webhook.html", HERE, context)


def _form(
    request: StaffRequest, found: WebhookInfo | None, shown: WebhookDraft, problem: str = ""
) -> HttpResponse:
    context = {
        "hook": found,
        "shown": shown,
        "groups": [(title, _chosen(events, shown)) for title, events in EVENT_GROUPS],
        "inboxes": [i for i in conversations.list_inboxes() if i.channel_kind != conversations.INTERNAL],
        "problem": problem,
    }
    return show(request, "webhook_form.html", HERE, context, status=422 if problem else 200)


def _chosen(events: Iterable[tuple[str, Any]], shown: WebhookDraft) -> list[tuple[str, Any, bool]]:
    return [(event, label, event in shown.events) for event, label in events]


def _read(request: HttpRequest) -> WebhookDraft:
    post = request.POST
    return WebhookDraft(
        name=post.get("name", ""),
        url=post.get("url", ""),
        events=tuple(post.getlist("events")[:50]),
        inbox_id=row_number(post.get("inbox_id", "")),
        is_active=post.get("is_active") == "1",
        with_personal_data=post.get("personal_data") == "full",
    )


def _back(webhook_id: int) -> HttpResponse:
    return HttpResponseRedirect(reverse("settings:webhook", args=[webhook_id]))
