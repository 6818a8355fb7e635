"""Dialogue acts are recognised from words alone, and only when the text is nothing else."""

from __future__ import annotations

import pytest

from rapport.understanding.lexicons import load_lexicons

LANGUAGES = ("en", "cs", "de", "es", "ru", "zh")


def act_of(text: str, *first: str) -> str | None:
    found = load_lexicons().acts.find(text, (*first, *LANGUAGES))
    return next(iter(found.values()), None)


@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("yes", "affirm"), ("Yes, please!", "affirm"), ("yesss", "affirm"), ("yes yes yes", "affirm"), ("jj jasně", "affirm"), ("yes sure, go ahead", "affirm"), ("y", "affirm"),
        ("ano prosím", "affirm"), ("jasne", "affirm"), ("Ja, genau.", "affirm"), ("sí", "affirm"), ("да", "affirm"),
        ("好的", "affirm"), ("没问题。", "affirm"), ("👍", "affirm"), ("👍🏽", "affirm"), ("hi, yes", "affirm"),
        ("no", "deny"), ("no thanks", "deny"), ("ne díky", "deny"), ("nein danke", "deny"), ("нет", "deny"), ("不用了", "deny"),
        ("cancel", "cancel"), ("never mind", "cancel"), ("nvm", "cancel"), ("cancle", "cancel"), ("to je jedno", "cancel"),
        ("vergiss es", "cancel"), ("olvídalo", "cancel"), ("передумала", "cancel"), ("算了", "cancel"),
        ("no, the other one", "correct"), ("tu druhou", "correct"), ("das andere", "correct"), ("el otro", "correct"),
        ("нет, другой", "correct"), ("另一个", "correct"),
        ("go back", "back"), ("zpět", "back"), ("zurück", "back"), ("atrás", "back"), ("назад", "back"), ("上一步", "back"),
        ("undo", "undo"), ("please undo that", "undo"), ("vrať to", "undo"), ("rückgängig", "undo"), ("deshacer", "undo"),
        ("отмени последнее", "undo"), ("撤销", "undo"), ("对，就这样办", "affirm"), ("就这么办吧", "affirm"),
        ("skip", "skip"), ("přeskočit", "skip"), ("überspringen", "skip"), ("omitir", "skip"), ("пропустить", "skip"),
        ("agent", "human"), ("operátor", "human"), ("Mitarbeiter bitte", "human"), ("оператор", "human"), ("转人工", "human"),
        ("hello", "greeting"), ("dobrý den", "greeting"), ("moin", "greeting"), ("hola", "greeting"), ("привет", "greeting"),
        ("你好", "greeting"), ("thx", "thanks"), ("děkuji moc", "thanks"), ("спасибо", "thanks"), ("谢谢", "thanks"),
        ("bye", "goodbye"), ("na shledanou", "goodbye"), ("say that again", "repeat"), ("wie bitte?", "repeat"),
        ("menu", "menu"), ("что ты умеешь?", "menu"),
    ],
)  # fmt: skip
def test_a_short_text_that_is_a_move(text: str, act: str) -> None:
    assert act_of(text) == act


@pytest.mark.parametrize(
    "text",
    ["cancel my order W1234567", "yes but where is it", "the blue one", "", "1234567", "no idea what happened there",
     "thanks for nothing you lost my parcel", "chci zrušit objednávku", "我要退货", "😀"],
)  # fmt: skip
def test_a_text_that_says_more_is_no_move(text: str) -> None:
    assert act_of(text) is None


def test_the_language_spoken_so_far_is_tried_first() -> None:
    """German "egal" and the rest stay German; Czech "ne" is a denial in either."""
    assert list(load_lexicons().acts.find("ne", ("cs", "de"))) == ["cs", "de"]


def test_human_phrases_count_inside_longer_texts() -> None:
    pattern = load_lexicons().signals["human_phrases"]
    assert pattern.search("my lamp is broken and i want to talk to a real person now")
    assert pattern.search("我的耳机坏了请转人工")
    assert not pattern.search("i am a person who ordered a lamp")
