"""Products and variants a customer names are found among what the connected shop offers, in any wording."""

from __future__ import annotations

import pytest

from rapport.assistant.reading import EngineReader
from rapport.procedures.contracts import Option
from rapport.understanding.untrained import WaitingEngine

SHIRT, LAMP = "T-shirt, {}, {}", "Desk Lamp, brass"
OFFERED = (
    Option("v1", SHIRT.format("blue", "M"), attributes={"color": "blue", "size": "M"}),
    Option("v2", SHIRT.format("blue", "L"), attributes={"color": "blue", "size": "L"}),
    Option("v3", SHIRT.format("red", "M"), attributes={"color": "red", "size": "M"}),
    Option("v4", "Wireless Headphones, black", aliases=("sluchátka", "Kopfhörer")),
    Option("v5", LAMP, aliases=("Schreibtischlampe", "stolní lampa")),
)


@pytest.mark.parametrize(
    ("text", "language", "wanted"),
    [
        ("the blue one, size M", "en", "v1"),
        ("die blaue in L", "de", "v2"),
        ("la camiseta roja", "es", "v3"),
        ("蓝色 M码", "zh", "v1"),
        ("the wireles headphnes please", "en", "v4"),
        ("sluchatka", "cs", "v4"),
        ("Schreibtisch lampe", "de", "v5"),
    ],
)
def test_one_mention_is_one_variant(tmp_path, text: str, language: str, wanted: str) -> None:
    found, is_ambiguous = EngineReader(WaitingEngine(tmp_path, None), language).resolve(
        text, OFFERED, many=False
    )
    assert ([option.value for option in found], is_ambiguous) == ([wanted], False)


def test_what_fits_several_is_asked_about(tmp_path) -> None:
    found, is_ambiguous = EngineReader(WaitingEngine(tmp_path, None), "en").resolve(
        "the blue shirt", OFFERED, many=False
    )
    assert is_ambiguous
    assert {option.value for option in found} == {"v1", "v2"}


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("do 80 eur", 80.0),
        ("bis 80 Euro", 80.0),
        ("2 of them, up to 80 euros", 80.0),
        ("hasta 1.200,50 euros", 1200.5),
        ("не дороже 1 200 евро", 1200.0),
        ("80欧元以内", 80.0),
        ("bis zu hundert Euro", 100.0),
        ("about 80", 80.0),
        ("no idea", None),
    ],
)
def test_a_sum_is_read_in_the_customers_words(tmp_path, text: str, amount: float | None) -> None:
    assert EngineReader(WaitingEngine(tmp_path, None), "en").number(text) == amount
