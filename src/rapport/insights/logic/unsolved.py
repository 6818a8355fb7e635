"""Whether a conversation was solved without a person, told by who spoke and what was decided."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rapport.understanding.api import clean, strip_quotes

_MISSED = ("reply:not_understood", "reply:out_of_scope", "clarify:")
_HELPED = ("start:", "continue:", "affirm:", "deny:", "wake:", "answer:", "identify")
_NO_REQUEST = (
    "reply:greeting",
    "reply:small_talk",
    "reply:thanks",
    "reply:goodbye",
    "reply:file_kept",
    "hand_over:customer_asked",
    "person_offer:escalation",
)
_NUMBER = re.compile(r"#\s?[A-Za-z]{0,3}\d{3,}|\b(?=[A-Za-z\d-]{5,40}\b)[A-Za-z]{0,4}-?\d[\d-]{3,}\b")
_WORD = re.compile(r"[^\W\d_]+")
_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]")
MAX_CHARS = 300
LONGEST_GAP_MIN = 10.0
"""A colleague who answers later than this has done something else meanwhile."""


def is_missed(steps: Sequence[str]) -> bool:
    """Whether the last step that tells it left the customer without an answer."""
    for step in reversed(steps):
        if step.startswith(_MISSED):
            return True
        if step.startswith(_HELPED):
            return False
    return False


def goes_to_person(steps: Sequence[str]) -> bool:
    """Whether the assistant handed over."""
    return any(step.startswith("hand_over") for step in steps)


def states_request(text: str, steps: Sequence[str]) -> bool:
    """Whether a message says what it is about, by what the assistant made of it, else by its length."""
    if steps:
        return not all(step.startswith(_NO_REQUEST) or step == "none" for step in steps)
    return len(_WORD.findall(text)) >= 3 or len(_HAN.findall(text)) >= 4


def written(text: str) -> str:
    """What a customer newly wrote, without numbers of records; not yet redacted."""
    return _NUMBER.sub("[number]", strip_quotes(clean(text)))


def shortened(text: str) -> str:
    """The beginning of a redacted text, on one line."""
    line = " ".join(text.split())
    return line if len(line) <= MAX_CHARS else line[: MAX_CHARS - 1].rsplit(" ", 1)[0] + "…"


def minutes_spent(gaps_s: Sequence[float]) -> float:
    """An estimate of a colleague's time: each message took as long as the pause before it, within a bound."""
    return round(sum(min(gap / 60, LONGEST_GAP_MIN) for gap in gaps_s), 1)
