"""Products and variants named in messages of six languages."""

from __future__ import annotations

import pytest

from rapport.understanding.contracts import Candidate
from rapport.understanding.logic.mentions import Catalogue
from rapport.understanding.logic.references import resolve

SHIRT = ("tričko Basic", "Camiseta Basic", "футболка Basic")
CANDIDATES = (
    Candidate("blue-m", "T-shirt Basic", SHIRT, {"color": "blue", "size": "M"}),
    Candidate("red-m", "T-shirt Basic", SHIRT, {"color": "red", "size": "M"}),
    Candidate("blue-l", "T-shirt Basic", SHIRT, {"color": "blue", "size": "L"}),
    Candidate("lamp", "Desk lamp", ("stolní lampa", "Schreibtischlampe", "lámpara de escritorio", "настольная лампа", "台灯")),
    Candidate("mug", "Coffee mug", ("hrnek na kávu", "Kaffeetasse", "taza de café", "кружка для кофе", "咖啡杯")),
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "language", "values"),
    [
        ("I want the blue T-shirt basic in size M", "en", [["blue-m"]]),
        ("chci to modré tricko basic", "cs", [["blue-m", "blue-l"]]),
        ("rozbila se mi stolni lampu a hrnek na kavu", "cs", [["lamp"], ["mug"]]),
        ("meine Schreibtischlape ist kaputt", "de", [["lamp"]]),
        ("la lampara de escritorio", "es", [["lamp"]]),
        ("верните настольную лампу", "ru", [["lamp"]]),
        ("我的台灯坏了", "zh", [["lamp"]]),
        ("where is my order", "en", []),
        ("", "en", []),
    ],
)
def test_what_is_named(text: str, language: str, values: list[list[str]]) -> None:
    found = Catalogue.of(CANDIDATES, language).find(text)
    assert [entity.value for entity in found] == values
    for entity in found:
        assert text[entity.start : entity.end] == entity.text


@pytest.mark.parametrize(
    ("text", "language", "value"),
    [
        ("to červené", "cs", "red-m"), ("das blaue in groß", "de", "blue-l"), ("la azul mediana", "es", "blue-m"),
        ("красную", "ru", "red-m"), ("红色的", "zh", "red-m"), ("the big one", "en", "blue-l"), ("cervenou", "cs", "red-m"),
    ],
)  # fmt: skip
def test_colours_and_sizes_are_told_in_any_language(text: str, language: str, value: str) -> None:
    found = resolve(text, CANDIDATES[:3], many=False, language=language)
    assert found.values == (value,)
    assert not found.is_ambiguous
