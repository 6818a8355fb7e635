"""Values in texts of six languages, each with its place."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from rapport.understanding.contracts import Context
from rapport.understanding.entities import find_entities

SATURDAY = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)


def values(text: str, language: str = "en", **context: Any) -> list[tuple[str, Any]]:
    found = find_entities(text, Context(now=SATURDAY, **context), language)
    for entity in found:
        assert text[entity.start : entity.end] == entity.text
    return [(entity.kind, entity.value) for entity in found]


@pytest.mark.parametrize(
    "text",
    ["order #W1234567", "w1234567", "W 1234567", "order 1234567", "objednávka č. 1234567", "Bestellung Nr. 1234567",
     "pedido n.º 1234567", "заказ № 1234567", "订单号1234567", "my order number is: W1234567"],
)  # fmt: skip
def test_order_ids_take_one_form(text: str) -> None:
    assert values(text) == [("order_id", "#W1234567")]


def test_a_bare_number_is_an_order_only_when_one_is_asked_for() -> None:
    assert values("1234567") == []
    assert values("1234567", expects="shop.order") == [("order_id", "#W1234567")]


def test_mail_phone_and_code() -> None:
    assert values("Write to Jana.Nova+x@Example.COM") == [("email", "jana.nova+x@example.com")]
    assert values("volejte 777 123 456", "cs", country="CZ") == [("phone", "+420777123456")]
    assert values("my code is 123456") == [("code", "123456")]
    assert values("123 456", expects="code") == [("code", "123456")]
    assert values("邮编 100022", "zh") == [("postal_code", "100022")]


@pytest.mark.parametrize(
    ("text", "amount", "currency"),
    [("$1,299.50", "1299.50", "USD"), ("1 299,50 Kč", "1299.50", "CZK"), ("20 €", "20", "EUR"), ("500 руб.", "500", "RUB"),
     ("99元", "99", "CNY"), ("1.000 euros", "1000", "EUR")],
)  # fmt: skip
def test_money(text: str, amount: str, currency: str) -> None:
    assert values(text) == [("money", {"amount": amount, "currency": currency})]


@pytest.mark.parametrize(
    ("text", "language", "day"),
    [
        ("on 2026-12-24", "en", "2026-12-24"), ("24.12.", "cs", "2026-12-24"), ("24. prosince 2026", "cs", "2026-12-24"),
        ("am 3. Dezember", "de", "2026-12-03"), ("el 5 de enero", "es", "2027-01-05"), ("5 января", "ru", "2027-01-05"),
        ("12月24日", "zh", "2026-12-24"), ("December 24", "en", "2026-12-24"), ("12/24/2026", "en", "2026-12-24"),
        ("24/12/2026", "es", "2026-12-24"), ("tomorrow", "en", "2026-11-22"), ("včera", "cs", "2026-11-20"),
        ("übermorgen", "de", "2026-11-23"), ("mañana", "es", "2026-11-22"), ("позавчера", "ru", "2026-11-19"),
        ("明天", "zh", "2026-11-22"), ("on Monday", "en", "2026-11-23"), ("last Monday", "en", "2026-11-16"),
        ("星期五", "zh", "2026-11-27"), ("3 days ago", "en", "2026-11-18"), ("před 2 týdny", "cs", "2026-11-07"),
        ("через 5 дней", "ru", "2026-11-26"), ("3天前", "zh", "2026-11-18"),
    ],
)  # fmt: skip
def test_dates(text: str, language: str, day: str) -> None:
    assert values(text, language) == [("date", day)]


def test_quantities_and_several_things_at_once() -> None:
    found = values("2x lamp from W1234567 for $20, ordered yesterday")
    assert found == [
        ("quantity", 2),
        ("order_id", "#W1234567"),
        ("money", {"amount": "20", "currency": "USD"}),
        ("date", "2026-11-20"),
    ]


def test_an_impossible_date_is_no_date() -> None:
    assert values("2026-13-45") == []
