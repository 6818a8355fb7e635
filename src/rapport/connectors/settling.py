"""What is written about calls: the intent before, the result after, and what is known of a call made earlier."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from rapport.connectors.contracts import ActionRequest, CallOutcome
from rapport.connectors.models import ActionCall
from rapport.jobs import api as jobs
from rapport.kernel.clock import now

UNAVAILABLE = CallOutcome(ok=False, code="unavailable", message="The connected system did not answer.")
UNSURE = CallOutcome(
    ok=False,
    data={"is_unsure": True},
    code="unavailable",
    message="The connected system did not answer; it may have been done all the same.",
)
OUTCOME_UNKNOWN = CallOutcome(
    ok=False, code="outcome_unknown", message="A person must look whether it happened."
)
NEVER_HAPPENED = CallOutcome(ok=False, code="never_happened")
GIVEN_UP = "given_up"


def write_intent(request: ActionRequest) -> ActionCall:
    """The row of a call, written when there is none yet."""
    principal = request.principal
    row, _ = ActionCall.objects.select_for_update().get_or_create(
        key=request.key,
        defaults={
            "action": request.action,
            "arguments": request.arguments,
            "customer_ref": principal.customer_ref if principal else "",
            "conversation_id": request.conversation_id,
            "actor": request.actor,
            "intended_at": now(),
        },
    )
    return row


def settled_outcome(row: ActionCall) -> CallOutcome | None:
    """What became of a call; None while it may still be made. What never happened may be."""
    if row.state == GIVEN_UP:
        return UNAVAILABLE
    if row.state == "done" or (row.state == "refused" and row.code != NEVER_HAPPENED.code):
        return CallOutcome(ok=row.state == "done", data=row.result, code=row.code)
    return None


def settle(row_id: int, outcome: CallOutcome, *, gives_up: bool = False) -> None:
    """Write what became of an attempt, and tell it where it is the end of the call."""
    is_unsure = bool(outcome == UNSURE)
    is_away = outcome.code == UNAVAILABLE.code and not outcome.ok
    states = {UNAVAILABLE.code: "intended", OUTCOME_UNKNOWN.code: "failed"}
    state = "done" if outcome.ok else states.get(outcome.code, "refused")
    if is_away and gives_up and not is_unsure:
        state = GIVEN_UP
    values: dict[str, Any] = {
        "state": state,
        "code": outcome.code,
        "result": {} if is_away else outcome.data,
        "is_unsure": is_unsure,
    }
    if state != "intended":
        values["finished_at"] = now()
    with transaction.atomic():
        row = ActionCall.objects.filter(pk=row_id)
        if row.update(**values) and state != "intended":
            _tell(row.get())


def _tell(row: ActionCall) -> None:
    if row.conversation_id is None:
        return
    news = {
        "id": row.pk,
        "action": row.action,
        "state": row.state,
        "code": row.code,
        "conversation_row": row.conversation_id,
    }
    if row.state == "done":
        jobs.publish("action_succeeded", ["events"], news)
    else:
        jobs.publish("action_failed", ["events"], news)
