"""Erasing what actions hold of a customer; that they were done stays on record."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q

from rapport.connectors.call_files import remove_files
from rapport.connectors.models import ActionCall
from rapport.kernel.errors import Conflict


def erase(conversation_ids: list[int], references: list[str]) -> dict[str, int]:
    """Blank arguments and results in the caller's transaction; files go when it commits.

    Raises Conflict while an action is under way: its arguments are needed to learn what became of it.
    """
    calls = ActionCall.objects.filter(
        Q(conversation_id__in=conversation_ids) | Q(customer_ref__in=references)
    )
    if calls.filter(state="intended").exists():
        raise Conflict("An action for this customer is not settled yet; try again when it is.")
    keys = list(calls.values_list("key", flat=True))
    transaction.on_commit(lambda: _remove(keys))
    return {"connectors_actioncall": calls.update(arguments={}, result={}, customer_ref="")}


def _remove(keys: list[str]) -> None:
    for key in keys:
        remove_files(key)
