"""What the rules propose: the short forms, the spoken form, the form for messengers."""

from __future__ import annotations

import pytest

from rapport.knowledge.logic.shortening import core, shorten
from rapport.knowledge.logic.speaking import compact, speak
from rapport.knowledge.logic.statements import read_statements, split_sentences

SUMMARY = "You can return goods within 30 days."
BODY = """We are sorry to see you go. Open **My orders → Return**.

1. Pick the items.
2. Print the label.

Many people return things. The label is valid for 14 days. It does not cover other carriers, e.g. your own courier.

You can return most goods. But opened goods can be returned only with the seal.

Questions? The assistant helps gladly."""


def test_statements() -> None:
    found = [
        (s.block, s.kind, s.text)
        for s in read_statements(
            "Send us:\n\n- a box\n  of card\n- a photo. Thanks.\n\n# Costs\n| Where | Price |\n|---|---|\n| EU | €5 |"
        )
    ]
    assert found == [
        (1, "lead", "Send us:"),
        (1, "item", "a box of card"),
        (1, "item", "a photo. Thanks."),
        (2, "heading", "Costs"),
        (3, "row", "EU | €5"),
    ]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("One. Two! Three?", ["One.", "Two!", "Three?"]),
        ("We use, e.g. Visa. Then pay.", ["We use, e.g. Visa.", "Then pay."]),
        ("Do 1. ledna 2027 platí. Potom ne.", ["Do 1. ledna 2027 platí.", "Potom ne."]),
        ("Am 1. Januar, z. B. in Wien. Danach nicht.", ["Am 1. Januar, z. B. in Wien.", "Danach nicht."]),
        ("Оплата сразу. Затем отправка.", ["Оплата сразу.", "Затем отправка."]),
        ("可以退货。请保留包装！好吗？", ["可以退货。", "请保留包装！", "好吗？"]),
    ],
)
def test_sentences(text: str, sentences: list[str]) -> None:
    assert split_sentences(text) == sentences


def test_the_short_form_keeps_figures_steps_and_limits_with_what_they_limit() -> None:
    found = shorten(SUMMARY, BODY, "en")
    assert found is not None
    assert found.text == (
        "You can return goods within 30 days.\n\nOpen **My orders → Return**.\n\n"
        "1. Pick the items.\n2. Print the label.\n\n"
        "The label is valid for 14 days. It does not cover other carriers, e.g. your own courier.\n\n"
        "But opened goods can be returned only with the seal."
    )
    assert found.left_out == (
        "We are sorry to see you go.",
        "Many people return things.",
        "You can return most goods.",
        "Questions?",
        "The assistant helps gladly.",
    )


def test_the_answer_alone_takes_its_limits_along() -> None:
    found = core(SUMMARY, BODY, "en")
    assert found is not None
    assert found.text == f"{SUMMARY}\n\nBut opened goods can be returned only with the seal."


def test_what_is_short_already_gets_no_proposal() -> None:
    assert shorten("Delivery costs EUR 4.90.", "Express costs EUR 9.90.", "en") is None
    assert core("Delivery is not free.", "Delivery is not free if you ask.", "en") is None


TABLE = """Write to help@shop.example or [ask us](https://shop.example/ask).

| Where | Price |
|---|---|
| EU | €4.90 |
| UK | 3–5 days |

1. Open **My orders → Return**.
2. Wait, approx. 5 %"""


@pytest.mark.parametrize(
    ("language", "spoken"),
    [
        (
            "en",
            "Costs 4.90 euros.\n\nWrite to help at shop dot example or ask us.\n\n"
            "Where: EU, Price: 4.90 euros. Where: UK, Price: 3 to 5 days.\n\n"
            "First, Open My orders, then Return. Second, Wait, approximately 5 percent.",
        ),
        (
            "de",
            "Costs 4.90 Euro.\n\nWrite to help at shop Punkt example or ask us.\n\n"
            "Where: EU, Price: 4.90 Euro. Where: UK, Price: 3 bis 5 days.\n\n"
            "Erstens: Open My orders, dann Return. Zweitens: Wait, approx. 5 Prozent.",
        ),
    ],
)
def test_the_spoken_form_has_no_marks(language: str, spoken: str) -> None:
    assert speak("Costs €4.90.", TABLE, language) == spoken


def test_the_form_for_messengers_has_short_lines_and_no_tables() -> None:
    assert compact("Costs €4.90.", TABLE) == (
        "Costs €4.90.\n\nWrite to help@shop.example or ask us (https://shop.example/ask).\n\n"
        "Where: EU, Price: €4.90\nWhere: UK, Price: 3–5 days\n\n"
        "1. Open My orders → Return.\n2. Wait, approx. 5 %"
    )


def test_long_lines_are_broken_after_sentences() -> None:
    long = "This sentence is rather long and says a thing or two about parcels. " * 3
    assert compact("Short.", long).split("\n\n")[1].split("\n") == [long.strip().split(". ")[0] + "."] * 3
