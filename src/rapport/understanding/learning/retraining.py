"""A training from the accepted examples: checked data, a model, its comparison with the one in force, its fate."""

from __future__ import annotations

import dataclasses
import hashlib
import time
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from rapport.kernel.clock import now
from rapport.understanding.api import TrainedModel
from rapport.understanding.contracts import Example
from rapport.understanding.learning import queries, state
from rapport.understanding.learning.logic.gate import Answer, Trial, Verdict, judge
from rapport.understanding.learning.publishing import publish_model
from rapport.understanding.learning.queries import TrainingRow
from rapport.understanding.learning.values import TrainingOutcome
from rapport.understanding.learning.workshop import Workshop
from rapport.understanding.models import ModelVersion

DEFAULT_RISK = 0.05
"""Wrong among answered that is accepted where nobody said: below it more customers would be asked what they meant."""
MAX_TRIALS = 2000
"""Held-out rows a comparison uses; the first ones, so that versions are compared on the same."""


@dataclass(frozen=True, slots=True)
class Order:
    """Who wants what trained."""

    risk: float | None = None
    """Accepted share of wrong among answered; as last time when omitted."""
    seed: int = 0
    actor_id: int | None = None
    accepts_findings: bool = False
    """Train although the data have blocking findings."""
    override_reason: str = ""
    """Publish although it does not pass, for this reason."""
    is_forced: bool = False
    """Train although nothing has changed."""


@dataclass(slots=True)
class _Clock:
    """CPU time by stage [s]."""

    stages: dict[str, float] = field(default_factory=dict)
    last: float = field(default_factory=time.process_time)

    def mark(self, stage: str) -> None:
        at = time.process_time()
        self.stages[stage] = round(self.stages.get(stage, 0.0) + at - self.last, 3)
        self.last = at


def retrain(workshop: Workshop, order: Order) -> TrainingOutcome:
    """Train, compare and publish or hold; never raises for data that are not fit, but says so."""
    state.note_running(is_running=True)
    state.note_started()
    try:
        outcome = _retrain(workshop, order)
        state.note_outcome(outcome)
    finally:
        state.note_running(is_running=False)
    return outcome


def _retrain(workshop: Workshop, order: Order) -> TrainingOutcome:
    clock, workshop = _Clock(), workshop.opened()
    risk = order.risk or float(state.read_state(state.SETTINGS).get("risk") or DEFAULT_RISK)
    state.write_state(state.SETTINGS, {"risk": risk})
    rows = queries.training_rows()
    digest = _digest(rows, risk, workshop.encoder_id)
    in_force = workshop.current()
    if not order.is_forced and in_force and _is_known(digest, in_force):
        return TrainingOutcome("unchanged", version=in_force)
    findings = queries.check_rows(rows)
    said = tuple(str(finding) for finding in findings)
    clock.mark("check")
    if any(f.is_blocking for f in findings) and not order.accepts_findings:
        return TrainingOutcome("refused", findings=said, cpu_s=clock.stages)
    frozen = {row.key for row in rows if row.is_held_out}
    taught = [row for row in rows if not row.is_held_out and row.key not in frozen]
    examples = [Example(r.text, r.label, r.language or None, r.source) for r in taught]
    model, report = workshop.train(examples, risk, order.seed)
    clock.mark("train")
    verdict, answers = compare(workshop, model, rows, risk)
    clock.mark("compare")
    is_alone = verdict.facts["accuracy_before"] is None
    passed = verdict.passed or is_alone or bool(order.override_reason)
    facts = dataclasses.asdict(report)
    with transaction.atomic():
        ModelVersion.objects.create(
            version=report.version,
            state=ModelVersion.PUBLISHED if passed else ModelVersion.HELD,
            actor_id=order.actor_id,
            risk=risk,
            digest=digest,
            examples=[[row.id, row.label] for row in rows],
            report={**facts, "failures": list(verdict.failures)},
            comparison=verdict.facts,
            answers=answers,
            compared_with=in_force or "",
            published_at=now() if passed else None,
            override_reason=order.override_reason if not verdict.passed else "",
        )
    if passed:
        publish_model(workshop, model, order.actor_id, verdict.failures, order.override_reason)
    else:
        workshop.hold(model)
    clock.mark("publish")
    return TrainingOutcome(
        "published" if passed else "held",
        version=report.version,
        findings=said,
        failures=verdict.failures,
        report=facts,
        comparison=verdict.facts,
        cpu_s=clock.stages,
    )


def compare(
    workshop: Workshop, model: TrainedModel, rows: list[TrainingRow], risk: float
) -> tuple[Verdict, dict[str, Any]]:
    """The new model against the one in force on the held-out rows; the new one's answers by row."""
    held_out = [row for row in rows if row.is_held_out][:MAX_TRIALS]
    texts = [row.text for row in held_out]
    after = workshop.ask(model, texts)
    before = _answers_in_force(workshop, held_out)
    trials = [
        Trial(row.id, row.label, row.language, said, before.get(row.id))
        for row, said in zip(held_out, after, strict=True)
    ]
    answers = {str(t.id): [t.after.intent, t.after.probability, t.after.is_accepted] for t in trials}
    return judge(trials, risk, queries.parents()), answers


def _answers_in_force(workshop: Workshop, rows: list[TrainingRow]) -> dict[int, Answer]:
    """What the model in force says: as it was noted when it was trained, else by asking it now."""
    version = workshop.current()
    if version is None:
        return {}
    row = ModelVersion.objects.filter(version=version).first()
    noted = row.answers if row else {}
    found = {int(pk): Answer(str(name), float(p), bool(ok)) for pk, (name, p, ok) in noted.items()}
    missing = [r for r in rows if r.id not in found]
    model = workshop.in_force() if missing else None
    if model is not None:
        said = workshop.ask(model, [r.text for r in missing])
        found.update(zip((r.id for r in missing), said, strict=True))
    return found


def _digest(rows: list[TrainingRow], risk: float, encoder_id: str) -> str:
    content = "\n".join(f"{r.id}\t{r.label}\t{r.is_held_out}\t{r.key}" for r in rows)
    return hashlib.sha256(f"{encoder_id}\n{risk}\n{content}".encode()).hexdigest()


def _is_known(digest: str, in_force: str) -> bool:
    return ModelVersion.objects.filter(version=in_force, digest=digest).exists()
