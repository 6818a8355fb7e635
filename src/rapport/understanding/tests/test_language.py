"""Language: by script, by words, kept when the text cannot tell."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rapport.understanding.evaluation.language import evaluate_language
from rapport.understanding.language import UNDETERMINED, detect_language, find_languages, identify_language

ALL = ("en", "cs", "de", "es", "ru", "zh")


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("where is my order", "en"), ("kde je moje objednávka", "cs"), ("kde je moje objednavka", "cs"),
        ("chci vratit zbozi", "cs"), ("wo ist mein Paket", "de"), ("dónde está mi pedido", "es"),
        ("donde esta mi paquete", "es"), ("где мой заказ", "ru"), ("我的订单在哪里", "zh"), ("订单#W1234567发货了吗", "zh"),
        ("ich möchte zurückgeben", "de"), ("prosím o pomoc s objednávkou W1234567", "cs"),
    ],
)  # fmt: skip
def test_plain_sentences(text: str, language: str) -> None:
    found, confidence = detect_language(text, ALL, None)
    assert found == language
    assert confidence > 0.5


def test_the_previous_language_is_kept_when_the_text_cannot_tell() -> None:
    assert detect_language("W1234567", ALL, "cs") == ("cs", 0.5)
    assert detect_language("ok", ALL, "es", ["en", "cs", "es"])[0] == "es"
    assert detect_language("Sony", ALL, "de")[0] == "de"


def test_a_clear_change_of_language_is_followed() -> None:
    assert detect_language("where is my order, please tell me", ALL, "cs")[0] == "en"
    assert detect_language("где мой заказ", ALL, "en")[0] == "ru"


def test_only_configured_languages_are_answered() -> None:
    assert detect_language("где мой заказ", ("en", "de"), None)[0] in ("en", "de")
    assert detect_language("je veux annuler ma commande", ("en", "de"), None)[0] in ("en", "de")


def test_nothing_to_read() -> None:
    assert detect_language("", ALL, None) == ("en", 0.0)
    assert detect_language("😀", ALL, "zh") == ("zh", 0.5)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("gde moy zakaz", "ru"), ("privet, hochu vernut dengi", "ru"), ("skolko stoit dostavka", "ru"),
        ("kdy mi prijde zasilka prosim", "cs"), ("ich moechte das zurueckgeben", "de"), ("cuando llegara mi envio", "es"),
        ("我的訂單在哪裡", "zh"), ("打开3号订单", "zh"),
    ],
)  # fmt: skip
def test_without_diacritics_romanised_and_traditional(text: str, language: str) -> None:
    assert detect_language(text, ALL, None)[0] == language


@pytest.mark.parametrize(
    "text",
    [
        "こんにちは、注文はどこですか",
        "أين طلبي",
        "주문이 어디에 있나요",
        "je voudrais annuler ma commande et être remboursé",
        "!!! 123",
    ],
)
def test_other_languages_are_not_claimed(text: str) -> None:
    assert identify_language(text, ALL) == (UNDETERMINED, 0.0)
    assert detect_language(text, ALL, "de")[1] < 0.8


def test_mixed_texts() -> None:
    found = find_languages("Hello, where is my order? Ich warte schon seit drei Wochen auf mein Paket.", ALL)
    assert [language for language, _ in found] == ["de", "en"]
    assert sum(share for _, share in found) == pytest.approx(1, abs=0.01)
    assert find_languages("where is my order, I have waited for it", ALL) == (("en", 1.0),)
    assert find_languages("", ALL) == ()


@settings(max_examples=100)
@given(st.text(max_size=300))
def test_any_text_has_a_language_and_a_bounded_confidence(text: str) -> None:
    language, confidence = detect_language(text, ALL, None)
    assert language in ALL
    assert 0.0 <= confidence <= 1.0
    assert all(0 < share <= 1 for _, share in find_languages(text, ALL))


def test_evaluation(tmp_path: Path) -> None:
    rows = [
        {"text": "where is my order", "lang": "en"}, {"text": "wo ist mein Paket", "lang": "deu_Latn"},
        {"text": "ano prosím", "lang": "cs"}, {"text": "こんにちは", "lang": "ja"}, {"text": "我的订单在哪里", "lang": "de"},
        {"text": "I need help, meine Bestellung ist nicht angekommen.", "lang": "de", "languages": ["en", "de"]},
    ]  # fmt: skip
    file = tmp_path / "rows.jsonl"
    file.write_text("\n".join(json.dumps(row) for row in rows))
    report = evaluate_language(file)
    assert report["accuracy"] == 0.8
    assert report["per_language"]["de"] == {"rows": 3, "accuracy": 0.6667}
    assert (report["short_rows"], report["short_accuracy"], report["foreign_accuracy"]) == (1, 1.0, 1.0)
    assert report["code_switch"] == {"rows": 1, "exact": 1.0, "noticed": 1.0}
    assert report["confusions"] == {"de>zh": 1}
