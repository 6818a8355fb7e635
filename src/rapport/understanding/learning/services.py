"""Writes about examples: proposals, labels, corrections, undo. Every decision is kept."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction

from rapport.governance import api as governance
from rapport.jobs import api as jobs
from rapport.kernel.clock import now
from rapport.kernel.errors import InvalidInput, NotFound
from rapport.understanding.examples import key_of
from rapport.understanding.learning.errors import Contradiction
from rapport.understanding.learning.logic.selecting import HELD_OUT_FROM, HELD_OUT_SHARE, is_drawn
from rapport.understanding.learning.state import note_waiting
from rapport.understanding.learning.values import Proposal
from rapport.understanding.logic.cleaning import clean
from rapport.understanding.models import ExampleChange, IntentEntry, TrainingExample

RETRAIN_JOB = "understanding.retrain"
SETTLE = dt.timedelta(seconds=2)
"""Several labels in a row make one training."""
MAX_LABEL_CHARS = 120
MAX_TEXT_CHARS = 2000
TRAINING_CONSENT = "training"
"""Purpose in the ledger of consents; who withdrew it teaches nothing."""
_UNDONE = "undone"


def may_learn_from(customer_id: int | None) -> bool:
    """Whether a customer has not objected to improving the assistant with their (redacted) words."""
    if customer_id is None:
        return True
    said = [c for c in governance.list_consents(customer_id) if c.purpose == TRAINING_CONSENT]
    return not said or said[0].is_given


@transaction.atomic
def propose_example(proposal: Proposal, actor_id: int | None = None) -> int | None:
    """Put a text up for review, personal data replaced; None when that occasion was proposed before."""
    text = clean(governance.redact_text(proposal.text))[:MAX_TEXT_CHARS]
    key = key_of(text)
    if not key or TrainingExample.objects.filter(origin=proposal.origin).exists():
        return None
    same = TrainingExample.objects.filter(key=key, status__in=["accepted", "proposed"])
    if same.filter(label=proposal.label).exists() and proposal.source != "agent":
        return None
    row = TrainingExample.objects.create(
        text=text,
        label=proposal.label[:MAX_LABEL_CHARS],
        language=proposal.language[:10],
        source=proposal.source,
        origin=proposal.origin,
        status=TrainingExample.PROPOSED,
        key=key,
        reason=proposal.reason,
        value=proposal.value,
        suggested=[list(pair) for pair in proposal.suggested[:9]],
        conversation_id=proposal.conversation_id,
        decision_id=proposal.decision_id,
    )
    after = {"label": row.label, "status": row.status}
    ExampleChange.objects.create(example=row, actor_id=actor_id, action="proposed", after=after)
    return row.pk


@transaction.atomic
def add_example(text: str, label: str, language: str, actor_id: int) -> int:
    """A labelled text of a member of staff, trained on at once. Raises InvalidInput, Contradiction."""
    written, label = clean(governance.redact_text(text))[:MAX_TEXT_CHARS], check_label(label)
    key = key_of(written)
    if not key:
        raise InvalidInput("Write a text with words in it.", field="text")
    check_contradiction(key, label)
    known = TrainingExample.objects.filter(key=key, label=label, status=TrainingExample.ACCEPTED).first()
    if known is not None:
        return known.pk
    row = TrainingExample.objects.create(
        text=written,
        label=label,
        language=language[:10],
        source="agent",
        origin=f"staff:{actor_id}",
        status=TrainingExample.ACCEPTED,
        key=key,
        is_held_out=False,
        reviewer_id=actor_id,
        reviewed_at=now(),
    )
    after = {"label": label, "status": row.status}
    ExampleChange.objects.create(example=row, actor_id=actor_id, action="added", after=after)
    plan_training(actor_id)
    return row.pk


@transaction.atomic
def accept(example_id: int, label: str, actor_id: int) -> None:
    """Say what a text means; it is trained on, or measures if it belongs to the held-out sample."""
    row, label = _locked(example_id), check_label(label)
    check_contradiction(row.key, label, but=row.pk)
    action = "corrected" if row.status == TrainingExample.ACCEPTED else "accepted"
    if action == "corrected" and row.label == label:
        return
    fields: dict[str, Any] = {
        "label": label,
        "status": TrainingExample.ACCEPTED,
        "is_held_out": row.is_held_out or (action == "accepted" and _is_held_out(row, label)),
    }
    _change(row, actor_id, action, fields)
    plan_training(actor_id)


@transaction.atomic
def reject(example_id: int, actor_id: int) -> None:
    """Take a text out: nothing is learned from it."""
    row = _locked(example_id)
    was_trained_on = row.status == TrainingExample.ACCEPTED
    _change(row, actor_id, "rejected", {"status": TrainingExample.REJECTED})
    if was_trained_on:
        plan_training(actor_id)


@transaction.atomic
def skip(example_id: int, actor_id: int) -> None:
    """Leave a text for later: it goes to the end of the queue."""
    row = _locked(example_id)
    _change(row, actor_id, "skipped", {"skips": row.skips + 1})


@transaction.atomic
def undo(actor_id: int) -> int | None:
    """Take back this person's latest decision that was not taken back yet; its example, or None."""
    change = _latest_not_undone(actor_id)
    if change is None:
        return None
    row = _locked(change.example_id)
    before = dict(change.before) if change.action != "added" else {"status": TrainingExample.REJECTED}
    trained = {row.status, before.get("status", row.status)}
    _change(row, actor_id, _UNDONE, before, extra={"undoes": change.pk})
    if TrainingExample.ACCEPTED in trained and change.action != "skipped":
        plan_training(actor_id)
    return row.pk


