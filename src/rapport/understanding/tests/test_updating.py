"""Small changes correct the heads: new labels are understood, the rest stays, the full training comes back in time."""

from __future__ import annotations

from rapport.understanding.api import EmbeddedEngine, TrainingSettings, train
from rapport.understanding.contracts import Context, Example
from rapport.understanding.tests.stub_encoder import StubEncoder, examples
from rapport.understanding.trained import TrainedModel

STUB = StubEncoder()
GIFT = [
    Example(text, "gift_card", "en")
    for text in ("gift card balance", "voucher balance please", "what is on my gift card", "check my voucher")
]


def best(model: TrainedModel, text: str) -> str:
    return EmbeddedEngine(model, STUB).understand(text, Context()).segments[0].intents[0].name


def test_a_new_label_is_understood_and_the_others_stay() -> None:
    first, before = train(examples(), STUB, risk=0.1)
    second, after = train([*examples(), *GIFT], STUB, settings=TrainingSettings(0.1, previous=first))
    assert after.changed_rows == len(GIFT)
    assert (after.accuracy, after.threshold) == (before.accuracy, before.threshold)
    assert second.chains is first.chains
    assert best(second, "how much is left on my gift card") == "gift_card"
    for text in ("where is my parcel now", "i want to return the lamp", "tell me a joke"):
        assert best(second, text) == best(first, text)
    assert second.taught_as(second.texts.index("check my voucher")) == "gift_card"


def test_a_corrected_label_is_unlearned() -> None:
    rows = examples()
    first, _ = train(rows, STUB, risk=0.1)
    moved = [Example(r.text, "return_items", "en") if "late" in r.text else r for r in rows]
    second, report = train(moved, STUB, settings=TrainingSettings(0.1, previous=first))
    assert report.changed_rows == 10
    assert best(first, "my parcel is late") == "order_status"
    assert best(second, "my parcel is late") == "return_items"
    assert best(second, "where is my order") == "order_status"


def test_many_changes_another_promise_or_a_label_gone_train_in_full() -> None:
    rows = examples()
    first, _ = train(rows, STUB, risk=0.1)
    many = [*rows, *(Example(f"gift card number {i} balance", "gift_card", "en") for i in range(60))]
    assert train(many, STUB, settings=TrainingSettings(0.1, previous=first))[1].changed_rows == 0
    assert train([*rows, *GIFT], STUB, settings=TrainingSettings(0.05, previous=first))[1].changed_rows == 0
    gone = [row for row in rows if row.label != "out_of_scope"]
    assert train(gone, STUB, settings=TrainingSettings(0.1, previous=first))[1].changed_rows == 0
