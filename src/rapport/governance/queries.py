"""Reads of governance."""

from __future__ import annotations

import dataclasses

from rapport.governance.contracts import AppealInfo, ConsentInfo, DecisionDraft, DecisionInfo
from rapport.governance.models import Appeal, ConsentEntry, Decision, ModelCard


def _appeal(row: Appeal) -> AppealInfo:
    return AppealInfo(row.pk, row.decision_id, row.reason, row.state, row.answer, row.created_at, row.due_at)


def _decision(row: Decision) -> DecisionInfo:
    values = {f.name: getattr(row, f.name) for f in dataclasses.fields(DecisionDraft)}
    for name in ("candidates", "rules", "evidence"):
        values[name] = tuple(values[name])
    return DecisionInfo(row.pk, row.at, DecisionDraft(**values), tuple(_appeal(a) for a in row.appeals.all()))


def find_decision(decision_id: int, *, conversation_id: int | None = None) -> DecisionInfo | None:
    """One decision; with a conversation id, only if it belongs to that conversation."""
    rows = Decision.objects.filter(pk=decision_id).prefetch_related("appeals")
    if conversation_id is not None:
        rows = rows.filter(conversation_id=conversation_id)
    row = rows.first()
    return _decision(row) if row else None


def list_decisions(conversation_id: int) -> list[DecisionInfo]:
    """Every decision in a conversation, oldest first."""
    rows = Decision.objects.filter(conversation_id=conversation_id).order_by("id").prefetch_related("appeals")
    return [_decision(r) for r in rows]


def list_open_appeals() -> list[AppealInfo]:
    """Objections nobody has answered yet, the most urgent first."""
    return [_appeal(a) for a in Appeal.objects.filter(state="open").order_by("due_at")]


def list_consents(customer_id: int) -> list[ConsentInfo]:
    """The latest entry per purpose."""
    latest: dict[str, ConsentEntry] = {}
    for row in ConsentEntry.objects.filter(customer_id=customer_id).order_by("at", "id"):
        latest[row.purpose] = row
    return [ConsentInfo(r.purpose, r.is_given, r.wording_version, r.at, r.source) for r in latest.values()]


def has_consent(customer_id: int, purpose: str) -> bool:
    """Whether the customer's latest word on a purpose is yes."""
    row = ConsentEntry.objects.filter(customer_id=customer_id, purpose=purpose).order_by("-at", "-id").first()
    return bool(row and row.is_given)


def latest_model(name: str) -> ModelCard | None:
    """The card of the newest version of a model."""
    return ModelCard.objects.filter(name=name).order_by("-created_at", "-id").first()
