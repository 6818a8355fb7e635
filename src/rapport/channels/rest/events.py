"""``POST /api/v1/accounts/{account_id}/events``: what happened elsewhere, for procedures that wait for it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from ninja import Router

from rapport.accounts.contracts import Permission
from rapport.channels import shapes
from rapport.channels.http import json_answer
from rapport.channels.rest import payloads
from rapport.channels.rest import shapes as rest_shapes
from rapport.channels.rest.access import Account, check_may
from rapport.procedures import api as procedures

router = Router(tags=["Events"])


@router.post("", response=shapes.responses(rest_shapes.EventShape))
def report_event(request: HttpRequest, account_id: Account, payload: payloads.EventPayload) -> HttpResponse:
    """Report an event (a payment, a parcel that came back): every procedure that waits for it goes on.

    The same ``id`` again has no effect (``duplicate``); nor has an event nobody waits for (``woken`` is 0).
    """
    staff = check_may(request, account_id, Permission.ANSWER)
    outcome = procedures.report_event(
        payload.name,
        payload.subject,
        payload.data or {},
        event_id=payload.id or "",
        actor=f"staff:{staff.id}",
    )
    return json_answer({"id": outcome.event_id, "woken": outcome.woken, "duplicate": outcome.is_duplicate})
