"""Dispositions on record: what the system proposed, what people confirmed or changed, and who said what when."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Count

from rapport.conversations.contracts import (
    DISPOSITION_FIELDS,
    Disposition,
    DispositionValue,
    Outcome,
    ProposedValue,
)
from rapport.conversations.disposition_rules import find_rules
from rapport.conversations.models import Conversation, DispositionChange
from rapport.conversations.models import Disposition as DispositionRow
from rapport.conversations.services import lock_conversation
from rapport.kernel.clock import now
from rapport.kernel.errors import InvalidInput

PROPOSED, CONFIRMED, CHANGED, CLEARED = "proposed", "confirmed", "changed", "cleared"
_LIMITS = {"reason": 120, "order_ref": 120, "product": 300, "actions": 600}


def find_disposition(conversation_id: int) -> Disposition | None:
    """What is on record of a conversation; None before anything was."""
    row = DispositionRow.objects.filter(conversation_id=conversation_id).first()
    return _info(row) if row else None


def find_dispositions(conversation_ids: list[int]) -> dict[int, Disposition]:
    """By conversation, in one query; those without one are missing."""
    rows = DispositionRow.objects.filter(conversation_id__in=conversation_ids)
    return {row.conversation_id: _info(row) for row in rows}


def _info(row: DispositionRow) -> Disposition:
    return Disposition(
        row.conversation_id,
        {name: _value(getattr(row, name), row.details.get(name, {})) for name in DISPOSITION_FIELDS},
        row.updated_at,
    )


def _value(value: str, detail: Mapping[str, Any]) -> DispositionValue:
    return DispositionValue(
        value,
        str(detail.get("state", "")),
        str(detail.get("rule", "")),
        detail.get("confidence"),
        tuple(detail.get("evidence", ())),
        detail.get("by"),
    )


def merge_proposals(
    stored: Disposition | None, proposals: Mapping[str, ProposedValue]
) -> dict[str, DispositionValue]:
    """Fields → value as it would stand: what a person said stays, all else is what is proposed now."""
    merged: dict[str, DispositionValue] = {}
    for name in DISPOSITION_FIELDS:
        known = stored[name] if stored else DispositionValue("")
        if known.state in {CONFIRMED, CHANGED}:
            merged[name] = known
            continue
        found = proposals.get(name)
        merged[name] = (
            DispositionValue(
                _cut(name, found.value), PROPOSED, found.rule, round(found.confidence, 3), found.evidence
            )
            if found and found.value
            else DispositionValue("")
        )
    return merged


def proposals_of(stored: Disposition | None) -> dict[str, ProposedValue]:
    """What the system had filled in and no person has judged."""
    values = stored.values.items() if stored else ()
    return {
        name: ProposedValue(v.value, v.rule, v.confidence or 0.0, v.evidence)
        for name, v in values
        if v.state == PROPOSED
    }


@transaction.atomic
def fill_disposition(conversation_id: int, proposals: Mapping[str, ProposedValue]) -> Disposition:
    """Store what the system proposes; what a person confirmed or changed stays."""
    lock_conversation(conversation_id)
    row = _row(conversation_id)
    _store(row, merge_proposals(_info(row), proposals), actor_id=None)
    return _info(row)


@transaction.atomic
def settle_disposition(
    conversation_id: int, values: Mapping[str, str], proposals: Mapping[str, ProposedValue], *, actor_id: int
) -> Disposition:
    """A person says what is right: a value left as proposed is confirmed, another is changed.

    Fields that are not given stay as they are. Raises InvalidInput.
    """
    lock_conversation(conversation_id)
    row = _row(conversation_id)
    shown = merge_proposals(_info(row), proposals)
    for name, value in values.items():
        known = shown.get(name)
        is_left = known is not None and value == known.value  # though it might not be chosen any more
        given = value if is_left else check_value(name, value)
        known = shown[name]
        is_same = given == known.value
        if is_same and (not given or known.state in {CONFIRMED, CHANGED}):
            continue
        confidence = known.confidence if is_same else None
        evidence = known.evidence if is_same else ()
        state = CONFIRMED if is_same else CHANGED
        shown[name] = DispositionValue(given, state, known.rule, confidence, evidence, actor_id)
    _store(row, shown, actor_id=actor_id)
    return _info(row)


@transaction.atomic
def reopen_disposition(conversation_id: int) -> None:
    """The conversation goes on: how it ended is open again, whoever had said it."""
    row = DispositionRow.objects.filter(conversation_id=conversation_id).first()
    if row is None or not row.outcome:
        return
    lock_conversation(conversation_id)
    values = dict(_info(row).values)
    values["outcome"] = DispositionValue("")
    _store(row, values, actor_id=None)


def check_value(name: str, value: str) -> str:
    """A value as it is stored. Raises InvalidInput."""
    if name not in DISPOSITION_FIELDS:
        raise InvalidInput(f"A disposition has no {name}.", field=name)
    text = " ".join(value.split())
    if name == "outcome" and text and text not in set(Outcome):
        raise InvalidInput(f"An outcome is one of {', '.join(Outcome)}.", field=name)
    if name == "root_cause" and text and text not in {cause.key for cause in find_rules().causes}:
        raise InvalidInput("There is no such root cause in the list.", field=name)
    if not text.isprintable():
        raise InvalidInput("Control characters are not allowed.", field=name)
    return _cut(name, text)


def count_verdicts() -> dict[str, tuple[int, int]]:
    """Rule → how many of its proposals people confirmed, and how many they changed."""
    judged = DispositionChange.objects.filter(action__in=[CONFIRMED, CHANGED]).exclude(rule="")
    counts: Counter[tuple[str, str]] = Counter()
    for rule, action, count in judged.values_list("rule", "action").annotate(n=Count("pk")):
        counts[rule, action] = count
    return {rule: (counts[rule, CONFIRMED], counts[rule, CHANGED]) for rule, _ in counts}


def list_disposition_changes(conversation_id: int) -> list[dict[str, Any]]:
    """What was proposed, confirmed and changed, oldest first."""
    rows = DispositionChange.objects.filter(conversation_id=conversation_id).order_by("id")
    names = ("at", "field", "action", "rule", "before", "after", "actor_id")
    return [dict(zip(names, row, strict=True)) for row in rows.values_list(*names)]


def list_undisposed(*, limit: int = 1000) -> list[int]:
    """Row ids of resolved conversations without a disposition: from before there were any, or imported."""
    rows = Conversation.objects.filter(status="resolved", disposition__isnull=True).order_by("pk")
    return list(rows.values_list("pk", flat=True)[:limit])


def _row(conversation_id: int) -> DispositionRow:
    found = DispositionRow.objects.filter(conversation_id=conversation_id).first()
    return found or DispositionRow(conversation_id=conversation_id, details={})


def _cut(name: str, value: str) -> str:
    limit = _LIMITS.get(name, 60)
    return value if len(value) <= limit else value[: limit - 1] + "…"


def _store(row: DispositionRow, values: Mapping[str, DispositionValue], *, actor_id: int | None) -> None:
    """Write the fields, and a line for each that differs."""
    before = _info(row)
    changes = []
    for name, new in values.items():
        old = before[name]
        if (old.value, old.state) == (new.value, new.state):
            if old != new:
                row.details[name] = _detail(new)
            continue
        setattr(row, name, new.value)
        row.details[name] = _detail(new)
        action = new.state or CLEARED
        changes.append(
            DispositionChange(
                conversation_id=row.conversation_id,
                at=now(),
                field=name,
                action=action,
                rule=new.rule,
                before=old.value,
                after=new.value,
                actor_id=actor_id,
            )
        )
    row.updated_at = now()
    row.save()
    DispositionChange.objects.bulk_create(changes)


def _detail(value: DispositionValue) -> dict[str, Any]:
    if not value.state:
        return {}
    return {
        "state": value.state,
        "rule": value.rule,
        "confidence": value.confidence,
        "evidence": list(value.evidence),
        "by": value.by,
    }
