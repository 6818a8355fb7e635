"""What photos and documents without, or beside, words lead to."""

from __future__ import annotations

from rapport.assistant.logic.choosing import Candidate
from rapport.procedures.contracts import DialogueState

ABOUT, KEPT = "file_about", "file_kept"
"""Replies: what is it about? · it is kept, and the question stands."""
STRONGER = frozenset({"human", "cancel", "menu"})
"""Moves in words that go before the files beside them."""


def file_step(act: str | None, *, has_words: bool, wants_files: bool, active: str) -> Candidate | None:
    """The step that files lead to; None when the words beside them decide.

    Args:
        act: the move that the words make, if any.
        has_words: whether there are words at all.
        wants_files: whether the open question asks for files.
        active: the procedure, or the check of identity, that waits for an answer; empty for none.
    """
    if has_words and (not wants_files or act in STRONGER):
        return None
    if wants_files:
        return Candidate("continue", active, 1.0, True, "the question asks for files")
    if active:
        return Candidate("reply", KEPT, 1.0, True, "files that the open question does not ask for")
    return Candidate("reply", ABOUT, 1.0, True, "files without words, and nothing is open")


def holds_any(state: DialogueState, files: tuple[int, ...]) -> bool:
    """Whether some procedure holds one of these files."""
    wanted = {str(number) for number in files}
    return any(
        option.value in wanted and "media_type" in option.data
        for frame in (*state.stack, *state.waiting, *state.finished)
        for value in frame.slots.values()
        for option in value.options
    )
