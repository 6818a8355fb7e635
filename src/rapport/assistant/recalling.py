"""What the procedures of a conversation know: their runs with what was chosen and said, for those who sum it up."""

from __future__ import annotations

from rapport.assistant.models import Dialogue
from rapport.procedures import api as procedures
from rapport.procedures.contracts import Frame


def recall_frames(conversation_id: int) -> tuple[tuple[str, Frame], ...]:
    """Every run that the conversation remembers with who was led through it: the ``customer``, or ``staff``.

    The customer's come first; each in the order of their start.
    """
    found: list[tuple[str, Frame]] = []
    for row in Dialogue.objects.filter(conversation_id=conversation_id).order_by("role"):
        state = procedures.state_from_json(row.state)
        frames = sorted((*state.finished, *state.waiting, *state.stack), key=_counted)
        found += [(row.role, frame) for frame in frames]
    return tuple(found)


def _counted(frame: Frame) -> int:
    """Instances are named ``<seed>-<counter>``."""
    tail = frame.instance.rpartition("-")[2]
    return int(tail) if tail.isdecimal() else 0
