"""What the nearest examples of an intent add to its head."""

from __future__ import annotations

import numpy as np

from rapport.understanding.logic.familiarity import Examples


def test_the_mean_of_the_nearest_examples_of_each_intent() -> None:
    vectors = np.array([[1, 0], [0, 1], [0.6, 0.8], [0.8, 0.6], [-1, 0]], np.float32)
    examples = Examples.of(vectors, np.array([0, 0, 0, 2, 0]), 4, np.arange(5))
    asked = np.array([[1, 0], [0, 1]], np.float32)
    assert (
        examples.closest(asked, 1).round(6).tolist() == np.float32([[1, 0, 0.8, 0], [1, 0, 0.6, 0]]).tolist()
    )
    assert np.allclose(examples.closest(asked, 3), [[1.6 / 3, 0, 0.8, 0], [1.8 / 3, 0, 0.6, 0]])


def test_one_text_is_read_as_a_row_of_many() -> None:
    rng = np.random.default_rng(3)
    vectors = rng.normal(size=(300, 8)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    targets = rng.integers(0, 7, 300)
    examples = Examples.of(vectors, targets, 7, np.arange(300))
    asked = vectors[:20]
    expected = [
        [np.sort(vectors[targets == intent] @ text)[-3:].mean() for intent in range(7)] for text in asked
    ]
    assert np.allclose(examples.closest(asked, 3), expected, atol=1e-6)
    assert np.allclose(examples.closest(asked[5], 3), expected[5], atol=1e-6)
