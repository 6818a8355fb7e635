"""The state machine of who owns a conversation: one owner at a time, every change a named move."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from rapport.conversations.contracts import Owner, Status


class Move(enum.StrEnum):
    """Everything that can change owner or status."""

    HAND_OVER = "hand_over"
    """The assistant passes the conversation to the queue."""
    TAKE = "take"
    """A person takes it, from the queue, the assistant or another person."""
    RELEASE = "release"
    """A person puts it back in the queue."""
    GIVE_BACK = "give_back"
    """A person returns it to the assistant."""
    RESOLVE = "resolve"
    SNOOZE = "snooze"
    REOPEN = "reopen"
    """A customer writes again, or a person reopens."""


@dataclass(frozen=True, slots=True)
class Position:
    """Owner and status together."""

    owner: Owner
    status: Status


def after(position: Position, move: Move) -> Position | None:
    """Where a move leads, or None when it is not possible from here."""
    owner, status = position.owner, position.status
    match move:
        case Move.HAND_OVER:
            return Position(Owner.QUEUE, Status.OPEN) if owner is Owner.ASSISTANT else None
        case Move.TAKE:
            return Position(Owner.AGENT, Status.OPEN)
        case Move.RELEASE:
            return Position(Owner.QUEUE, Status.OPEN) if owner is Owner.AGENT else None
        case Move.GIVE_BACK:
            return Position(Owner.ASSISTANT, Status.PENDING) if owner is not Owner.ASSISTANT else None
        case Move.RESOLVE:
            return Position(owner, Status.RESOLVED) if status is not Status.RESOLVED else None
        case Move.SNOOZE:
            return Position(owner, Status.SNOOZED) if status is not Status.RESOLVED else None
        case Move.REOPEN:
            if status not in {Status.RESOLVED, Status.SNOOZED}:
                return None
            if owner is Owner.ASSISTANT or status is Status.RESOLVED:
                return Position(Owner.ASSISTANT, Status.PENDING)
            return Position(owner, Status.OPEN)


def assistant_may_speak(position: Position) -> bool:
    """The assistant answers only while it owns an unresolved conversation."""
    return position.owner is Owner.ASSISTANT and position.status in {Status.PENDING, Status.OPEN}
