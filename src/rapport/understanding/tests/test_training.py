"""Training, storing, switching: with a stub encoder and with none."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from rapport.understanding import swapping
from rapport.understanding.api import (
    DiskCachedEncoder,
    EncoderMismatch,
    NoModel,
    TrainingDataTooSmall,
    activate,
    check_examples,
    load_engine,
    load_model,
    train,
)
from rapport.understanding.contracts import Context, Example
from rapport.understanding.encoders import Panel, Reading
from rapport.understanding.engine import EmbeddedEngine
from rapport.understanding.storage import save
from rapport.understanding.tests.stub_encoder import StubEncoder, examples


@pytest.mark.parametrize("encoder", [None, StubEncoder()])
def test_a_model_learns_calibrates_and_survives_storage(encoder: StubEncoder | None, tmp_path: Path) -> None:
    model, report = train(examples(), encoder, risk=0.1)
    assert report.rows == 60
    assert report.labels == ("order_status", "out_of_scope", "return_items")
    assert report.accuracy > 0.8
    assert report.error_rate <= 0.1
    save(model, tmp_path)
    again = load_model(tmp_path)
    assert again.report == report
    panel = Panel.of(encoder)
    before, after = (
        made.predict(Reading(panel, "where is my parcel", "en"), panel) for made in (model, again)
    )
    assert after.intents[0].name == before.intents[0].name == "order_status"
    assert after.intents[0].probability == pytest.approx(before.intents[0].probability, abs=0.01)
    assert sum(score.probability for score in after.intents) == pytest.approx(1, abs=1e-4)


def test_model_files_hold_numbers_and_text_only(tmp_path: Path) -> None:
    model, report = train(examples(), None)
    save(model, tmp_path)
    with np.load(tmp_path / f"{report.version}.npz", allow_pickle=False) as stored:
        assert all(stored[name].dtype.kind in "fiuU" for name in stored.files)
    assert json.loads((tmp_path / "current.json").read_text())["version"] == report.version
    assert not list(tmp_path.glob(".*"))


def test_too_little_data_is_refused() -> None:
    with pytest.raises(TrainingDataTooSmall):
        train([Example("where is it", "order_status"), Example("hm", "small_talk")], None)


def test_data_quality_is_reported() -> None:
    rows, problems = check_examples(
        [
            Example("Return it", "return_items"),
            Example("return it!", "return_items"),
            Example("return it", "cancel_order"),
            Example("  ", "cancel_order"),
        ]
    )
    assert [row.label for row in rows] == ["return_items", "cancel_order"]
    assert [problem.split(":")[0] for problem in problems] == [
        "contradiction",
        "too_few",
        "too_few",
        "empty",
        "duplicate",
    ]


def test_little_data_says_that_its_promise_is_an_estimate() -> None:
    _, report = train(examples()[:20] + examples()[-20:], None, risk=0.01)
    assert any(problem.startswith("promise:") for problem in report.problems)


def test_a_running_engine_follows_the_model_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(swapping, "_LOOK_EVERY_S", 0.0)
    first, _ = train(examples(), None)
    save(first, tmp_path)
    engine = load_engine(tmp_path)
    assert engine.understand("hm", Context()).model.version == first.version
    second, _ = train(examples()[:-5], None)
    save(second, tmp_path)
    assert engine.understand("hm", Context()).model.version == second.version
    activate(tmp_path, first.version)
    assert engine.understand("hm", Context()).model.version == first.version


def test_without_a_model_the_error_says_so(tmp_path: Path) -> None:
    with pytest.raises(NoModel):
        load_engine(tmp_path)
    with pytest.raises(NoModel):
        activate(tmp_path, "20260101000000-aaaaaaaa")


def test_another_encoder_than_the_one_trained_with_is_refused() -> None:
    model, _ = train(examples(), StubEncoder())
    other = StubEncoder()
    other.id = "other/64"
    with pytest.raises(EncoderMismatch):
        EmbeddedEngine(model, other)


def test_a_missing_encoder_leaves_words_and_says_what_is_lost() -> None:
    model, _ = train(examples(), StubEncoder(), risk=0.2)
    engine = EmbeddedEngine(model, None)
    read = engine.understand("where is my parcel", Context())
    assert read.segments[0].intents[0].name == "order_status"
    assert engine.missing == ("stub/64",)


def test_reasons_are_near_examples_and_the_words_that_pulled() -> None:
    stub = StubEncoder()
    model, _ = train(examples(), stub)
    found = EmbeddedEngine(model, stub).explain("please track my parcel")
    assert found is not None
    assert found.intent == "order_status"
    assert found.examples[0].text == "track my parcel please"
    assert found.examples[0].label == "order_status"
    pulls = {word.text: word.weight for word in found.words}
    assert max(pulls, key=lambda word: pulls[word]) in ("track", "parcel")


def test_vectors_are_kept_on_disk(tmp_path: Path) -> None:
    stub, path = StubEncoder(), tmp_path / "cache" / "vectors.npz"
    first = DiskCachedEncoder(stub, path).queries(["one", "two", "one"])
    assert stub.encoded == ["one", "two"]
    again = DiskCachedEncoder(stub, path).queries(["two", "one", "three"])
    assert stub.encoded == ["one", "two", "three"]
    assert np.array_equal(again[:2], first[[1, 0]])


def test_two_processes_that_keep_vectors_in_one_file_lose_none(tmp_path: Path) -> None:
    stub, path = StubEncoder(), tmp_path / "kept.npz"
    one, other = DiskCachedEncoder(stub, path), DiskCachedEncoder(stub, path)
    one.queries(["one", "two"])
    other.queries(["three", "four"])
    DiskCachedEncoder(stub, path).queries(["one", "two", "three", "four"])
    assert stub.encoded == ["one", "two", "three", "four"]
