"""Which messages are worth a person's label: those the model is unsure of, and a few at random."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

Ranked = Sequence[tuple[str, float]]
NARROW_MARGIN = 0.25
"""Best and second best nearer than this: the message lies on a border."""
RANDOM_SHARE = 0.05
HELD_OUT_SHARE = 0.1
HELD_OUT_FROM = 20
"""Labels with fewer accepted texts keep all of them for training."""
VALUES = {"correction": 3.0, "clarified": 2.0, "rolled_back": 1.5, "resolved": 0.5, "random": 0.6}
"""What is known beforehand of a reason; uncertain messages get 1 to 2 by how uncertain they are."""


def reason_to_ask(ranked: Ranked, *, is_accepted: bool, nearest: str = "") -> tuple[str, float] | None:
    """Why a person should label a message, and how much that teaches; None when the model is sure.

    Args:
        ranked: intents with calibrated probabilities, best first.
        is_accepted: whether the best one was accepted.
        nearest: intent of the nearest training example, where known.
    """
    if not ranked:
        return None
    best = ranked[0][1]
    margin = best - (ranked[1][1] if len(ranked) > 1 else 0.0)
    if not is_accepted:
        return "abstained", round(2 - best, 4)
    if nearest and nearest != ranked[0][0]:
        return "disagreement", round(1.75 - best / 2, 4)
    if margin < NARROW_MARGIN:
        return "narrow", round(1.5 - margin, 4)
    return None


def is_drawn(name: str, share: float) -> bool:
    """Whether a row belongs to a sample, always the same for the same name."""
    number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:6], "big")
    return number < share * (1 << 48)


def is_held_out_place(label: str, place: int) -> bool:
    """Whether the texts at a place of a label are held out: one place in ten of each label, always the same ones."""
    every = round(1 / HELD_OUT_SHARE)
    start = int.from_bytes(hashlib.sha256(label.encode()).digest()[:6], "big") % every
    return place % every == start
