"""A telephone in the browser, to try a voice inbox without a platform."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from rapport.accounts.api import StaffRequest, require
from rapport.accounts.contracts import Permission
from rapport.channels.http import json_answer, read_object
from rapport.channels.kinds.voice import api as voice
from rapport.conversations import api as conversations
from rapport.conversations.contracts import InboxInfo
from rapport.web.settings_pages.pages import show

KEYS = "123456789*0#"
MICROPHONE = "camera=(), microphone=(self), geolocation=(), payment=(), usb=()"
"""Speech is recognised by the browser, where it can."""


def _voice_inbox(inbox_id: int) -> InboxInfo:
    inbox = conversations.find_inbox_by_id(inbox_id)
    if inbox is None or inbox.channel_kind != voice.KIND:
        raise Http404
    return inbox


@never_cache
@require_safe
@require(Permission.CONFIGURE)
def phone(request: StaffRequest, inbox_id: int) -> HttpResponse:
    """The telephone."""
    context = {"inbox": _voice_inbox(inbox_id), "keys": KEYS}
    response = show(request, "phone.html", "settings:home", context)
    response["Permissions-Policy"] = MICROPHONE
    return response


@require_POST
@require(Permission.CONFIGURE)
def phone_turn(request: StaffRequest, inbox_id: int) -> HttpResponse:
    """One turn of a trial call; its id never meets that of a real one."""
    body = read_object(request.body)
    number = f"trial-{request.staff.id}-{str(body.get('call_id', ''))[:60]}"
    return json_answer(voice.answer_body(_voice_inbox(inbox_id), {**body, "call_id": number}))
