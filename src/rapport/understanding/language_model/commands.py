"""The closed list of commands: what a language model may say, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, get_args

CommandKind = Literal[
    "start_procedure",
    "fill_slot",
    "correct",
    "deny",
    "skip",
    "undo",
    "repeat",
    "cancel",
    "show_menu",
    "ask_knowledge",
    "clarify",
    "hand_over",
    "small_talk",
]
"""What the interpreter takes, but for a yes: there is no command to confirm, to act, or to say something; they stay
with the customer and the rules."""

KINDS: tuple[CommandKind, ...] = get_args(CommandKind)
REASONS = ("customer_asked", "complaint", "out_of_scope")
"""Why a person is wanted; why nothing offered fits."""

SentimentLabel = Literal["very_negative", "negative", "neutral", "positive", "very_positive"]
SENTIMENTS: tuple[SentimentLabel, ...] = get_args(SentimentLabel)
ENTITY_KINDS = ("order_id", "quantity", "postal_code")
"""Kinds a model may point at where the patterns missed them; the value must be spelt in the text."""


@dataclass(frozen=True, slots=True)
class Command:
    """One command that passed validation."""

    kind: CommandKind
    confidence: float
    """The model's own, 0..1; not calibrated."""
    procedure: str = ""
    """Of ``start_procedure``."""
    slot: str = ""
    value: str = ""
    """Words that stand for the slot's value; resolved against what the connected system offers."""
    options: tuple[str, ...] = ()
    """Procedures a ``clarify`` hesitates between."""
    reason: str = ""
    quote: str = ""
    """The part of the message it belongs to."""


@dataclass(frozen=True, slots=True)
class Pointed:
    """A value the model points at in the text."""

    kind: str
    value: str
    quote: str


@dataclass(frozen=True, slots=True)
class Reading:
    """A model's answer after validation."""

    commands: tuple[Command, ...]
    language: str = ""
    sentiment: SentimentLabel | None = None
    entities: tuple[Pointed, ...] = ()
    dropped: int = 0
    """Commands and fields refused: not in the closed list, unknown names, wrong types."""
    problems: tuple[str, ...] = field(default=())
    """What was refused, for the record."""


@dataclass(frozen=True, slots=True)
class Broken:
    """The answer is not in the agreed form."""

    reason: str
