"""Messages that only people have read, as the engine reads them."""

from __future__ import annotations

from rapport.insights.stories import ReadText, TextReading
from rapport.understanding.contracts import Context, Engine

_SAYS_NOTHING = frozenset({"small_talk", "talk_to_person"})


def reader_of(engine: Engine) -> ReadText:
    """Reads with an engine of this house; nothing leaves it."""

    def read(text: str, language: str) -> TextReading:
        found = engine.understand(text, Context(previous_language=language))
        meant = [s.intents[0].name for s in found.segments if s.intents]
        is_move = found.act is not None
        says = not is_move and (not meant or any(name not in _SAYS_NOTHING for name in meant))
        return TextReading(tuple(entity.kind for entity in found.entities), says)

    return read
