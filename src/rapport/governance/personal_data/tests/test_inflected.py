"""Places in other cases, and words that only begin a sentence, are nobody's names."""

from __future__ import annotations

import pytest

from rapport.governance.personal_data.inflected import is_inflected_place
from rapport.governance.personal_data.names import is_place
from rapport.governance.personal_data.people import find_people


@pytest.mark.parametrize(
    ("word", "language"),
    [
        ("Iráku", "cs"),
        ("Japonsku", "cs"),
        ("Rwandy", "cs"),
        ("Austrálii", "cs"),
        ("Brně", "cs"),
        ("Германии", "ru"),
    ],
)
def test_a_place_is_known_in_its_cases(word: str, language: str) -> None:
    assert is_inflected_place(word, language, is_place)


@pytest.mark.parametrize(
    ("word", "language"), [("Iráku", "en"), ("Novákovi", "cs"), ("Zbyňka", "cs"), ("u", "cs")]
)
def test_other_words_are_not(word: str, language: str) -> None:
    assert not is_inflected_place(word, language, is_place)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Hiking is an outdoor activity", "en"),
        ("Computers arrived without a charger", "en"),
        ("Opilost na palubě se trestá", "cs"),
        ("Balík poslali z Japonska přes Irák do Maroka", "cs"),
        ("Фотоны меньше атомов", "ru"),
    ],
)
def test_nobody_is_named(text: str, language: str) -> None:
    assert find_people(text, language) == []


def test_an_unknown_name_that_begins_is_told_by_what_it_does() -> None:
    found = [span.value for span in find_people("Xochitl is angry about the lamp", "en")]
    assert found == ["Xochitl"]
