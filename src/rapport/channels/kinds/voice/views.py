"""``/voice/{identifier}/…``: calls by XML verbs, signed by the platform, and as JSON with the inbox's secret."""

from __future__ import annotations

import hmac
from typing import Annotated

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.request import RawPostDataException
from ninja import Path, Router

from rapport.channels import shapes
from rapport.channels.errors import Malformed, NotSignedIn
from rapport.channels.http import json_answer
from rapport.channels.kinds.voice import payloads
from rapport.channels.kinds.voice.answering import answer_call, present_reply
from rapport.channels.kinds.voice.inbox_settings import read_voice_settings
from rapport.channels.kinds.voice.sealing import is_signed, unseal
from rapport.channels.kinds.voice.verbs import write_verbs
from rapport.conversations import api as conversations
from rapport.conversations.contracts import InboxInfo
from rapport.kernel.errors import NotFound, NotPermitted

router = Router(tags=["Voice"])
KIND = "voice"

Identifier = Annotated[str, Path(max_length=80)]


def access_voice_inbox(identifier: str) -> InboxInfo:
    """A voice inbox by its identifier, also one that is off. Raises NotFound."""
    inbox = conversations.find_inbox(identifier, with_disabled=True)
    if inbox is None or inbox.channel_kind != KIND:
        raise NotFound("There is no inbox with this identifier.")
    return inbox


@router.post("/{identifier}/calls", response=shapes.ERRORS, openapi_extra=shapes.verbs_form())
def take_call(request: HttpRequest, identifier: Identifier) -> HttpResponse:
    """A call of a platform with XML verbs: its beginning, each turn, and news of its end."""
    inbox = access_voice_inbox(identifier)
    form = _signed_form(request, inbox)
    asked = payloads.turn_of_form(form, request.GET.dict())
    voices = read_voice_settings(inbox).voices
    reply = answer_call(inbox, asked)
    address = f"{settings.CONFIG.base_url}/voice/{identifier}/calls?turn={reply.turn}"
    if reply.spoken.expect == "wait":
        address += "&poll=1"
    return HttpResponse(write_verbs(reply.spoken, address, voices), content_type="text/xml; charset=utf-8")


def _signed_form(request: HttpRequest, inbox: InboxInfo) -> dict[str, str]:
    """The form, if the platform signed it. Raises NotPermitted, Malformed."""
    try:
        form = {name: request.POST.getlist(name) for name in request.POST}
    except (RawPostDataException, UnicodeError) as problem:
        raise Malformed("The body is not a form.") from problem
    token = unseal(read_voice_settings(inbox).sealed_token)
    path = request.get_full_path()
    urls = (settings.CONFIG.base_url + path, request.build_absolute_uri(path))
    signature = request.META.get("HTTP_X_TWILIO_SIGNATURE", "")
    if not is_signed(token, signature, urls, form):
        raise NotPermitted("The request is not signed with this inbox's account token.")
    return {name: values[-1] for name, values in form.items() if values}


@router.post("/{identifier}/turns", response=shapes.responses(shapes.TurnShape))
def take_turn(request: HttpRequest, identifier: Identifier, payload: payloads.TurnPayload) -> HttpResponse:
    """One turn of a call as JSON, with ``Authorization: Bearer <the inbox's secret>``."""
    inbox = access_voice_inbox(identifier)
    kind, _, secret = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
    is_known = hmac.compare_digest(secret.strip().encode("utf-8", "replace"), inbox.hmac_token.encode())
    if kind.lower() != "bearer" or not is_known:
        raise NotSignedIn("Send the inbox's secret as a bearer token.")
    return json_answer(present_reply(answer_call(inbox, payloads.turn_of_json(payload))))
