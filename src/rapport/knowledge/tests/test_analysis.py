"""Words as search compares them, per language."""

from __future__ import annotations

import pytest

from rapport.knowledge.logic.analysis import analysed, fold, stop_words, terms


@pytest.mark.parametrize(
    ("language", "forms"),
    [
        ("en", ["returning", "returned", "returns"]),
        ("cs", ["reklamace", "reklamaci", "Reklamací"]),
        ("de", ["Rückgabe", "Rückgaben", "ruckgabe"]),
        ("es", ["devolución", "devoluciones", "devolucion"]),
        ("ru", ["возврат", "возврата", "возвратом"]),
    ],
)
def test_forms_of_a_word_share_a_term(language: str, forms: list[str]) -> None:
    assert len({tuple(terms(form, language)) for form in forms}) == 1


def test_chinese_is_cut_into_words() -> None:
    assert terms("我的灯泡无法连接怎么办", "zh") == ["灯泡", "无法", "连接", "怎么办"]


def test_latin_words_in_chinese_text_are_stemmed_as_english() -> None:
    assert terms("Lumen Glow 灯泡 pairing", "zh") == ["lumen", "glow", "灯泡", "pair"]


def test_the_script_decides_before_the_language() -> None:
    assert terms("возврата денег", "en") == terms("возврата денег", "ru")


def test_text_without_diacritics_matches_text_with_them() -> None:
    assert terms("vraceni penez na ucet", "cs") == terms("vrácení peněz na účet", "cs")
    assert terms("Ёлка", "ru") == terms("елка", "ru")


def test_short_i_stays_a_letter_of_its_own() -> None:
    assert fold("Мой ЗАКАЗ") == "мой заказ"


@pytest.mark.parametrize("language", ["en", "cs", "de", "es", "ru", "zh"])
def test_stop_words_are_dropped_and_stored_folded(language: str) -> None:
    words = stop_words()[language]
    assert all(fold(word) == word for word in words)
    assert analysed(" ".join(sorted(words)), language) == ""


def test_any_text_gives_terms_of_letters_and_digits_only() -> None:
    assert terms("a'b \" OR * ( W5530912 \x00 \ud800 ½ ~ NEAR(x)", "en") == [
        "b",
        "w5530912",
        "1",
        "2",
        "near",
        "x",
    ]


def test_numbers_are_kept() -> None:
    assert terms("500 €", "de") == ["500"]
