"""Directions in which an encoder tells languages apart instead of meanings.

Learned by `python -m evals.language_directions` from our own examples, which say the same in six languages. A head
taught in one language that looks along them would be misled by every other.
"""

from __future__ import annotations

import functools
from pathlib import Path

import numpy as np

from rapport.understanding.encoders.weights import Vectors

FILE = Path(__file__).parent / "language_directions.npz"


@functools.cache
def language_directions(encoder_id: str) -> Vectors | None:
    """Orthogonal unit vectors, shape ``(m, d)``; None for an encoder they were not learned for."""
    with np.load(FILE, allow_pickle=False) as stored:
        if str(stored["encoder"]) != encoder_id:
            return None
        return np.asarray(stored["directions"], np.float32)
