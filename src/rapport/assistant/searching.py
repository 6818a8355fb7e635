"""What the articles say to a message, and to each part of one that asks several things."""

from __future__ import annotations

from rapport.assistant.logic.choosing import QUESTION
from rapport.knowledge.contracts import Hit, Searcher
from rapport.understanding.contracts import Understanding


def search(searcher: Searcher, text: str, read: Understanding) -> list[Hit]:
    """The best passages for a message; none for a mere move of the dialogue."""
    if read.act is not None or not read.segments:
        return []
    return searcher.search(read.core or text, language=read.language, limit=3)


def search_asides(searcher: Searcher, read: Understanding) -> tuple[tuple[str, Hit], ...]:
    """The best passage for each part of a message of several that asks for knowledge."""
    if read.act is not None or len(read.segments) < 2:
        return ()
    asked = [s.text for s in read.segments if s.accepted and s.intents and s.intents[0].name == QUESTION]
    found = ((text, searcher.search(text, language=read.language, limit=1)) for text in asked)
    return tuple((text, hits[0]) for text, hits in found if hits)
