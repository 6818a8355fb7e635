"""MiniLM's mean weighs rare words more."""

from __future__ import annotations

import numpy as np
import pytest

from rapport.understanding.encoders.minilm import MiniLmEncoder, surprisal
from rapport.understanding.encoders.panel import load_panel


def test_marks_weigh_least_and_rare_words_most() -> None:
    start, comma, the, card, rare = surprisal(np.array([101, 1010, 1996, 4003, 28_000]))
    assert start == comma == the == pytest.approx(np.log(10))
    assert the < card < rare == pytest.approx(np.log(26_014))


@pytest.mark.skipif("minilm" not in load_panel().names, reason="its packages are not installed")
def test_a_question_about_the_same_thing_is_nearer_than_one_with_the_same_small_words() -> None:
    texts = ["how do I activate my card", "card activation", "how do I close my account"]

    def margin(encoder: MiniLmEncoder) -> float:
        question, same, other = encoder.queries(texts)
        assert float(question @ question) == pytest.approx(1, abs=1e-5)
        return float(question @ same - question @ other)

    weighted, plain = MiniLmEncoder(), MiniLmEncoder(is_weighted=False)
    assert margin(weighted) > margin(plain) > 0
    assert weighted.id != plain.id
