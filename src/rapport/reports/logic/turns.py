"""The turns of one conversation: what the customer sent, what was chosen, what the answer asked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rapport.conversations.api import MessageTrace
    from rapport.governance.api import DecisionTrace

COURTESIES = frozenset({"thanks", "greeting", "goodbye", "small_talk", "file_kept"})
"""What may be answered without the customer having asked for anything."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One burst of customer messages and what the assistant did about it."""

    began_at: dt.datetime
    """Of the first message; of the decision, where the customer sent nothing."""
    decided_at: dt.datetime
    decision_id: int
    steps: tuple[str, ...]
    is_customers: bool
    """The customer sent something."""
    words: int = 0
    clicks: int = 0
    fields: int = 0
    slot: str = ""
    question: str = ""

    @property
    def targets(self) -> tuple[str, ...]:
        """What the steps were about: procedures, articles, replies."""
        return tuple(step.partition(":")[2] for step in self.steps)

    @property
    def is_courtesy(self) -> bool:
        """Nothing was asked for."""
        return all(s.startswith("reply:") and s.partition(":")[2] in COURTESIES for s in self.steps)

    def has(self, verb: str, target: str = "") -> bool:
        """Whether a step of that kind was taken, about that thing where one is named."""
        return any(
            s.partition(":")[0] == verb and (not target or s.partition(":")[2] == target) for s in self.steps
        )


@dataclass(frozen=True, slots=True)
class Course:
    """One conversation in order."""

    turns: tuple[Turn, ...] = ()
    bursts: int = 0
    """How often the customer wrote, answered by anybody or not."""
    resolved_at: tuple[dt.datetime, ...] = ()
    handed_over: tuple[tuple[dt.datetime, str], ...] = ()
    """Moments and reasons."""
    staff_wrote_at: tuple[dt.datetime, ...] = ()
    is_answered: bool = False
    """The assistant answered something the customer sent."""


@dataclass(slots=True)
class _Burst:
    """Customer messages no one has answered yet."""

    messages: list[MessageTrace] = field(default_factory=list)

    def close(self, answer: MessageTrace, decision: DecisionTrace) -> Turn:
        sent, self.messages = self.messages, []
        return Turn(
            sent[0].at if sent else decision.at,
            decision.at,
            decision.id,
            decision.steps,
            bool(sent),
            sum(m.words for m in sent),
            sum(m.clicks for m in sent),
            sum(m.fields for m in sent),
            answer.slot,
            answer.question,
        )


def read_course(messages: Sequence[MessageTrace], decisions: Iterable[DecisionTrace]) -> Course:
    """The course of one conversation out of its messages in order and the decisions behind the answers."""
    known = {d.id: d for d in decisions}
    burst, bursts, was_customer = _Burst(), 0, False
    turns: list[Turn] = []
    for message in messages:
        if message.type == "incoming":
            bursts += not was_customer
            was_customer = True
            burst.messages.append(message)
            continue
        if message.is_private:
            continue
        decision = known.get(message.decision_id or 0)
        if decision is not None:
            turns.append(burst.close(message, decision))
        elif message.sender == "user" and message.type == "outgoing":
            burst.messages.clear()
        was_customer = was_customer and message.type in {"activity", "template"} and decision is None
    return Course(
        tuple(turns),
        bursts,
        tuple(m.at for m in messages if m.note == "resolved"),
        tuple((m.at, m.reason) for m in messages if m.note == "handed_over"),
        tuple(m.at for m in messages if m.sender == "user" and m.type == "outgoing" and not m.is_private),
        any(t.is_customers for t in turns),
    )
