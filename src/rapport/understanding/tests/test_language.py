"""Language: by script, by words, kept when the text cannot tell."""

from __future__ import annotations

import pytest

from rapport.understanding.language import detect_language

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
