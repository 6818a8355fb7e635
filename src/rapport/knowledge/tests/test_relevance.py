"""Calibration and the space of articles."""

from __future__ import annotations

import numpy as np
import pytest

from rapport.knowledge.logic import space as space_module
from rapport.knowledge.logic.overlap import overlaps, rarity, weigh
from rapport.knowledge.logic.relevance import Relevance, choose_floor, features_of, fit_logistic
from rapport.knowledge.logic.space import fit_space, unit


def test_logistic_regression_recovers_known_weights() -> None:
    random = np.random.default_rng(7)
    data = random.normal(size=(20_000, 2)).astype(np.float32)
    chance = 1 / (1 + np.exp(-(2 * data[:, 0] - 1 * data[:, 1] + 0.5)))
    weights, intercept = fit_logistic(data, random.random(20_000) < chance, l2=1e-6)
    assert np.allclose(
        [*weights, intercept], [2, -1, 0.5], atol=0.08
    )  # two standard errors at this sample size


def test_a_constant_feature_gets_no_weight() -> None:
    data = np.array([[0, 1], [0, 2], [0, 3], [0, 4]], np.float32)
    weights, _ = fit_logistic(data, np.array([False, False, True, True]))
    assert weights[0] == 0
    assert weights[1] > 0


def test_the_floor_keeps_the_promise_and_shows_ties_together() -> None:
    chances = np.array([0.9] * 30 + [0.5] * 20 + [0.1] * 10, np.float32)
    fine = np.array([True] * 30 + [True] * 15 + [False] * 5 + [False] * 10)
    assert choose_floor(chances, fine, risk=0.05) == pytest.approx(0.9)
    assert choose_floor(chances, fine, risk=0.12) == pytest.approx(0.5)
    assert choose_floor(chances, fine, risk=0.001) == 1.01


def test_margin_is_the_lead_over_the_best_other() -> None:
    semantic, lexical = np.array([3.0, 1.0, 2.0], np.float32), np.zeros(3, np.float32)
    assert features_of(semantic, lexical, 0.0, [0, 2])[:, 1].tolist() == [1.0, -1.0]


def test_relevance_survives_json() -> None:
    relevance = Relevance(0.1, 0.2, (1.0, 2.0, 3.0, 4.0), -1.0, 0.5)
    assert Relevance.from_json(relevance.to_json()) == relevance


def test_rare_words_weigh_more_and_unknown_words_count_against() -> None:
    weights = weigh(["common", "rare", "unknown"], {"common": 9, "rare": 1}, 10)
    assert weights["rare"] > weights["common"] > 0
    found = overlaps(weights, [(0, ["common", "rare"]), (1, ["common"])], 3)
    assert 2 > found[0] > found[1] > found[2] == 0
    assert rarity(1, 10) == pytest.approx(1.992, abs=0.001)  # ln(1 + 9.5 / 1.5)


def _clusters() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    random = np.random.default_rng(3)
    centres = random.normal(size=(5, 16))
    vectors = unit(np.repeat(centres, 40, axis=0) + 0.3 * random.normal(size=(200, 16))).astype(np.float32)
    return vectors, np.arange(200) % 2 == 0, np.repeat(np.arange(5), 40)


def test_a_text_is_nearest_to_its_own_article() -> None:
    vectors, is_question, owners = _clusters()
    space = fit_space(vectors, is_question, owners, 6)
    placed = space.place(vectors[is_question])
    assert [int(space.nearness(row).argmax()) for row in placed] == owners[is_question].tolist()
    assert space.nearness(placed[0])[5] == 0


def test_one_bit_codes_choose_the_same_article(monkeypatch: pytest.MonkeyPatch) -> None:
    vectors, is_question, owners = _clusters()
    exact = fit_space(vectors, is_question, owners, 5)
    monkeypatch.setattr(space_module, "LARGE", 100)
    monkeypatch.setattr(space_module, "RESCORED", 60)
    coded = fit_space(vectors, is_question, owners, 5)
    assert coded.codes is not None
    placed = exact.place(vectors[::7])
    assert [int(coded.nearness(p).argmax()) for p in placed] == [
        int(exact.nearness(p).argmax()) for p in placed
    ]
