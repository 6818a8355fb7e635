"""The one sum of money in a text."""

from __future__ import annotations

import pytest

from rapport.understanding.api import read_only_amount


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("a lamp up to 80 euros", 80.0),
        ("eine Lampe bis 79,90 €", 79.9),
        ("lampu do 2000 Kč", 2000.0),
        ("una lámpara por menos de 80 euros", 80.0),
        ("лампу до 5000 рублей", 5000.0),
        ("300元以下的台灯", 300.0),
        ("80 € or so, 80 euros at most", 80.0),
        ("between 50 and 80 euros, or 90 euros", None),
        ("2 lamps of order 10023", None),
        ("", None),
    ],
)
def test_the_only_sum(text: str, amount: float | None) -> None:
    assert read_only_amount(text) == amount
