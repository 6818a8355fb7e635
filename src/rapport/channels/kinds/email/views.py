"""``/api/v1/inbound/email/{identifier}``: a mail as it is, handed in by a mail server or service."""

from __future__ import annotations

from typing import Annotated

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from ninja import Path, Router

from rapport.channels import shapes
from rapport.channels.errors import NotSignedIn, TooLarge
from rapport.channels.http import json_answer
from rapport.channels.kinds.email.accounts import KIND, is_secret_right, mailbox_of
from rapport.channels.kinds.email.receiving import receive_mail
from rapport.channels.kinds.email.shapes import ReceiptShape
from rapport.channels.limits import check_request_rate
from rapport.conversations import api as conversations
from rapport.kernel.errors import NotFound

router = Router(tags=["E-mail"])
SECRET_HEADER = "X-Rapport-Secret"  # noqa: S105 - the header's name


@router.post(
    "/{identifier}",
    response=shapes.responses(ReceiptShape),
    openapi_extra={
        "requestBody": {
            "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
        },
        "parameters": [
            {"in": "header", "name": SECRET_HEADER, "required": True, "schema": {"type": "string"}}
        ],
    },
)
def take_mail(request: HttpRequest, identifier: Annotated[str, Path(max_length=80)]) -> HttpResponse:
    """Take one mail in, as it came (RFC 5322; any content type). The same mail again changes nothing."""
    check_request_rate(request)
    inbox = conversations.find_inbox(identifier)
    if inbox is None or inbox.channel_kind != KIND:
        raise NotFound("There is no inbox with this identifier.")
    mailbox = mailbox_of(int(inbox.id))
    if mailbox is None or not is_secret_right(mailbox, request.headers.get(SECRET_HEADER, "")):
        raise NotSignedIn(f"Send the inbox's secret in {SECRET_HEADER}.")
    limit = settings.CONFIG.mail_max_bytes
    raw = request.read(limit + 1)
    if len(raw) > limit:
        raise TooLarge(limit_bytes=limit)
    receipt = receive_mail(inbox, raw, "http")
    return json_answer(
        {
            "state": receipt.state.value,
            "reason": receipt.reason,
            "rule": receipt.rule,
            "conversation_id": receipt.conversation_number,
            "is_known": receipt.is_known,
        }
    )
