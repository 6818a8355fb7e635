"""What other packages may ask of the voice channel."""

from __future__ import annotations

from rapport.channels.kinds.voice.answering import answer_body
from rapport.channels.kinds.voice.erasing import erase_customer
from rapport.channels.kinds.voice.inbox_settings import read_voice_settings
from rapport.channels.kinds.voice.jobs import KINDS
from rapport.channels.kinds.voice.logic.hours import BadHours, read_hours, write_hours
from rapport.channels.kinds.voice.sealing import seal

KIND = "voice"
"""Kind of an inbox that is a telephone number."""

__all__ = [
    "KIND",
    "KINDS",
    "BadHours",
    "answer_body",
    "erase_customer",
    "read_hours",
    "read_voice_settings",
    "seal",
    "write_hours",
]
