"""The catalogue: every sentence in six languages, with the same places."""

from __future__ import annotations

import re

import pytest

from rapport.channels.kinds.voice import wording
from rapport.kernel.languages import LANGUAGES


@pytest.mark.parametrize("key", sorted(wording.texts()))
def test_every_sentence_exists_in_six_languages_with_the_same_places(key: str) -> None:
    found = wording.texts()[key]
    assert tuple(found) == LANGUAGES
    places = {language: sorted(re.findall(r"\{\w+\}", text)) for language, text in found.items()}
    assert set(map(tuple, places.values())) == {tuple(places["en"])}
    assert all(text.strip() for text in found.values())


@pytest.mark.parametrize("language", LANGUAGES)
def test_yes_and_no_are_never_the_same_word(language: str) -> None:
    yes, no = wording.words("words_yes", language), wording.words("words_no", language)
    assert yes
    assert no
    assert not yes & no
