"""Abuse of a person is told from strong words about things."""

from __future__ import annotations

import pytest

from rapport.understanding.abuse import find_abuse


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("fuck you all", "insult"), ("Jste banda debilů", "insult"), ("Ihr seid Vollidioten", "insult"),
        ("sois unos gilipollas", "insult"), ("вы все идиоты", "insult"), ("你们都是白痴", "insult"),
        ("I know where you live", "threat"), ("Zabiju vás", "threat"), ("Ich bringe dich um", "threat"),
        ("te voy a matar", "threat"), ("я тебя найду и убью", "threat"), ("我要打死你", "threat"),
        ("send me nudes", "sexual"), ("co máš na sobě?", "sexual"), ("zeig mir deine Titten", "sexual"),
        ("quiero follarte", "sexual"), ("покажи сиськи", "sexual"), ("发裸照", "sexual"),
    ],
)  # fmt: skip
def test_kinds(text: str, kind: str) -> None:
    assert kind in {finding.family for finding in find_abuse(text)}


@pytest.mark.parametrize(
    "text",
    [
        "The delivery is damn slow", "the screw is loose", "the battery died", "this kills the battery",
        "der Topf ist verdammt heiß", "to je blbé", "qué mierda de cable", "черт, опять не работает", "这垃圾袋破了",
        "I bought sexy lingerie in size M", "fire-retardant foam", "the shop burned down", "Dickens novel",
    ],
)  # fmt: skip
def test_strong_words_about_things(text: str) -> None:
    assert find_abuse(text) == ()
