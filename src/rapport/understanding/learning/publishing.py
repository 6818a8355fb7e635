"""Which version is in force: publishing one that passed, one that did not with a reason, and rolling back."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from rapport.accounts import api as accounts
from rapport.governance import api as governance
from rapport.jobs import api as jobs
from rapport.kernel.clock import now
from rapport.kernel.errors import InvalidInput, NotFound
from rapport.understanding.api import TrainedModel
from rapport.understanding.learning import state
from rapport.understanding.learning.cards import write_card
from rapport.understanding.learning.workshop import Workshop
from rapport.understanding.models import ExampleChange, ModelVersion, TrainingExample

MODEL_NAME = "intents"
DESK = "desk"
_BATCH = 500


def publish_model(
    workshop: Workshop,
    model: TrainedModel,
    actor_id: int | None,
    failures: Sequence[str] = (),
    override_reason: str = "",
) -> None:
    """Save a model as the current one, write its card, and put it on record."""
    workshop.publish(model)
    card = write_card(workshop, model)
    detail = {"failures": list(failures), "override_reason": override_reason if failures else ""}
    with transaction.atomic():
        row = ModelVersion.objects.filter(version=model.version).first()
        report = row.report if row else {}
        governance.record_model(MODEL_NAME, model.version, {**report, "card": card})
        accounts.record_audit(
            "model_published", actor_id=actor_id, subject=f"model:{model.version}", detail=detail
        )
        jobs.publish("model_published", (DESK,), {"version": model.version})


def publish_held(workshop: Workshop, version: str, *, actor_id: int, reason: str) -> None:
    """Publish a version that did not pass. Raises InvalidInput without a reason, NotFound, NoModel."""
    said = reason.strip()[:1000]
    if not said:
        raise InvalidInput("Say why it is published although it did not pass.", field="reason")
    row = ModelVersion.objects.filter(version=version, state=ModelVersion.HELD).first()
    if row is None:
        raise NotFound
    model = workshop.held(version)
    ModelVersion.objects.filter(pk=row.pk).update(
        state=ModelVersion.PUBLISHED, published_at=now(), override_reason=said
    )
    publish_model(workshop, model, actor_id, row.report.get("failures", ()), said)


def roll_back(workshop: Workshop, version: str, *, actor_id: int) -> int:
    """Put an earlier version into force, and the examples back to what it was trained on.

    What was accepted since then waits in the queue again, so that the next training does not bring it back
    unseen. Returns how many examples changed. Raises NoModel: its file is not kept any more.
    """
    row = ModelVersion.objects.filter(version=version, state=ModelVersion.PUBLISHED).first()
    if row is None and version not in workshop.kept():
        raise NotFound
    workshop.put_into_force(version)
    with transaction.atomic():
        changed = _restore(row, actor_id) if row else 0
        state.note_started()
        accounts.record_audit(
            "model_rolled_back",
            actor_id=actor_id,
            subject=f"model:{version}",
            detail={"examples_changed": changed},
        )
        jobs.publish("model_published", (DESK,), {"version": version})
    return changed


def _restore(version: ModelVersion, actor_id: int) -> int:
    """Make the accepted examples those of a version; each change is in the history."""
    wanted = {int(pk): str(label) for pk, label in version.examples}
    accepted = TrainingExample.objects.filter(status=TrainingExample.ACCEPTED)
    present = {row.pk: row for row in accepted}
    others = TrainingExample.objects.filter(pk__in=[pk for pk in wanted if pk not in present][:_BATCH])
    changes = []
    for row in [*present.values(), *others]:
        fields: dict[str, str] = {}
        if row.pk not in wanted:
            fields = {"status": TrainingExample.PROPOSED, "reason": "rolled_back"}
        elif row.pk not in present:
            fields = {"status": TrainingExample.ACCEPTED, "label": wanted[row.pk]}
        elif row.label != wanted[row.pk]:
            fields = {"label": wanted[row.pk]}
        if fields:
            changes.append((row, fields))
    for row, fields in changes:
        before = {name: getattr(row, name) for name in fields}
        TrainingExample.objects.filter(pk=row.pk).update(**fields)
        ExampleChange.objects.create(
            example=row, actor_id=actor_id, action="rolled_back", before=before, after=dict(fields)
        )
    return len(changes)
