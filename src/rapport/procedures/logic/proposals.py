"""What somebody wants to do, and the policy's word on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from rapport.procedures.contracts import Call, Frame, JsonDict


@dataclass(frozen=True, slots=True)
class Proposal:
    """A call that someone wants to make for the customer."""

    action: str
    arguments: JsonDict
    is_confirmed: bool = False
    """Whether the customer has seen what will happen and said yes."""
    procedure: str = ""
    """The procedure it is made in; empty when any in force may permit it."""
    version: int = 0
    """Of that procedure."""
    facts: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    """Slot → values, for slots that the procedure asks and no argument tells (a reason that is only asked)."""
    results: JsonDict = field(default_factory=dict)
    """What earlier steps of the procedure came to, by name; conditions and arguments may read it."""
    frame: Frame | None = None
    """The procedure under way, once it has changed something."""
    step: int | None = None
    """Number of the step at which the procedure stands: what is done otherwise is permitted only there."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a proposed call is permitted, and if not, which rule stands against it."""

    is_permitted: bool
    procedure: str = ""
    rule: str = ""
    """Empty when permitted."""
    text: str = ""
    """What to say to the customer, where the definition has words for it."""

    @property
    def name(self) -> str:
        """The rule with its procedure."""
        return f"{self.procedure}/{self.rule}" if self.procedure else self.rule


def propose(call: Call, frame: Frame) -> Proposal:
    """What a procedure under way wants to do."""
    facts = {n: tuple(o.data.get("value", o.value) for o in v.options) for n, v in frame.slots.items()}
    under_way = None if frame.excused is None else frame
    return Proposal(
        call.action,
        call.arguments,
        True,
        frame.procedure,
        frame.version,
        facts,
        frame.results,
        under_way,
        frame.step,
    )
