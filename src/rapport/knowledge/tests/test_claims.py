"""Figures with their units, names and limits, in six languages."""

from __future__ import annotations

import pytest

from rapport.knowledge.logic.claims import figures_of, limits_of, names_of


@pytest.mark.parametrize(
    ("language", "text", "figures"),
    [
        ("en", "€4.90, EUR 4.90 and 4.90 euros", ["4.90 EUR", "4.90 EUR", "4.90 EUR"]),
        ("en", "within two weeks, 7 business days or 24 hours", ["2 week", "7 business day", "24 hour"]),
        ("en", "1,500 points, 1 500 points, 0.5 m", ["1500", "1500", "0.5"]),
        ("en", "15 % off, free of charge", ["15 %", "free"]),
        ("en", "from 8:30 to 18:00 on 2026-11-01", ["8", "30", "18", "0", "2026", "11", "1"]),
        ("cs", "4,90 €, do 3 pracovních dnů, dva roky", ["4.90 EUR", "3 business day", "2 year"]),
        (
            "de",
            "12,90 Euro, innerhalb von 2 Werktagen, drei Jahre",
            ["12.90 EUR", "2 business day", "3 year"],
        ),
        ("es", "60 euros, 5 días laborables, gratis", ["60 EUR", "5 business day", "free"]),
        ("ru", "4,90 евро, 5 рабочих дней, два года", ["4.90 EUR", "5 business day", "2 year"]),
        (
            "zh",
            "4.90 欧元，5 个工作日内，在24小时内，三年",
            ["4.90 EUR", "5 business day", "24 hour", "3 year"],
        ),
        ("en", "code AB12 has no figure", []),
    ],
)
def test_figures(language: str, text: str, figures: list[str]) -> None:
    assert [str(figure) for figure in figures_of(text, language)] == figures


@pytest.mark.parametrize(
    ("language", "text", "limits"),
    [
        ("en", "You can return it.", set()),
        ("en", "You can't return it unless it is sealed.", {"negation", "except"}),
        (
            "en",
            "Only if you ask, up to 5 kg, but never more than that",
            {"only", "if", "at_most", "contrast", "negation", "at_least"},
        ),
        ("cs", "Nelze vrátit, pokud nemáte účtenku.", {"negation", "if"}),
        ("cs", "Máte-li kartu, musíte ji zadat.", {"if", "must"}),
        ("cs", "Nejrychlejší služba nebo někdo jiný", set()),
        ("de", "Nur wenn Sie wollen, außer in Spanien", {"only", "if", "except"}),
        ("de", "Ist die Karte hinterlegt, erinnern wir Sie.", {"if"}),
        ("de", "Ist die Karte hinterlegt?", set()),
        ("es", "No se puede, salvo en España", {"negation", "except"}),
        ("ru", "Только если заказ не отправлен", {"only", "if", "negation"}),
        ("ru", "Необходимо несколько недель", {"must"}),
        ("zh", "如果未发货，仅可取消一次", {"if", "negation", "only"}),
    ],
)
def test_limits(language: str, text: str, limits: set[str]) -> None:
    assert limits_of(text, language) == limits


def test_names() -> None:
    text = "Open **My orders → Return**, write to help@lumenandoak.example, code **E27**, see https://a.example/x."
    assert names_of(text) == {
        "my orders",
        "return",
        "help@lumenandoak.example",
        "e27",
        "https://a.example/x",
    }
