"""The runs that customers' dialogues remember, many at once: for counting."""

from __future__ import annotations

from collections.abc import Collection

from rapport.assistant.models import Dialogue
from rapport.procedures import api as procedures


def list_frame_traces(conversation_ids: Collection[int]) -> dict[int, list[procedures.FrameTrace]]:
    """By conversation; the latest twenty ended runs of each, and those under way."""
    rows = Dialogue.objects.filter(conversation_id__in=conversation_ids, role="customer")
    return {pk: procedures.frames_of(state) for pk, state in rows.values_list("conversation_id", "state")}
