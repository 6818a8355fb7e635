"""The demonstration's telephone number, to be called with `rapport call`."""

from __future__ import annotations

from rapport.web.config import Config

NAME = "Demo phone"
SETTINGS = {
    "brand": "Lumen & Oak",
    "languages": ["en", "cs", "de", "es", "ru", "zh"],
    "identity_methods": ["order_email", "email_code", "order_zip"],
    "voice": {"number": "+1 555 0199"},
}


def make_telephone(_: Config) -> str:
    """A voice inbox."""
    from rapport.channels.kinds.voice import api as voice
    from rapport.conversations import api as conversations

    if any(inbox.channel_kind == voice.KIND for inbox in conversations.list_inboxes()):
        return ""
    conversations.create_inbox(NAME, voice.KIND, settings=SETTINGS)
    return "a telephone number"
