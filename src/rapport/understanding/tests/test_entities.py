"""Values in texts of six languages, each with its place."""

from __future__ import annotations

import datetime as dt
import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rapport.understanding.contracts import Context
from rapport.understanding.entities import find_entities
from rapport.understanding.evaluation.entities import evaluate_entities
from rapport.understanding.evaluation.rows import BadRows

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


@pytest.mark.parametrize(
    ("text", "language", "kind", "value"),
    [
        ("from Monday to Wednesday", "en", "period", "2026-11-23/2026-11-25"),
        ("entre el 3 y el 5 de mayo", "es", "period", "2027-05-03/2027-05-05"),
        ("od 20. do 27. prosince", "cs", "period", "2026-12-20/2026-12-27"),
        ("letzte Woche", "de", "period", "2026-11-09/2026-11-15"),
        ("последние 30 дней", "ru", "period", "2026-10-22/2026-11-21"),
        ("上个月", "zh", "period", "2026-10-01/2026-10-31"),
        ("next weekend", "en", "period", "2026-11-28/2026-11-29"),
        ("last year", "en", "period", "2025-01-01/2025-12-31"),
        ("in zwei Wochen", "de", "date", "2026-12-05"),
        ("před týdnem", "cs", "date", "2026-11-14"),
        ("上周五", "zh", "date", "2026-11-13"),
        ("vor einem Monat", "de", "date", "2026-10-21"),
        ("half past nine", "en", "time", "09:30"),
        ("halb neun", "de", "time", "08:30"),
        ("5 de la tarde", "es", "time", "17:00"),
        ("下午三点半", "zh", "time", "15:30"),
        ("12 am", "en", "time", "00:00"),
        ("I ordered two lamps", "en", "quantity", 2),
        ("a dozen of them", "en", "quantity", 12),
        ("两双", "zh", "quantity", 2),
        ("two hundred and fifty euros", "en", "money", {"amount": "250", "currency": "EUR"}),
        ("1.299,- Kč", "cs", "money", {"amount": "1299", "currency": "CZK"}),
        ("CHF 20", "de", "money", {"amount": "20", "currency": "CHF"}),
        ("my name is Anna Novak", "en", "name", "Anna Novak"),
        ("Viele Grüße\nKarl Weber", "de", "name", "Karl Weber"),
        ("我叫李明", "zh", "name", "李明"),
        ("es llegó dañado", "es", "reason", "damaged"),
        ("я передумал", "ru", "reason", "no_longer_needed"),
        ("not the red one, the blue one", "en", "correction", {"not": "the red one", "but": "the blue one"}),
        ("Nein, die andere Bestellung", "de", "correction", {"not": "", "but": "die andere Bestellung"}),
        ("order number AB-100234", "en", "order_id", "AB-100234"),
    ],
)
def test_one_value(text: str, language: str, kind: str, value: Any) -> None:
    assert (kind, value) in values(text, language)


@pytest.mark.parametrize(
    ("text", "country", "city"),
    [
        ("Send it to 500 Oak Avenue, Apt 4, Denver, CO 80202", "US", "Denver"),
        ("poslat na Dlouhá 12, 110 00 Praha 1", "CZ", "Praha 1"),
        ("an die Hauptstraße 5, 10115 Berlin bitte", "DE", "Berlin"),
        ("a Calle Mayor 3, 28013 Madrid", "ES", "Madrid"),
        ("адрес: г. Москва, ул. Ленина, д. 5, кв. 10", "RU", "Москва"),
        ("寄到北京市朝阳区建国路88号", "CN", "北京市"),
    ],
)
def test_addresses_with_their_parts(text: str, country: str, city: str) -> None:
    found = dict(values(text, country=country))["address"]
    assert found["city"] == city


@pytest.mark.parametrize(
    "text",
    [
        "I may come", "a few days ago", "the last weeks were hard", "page 3 of the manual", "call me later", "I am not happy, but fine",
        "2024 was fine", "the screw is loose", "size 42 shoes", "an item",
    ],
)  # fmt: skip
def test_nothing_is_read_into_ordinary_words(text: str) -> None:
    assert values(text) == []


@settings(max_examples=150)
@given(st.text(max_size=300), st.sampled_from(("en", "cs", "de", "es", "ru", "zh")))
def test_any_text_gives_spans_in_order_without_overlap(text: str, language: str) -> None:
    found = find_entities(text, Context(now=SATURDAY), language)
    for entity in found:
        assert text[entity.start : entity.end] == entity.text
    for first, second in pairwise(found):
        assert first.end <= second.start


def test_evaluation_of_spans_and_values(tmp_path: Path) -> None:
    rows = [
        {"text": "it cost $20", "entities": [{"kind": "amount", "start": 8, "end": 11, "value": "20 USD"}]},
        {"text": "I come tomorrow", "entities": [{"kind": "date", "start": 7, "end": 15, "value": "2026-11-23"}], "now": "2026-11-21"},
        {"text": "hello", "entities": []},
    ]  # fmt: skip
    file = tmp_path / "rows.jsonl"
    file.write_text("\n".join(json.dumps(row) for row in rows))
    report = evaluate_entities(file)
    assert report["span"]["micro_f1"] == 1.0
    assert report["value"]["per_kind"]["date"] == {"gold": 1, "precision": 0.0, "recall": 0.0, "f1": 0.0}
    assert report["value"]["per_kind"]["money"]["f1"] == 1.0
    file.write_text('{"text": "x", "entities": [{"kind": "planet", "start": 0, "end": 1}]}')
    with pytest.raises(BadRows) as problem:
        evaluate_entities(file)
    assert problem.value.facts["problems"] == ["line 1: unknown kind 'planet'"]
