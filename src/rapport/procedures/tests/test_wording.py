"""The house's own texts."""

import re

import pytest

from rapport.kernel.languages import LANGUAGES
from rapport.procedures.logic.wording import keys, say


@pytest.mark.parametrize("key", keys())
def test_every_text_exists_in_every_language_with_the_same_places(key: str) -> None:
    texts = {language: say(key, language) for language in LANGUAGES}
    assert all(text.strip() == text and text for text in texts.values())
    assert len({tuple(re.findall(r"\{\w+\}", text)) for text in texts.values()}) == 1
    if key not in ("no",):
        assert len(set(texts.values())) == len(LANGUAGES)


def test_places_are_filled_literally() -> None:
    assert say("resumed", "en", title="a {title}") == "Back to “a {title}”."
    assert say("cancelled", "fr") == say("cancelled", "en")
