"""What procedures ask people to approve: the queue, who may decide, and the decision, once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from rapport.accounts import api as accounts
from rapport.accounts.contracts import Permission, Staff
from rapport.connectors.contracts import JsonDict
from rapport.conversations import api as conversations
from rapport.kernel.errors import Conflict, InvalidInput, NotFound, NotPermitted
from rapport.kernel.languages import pick
from rapport.procedures.contracts import APPROVED, REJECTED
from rapport.procedures.models import Wait
from rapport.procedures.waiting import call_up

ADMINISTRATOR = "administrator"
MAX_REASON_CHARS = 500
MAX_SHOWN = 200
MAX_COUNT = 100
"""The count in the navigation stops here."""


@dataclass(frozen=True, slots=True)
class Approval:
    """One thing somebody must say yes or no to, or has."""

    id: int
    title: str
    reason: str
    """Why it has to be approved, where the procedure says so."""
    procedure: str
    conversation_id: int
    amount: float | None
    currency: str
    actions: tuple[JsonDict, ...]
    """Action and arguments that a yes lets happen."""
    team: str
    """Key of the team that may; empty: anyone with the permission."""
    proposed_by: str
    """Name of the member of staff who ran the procedure; empty: the customer did."""
    created_at: dt.datetime
    expires_at: dt.datetime | None
    state: str
    outcome: str
    decided_by: str
    decided_at: dt.datetime | None
    said: str
    """What the person who decided gave as reason."""
    bar: str = ""
    """Why this member of staff may not decide: ``permission``, ``own`` (four eyes) or ``team``; empty: they may."""

    @property
    def is_open(self) -> bool:
        """Whether it still waits for a decision."""
        return self.state == "waiting"


def list_approvals(staff: Staff, language: str, *, decided: bool = False) -> list[Approval]:
    """What waits for a decision, the oldest first; or what was decided or ended otherwise, the latest first."""
    rows = Wait.objects.filter(kind="approval")
    if decided:
        rows = rows.exclude(state="waiting").exclude(due_at=None).order_by("-due_at", "-id")
    else:
        rows = rows.filter(state="waiting").order_by("created_at", "id")
    return _present(rows[:MAX_SHOWN], staff, language)


def find_approval(approval_id: int, staff: Staff, language: str) -> Approval:
    """One of them. Raises NotFound."""
    found = _present(Wait.objects.filter(pk=approval_id, kind="approval"), staff, language)
    if not found:
        raise NotFound
    return found[0]


def count_approvals(staff: Staff) -> int:
    """How many wait that this member of staff may decide, up to a hundred."""
    if Permission.APPROVE not in staff.permissions:
        return 0
    rows = Wait.objects.filter(state="waiting", kind="approval").order_by("created_at")
    waiting = list(rows.values_list("actor", "team")[:MAX_COUNT])
    teams = _Teams(staff) if waiting else None
    return sum(teams is not None and not teams.bar(actor, team) for actor, team in waiting)


@transaction.atomic
def decide(approval_id: int, staff: Staff, *, is_approved: bool, reason: str, ip_address: str = "") -> None:
    """Say yes or no, on record; the procedure goes on by a job. Of two decisions the first one counts.

    Raises NotFound, NotPermitted, InvalidInput, Conflict (it was decided, has expired or was given up).
    """
    row = Wait.objects.select_for_update().filter(pk=approval_id, kind="approval").first()
    if row is None:
        raise NotFound
    bar = _Teams(staff).bar(row.actor, row.team)
    if bar:
        raise NotPermitted(_WHY_NOT[bar], why=bar)
    said = conversations.clean_text(reason)[:MAX_REASON_CHARS]
    if not is_approved and not said:
        raise InvalidInput("Say why you reject it.", field="reason")
    event = APPROVED if is_approved else REJECTED
    if not call_up(row, event, {"by": staff.name, "reason": said}, decided_by=staff.id):
        raise Conflict("It no longer waits for a decision.", state=row.state)
    accounts.record_audit(
        f"approval_{'given' if is_approved else 'refused'}",
        actor_id=staff.id,
        subject=f"conversation:{row.conversation_id}",
        detail={"approval": row.pk, "title": row.title, "reason": said, **_on_record(row.facts)},
        ip_address=ip_address,
    )


_WHY_NOT = {
    "permission": "Your role may not approve.",
    "own": "You proposed it yourself: somebody else has to decide.",
    "team": "Another team decides this.",
}


class _Teams:
    """Who may decide what, for one member of staff."""

    def __init__(self, staff: Staff) -> None:
        self._staff = staff
        self._known = {t.key: t.id for t in accounts.list_teams()}

    def bar(self, actor: str, team: str) -> str:
        """Why not; empty when they may. A team that is gone restricts nobody; administrators stand in for any."""
        staff = self._staff
        if Permission.APPROVE not in staff.permissions:
            return "permission"
        if actor == f"staff:{staff.id}":
            return "own"
        if team in self._known and self._known[team] not in staff.team_ids and staff.role != ADMINISTRATOR:
            return "team"
        return ""


def _present(rows: Iterable[Wait], staff: Staff, language: str) -> list[Approval]:
    teams, names = _Teams(staff), {s.id: s.name for s in accounts.list_staff()}
    return [_approval(row, teams, names, language) for row in rows]


def _approval(row: Wait, teams: _Teams, names: dict[Any, str], language: str) -> Approval:
    facts = row.facts
    proposer = row.actor.removeprefix("staff:")
    return Approval(
        id=row.pk,
        title=pick(facts["titles"], language) if facts.get("titles") else row.title,
        reason=pick(facts["reasons"], language) if facts.get("reasons") else "",
        procedure=row.procedure,
        conversation_id=row.conversation_id,
        amount=_amount(facts),
        currency=str(facts.get("currency") or ""),
        actions=tuple(_actions(facts)),
        team=row.team,
        proposed_by=names.get(int(proposer), "?") if proposer.isdigit() else "",
        created_at=row.created_at,
        expires_at=row.wake_at,
        state=row.state,
        outcome=row.outcome,
        decided_by=names.get(row.decided_by, "") if row.decided_by else "",
        decided_at=row.due_at,
        said=str(row.data.get("reason") or ""),
        bar=teams.bar(row.actor, row.team),
    )


def _on_record(facts: JsonDict) -> JsonDict:
    """What the audit log keeps of the facts; the rest is the customer's and goes with their conversation."""
    actions = [str(action.get("action", "")) for action in _actions(facts)]
    return {"actions": actions, "amount": _amount(facts), "currency": str(facts.get("currency") or "")}


def _actions(facts: JsonDict) -> list[JsonDict]:
    """Action and arguments of everything that a yes lets happen."""
    if facts.get("actions"):
        return list(facts["actions"])
    if "action" in facts:
        return [{"action": facts["action"], "arguments": facts.get("arguments", {})}]
    return []


def _amount(facts: JsonDict) -> float | None:
    """The money at stake: of the call, or of the actions a yes lets happen together."""
    for name in ("amount", "moved"):
        if isinstance(facts.get(name), int | float):
            return float(facts[name])
    amounts = [a.get("amount") for a in facts.get("actions") or ()]
    known = [float(a) for a in amounts if isinstance(a, int | float)]
    return sum(known) if known else None
