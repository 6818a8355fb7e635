"""`rapport call`: what a typed line stands for, and which inbox is called."""

from __future__ import annotations

import pytest

from rapport.cli.calling import _find_inbox, read_line
from rapport.conversations import api as conversations
from rapport.kernel.errors import NotFound


@pytest.mark.parametrize(
    ("line", "sent"),
    [
        ("1", {"digits": "1"}),
        ("#", {"digits": "#"}),
        ("1234567#", {"digits": "1234567#"}),
        ("where is it", {"speech": "where is it"}),
        ("~yes", {"speech": "yes", "confidence": 0.3}),
        ("W1234567", {"speech": "W1234567"}),
        ("", {}),
    ],
)
def test_a_line_is_keys_words_or_silence(line: str, sent: dict[str, object]) -> None:
    assert read_line(line) == sent


def test_only_voice_inboxes_are_called(db: None) -> None:
    conversations.create_inbox("Website", "web")
    with pytest.raises(NotFound):
        _find_inbox(None)
    made = conversations.create_inbox("Hotline", "voice")
    assert _find_inbox(None).id == _find_inbox("Hotline").id == made.id
    with pytest.raises(NotFound):
        _find_inbox("Website")
