"""Where a message may hold several requests, in six languages."""

from __future__ import annotations

import pytest

from rapport.understanding.logic.segments import candidate_parts


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("where is my order and when will it come", ["where is my order", "when will it come"]),
        ("exchange the headphones and return the beans", ["exchange the headphones", "return the beans"]),
        ("return the desk lamp and the wall clock", ["return the desk lamp and the wall clock"]),
        ("the red one, and change nothing", ["the red one, and change nothing"]),
        ("Chci vyměnit sluchátka a vrátit kávová zrna", ["Chci vyměnit sluchátka", "vrátit kávová zrna"]),
        ("Kde mám balík a kdy přijde peníze", ["Kde mám balík", "kdy přijde peníze"]),
        (
            "Ich möchte die Kopfhörer umtauschen und die Bohnen zurückgeben",
            ["Ich möchte die Kopfhörer umtauschen", "die Bohnen zurückgeben"],
        ),
        ("Die Lampe und die rote Uhr zurück", ["Die Lampe und die rote Uhr zurück"]),
        (
            "quiero cambiar los auriculares y devolver el café",
            ["quiero cambiar los auriculares", "devolver el café"],
        ),
        ("хочу обменять наушники и вернуть кофе обратно", ["хочу обменять наушники", "вернуть кофе обратно"]),
        ("我想退台灯,另外我的快递到哪了", ["我想退台灯", "我的快递到哪了"]),
    ],
)
def test_parts(text: str, parts: list[str]) -> None:
    assert [text[slice(*span)].strip(" ,") for span in candidate_parts(text)] == parts
