"""Trainings from accepted examples: in force without a restart, held when worse, published by hand, rolled back."""

from __future__ import annotations

import json

import pytest

from rapport.accounts.models import AuditEntry, User
from rapport.governance import api as governance
from rapport.jobs import api as jobs
from rapport.kernel.errors import InvalidInput, NotFound
from rapport.understanding import swapping
from rapport.understanding.api import current_version, learning, list_versions, load_engine
from rapport.understanding.contracts import Context, Example
from rapport.understanding.learning import state
from rapport.understanding.learning.logic import gate
from rapport.understanding.models import ExampleChange, ModelVersion, TrainingExample
from rapport.understanding.tests.stub_encoder import examples

pytestmark = pytest.mark.django_db
NEW = (
    "gift card balance",
    "how much is on my gift card",
    "gift card value",
    "credit on the gift card",
    "check gift card",
)


def run_jobs(workshop: learning.Workshop) -> None:
    """Run what is due, the pause that gathers several labels included."""
    from rapport.kernel.clock import now

    jobs.run_due(jobs.Registry(learning.job_kinds(workshop)), now() + learning_pause())


def learning_pause():
    from rapport.understanding.learning.services import SETTLE

    return SETTLE * 4


def read(engine, text: str):
    return engine.understand(text, Context()).segments[0]


