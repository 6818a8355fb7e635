"""What administrators allow of each action: on or off, how much, how often, and what a person must say yes to."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import asdict
from decimal import Decimal

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from rapport.connectors.contracts import Action, ActionLimits, ActionRequest, CallOutcome
from rapport.connectors.models import ActionCall, ActionLimit
from rapport.connectors.remembering import forget_answers, once
from rapport.kernel.clock import now
from rapport.kernel.errors import InvalidInput

REVOKED, NEEDS_APPROVAL = "revoked", "needs_approval"
OVER_AMOUNT, OVER_CUSTOMER, OVER_DAY = "limit:amount", "limit:customer_per_day", "limit:per_day"
REFUSALS = (REVOKED, OVER_AMOUNT, OVER_CUSTOMER, OVER_DAY)
"""Codes of calls that were not made because an administrator does not allow them."""
DAY = dt.timedelta(hours=24)
MAX_COUNT = 1_000_000
MAX_AMOUNT = Decimal(10**9)


def find_limits(action: str) -> ActionLimits:
    """What is allowed of an action."""
    row = once(("limits", action), lambda: ActionLimit.objects.filter(action=action).first())
    return _limits(row) if row else ActionLimits(action)


def list_limits() -> dict[str, ActionLimits]:
    """Every action with limits of its own."""
    return {row.action: _limits(row) for row in ActionLimit.objects.order_by("action")}


def save_limits(limits: ActionLimits) -> None:
    """Set what is allowed of an action. Raises InvalidInput."""
    for name in ("per_customer_per_day", "per_day"):
        count = getattr(limits, name)
        if count is not None and not 0 <= count <= MAX_COUNT:
            raise InvalidInput(_("A count is a whole number, not below 0."), field=name)
    for name in ("max_amount", "approve_above"):
        amount = getattr(limits, name)
        if amount is not None and not Decimal(0) <= amount < MAX_AMOUNT:
            raise InvalidInput(_("An amount is a number, not below 0."), field=name)
    values = {**asdict(limits), "updated_at": now()}
    ActionLimit.objects.update_or_create(action=values.pop("action"), defaults=values)
    forget_answers()


def _limits(row: ActionLimit) -> ActionLimits:
    return ActionLimits(
        row.action,
        row.is_revoked,
        row.max_amount,
        row.per_customer_per_day,
        row.per_day,
        row.approve_above,
        row.approve_team,
    )


def refuse(request: ActionRequest, action: Action) -> CallOutcome | None:
    """Why a call may not be made; None when it may.

    Called in the transaction that writes the intent. The action's row is locked there, so of two calls that
    only one limit leaves room for, the second one counts the first.
    """
    row = ActionLimit.objects.select_for_update().filter(action=request.action).first()
    limits = _limits(row) if row else ActionLimits(request.action)
    if limits.is_revoked:
        return CallOutcome(ok=False, code=REVOKED)
    amount = _decimal(request.amount)
    if limits.max_amount is not None and amount is not None and amount > limits.max_amount:
        return _refusal(OVER_AMOUNT, limit=float(limits.max_amount), amount=float(amount))
    if limits.per_customer_per_day is not None:
        count = _recent(request.action).filter(_of_customer(request)).count()
        if count >= limits.per_customer_per_day:
            return _refusal(OVER_CUSTOMER, limit=limits.per_customer_per_day, count=count)
    if limits.per_day is not None:
        count = _recent(request.action).count()
        if count >= limits.per_day:
            return _refusal(OVER_DAY, limit=limits.per_day, count=count)
    if request.is_approved or not _wants_approval(limits, action, amount):
        return None
    return CallOutcome(
        ok=False,
        code=NEEDS_APPROVAL,
        data={
            "action": request.action,
            "title": action.title,
            "amount": None if amount is None else float(amount),
            "team": limits.approve_team or None,
        },
    )


def _wants_approval(limits: ActionLimits, action: Action, amount: Decimal | None) -> bool:
    if limits.approve_above is not None:
        return amount is None or amount > limits.approve_above
    return action.needs_approval or (limits.max_amount is not None and amount is None)


def _decimal(amount: float | None) -> Decimal | None:
    return Decimal(str(abs(amount))) if amount is not None and math.isfinite(amount) else None


def _recent(action: str) -> QuerySet[ActionCall]:
    """Calls of the last 24 hours that were done, or may have been."""
    recent = ActionCall.objects.filter(action=action, intended_at__gt=now() - DAY)
    return recent.exclude(state__in=("refused", "given_up"))


def _of_customer(request: ActionRequest) -> Q:
    if request.principal and request.principal.customer_ref:
        return Q(customer_ref=request.principal.customer_ref)
    return Q(conversation_id=request.conversation_id)


def _refusal(code: str, **facts: float) -> CallOutcome:
    return CallOutcome(ok=False, code=code, data=dict(facts))
