"""Understanding by a table of words instead of a trained model: what a text asks for is certain and instant.

Tests of dialogues and demonstrations of procedures use it, so that they depend on no training:

    engine = ScriptedEngine({"return_items": ("return", "send back"), "out_of_scope": ("weather",)})

The intent whose words occur most often wins (a word that stands earlier breaks a tie) with probability 0.95 and
is accepted; a text without any of the words is read as a ``question`` with probability 0.4 and not accepted.
Only the model is replaced: language, dialogue acts, parts of a message, entities, signals, sentiment words and
references ("the second one") are read by the same code as in production.
"""
# ruff: noqa: E501 - word lists are easier to compare as one line a meaning

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from rapport.understanding import api as understanding
from rapport.understanding.contracts import (
    AbstentionReason,
    Candidate,
    Context,
    IntentScore,
    ModelRef,
    Reference,
    Understanding,
)

CERTAIN = 0.95
"""Probability of the intent whose words were found."""
UNKNOWN = 0.4
"""Probability of ``question`` when no words were found: below every threshold."""
THRESHOLD = 0.8

DEMO_WORDS: dict[str, tuple[str, ...]] = {
    "order_status": ("where is my", "track", "kde je m", "wo ist", "dónde está", "где мой", "订单在哪"),
    "order_details": ("details of",),
    "cancel_order": ("cancel my order", "cancel an order", "cancel order", "zrušit objedn", "stornieren", "cancelar", "отменить заказ", "取消订单"),
    "change_address": ("delivery address", "deliver it to", "adresu", "lieferadresse", "dirección", "адрес доставки", "收货地址"),
    "change_items": ("another colour", "change the items", "změnit položky"),
    "change_payment": ("pay with", "change the payment", "payment method"),
    "return_items": ("return", "send back", "vrátit", "zurückgeben", "zurückschicken", "devolver", "вернуть", "退货"),
    "exchange_items": ("exchange", "swap", "vyměnit", "umtauschen", "cambiar", "обменять", "换货"),
    "refund_status": ("my refund", "refund status", "my money"),
    "gift_card_balance": ("gift card balance", "left on my gift card"),
    "update_profile_address": ("i have moved", "my new home"),
    "report_damage": ("damaged", "broken", "rozbit", "beschädigt", "dañado", "разбит", "破损"),
    "product_question": ("do you sell", "in stock"),
    "talk_to_person": ("talk to a person", "speak to a human", "mluvit s člověkem", "mit einem menschen", "hablar con una persona", "с человеком", "人工"),
    "complaint": ("this is a disgrace", "complain"),
    "out_of_scope": ("weather", "football"),
    "small_talk": ("how are you", "are you a robot"),
}  # fmt: skip
"""Words for the demonstration's procedures: enough to test dialogues, no measure of understanding."""


@dataclass(frozen=True, slots=True)
class _Prediction:
    """As a trained model's, for one text."""

    intents: tuple[IntentScore, ...]
    abstention: AbstentionReason | None
    familiarity: float = 0.0
    threshold: float = THRESHOLD
    likely_threshold: float = THRESHOLD
    views: tuple[str, ...] = ("words",)


@dataclass(frozen=True, slots=True)
class _WordModel:
    """Stands where the engine expects a trained model."""

    words: Mapping[str, tuple[str, ...]]
    encoders: Mapping[str, str] = field(default_factory=dict)
    ref: ModelRef = field(default_factory=lambda: ModelRef("scripted", "1", "words"))
    usual_words: int = 10**9
    """Any text is read as a whole: words stand where they stand."""
    ordinary: frozenset[str] = frozenset()

    def predict(self, reading: Any, _: object) -> _Prediction:
        """The intent whose words occur most often."""
        lower = reading.text.lower()
        found = sorted(
            (-sum(w in lower for w in words), min(lower.find(w) for w in words if w in lower), name)
            for name, words in self.words.items()
            if any(w in lower for w in words)
        )
        if not found:
            return _Prediction((IntentScore("question", UNKNOWN),), "uncertain")
        names = [name for *_, name in found]
        rest = (1 - CERTAIN) / len(names)
        intents = (IntentScore(names[0], CERTAIN), *(IntentScore(n, rest) for n in names[1:10]))
        return _Prediction(intents, "out_of_scope" if names[0] == "out_of_scope" else None)

    def feel(self, _: object) -> NDArray[np.float32]:
        """Neutral: only the word lists of production speak of feelings."""
        return np.array([0, 0, 1, 0, 0], np.float32)


class ScriptedEngine:
    """An `Engine` that knows intents by words from a table."""

    def __init__(self, words: Mapping[str, Sequence[str]] = DEMO_WORDS) -> None:
        table = {name: tuple(w.lower() for w in found) for name, found in words.items()}
        self._engine = understanding.EmbeddedEngine(cast("Any", _WordModel(table)), None)

    def understand(self, text: str, context: Context) -> Understanding:
        """Read one message."""
        return self._engine.understand(text, context)

    def resolve(self, text: str, candidates: Sequence[Candidate], *, many: bool, language: str) -> Reference:
        """Which of the candidates the text refers to."""
        return self._engine.resolve(text, candidates, many=many, language=language)