def _latest_not_undone(actor_id: int) -> ExampleChange | None:
    latest = list(ExampleChange.objects.filter(actor_id=actor_id).order_by("-id")[:200])
    undone = {change.after.get("undoes") for change in latest if change.action == _UNDONE}
    acts = ("accepted", "corrected", "rejected", "skipped", "added")
    return next((c for c in latest if c.action in acts and c.pk not in undone), None)


def forget_conversation(conversation_id: int) -> int:
    """Delete every text of a conversation (erasure); how many there were."""
    count, _ = TrainingExample.objects.filter(conversation_id=conversation_id).delete()
    return count


@transaction.atomic
def describe_intent(name: str, parent: str, description: str) -> None:
    """The catalogue's entry of an intent. Raises InvalidInput when it would be its own ancestor."""
    name, parent = check_label(name), parent.strip()[:MAX_LABEL_CHARS]
    parents = dict(IntentEntry.objects.exclude(parent="").values_list("name", "parent")) | {name: parent}
    above, steps = parent, 0
    while above and steps < len(parents) + 1:
        if above == name:
            raise InvalidInput("An intent cannot be its own group.", field="parent")
        above, steps = parents.get(above, ""), steps + 1
    values = {"parent": parent, "description": description.strip()[:300]}
    IntentEntry.objects.update_or_create(name=name, defaults=values)


def check_label(label: str) -> str:
    """A label as it is stored. Raises InvalidInput."""
    found = "_".join(label.strip().split())
    if not found or len(found) > MAX_LABEL_CHARS or not found.isprintable():
        raise InvalidInput(f"Name an intent, at most {MAX_LABEL_CHARS} characters.", field="label")
    return found


def check_contradiction(key: str, label: str, but: int = 0) -> None:
    """Raises Contradiction: the same words are accepted under another label."""
    rows = TrainingExample.objects.filter(key=key, status=TrainingExample.ACCEPTED).exclude(pk=but)
    other = rows.exclude(label=label).first()
    if other is not None:
        said = f"The same words are an example of “{other.label}” already (number {other.pk})."
        raise Contradiction(said, example=other.pk, label=other.label)


def plan_training(actor_id: int | None) -> None:
    """Train soon, once for all changes made within a moment; in the caller's transaction."""
    number = note_waiting()
    payload = {"number": number, "actor_id": actor_id}
    jobs.enqueue(RETRAIN_JOB, payload, key=f"retrain:{now():%Y%m%d%H%M%S%f}:{number}", run_at=now() + SETTLE)


def _is_held_out(row: TrainingExample, label: str) -> bool:
    """Random messages measure and never train; of the others one in ten, where a label can spare it."""
    if row.reason == "random":
        return True
    if not is_drawn(row.key, HELD_OUT_SHARE):
        return False
    known = TrainingExample.objects.filter(label=label, status=TrainingExample.ACCEPTED)
    return known.count() >= HELD_OUT_FROM and not known.filter(key=row.key).exists()


def _locked(example_id: int) -> TrainingExample:
    row = TrainingExample.objects.select_for_update().filter(pk=example_id).first()
    if row is None:
        raise NotFound
    return row


def _change(
    row: TrainingExample,
    actor_id: int | None,
    action: str,
    fields: dict[str, Any],
    extra: dict[str, Any] | None = None,
) -> None:
    """Set fields and append to the history."""
    before = {name: getattr(row, name) for name in fields}
    for name, value in fields.items():
        setattr(row, name, value)
    row.reviewer_id, row.reviewed_at = actor_id, now()
    row.save(update_fields=[*fields, "reviewer_id", "reviewed_at"])
    after = {**fields, **(extra or {})}
    ExampleChange.objects.create(example=row, actor_id=actor_id, action=action, before=before, after=after)
