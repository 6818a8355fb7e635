"""What became of calls that changed something, many at once and without their arguments: for counting."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from rapport.connectors.models import ActionCall


@dataclass(frozen=True, slots=True)
class CallTrace:
    """One call of an action."""

    conversation_id: int
    key: str
    """Begins with the run's instance."""
    action: str
    state: str
    code: str
    actor: str


def list_call_traces(conversation_ids: Collection[int]) -> list[CallTrace]:
    """The calls made for these conversations, in order."""
    rows = ActionCall.objects.filter(conversation_id__in=conversation_ids).order_by("id")
    names = ("conversation_id", "key", "action", "state", "code", "actor")
    return [CallTrace(*row) for row in rows.values_list(*names)]
