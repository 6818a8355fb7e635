"""Erasing what decisions and objections hold of a customer; that they were made stays on record."""

from __future__ import annotations

from django.db.models import Q

from rapport.governance.models import Appeal, Decision


def erase_customer(customer_ids: list[int], conversation_ids: list[int]) -> dict[str, int]:
    """Blank them in the caller's transaction. The ledger of consents is kept: its customer is blank."""
    decisions = Decision.objects.filter(
        Q(conversation_id__in=conversation_ids) | Q(customer_id__in=customer_ids)
    )
    appeals = Appeal.objects.filter(Q(conversation_id__in=conversation_ids) | Q(decision__in=decisions))
    blanked = appeals.update(reason="", answer="")
    blank = {"rules": [], "understanding": {}, "evidence": [], "explanation": {}, "counterfactual": ""}
    return {"governance_appeal": blanked, "governance_decision": decisions.update(**blank)}
