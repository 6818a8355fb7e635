"""Writes of governance: decisions, appeals, consents, model cards."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

from django.db import transaction

from rapport.governance.contracts import DecisionDraft
from rapport.governance.models import Appeal, ConsentEntry, Decision, ModelCard
from rapport.jobs import api as jobs
from rapport.kernel.clock import now
from rapport.kernel.errors import Conflict, InvalidInput, NotFound
from rapport.kernel.ids import DecisionId

APPEAL_DUE = dt.timedelta(days=14)
MAX_APPEAL_CHARS = 4000
MAX_CHOSEN_CHARS = 120
"""What was chosen in a long turn is cut; its candidates hold all of it."""


def record_decision(draft: DecisionDraft) -> DecisionId:
    """Append a decision to the register, in the caller's transaction."""
    values = {f.name: getattr(draft, f.name) for f in dataclasses.fields(draft)}
    for name in ("candidates", "rules", "evidence"):
        values[name] = list(values[name])
    values["chosen"] = draft.chosen[:MAX_CHOSEN_CHARS]
    decision_id = DecisionId(Decision.objects.create(**values).pk)
    if draft.conversation_id is not None:
        news = {"decision_id": int(decision_id), "conversation_row": draft.conversation_id}
        jobs.publish("decision_recorded", ["events"], news)
    return decision_id


@transaction.atomic
def open_appeal(decision_id: int, *, conversation_id: int, reason: str) -> int:
    """Record a customer's objection; a person must answer it before its due date."""
    text = reason.strip()[:MAX_APPEAL_CHARS]
    if not text:
        raise InvalidInput("Say what you object to.", field="reason")
    if not Decision.objects.filter(pk=decision_id, conversation_id=conversation_id).exists():
        raise NotFound
    row = Appeal.objects.create(
        decision_id=decision_id, conversation_id=conversation_id, reason=text, due_at=now() + APPEAL_DUE
    )
    return row.pk


@transaction.atomic
def close_appeal(appeal_id: int, *, is_upheld: bool, answer: str) -> None:
    """A person's answer to an objection. Raises InvalidInput without words, Conflict when it has an answer."""
    text = answer.strip()[:MAX_APPEAL_CHARS]
    if not text:
        raise InvalidInput("Write an answer to the customer.", field="answer")
    state = "upheld" if is_upheld else "rejected"
    rows = Appeal.objects.filter(pk=appeal_id, state="open")
    if not rows.update(state=state, answer=text, closed_at=now()):
        raise Conflict("This objection has been answered already.")


def record_consent(
    customer_id: int, purpose: str, *, is_given: bool, wording_version: str, language: str, source: str
) -> None:
    """Append to the consent ledger."""
    ConsentEntry.objects.create(
        customer_id=customer_id,
        purpose=purpose,
        is_given=is_given,
        wording_version=wording_version,
        language=language,
        source=source,
        at=now(),
    )


def record_model(name: str, version: str, report: dict[str, Any]) -> None:
    """Note that a model version was put to use."""
    ModelCard.objects.update_or_create(name=name, version=version, defaults={"report": report})
