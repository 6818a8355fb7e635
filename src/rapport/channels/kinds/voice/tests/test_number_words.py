"""Numbers said as words, in six languages."""

from __future__ import annotations

import pytest

from rapport.channels.kinds.voice.logic.number_words import in_figures, spoken_choice


@pytest.mark.parametrize(
    ("language", "said", "written"),
    [
        ("en", "one two three oh nine", "1 2 3 0 9"),
        ("en", "twenty five and thirty", "25 and 30"),
        ("en", "double five triple zero", "55 000"),
        ("en", "seventeen", "17"),
        ("cs", "jedna dvě tři čtyři pět šest sedm osm devět nula", "1 2 3 4 5 6 7 8 9 0"),
        ("cs", "dvacet pět", "25"),
        ("cs", "dvojka trojka", "2 3"),
        ("de", "eins zwo drei fünfundzwanzig null", "1 2 3 25 0"),
        ("de", "einundneunzig", "91"),
        ("es", "uno dos tres treinta y cinco", "1 2 3 35"),
        ("es", "veintidós veinticinco", "22 25"),
        ("ru", "один два три сорок два ноль", "1 2 3 42 0"),
        ("zh", "一二三幺零", "12310"),
        ("zh", "十五 二十五 二十", "15 25 20"),
        ("en", "someone ordered nothing", "someone ordered nothing"),
        ("en", "", ""),
    ],
)
def test_words_become_figures(language: str, said: str, written: str) -> None:
    assert in_figures(said, language) == written


@pytest.mark.parametrize(
    ("language", "said", "number"),
    [
        ("en", "two", 2),
        ("en", "number 3 please", 3),
        ("en", "the second one", 2),
        ("en", "one", 1),
        ("cs", "číslo tři", 3),
        ("cs", "druhý", 2),
        ("cs", "jednička", 1),
        ("de", "Nummer zwei", 2),
        ("de", "die dritte", 3),
        ("es", "la segunda", 2),
        ("ru", "номер два", 2),
        ("ru", "первый", 1),
        ("zh", "第二个", 2),
        ("zh", "三", 3),
        ("en", "the first lamp", None),
        ("en", "I have two questions", None),
        ("en", "yes", None),
        ("zh", "请", None),
        ("en", "1234", None),
    ],
)
def test_a_choice_by_its_number_is_nothing_but_a_number(language: str, said: str, number: int | None) -> None:
    assert spoken_choice(said, language) == number
