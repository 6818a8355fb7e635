"""Anger, disappointment, gratitude and urgency, in six languages."""

from __future__ import annotations

import numpy as np
import pytest

from rapport.understanding.contracts import Sentiment
from rapport.understanding.lexicons import load_lexicons
from rapport.understanding.logic.cleaning import fold
from rapport.understanding.logic.sentiment import Moods, read_sentiment

_EVEN = np.full(5, 0.2, np.float32)


def _felt(text: str) -> Sentiment:
    signals = load_lexicons().signals
    names = ("swearing", "urgency", "anger", "disappointment", "gratitude")
    moods = Moods(*(signals[name].search(fold(text)) is not None for name in names))
    return read_sentiment(text, _EVEN, swears=moods.swears, hurries=moods.hurries, moods=moods)


@pytest.mark.parametrize(
    ("emotion", "text"),
    [
        ("anger", "I am fed up with this"), ("anger", "mám toho plné zuby"), ("anger", "Mir reicht es jetzt"),
        ("anger", "Esto es inaceptable"), ("anger", "Сколько можно, я возмущена"), ("anger", "我真的受够了"),
        ("disappointment", "I expected better from you"), ("disappointment", "Jsem zklamaná"),
        ("disappointment", "Ich bin enttäuscht"), ("disappointment", "Qué lástima, esperaba más"),
        ("disappointment", "Я разочарован"), ("disappointment", "有点失望"),
        ("gratitude", "thank you so much"), ("gratitude", "moc děkuju"), ("gratitude", "Vielen Dank!"),
        ("gratitude", "muchas gracias"), ("gratitude", "большое спасибо"), ("gratitude", "非常感谢"),
        ("urgency", "I need it by tomorrow"), ("urgency", "je to urgentní"), ("urgency", "es ist dringend"),
        ("urgency", "lo necesito cuanto antes"), ("urgency", "срочно нужно"), ("urgency", "请尽快处理"),
    ],
)  # fmt: skip
def test_an_emotion_is_the_strongest_one(emotion: str, text: str) -> None:
    felt = _felt(text)
    found = {name: getattr(felt, name) for name in ("anger", "disappointment", "gratitude", "urgency")}
    assert found[emotion] >= 0.5
    assert max(found, key=lambda name: found[name]) == emotion


@pytest.mark.parametrize("text", ["thanks for nothing", "nein danke", "no gracias", "真是谢谢了"])
def test_thanks_that_are_none(text: str) -> None:
    assert _felt(text).gratitude == 0.0


@pytest.mark.parametrize(
    "text", ["I was not disappointed", "ich wurde nicht enttäuscht", "nunca decepciona", "не разочаровал"]
)
def test_disappointment_denied(text: str) -> None:
    assert _felt(text).disappointment < 0.3


def test_earlier_callers_still_work() -> None:
    felt = read_sentiment("where is my order", None, swears=False, hurries=True)
    assert (felt.label, felt.score, felt.urgency, felt.gratitude) == ("neutral", 0.0, 0.7, 0.0)
