"""``/api/v1/accounts/{account_id}/`` inboxes, teams, agents, and ``/api/v1/profile``."""

from __future__ import annotations

import json
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from ninja import Router

from rapport.accounts import api as accounts
from rapport.accounts.contracts import Permission
from rapport.channels import shapes
from rapport.channels.embedding import forget_inboxes
from rapport.channels.http import json_answer
from rapport.channels.kinds.email.accounts import IDENTITY_METHODS, give_address
from rapport.channels.limits import client_address
from rapport.channels.payloads import MAX_ATTRIBUTES_BYTES
from rapport.channels.rest import payloads
from rapport.channels.rest import shapes as rest_shapes
from rapport.channels.rest.access import READERS, Account, check_account, check_may, staff_of
from rapport.channels.rest.presenting import present_inbox, present_profile, present_staff, present_team
from rapport.channels.webhooks import api as webhooks
from rapport.channels.webhooks.api import WebhookDraft
from rapport.conversations import api as conversations
from rapport.conversations.contracts import InboxInfo
from rapport.kernel.errors import InvalidInput

router = Router(tags=["Settings"])
profile_router = Router(tags=["Profile"])

CHANNEL_KINDS = {"web_widget": "web", "api": "api", "email": "email"}
EVERYONE = tuple(Permission)
CALLBACK_EVENTS = tuple(event for event in webhooks.EVENTS if event.startswith(("conversation_", "message_")))


@router.get("/inboxes", response=shapes.responses(rest_shapes.StaffInboxListShape))
def list_inboxes(request: HttpRequest, account_id: Account) -> HttpResponse:
    """Every inbox; signing secrets only for those who configure."""
    staff = check_may(request, account_id, *READERS, Permission.CONFIGURE)
    return json_answer({"payload": [present_inbox(i, staff) for i in conversations.list_inboxes()]})


@router.post("/inboxes", response=shapes.responses(rest_shapes.StaffInboxShape))
def create_inbox(request: HttpRequest, account_id: Account, payload: payloads.InboxPayload) -> HttpResponse:
    """A new inbox with its tokens."""
    staff = check_may(request, account_id, Permission.CONFIGURE)
    channel = payload.channel
    settings = dict(payload.settings or {})
    settings |= _given(colour=channel.widget_color, welcome_title=channel.welcome_title)
    settings |= _given(welcome_text=channel.welcome_tagline, website_url=channel.website_url)
    settings |= _given(webhook_url=channel.webhook_url)
    if channel.type == "email":
        settings.setdefault("identity_methods", IDENTITY_METHODS)
    if len(json.dumps(settings)) > MAX_ATTRIBUTES_BYTES:
        raise InvalidInput("The settings are too large.", field="settings")
    with transaction.atomic():
        inbox = conversations.create_inbox(
            payload.name,
            CHANNEL_KINDS[channel.type],
            settings=settings,
            is_hmac_mandatory=channel.hmac_mandatory,
        )
        if channel.type == "email" and channel.email:
            give_address(int(inbox.id), channel.email)
        accounts.record_audit("inbox_created", actor_id=staff.id, subject=f"inbox:{inbox.id}")
        callback = _make_callback(request, inbox, channel.webhook_url) if channel.webhook_url else {}
    forget_inboxes()
    return json_answer({**present_inbox(inbox, staff), **callback})


def _make_callback(request: HttpRequest, inbox: InboxInfo, url: str) -> dict[str, Any]:
    """A front end of its own hears what it must show its customers: a webhook for this inbox alone."""
    draft = WebhookDraft(inbox.name, url, CALLBACK_EVENTS, int(inbox.id), with_personal_data=True)
    made, secret = webhooks.create_webhook(draft, staff_of(request), ip_address=client_address(request))
    return {"webhook_url": url, "webhook": {"id": made.id, "secret": secret}}


def _given(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


@router.get("/teams", response=shapes.responses(list[rest_shapes.TeamShape]))
def list_teams(request: HttpRequest, account_id: Account) -> HttpResponse:
    """Every team."""
    check_may(request, account_id, *EVERYONE)
    return json_answer([present_team(t) for t in accounts.list_teams()])


@router.get("/agents", response=shapes.responses(list[rest_shapes.StaffShape]))
def list_agents(request: HttpRequest, account_id: Account) -> HttpResponse:
    """Every member of staff who can answer."""
    check_may(request, account_id, *READERS)
    return json_answer(
        [present_staff(s) for s in accounts.list_staff() if Permission.ANSWER in s.permissions]
    )


@router.get("/profile", response=shapes.responses(rest_shapes.ProfileShape))
def show_account_profile(request: HttpRequest, account_id: Account) -> HttpResponse:
    """Whom the token acts for."""
    check_account(account_id)
    return json_answer(present_profile(staff_of(request)))


@profile_router.get("", response=shapes.responses(rest_shapes.ProfileShape))
def show_profile(request: HttpRequest) -> HttpResponse:
    """Whom the token acts for."""
    return json_answer(present_profile(staff_of(request)))
