"""Examples and what people decide about them: redacted, never contradictory, every step kept and undone."""

from __future__ import annotations

import pytest

from rapport.accounts.models import User
from rapport.jobs.models import Job
from rapport.kernel.errors import InvalidInput
from rapport.understanding.api import learning
from rapport.understanding.contracts import Example
from rapport.understanding.models import ExampleChange, TrainingExample

pytestmark = pytest.mark.django_db


def proposal(text: str = "where did my parcel go", **fields: object) -> learning.Proposal:
    given = {"label": "", "language": "en", "source": "message", "origin": "decision:1", "reason": "narrow"}
    return learning.Proposal(text, **{**given, **fields})  # type: ignore[arg-type]


def test_personal_data_are_replaced_before_storing() -> None:
    said = "write to mia.hoffmann@example.com or pay with 4111 1111 1111 1111"
    made = learning.propose_example(proposal(said))
    stored = TrainingExample.objects.get(pk=made).text
    assert "mia.hoffmann" not in stored
    assert "4111" not in stored
    added = learning.add_example("my mail is bob@example.com", "change_email", "en", 1)
    assert "bob@example.com" not in TrainingExample.objects.get(pk=added).text


def test_one_occasion_is_proposed_once() -> None:
    assert learning.propose_example(proposal()) is not None
    assert learning.propose_example(proposal("other words")) is None
    assert learning.propose_example(proposal("?!", origin="decision:2")) is None
    assert TrainingExample.objects.count() == 1


def test_accepting_trains_and_can_be_taken_back(taught: learning.Synced, supervisor: User) -> None:
    made = learning.propose_example(proposal())
    assert made is not None
    learning.accept(made, "order_status", supervisor.pk)
    row = TrainingExample.objects.get(pk=made)
    assert (row.status, row.label, row.reviewer_id) == ("accepted", "order_status", supervisor.pk)
    assert Job.objects.filter(kind="understanding.retrain").count() == 1
    assert learning.is_training_due()
    assert learning.undo(supervisor.pk) == made
    row.refresh_from_db()
    assert (row.status, row.label) == ("proposed", "")
    assert learning.undo(supervisor.pk) is None
    actions = list(ExampleChange.objects.filter(example=row).order_by("pk").values_list("action", flat=True))
    assert actions == ["proposed", "accepted", "undone"]


def test_undo_goes_back_step_by_step(taught: learning.Synced, supervisor: User) -> None:
    first = learning.propose_example(proposal())
    second = learning.propose_example(proposal("lamp back please", origin="decision:2"))
    assert first is not None
    assert second is not None
    learning.accept(first, "order_status", supervisor.pk)
    learning.skip(second, supervisor.pk)
    learning.reject(second, supervisor.pk)
    assert [learning.undo(supervisor.pk) for _ in range(4)] == [second, second, first, None]
    assert {r.status for r in TrainingExample.objects.filter(pk__in=[first, second])} == {"proposed"}


def test_nobody_takes_back_what_another_decided(taught: learning.Synced, supervisor: User) -> None:
    made = learning.propose_example(proposal())
    assert made is not None
    learning.accept(made, "order_status", supervisor.pk)
    assert learning.undo(supervisor.pk + 1) is None


def test_the_same_words_cannot_mean_two_things(taught: learning.Synced) -> None:
    with pytest.raises(learning.Contradiction):
        learning.add_example("WHERE is my order?!", "return_items", "en", 1)
    made = learning.propose_example(proposal("Where is my order"))
    assert made is not None
    with pytest.raises(learning.Contradiction):
        learning.accept(made, "return_items", 1)
    assert TrainingExample.objects.get(pk=made).status == "proposed"


@pytest.mark.parametrize("label", ["", "   ", "x" * 121, "a\x00b"])
def test_a_label_is_a_name(label: str) -> None:
    with pytest.raises(InvalidInput):
        learning.add_example("where is it", label, "en", 1)
    assert TrainingExample.objects.count() == 0


def test_skipped_texts_come_last_and_random_ones_only_measure(taught: learning.Synced) -> None:
    narrow = learning.propose_example(proposal(value=1.2))
    random = learning.propose_example(
        proposal("a joke please do", origin="decision:2", reason="random", value=0.6)
    )
    assert narrow is not None
    assert random is not None
    assert [e.id for e in learning.list_queue()] == [narrow, random]
    learning.skip(narrow, 1)
    assert [e.id for e in learning.list_queue()] == [random, narrow]
    learning.accept(random, "out_of_scope", 1)
    learning.accept(narrow, "order_status", 1)
    assert TrainingExample.objects.get(pk=random).is_held_out
    assert not TrainingExample.objects.get(pk=narrow).is_held_out


def test_files_are_followed_and_peoples_corrections_stay(taught: learning.Synced, supervisor: User) -> None:
    assert taught.added == 60
    corrected = TrainingExample.objects.get(text="track my parcel")
    learning.accept(corrected.pk, "order_details", supervisor.pk)
    kept = [
        Example("where is my order", "order_status", "en"),
        Example("new text here", "order_status", "en"),
    ]
    synced = learning.sync_examples(kept)
    assert (synced.added, synced.retired) == (1, 58)
    assert TrainingExample.objects.filter(status="accepted").count() == 3
    corrected.refresh_from_db()
    assert (corrected.status, corrected.label) == ("accepted", "order_details")
    again = learning.sync_examples(
        [Example(r.text, r.imported_as, "en") for r in TrainingExample.objects.all()]
    )
    assert (again.added, again.retired, again.returned) == (0, 0, 58)


def test_translations_are_held_out_together() -> None:
    rows = [
        Example(f"{word} text {n}", "a", lang)
        for lang, word in (("en", "one"), ("de", "eins"))
        for n in range(40)
    ]
    learning.sync_examples(rows)
    held = TrainingExample.objects.filter(is_held_out=True)
    by_language = {code: {r.place for r in held if r.language == code} for code in ("en", "de")}
    assert by_language["en"] == by_language["de"]
    assert 1 <= len(by_language["en"]) <= 12


def test_an_uploaded_frozen_set_measures_instead() -> None:
    learning.sync_examples([Example("frozen words", "a", "en")], is_frozen=True)
    learning.sync_examples([Example(f"words {n}", "a", "en") for n in range(40)])
    assert [r.text for r in TrainingExample.objects.filter(is_held_out=True)] == ["frozen words"]


def test_erasure_deletes_a_conversations_texts() -> None:
    made = learning.propose_example(proposal(conversation_id=7))
    learning.propose_example(proposal("other words", origin="decision:2", conversation_id=8))
    assert made
    assert learning.forget_conversation(7) > 0
    assert TrainingExample.objects.count() == 1
    assert ExampleChange.objects.filter(example_id=made).count() == 0


def test_an_intent_cannot_be_its_own_group() -> None:
    learning.describe_intent("return_items", "orders", "")
    learning.describe_intent("orders", "shop", "")
    with pytest.raises(InvalidInput):
        learning.describe_intent("shop", "return_items", "")
    assert {label.name: label.parent for label in learning.list_labels()} == {
        "orders": "shop",
        "return_items": "orders",
    }
