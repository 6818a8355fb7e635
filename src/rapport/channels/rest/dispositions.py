"""``/api/v1/accounts/{account_id}/conversations/{number}/disposition``: what it was about and how it ended."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router

from rapport.accounts.contracts import Permission
from rapport.channels import shapes
from rapport.channels.http import json_answer
from rapport.channels.rest import payloads
from rapport.channels.rest import shapes as rest_shapes
from rapport.channels.rest.access import READERS, Account, Number, access_conversation, staff_of
from rapport.conversations import api as conversations
from rapport.conversations.contracts import ConversationInfo, Disposition
from rapport.kernel.errors import InvalidInput
from rapport.procedures import api as procedures
from rapport.understanding.api import learning

router = Router(tags=["Conversations"])
ONE = "/{number}/disposition"


def present_disposition(found: Disposition | None) -> dict[str, Any] | None:
    """A disposition: the plain values, and for each how it came about."""
    if found is None:
        return None
    return {
        **{name: value.value for name, value in found.values.items()},
        "details": {
            name: {
                "state": value.state,
                "rule": value.rule,
                "confidence": value.confidence,
                "evidence": list(value.evidence),
                "by": value.by,
            }
            for name, value in found.values.items()
            if value.state
        },
        "updated_at": conversations.unix(found.updated_at),
    }


def disposition_of(info: ConversationInfo) -> dict[str, Any] | None:
    """What is on record of a conversation; None before it was resolved."""
    return present_disposition(conversations.find_disposition(int(info.id)))


@router.get(ONE, response=shapes.responses(rest_shapes.DispositionAnswerShape))
def show_disposition(request: HttpRequest, account_id: Account, number: Number) -> HttpResponse:
    """What a conversation was about and how it ended; null before it was resolved for the first time."""
    found = access_conversation(request, account_id, number, *READERS)
    return json_answer({"payload": disposition_of(found)})


@router.put(ONE, response=shapes.responses(rest_shapes.DispositionAnswerShape))
def set_disposition(
    request: HttpRequest, account_id: Account, number: Number, payload: payloads.DispositionPayload
) -> HttpResponse:
    """Say what is right: a value as it was proposed is confirmed, another is changed; what is not given stays."""
    found = access_conversation(request, account_id, number, Permission.ANSWER)
    values = {name: value for name, value in payload.model_dump().items() if value is not None}
    before = conversations.find_disposition(int(found.id))
    _check_reason(values.get("reason", ""), before["reason"].value if before else "")
    proposals = conversations.proposals_of(before)
    actor_id = int(staff_of(request).id)
    settled = conversations.settle_disposition(int(found.id), values, proposals, actor_id=actor_id)
    return json_answer({"payload": present_disposition(settled)})


def _check_reason(name: str, stored: str) -> None:
    """Raises InvalidInput: it is no reason that can be said, and not the one that is there already."""
    known = {"", stored, *procedures.load_book(), *learning.label_names(), "other", "question"}
    if name not in known:
        raise InvalidInput("A reason is the name of a procedure or of an intent.", field="reason")
