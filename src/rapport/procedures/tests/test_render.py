"""Templates of wording."""

from typing import Any

import pytest

from rapport.procedures.logic.render import MISSING, address_line, placeholders, render


class Names:
    currency = "EUR"

    def __init__(self, language: str = "en", **values: Any) -> None:
        self.language = language
        self.values = values

    def data(self, name: str) -> Any:
        return self.values.get(name)

    def titles(self, name: str) -> str | None:
        return {"items": "Lamp and chair", "skipped": ""}.get(name)


ORDER = {
    "id": "#W1",
    "total": 1234.5,
    "currency": "USD",
    "items": [{"title": "Lamp"}],
    "paid": True,
    "n": 3.0,
}


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("no places", "no places"),
        ("{items} of {order.id}", "Lamp and chair of #W1"),
        ("{items|list}", "Lamp and chair"),
        ("{skipped}", MISSING),
        ("{order.items.0.title}", "Lamp"),
        ("{order.items.7.title}", MISSING),
        ("{order.items.title}", MISSING),
        ("{order.total|money}", "$1,234.50"),
        ("{amount|money}", "€20.00"),
        ("{order|money}", MISSING),
        ("{word|money}", MISSING),
        ("{order.nothing.at.all}", MISSING),
        ("{unknown|date}", MISSING),
        ("{word|date}", MISSING),
        ("{at|date}", "November 3, 2026"),
        ("{at|datetime}", "Nov 3, 2026 10:05"),
        ("{stamp|date}", "January 1, 1970"),
        ("{words|list}", "a, b, and c"),
        ("{words|count}", "3"),
        ("{order.paid}", "Yes"),
        ("{order.n}", "3"),
        ("{order}", "#W1"),
        ("{ order.id }", "#W1"),
        ("{address}", "Long Street 1, 60200 Brno, CZ"),
        ("{no such thing}", MISSING),
    ],
)
def test_places_are_filled(template: str, text: str) -> None:
    names = Names(
        order=ORDER,
        amount=20,
        word="soon",
        at="2026-11-03T10:05:00Z",
        stamp=0,
        words=["a", "b", "c"],
        address={"address1": "Long Street 1", "zip": "60200", "city": "Brno", "country": "CZ"},
    )
    assert render(template, names) == text


@pytest.mark.parametrize(
    ("language", "money", "day", "listed"),
    [
        ("en", "$1,234.50", "November 3, 2026", "a, b, and c"),
        ("cs", "1\xa0234,50\xa0US$", "3. listopadu 2026", "a, b a\xa0c"),
        ("de", "1.234,50\xa0$", "3. November 2026", "a, b und c"),
        ("es", "1.234,50\xa0US$", "3 de noviembre de 2026", "a, b y c"),
        ("ru", "1\xa0234,50\xa0$", "3 ноября 2026\u202fг.", "a, b и c"),
        ("zh", "US$1,234.50", "2026年11月3日", "a、b和c"),
        ("xx", "$1,234.50", "November 3, 2026", "a, b, and c"),
    ],
)
def test_money_dates_and_lists_follow_the_language(language: str, money: str, day: str, listed: str) -> None:
    names = Names(language, order=ORDER, at="2026-11-03", words=["a", "b", "c"])
    assert render("{order.total|money}", names) == money
    assert render("{at|date}", names) == day
    assert render("{words|list}", names) == listed


def test_malformed_places_are_reported() -> None:
    assert [p.problem for p in placeholders("{a.b|money} {a b} {")] == [
        "",
        "{a b} must be {path} or {path|filter}",
        "a brace { or } has no partner",
    ]
    assert [(p.path, p.filter) for p in placeholders("{a.0.b|money} {c}")] == [
        ("a.0.b", "money"),
        ("c", None),
    ]


def test_an_address_stands_on_one_line() -> None:
    assert address_line(
        {"address1": "A 1", "address2": "2B", "city": "Brno", "zip": "1", "country": "CZ"}
    ) == ("A 1, 2B, 1 Brno, CZ")
    assert address_line({}) == ""
