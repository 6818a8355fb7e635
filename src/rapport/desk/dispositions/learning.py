"""A corrected reason says what the customer's words meant: it goes where all corrections of meanings go."""

from __future__ import annotations

from rapport.conversations.contracts import Disposition
from rapport.kernel.errors import InvalidInput, NotFound
from rapport.understanding.api import learning


def learn_reason(before: Disposition, given: str, *, actor_id: int) -> bool:
    """Propose the text that was read wrongly as an example of what it meant; whether there was one.

    Only where the reason had been read from words, and the right one is an intent that is known.
    """
    read = before["reason"]
    if not given or given == read.value or read.rule not in {"run_read", "intent_read"}:
        return False
    decision = next((e.get("ref") for e in read.evidence if e.get("kind") == "decision"), None)
    if decision is None or given not in learning.label_names():
        return False
    try:
        learning.correct_decision(int(decision), given, actor_id)
    except (InvalidInput, NotFound):  # the customer does not want it, or the words are gone
        return False
    return True
