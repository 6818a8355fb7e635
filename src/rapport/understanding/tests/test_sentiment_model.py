"""The sentiment model: learns, works with readers missing, survives storage; its evaluation reads labels."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from rapport.understanding.encoders import Panel
from rapport.understanding.evaluation.name_swaps import name_swaps
from rapport.understanding.evaluation.rows import BadRows
from rapport.understanding.evaluation.sentiment import evaluate_sentiment, read_labelled
from rapport.understanding.lexicons import load_polarity
from rapport.understanding.logic.sentiment_cues import CUES, cue_row
from rapport.understanding.sentiment_encoders import encode_served, without_addressees
from rapport.understanding.sentiment_model import (
    LEAST_ROWS,
    SentimentModel,
    from_arrays,
    to_arrays,
    train_sentiment_model,
    train_shipped,
)
from rapport.understanding.tests.stub_encoder import StubEncoder

_GOOD = [f"lamp {n} is lovely and works, thank you" for n in range(LEAST_ROWS // 2)]
_BAD = [f"lamp {n} arrived broken and late, I am angry" for n in range(LEAST_ROWS // 2)]


@pytest.fixture(scope="module")
def model() -> SentimentModel:
    texts = [*_GOOD, *_BAD]
    encoded = encode_served(Panel.of(StubEncoder()), texts, ["en"] * len(texts))
    labels = ["positive"] * len(_GOOD) + ["negative"] * len(_BAD)
    return train_sentiment_model(texts, labels, encoded, order=("negative", "positive"))


@pytest.mark.parametrize("has_vector", [True, False])
@pytest.mark.parametrize("knows_language", [True, False])
def test_every_set_of_readers_gives_probabilities(
    model: SentimentModel, has_vector: bool, knows_language: bool
) -> None:
    text = "the chair is lovely, thank you"
    vectors = {"e5": StubEncoder().queries([text])[0]} if has_vector else {}
    shares = model.shares(text, vectors, knows_language=knows_language)
    assert float(shares.sum()) == pytest.approx(1, abs=1e-5)
    assert shares[1] > 0.5


def test_an_unknown_encoder_is_left_out(model: SentimentModel) -> None:
    assert model.encoders == {"e5"}
    assert model.shares("hello", {"other": np.ones(3, np.float32)}).shape == (2,)


def test_storage_keeps_what_it_says(model: SentimentModel) -> None:
    arrays = to_arrays(model)
    assert all(value.dtype.kind in "fiuU" for value in arrays.values())
    again = from_arrays(arrays)
    texts = ["lamp 7 is lovely", "it arrived broken", ""]
    assert again.scores(texts, {}) == pytest.approx(model.scores(texts, {}), abs=0.01)


def test_the_shipped_sentences_teach_five_levels_without_an_encoder() -> None:
    shipped = train_shipped(Panel.of(None))
    best, worst = (
        shipped.shares(text, {}) for text in ("Fantastic, I love it!", "terrible scam, I am furious")
    )
    worth = np.linspace(-1, 1, 5)
    assert float(best @ worth) > 0.3
    assert float(worst @ worth) < -0.3


@pytest.mark.parametrize(
    ("text", "cue", "sign"),
    [
        ("a very good lamp", "balance", 1), ("not good at all", "turned_good", 1), ("j'aime bien", "good", 1),
        ("schrecklich langsam", "balance", -1), ("很难吃", "bad", 1), ("nefunguje to", "bad", 1),
        ("muy buen servicio", "balance", 1), ("ужасное качество", "balance", -1), ("ok 😡", "sad_emoji", 1),
    ],
)  # fmt: skip
def test_cues_are_seen(text: str, cue: str, sign: int) -> None:
    assert np.sign(cue_row(text, load_polarity())[CUES.index(cue)]) == sign


@pytest.mark.parametrize("text", ["", "\0", "a", "🙂" * 500, "x" * 100_000, "�" * 50])
def test_any_text_has_finite_cues(text: str) -> None:
    assert np.isfinite(cue_row(text, load_polarity())).all()


def test_whom_a_text_addresses_is_not_read() -> None:
    assert without_addressees("@shop see https://x.example/1 it broke") == "see   it broke"


def _file(path: Path, labels: list[object]) -> Path:
    rows = ({"text": f"text number {n}", "label": label, "lang": "en"} for n, label in enumerate(labels))
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return path


@pytest.mark.parametrize(
    ("labels", "read"),
    [
        ([0, 1, 2], ["negative", "neutral", "positive"]),
        ([-1, 0, 1], ["negative", "neutral", "positive"]),
        ([0, 1], ["negative", "positive"]),
        (["very_negative", "Neutral", "very_positive"], ["negative", "neutral", "positive"]),
    ],
)
def test_labels_have_one_meaning(labels: list[object], read: list[str], tmp_path: Path) -> None:
    gold, _ = read_labelled(_file(tmp_path / "test.jsonl", labels), None)
    assert [row.label for row in gold] == read


def test_an_unknown_label_names_its_line(tmp_path: Path) -> None:
    with pytest.raises(BadRows) as refused:
        read_labelled(_file(tmp_path / "test.jsonl", ["positive", "so-so"]), None)
    assert "line 2" in str(refused.value.__dict__)


def test_the_report_has_its_figures(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    rows = [*((text, "positive") for text in _GOOD[:30]), *((text, "negative") for text in _BAD[:30])]
    path.write_text(
        "".join(json.dumps({"text": t, "label": y, "lang": "en"}) + "\n" for t, y in rows), "utf-8"
    )
    report = evaluate_sentiment(path, path, Panel.of(None))
    assert (report["accuracy"], report["macro_f1"], report["rows"]) == (1.0, 1.0, 60)
    assert report["per_language"]["en"]["rows"] == 60
    assert report["adapted_languages"] == []
    assert set(report["ms_per_message"]) == {"p50", "p95", "without_encoders"}


def test_a_reading_that_ignores_names_does_not_move() -> None:
    swaps = name_swaps(lambda texts: [float("furious" in text) for text in texts])
    assert swaps["plain"] == {"max_difference": 0.0, "mean_difference": 0.0, "max_group_difference": 0.0}


def test_a_reading_that_likes_a_name_is_caught() -> None:
    swaps = name_swaps(lambda texts: [float("Jamal" in text) for text in texts])
    assert swaps["plain"]["max_difference"] == 1.0
    assert swaps["plain"]["max_group_difference"] > 0.3
