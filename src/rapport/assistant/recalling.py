"""What the procedures of a conversation know: their runs with what was chosen and said, for those who sum it up."""

from __future__ import annotations

from rapport.assistant.models import Dialogue
from rapport.procedures import api as procedures
from rapport.procedures.contracts import Frame


def recall_frames(conversation_id: int) -> tuple[Frame, ...]:
    """Every run that the conversation remembers, the customer's and staff's, in the order of their start."""
    frames: list[Frame] = []
    for row in Dialogue.objects.filter(conversation_id=conversation_id).order_by("role"):
        state = procedures.state_from_json(row.state)
        frames += sorted((*state.finished, *state.waiting, *state.stack), key=_counted)
    return tuple(frames)


def _counted(frame: Frame) -> int:
    """Instances are named ``<seed>-<counter>``, what runs inside another run after it."""
    tail = frame.instance.rpartition("-")[2]
    return int(tail) if tail.isdecimal() else 0
