"""What a text refers to, among orders, items and variants, in six languages."""

from __future__ import annotations

import pytest

from rapport.understanding.api import resolve
from rapport.understanding.contracts import Candidate

ITEMS = [
    Candidate("headphones", "Wireless headphones", ("sluchátka", "Kopfhörer", "auriculares", "наушники", "耳机"),
              {"color": "black", "price": "79.00"}),
    Candidate("lamp", "Desk lamp", ("stolní lampa", "Schreibtischlampe", "lámpara", "лампа", "台灯"),
              {"color": "white", "price": "25.50"}),
    Candidate("bottle", "Water bottle", ("láhev na vodu", "Trinkflasche", "botella", "бутылка", "水瓶"),
              {"color": "blue", "price": "12"}),
]  # fmt: skip
SHIRTS = [
    Candidate("blue-m", "T-shirt", (), {"color": "blue", "size": "M", "price": "20"}),
    Candidate("blue-l", "T-shirt", (), {"color": "blue", "size": "L", "price": "22"}),
    Candidate("red-m", "T-shirt", (), {"color": "red", "size": "M", "price": "20"}),
]
ORDERS = [
    Candidate("#W1234567", "#W1234567 · 3 March", ("Wireless headphones", "Desk lamp")),
    Candidate("#W7654321", "#W7654321 · 9 May", ("Water bottle",)),
]
KEYBOARDS = [
    Candidate("clicky", "Mechanical keyboard", (), {"switch": "clicky", "backlight": "RGB"}),
    Candidate("linear", "Mechanical keyboard", (), {"switch": "linear", "backlight": "RGB"}),
]


@pytest.mark.parametrize(
    ("text", "language", "value"),
    [
        ("2", "en", "lamp"), ("#2", "en", "lamp"), ("the second", "en", "lamp"), ("number 3 please", "en", "bottle"),
        ("last one", "en", "bottle"), ("tu druhou", "cs", "lamp"), ("ten první", "cs", "headphones"),
        ("das zweite", "de", "lamp"), ("la segunda", "es", "lamp"), ("второй", "ru", "lamp"), ("第二个", "zh", "lamp"),
        ("最后一个", "zh", "bottle"), ("two", "en", "lamp"), ("the headphones", "en", "headphones"),
        ("headfones", "en", "headphones"), ("sluchatka", "cs", "headphones"), ("lampu", "cs", "lamp"),
        ("die Kopfhörer", "de", "headphones"), ("los auriculares", "es", "headphones"), ("лампу", "ru", "lamp"),
        ("耳机", "zh", "headphones"), ("the cheapest", "en", "bottle"), ("nejdražší", "cs", "headphones"),
        ("das billigste", "de", "bottle"), ("el más barato", "es", "bottle"), ("最贵的", "zh", "headphones"),
        ("the blue one", "en", "bottle"),
    ],
)  # fmt: skip
def test_one_item(text: str, language: str, value: str) -> None:
    found = resolve(text, ITEMS, many=False, language=language)
    assert found.values == (value,)
    assert not found.is_ambiguous


@pytest.mark.parametrize(
    ("text", "language", "values"),
    [
        ("headphones and the lamp", "en", ("headphones", "lamp")), ("all", "en", ("headphones", "lamp", "bottle")),
        ("všechno", "cs", ("headphones", "lamp", "bottle")), ("alles", "de", ("headphones", "lamp", "bottle")),
        ("todo", "es", ("headphones", "lamp", "bottle")), ("全部", "zh", ("headphones", "lamp", "bottle")),
        ("everything except the bottle", "en", ("headphones", "lamp")), ("všechno kromě lampy", "cs", ("headphones", "bottle")),
        ("alles außer der Trinkflasche", "de", ("headphones", "lamp")), ("todo menos la botella", "es", ("headphones", "lamp")),
        ("всё кроме лампы", "ru", ("headphones", "bottle")), ("除了台灯以外都要", "zh", ("headphones", "bottle")),
        ("the first and the third", "en", ("headphones", "bottle")), ("1 and 3", "en", ("headphones", "bottle")),
        ("наушники и лампу", "ru", ("headphones", "lamp")), ("耳机和台灯", "zh", ("headphones", "lamp")),
        ("none of them", "en", ()), ("the weather tomorrow", "en", ()),
    ],
)  # fmt: skip
def test_several_items(text: str, language: str, values: tuple[str, ...]) -> None:
    assert resolve(text, ITEMS, many=True, language=language).values == values


def test_facets_narrow_down_and_ambiguity_is_reported() -> None:
    assert resolve("the blue one, size M", SHIRTS, many=False, language="en").values == ("blue-m",)
    assert resolve("the cheapest blue one", SHIRTS, many=False, language="en").values == ("blue-m",)
    blue = resolve("blue", SHIRTS, many=False, language="en")
    assert blue.is_ambiguous
    assert blue.values == ("blue-m", "blue-l")
    assert not resolve("blue", SHIRTS, many=True, language="en").is_ambiguous


def test_same_but_different() -> None:
    assert resolve("same but clicky", KEYBOARDS, many=False, language="en").values == ("clicky",)


def test_orders_by_id_and_by_what_they_hold() -> None:
    assert resolve("W7654321", ORDERS, many=False, language="en").values == ("#W7654321",)
    assert resolve("it's 1234567", ORDERS, many=False, language="en").values == ("#W1234567",)
    assert resolve("the one with the water bottle", ORDERS, many=False, language="en").values == (
        "#W7654321",
    )
    assert resolve("both", ORDERS, many=True, language="en").values == ("#W1234567", "#W7654321")
    assert resolve("oboje", ORDERS, many=True, language="cs").values == ("#W1234567", "#W7654321")


def test_spans_point_at_the_words() -> None:
    found = resolve("Return the LAMP", ITEMS, many=True, language="en")
    assert found.spans == ((11, 15),)


@pytest.mark.parametrize("text", ["", " ", "\0", "😀", "9" * 5000, "x" * 100_000, "以外", "except", "第"])
def test_anything_is_answered(text: str) -> None:
    assert resolve(text, ITEMS, many=True, language="en").values == ()
    assert resolve(text, [], many=False, language="xx").values == ()
