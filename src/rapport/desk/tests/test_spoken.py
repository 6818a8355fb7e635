"""How the desk shows what came by telephone."""

from __future__ import annotations

from typing import Any

import pytest

from rapport.conversations import api as conversations
from rapport.conversations.contracts import Carried
from rapport.desk.spoken import heard_in


@pytest.mark.parametrize(
    ("kept", "shown"),
    [
        ({"by": "keys"}, "By keys"),
        ({"by": "speech", "recognised": "where is it", "confidence": 0.914}, "Spoken, 91 % sure"),
        ({"by": "speech", "recognised": "where is it"}, "Spoken"),
        ({"by": "speech", "recognised": "W 1 2", "confidence": 0.4}, "Spoken, 40 % sure: “W 1 2”"),
        ({"by": "speech", "confidence": "much"}, "Spoken"),
        ({}, ""),
    ],
)
def test_how_words_came_is_told(db: None, kept: dict[str, Any], shown: str) -> None:
    inbox = conversations.create_inbox("Telephone", "voice")
    talk = conversations.create_conversation(conversations.create_contact(inbox, {}))
    attributes = {"voice": kept} if kept else {}
    message = conversations.receive_message(talk.id, "where is it", carried=Carried(attributes))
    assert heard_in(message) == shown
