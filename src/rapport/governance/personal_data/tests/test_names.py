"""Names that words around them, lists or the same text tell; addresses; and what only looks like a name."""

from __future__ import annotations

import pytest

from rapport.governance.personal_data.finding import find_personal_data


def found(text):
    return {(s.kind.value, s.value) for s in find_personal_data(text)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("What's your last name? Rowntree", ("person", "Rowntree")),
        ("Her maiden name is Stone", ("person", "Stone")),
        ("She grew up in TVORŠOVICE.", ("location", "TVORŠOVICE")),
        ("I work for Kestrel Movers", ("organization", "Kestrel Movers")),
        ("a film by Nora Stone and starring Stone", ("person", "Stone")),
        ("Two Egyptians asked for a refund.", ("nationality", "Egyptians")),
        ("an Irishwoman called", ("nationality", "Irishwoman")),
        (
            "Meet me at the corner of Larch Road and Bell Street.",
            ("address", "the corner of Larch Road and Bell Street"),
        ),
        ("Send it to 974 Via Roma 131", ("address", "974 Via Roma 131")),
        ("my post code is B0J 2H0", ("postal_code", "B0J 2H0")),
        ("Mr. Manning is a friend of mine", ("person", "Manning")),
        ("Mluvil jsem s panem Vondruškou.", ("person", "Vondruškou")),
        ("Ich habe mit Herrn Steinbrecher gesprochen.", ("person", "Steinbrecher")),
        ("Emergency contact: Bella (mother)", ("person", "Bella")),
        ("The auditor of VivaPad is late.", ("organization", "VivaPad")),
        ("Please call 02444 198 Larch Terrace, Leeds", ("address", "02444 198 Larch Terrace, Leeds")),
        ("Dobrý den, tady Vomáčka", ("person", "Vomáčka")),
        ("hi im Kwame", ("person", "Kwame")),
        ("Ich heiße Zwerschke", ("person", "Zwerschke")),
        ("mein Nachbar heißt Zwerschke", ("person", "Zwerschke")),
        ("Ich warte noch auf das Paket.\n\nMit freundlichen Grüßen\n\nRüdiger Zwerschke", ("person", "Rüdiger Zwerschke")),
        ("Wann kommt meine Bestellung?\n\nViele Grüße\n\nKai Lorenz", ("person", "Kai Lorenz")),
        ("Kdy to přijde?\n\nS pozdravem,\nZbyhněv Kvapil\nBrno", ("person", "Zbyhněv Kvapil")),
    ],
)  # fmt: skip
def test_told(text, expected):
    assert expected in found(text)


@pytest.mark.parametrize(
    "text",
    [
        "Bitte schnell.\n\nDanke\nViele Grüße\n",
        "My card was charged twice, Can I get a refund?",
        "Where is my Electric Kettle? The Mechanical Keyboard came.",
        "Two CEOs spoke.",
        "The Treaty on European Union applies.",
        "I live in a flat and work for a living.",
        "is there a laptop with RX5 8GB",
        "The novel is in English.",
        "We sell it with Czech subtitles.",
        "Alle Rollläden im Wohnzimmer und das Licht ausschalten",
        "Wir benötigen Zugriff auf den Bereich für Maßnahmen.",
        "Have you read Twelve Recipes Everybody Pretends To Hate (But Secretly Love)?",
    ],
)
def test_no_name(text):
    assert found(text) == set()


def test_a_town_that_is_a_name_too_is_a_place_after_words_of_travel():
    assert found("book me a flight from dallas to houston please") == {
        ("location", "dallas"),
        ("location", "houston"),
    }