def test_a_new_intent_is_understood_without_a_restart_and_rolled_back(
    taught: learning.Synced, workshop: learning.Workshop, supervisor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(swapping, "_LOOK_EVERY_S", 0.0)
    first = learning.retrain(workshop, learning.Order(risk=0.3))
    assert first.state == "published"
    engine = load_engine(workshop.model_dir, workshop.encoder)
    assert "gift_card" not in {i.name for i in read(engine, "gift card balance please").intents}
    for text in NEW:
        learning.add_example(text, "gift_card", "en", supervisor.pk)
    run_jobs(workshop)
    best = read(engine, "what is my gift card balance").intents[0]
    assert best.name == "gift_card"
    assert learning.last_outcome().state == "published"
    assert learning.roll_back(workshop, first.version, actor_id=supervisor.pk) == 5
    assert read(engine, "what is my gift card balance").intents[0].name != "gift_card"
    waiting = learning.list_queue()
    assert {(e.label, e.reason) for e in waiting} == {("gift_card", "rolled_back")}
    assert ExampleChange.objects.filter(action="rolled_back").count() == 5
    run_jobs(workshop)
    assert current_version(workshop.model_dir) == first.version
    kinds = list(AuditEntry.objects.order_by("pk").values_list("kind", flat=True))
    assert kinds[-2:] == ["model_published", "model_rolled_back"]


def test_a_corrected_label_takes_effect_and_is_undone_by_a_roll_back(
    taught: learning.Synced, workshop: learning.Workshop, supervisor: User
) -> None:
    first = learning.retrain(workshop, learning.Order(risk=0.3))
    row = TrainingExample.objects.filter(text="track my parcel", is_held_out=False).get()
    learning.accept(row.pk, "parcel_tracking", supervisor.pk)
    learning.add_example("tracking number of the parcel", "parcel_tracking", "en", supervisor.pk)
    run_jobs(workshop)
    newest = learning.list_model_versions(workshop.model_dir)[0]
    diff = learning.diff_versions(first.version, newest.version)
    assert diff.counts == (1, 0, 1)
    assert [(e.text, was, now) for e, was, now in diff.relabelled] == [
        ("track my parcel", "order_status", "parcel_tracking")
    ]
    learning.roll_back(workshop, first.version, actor_id=supervisor.pk)
    row.refresh_from_db()
    assert (row.label, row.status) == ("order_status", "accepted")


def worse(monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on every comparison fails."""
    monkeypatch.setattr(
        "rapport.understanding.learning.retraining.judge",
        lambda *_: gate.Verdict(9, ("accuracy",), {"accuracy_before": 0.9, "confusions": []}),
    )


def test_a_worse_model_is_held_and_published_only_with_a_reason(
    taught: learning.Synced, workshop: learning.Workshop, supervisor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = learning.retrain(workshop, learning.Order(risk=0.3))
    worse(monkeypatch)
    learning.add_example("parcel parcel parcel", "order_status", "en", supervisor.pk)
    held = learning.retrain(workshop, learning.Order())
    assert (held.state, held.failures) == ("held", ("accuracy",))
    assert current_version(workshop.model_dir) == first.version
    assert held.version not in list_versions(workshop.model_dir)
    with pytest.raises(InvalidInput):
        learning.publish_held(workshop, held.version, actor_id=supervisor.pk, reason="  ")
    learning.publish_held(
        workshop, held.version, actor_id=supervisor.pk, reason="The frozen set is out of date."
    )
    assert current_version(workshop.model_dir) == held.version
    entry = AuditEntry.objects.filter(kind="model_published").latest("pk")
    assert entry.actor_id == supervisor.pk
    assert entry.detail == {"failures": ["accuracy"], "override_reason": "The frozen set is out of date."}
    with pytest.raises(NotFound):
        learning.publish_held(workshop, held.version, actor_id=supervisor.pk, reason="again")


def test_an_override_can_be_given_with_the_order(
    taught: learning.Synced, workshop: learning.Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    learning.retrain(workshop, learning.Order(risk=0.3))
    worse(monkeypatch)
    order = learning.Order(is_forced=True, override_reason="new encoder")
    outcome = learning.retrain(workshop, order)
    assert outcome.state == "published"
    assert ModelVersion.objects.get(version=outcome.version).override_reason == "new encoder"


def test_blocking_findings_stop_a_training_unless_accepted(workshop: learning.Workshop) -> None:
    learning.sync_examples([*examples(), Example("where is my order", "return_items", "en")])
    outcome = learning.retrain(workshop, learning.Order(risk=0.3))
    assert outcome.state == "refused"
    assert outcome.findings[0].startswith("contradiction: 'where is my order' is labelled")
    assert "#" in outcome.findings[0]
    assert current_version(workshop.model_dir) is None
    accepted = learning.retrain(workshop, learning.Order(risk=0.3, accepts_findings=True))
    assert accepted.state == "published"


def test_the_same_examples_are_not_trained_twice(
    taught: learning.Synced, workshop: learning.Workshop
) -> None:
    learning.retrain(workshop, learning.Order(risk=0.3))
    assert learning.retrain(workshop, learning.Order()).state == "unchanged"
    assert learning.retrain(workshop, learning.Order(is_forced=True)).state != "unchanged"


def test_held_out_rows_are_never_trained_on(taught: learning.Synced, workshop: learning.Workshop) -> None:
    held = TrainingExample.objects.filter(is_held_out=True)
    assert 1 <= held.count() <= 20
    outcome = learning.retrain(workshop, learning.Order(risk=0.3))
    assert outcome.report["rows"] == 60 - held.count()
    assert outcome.comparison["rows"] == held.count()


def test_labels_given_in_a_row_make_one_training(
    taught: learning.Synced, workshop: learning.Workshop, supervisor: User
) -> None:
    learning.retrain(workshop, learning.Order(risk=0.3))
    for number, text in enumerate(NEW):
        learning.add_example(f"{text} {number}", "gift_card", "en", supervisor.pk)
    run_jobs(workshop)
    assert ModelVersion.objects.count() == 2
    assert not learning.is_training_due()


def test_a_second_training_waits_for_the_first(
    taught: learning.Synced, workshop: learning.Workshop, supervisor: User
) -> None:
    learning.add_example("gift card", "gift_card", "en", supervisor.pk)
    state.note_running(is_running=True)
    payload = {"number": 1, "actor_id": supervisor.pk}
    kinds = {kind.name: kind for kind in learning.job_kinds(workshop)}
    kinds["understanding.retrain"].run(payload, jobs.JobContext(1, None, 1))
    assert ModelVersion.objects.count() == 0
    assert learning.is_training_due()


def test_a_card_lies_beside_the_model(taught: learning.Synced, workshop: learning.Workshop) -> None:
    outcome = learning.retrain(workshop, learning.Order(risk=0.3))
    card = json.loads((workshop.model_dir / f"{outcome.version}.card.json").read_text("utf-8"))
    assert card["version"] == outcome.version
    assert card["data"]["rows"] == outcome.report["rows"]
    assert set(card["data"]["labels"]) == {"order_status", "out_of_scope", "return_items"}
    assert card["data"]["sources"][0]["source"] == "import"
    assert card["results"]["held_out"]["risk"]["asked"] == 0.3
    assert card["fairness"]["sentences"] > 10
    text = (workshop.model_dir / f"{outcome.version}.card.md").read_text("utf-8")
    assert f"# Model card: intents {outcome.version}" in text
    assert "differ in the customer's given name only" in text
    recorded = governance.list_models()[0]
    assert recorded.version == outcome.version
    assert recorded.report["card"]["date"] == card["date"]
    assert list_versions(workshop.model_dir) == (outcome.version,)
