"""Reads of governance."""

from __future__ import annotations

import dataclasses
from typing import Any

from rapport.governance.contracts import (
    AppealInfo,
    ConsentInfo,
    DecisionDraft,
    DecisionInfo,
    ModelInfo,
    TurnReading,
)
from rapport.governance.models import Appeal, ConsentEntry, Decision, ModelCard


def _appeal(row: Appeal) -> AppealInfo:
    return AppealInfo(
        row.pk,
        row.decision_id,
        row.reason,
        row.state,
        row.answer,
        row.created_at,
        row.due_at,
        row.conversation_id,
        row.closed_at,
    )


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


def list_understandings(conversation_id: int, *, limit: int = 30) -> list[tuple[str, dict[str, Any]]]:
    """What was chosen and what was read in the latest turns of a conversation, oldest first."""
    rows = Decision.objects.filter(conversation_id=conversation_id, kind="turn").order_by("-id")
    return list(rows.values_list("chosen", "understanding")[:limit])[::-1]


def list_turn_readings(conversation_id: int) -> list[TurnReading]:
    """What was read and chosen in every turn of a conversation, oldest first."""
    rows = Decision.objects.filter(conversation_id=conversation_id, kind="turn").order_by("id")
    return [TurnReading(*row) for row in rows.values_list("id", "chosen", "confidence", "understanding")]


def list_open_appeals() -> list[AppealInfo]:
    """Objections nobody has answered yet, the most urgent first."""
    return [_appeal(a) for a in Appeal.objects.filter(state="open").order_by("due_at")]


def find_appeal(appeal_id: int) -> AppealInfo | None:
    """One objection."""
    row = Appeal.objects.filter(pk=appeal_id).first()
    return _appeal(row) if row else None


def list_closed_appeals(*, limit: int = 50) -> list[AppealInfo]:
    """Objections that were answered, the latest answer first."""
    return [_appeal(a) for a in Appeal.objects.exclude(state="open").order_by("-closed_at", "-id")[:limit]]


def list_recent_decisions(
    *, before: int | None = None, limit: int = 30
) -> tuple[list[DecisionInfo], int | None]:
    """Decisions of all conversations, newest first, and the id to go on before; None at the end."""
    rows = Decision.objects.order_by("-id").prefetch_related("appeals")
    if before is not None:
        rows = rows.filter(id__lt=before)
    found = list(rows[: limit + 1])
    page = [_decision(r) for r in found[:limit]]
    return page, page[-1].id if len(found) > limit else None


def list_consent_history(customer_id: int) -> list[ConsentInfo]:
    """Every act of giving or withdrawing, newest first."""
    rows = ConsentEntry.objects.filter(customer_id=customer_id).order_by("-at", "-id")
    return [_consent(r) for r in rows]


def _consent(row: ConsentEntry) -> ConsentInfo:
    return ConsentInfo(row.purpose, row.is_given, row.wording_version, row.at, row.source, row.language)


def list_models() -> list[ModelInfo]:
    """Every model version that was put to use, the newest first."""
    seen: set[str] = set()
    models = []
    for row in ModelCard.objects.order_by("-created_at", "-id"):
        is_newest = row.name not in seen
        seen.add(row.name)
        models.append(ModelInfo(row.name, row.version, row.provider, row.report, row.created_at, is_newest))
    return models


def list_consents(customer_id: int) -> list[ConsentInfo]:
    """The latest entry per purpose."""
    latest: dict[str, ConsentEntry] = {}
    for row in ConsentEntry.objects.filter(customer_id=customer_id).order_by("at", "id"):
        latest[row.purpose] = row
    return [_consent(r) for r in latest.values()]


def has_consent(customer_id: int, purpose: str) -> bool:
    """Whether the customer's latest word on a purpose is yes."""
    row = ConsentEntry.objects.filter(customer_id=customer_id, purpose=purpose).order_by("-at", "-id").first()
    return bool(row and row.is_given)
