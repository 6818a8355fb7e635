"""The owner state machine: every move from every position."""

from __future__ import annotations

import itertools

import pytest

from rapport.conversations.contracts import Owner, Status
from rapport.conversations.logic.ownership import Move, Position, after, assistant_may_speak

EVERYWHERE = [Position(o, s) for o, s in itertools.product(Owner, Status)]


@pytest.mark.parametrize("position", EVERYWHERE, ids=str)
def test_the_assistant_never_speaks_while_people_own_the_conversation(position):
    if position.owner is not Owner.ASSISTANT or position.status in {Status.RESOLVED, Status.SNOOZED}:
        assert not assistant_may_speak(position)
    else:
        assert assistant_may_speak(position)


@pytest.mark.parametrize("position", EVERYWHERE, ids=str)
def test_every_move_leads_to_a_position_where_status_fits_the_owner(position):
    for move in Move:
        there = after(position, move)
        if there is None or there.status in {Status.RESOLVED, Status.SNOOZED}:
            continue
        assert (there.status is Status.PENDING) == (there.owner is Owner.ASSISTANT), (position, move)


def test_only_the_assistant_hands_over():
    assert after(Position(Owner.ASSISTANT, Status.PENDING), Move.HAND_OVER) == Position(
        Owner.QUEUE, Status.OPEN
    )
    assert after(Position(Owner.QUEUE, Status.OPEN), Move.HAND_OVER) is None
    assert after(Position(Owner.AGENT, Status.OPEN), Move.HAND_OVER) is None


def test_anybody_may_take_and_only_an_owner_releases():
    for position in EVERYWHERE:
        assert after(position, Move.TAKE) == Position(Owner.AGENT, Status.OPEN)
    assert after(Position(Owner.QUEUE, Status.OPEN), Move.RELEASE) is None
    assert after(Position(Owner.AGENT, Status.OPEN), Move.RELEASE) == Position(Owner.QUEUE, Status.OPEN)


def test_a_resolved_conversation_comes_back_to_the_assistant():
    assert after(Position(Owner.AGENT, Status.RESOLVED), Move.REOPEN) == Position(
        Owner.ASSISTANT, Status.PENDING
    )
    assert after(Position(Owner.AGENT, Status.SNOOZED), Move.REOPEN) == Position(Owner.AGENT, Status.OPEN)
    assert after(Position(Owner.AGENT, Status.OPEN), Move.REOPEN) is None
