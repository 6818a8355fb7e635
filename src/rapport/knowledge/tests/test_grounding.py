"""The check of a rewrite: what it finds, and what it lets through."""

from __future__ import annotations

import pytest

from rapport.knowledge.logic.grounding import check_grounding, missing_figures

SOURCE = """You can return delivered goods within 30 days.

Open **My orders → Return** and print the label. The label is valid for 14 days.

Opened goods are refunded only if the seal is intact. We do not pay for other carriers. Write to help@shop.example."""


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("Return delivered goods within 30 days. Open My orders → Return and print the label.", []),
        ("You can return delivered goods within 60 days.", [("figure", "60 day")]),
        ("You can return delivered goods within 30 business days.", [("figure", "30 business day")]),
        ("You can return delivered goods within 30 days, free.", [("figure", "free")]),
        ("Open **My orders → Exchange** and print the label.", [("name", "exchange")]),
        ("Write to sales@shop.example.", [("name", "sales@shop.example")]),
        ("You cannot return delivered goods within 30 days.", [("limit_added", "negation")]),
        ("Opened goods are refunded.", [("limit_dropped", "only"), ("limit_dropped", "if")]),
        ("Opened goods are refunded. But only if the seal is intact.", []),
        ("We pay for other carriers.", [("limit_dropped", "negation")]),
        ("Our friendly technicians install televisions everywhere.", [("unsupported", "")]),
    ],
)
def test_what_is_found(text: str, problems: list[tuple[str, str]]) -> None:
    found = check_grounding(text, SOURCE, "en")
    assert [(p.kind, p.what) for p in found.problems] == problems
    assert found.is_grounded is not bool(problems)


@pytest.mark.parametrize(
    ("language", "source", "good", "bad", "kind"),
    [
        (
            "cs",
            "Zboží vrátíte do 30 dnů. Kartu nelze vyplatit.",
            "Zboží vrátíte do 30 dnů.",
            "Kartu lze vyplatit.",
            "unsupported",
        ),
        (
            "de",
            "Die Karte gilt 3 Jahre. Sie kann nicht verlängert werden.",
            "Die Karte gilt 3 Jahre.",
            "Die Karte gilt 5 Jahre.",
            "figure",
        ),
        (
            "es",
            "La tarjeta vale 3 años. No se puede prorrogar.",
            "No se puede prorrogar.",
            "Se puede prorrogar.",
            "limit_dropped",
        ),
        (
            "ru",
            "Карта действует 3 года. Её нельзя продлить.",
            "Карта действует 3 года.",
            "Карту можно продлить.",
            "limit_dropped",
        ),
        (
            "zh",
            "礼品卡三年内有效。过期的礼品卡不能延期。",
            "礼品卡三年内有效。",
            "礼品卡五年内有效。",
            "figure",
        ),
    ],
)
def test_in_other_languages(language: str, source: str, good: str, bad: str, kind: str) -> None:
    assert check_grounding(good, source, language).is_grounded
    assert kind in {p.kind for p in check_grounding(bad, source, language).problems}


def test_the_article_itself_is_grounded() -> None:
    assert check_grounding(SOURCE, SOURCE, "en").problems == ()


def test_figures_left_out_are_named() -> None:
    assert [str(f) for f in missing_figures("Return it within 30 days.", SOURCE, "en")] == ["14 day"]
