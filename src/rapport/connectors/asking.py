"""Intents without a result: the system is asked what became of them."""

from __future__ import annotations

from rapport.connectors import outages
from rapport.connectors.contracts import ConnectorDown, Principal, UnknownOutcome
from rapport.connectors.models import ActionCall
from rapport.connectors.services import find_action, find_call, system_of
from rapport.connectors.settling import NEVER_HAPPENED, OUTCOME_UNKNOWN, settle
from rapport.kernel.clock import now


def settle_open_intents(older_than_s: float = 60.0) -> int:
    """Ask the system about intents without a result; returns how many were settled.

    A call that may still be under way (a guard and the call itself, each as long as the system is waited for) is left.
    """
    limit = now().timestamp() - older_than_s
    settled = 0
    away: set[str] = set()
    for row in ActionCall.objects.filter(state="intended").order_by("id")[:200]:
        system = system_of(row.action)
        action = find_action(row.action)
        may_still_run_s = 2 * action.timeout_s if action else 0.0
        if row.intended_at.timestamp() > limit - may_still_run_s or system in away:
            continue
        principal = Principal(row.customer_ref, "record") if row.customer_ref else None
        try:
            outcome = find_call(row, principal)
        except ConnectorDown:
            away.add(system)
            continue
        except UnknownOutcome:
            outcome = OUTCOME_UNKNOWN
        else:
            outages.end(system)
        settle(row.pk, outcome or NEVER_HAPPENED)
        settled += 1
    return settled
