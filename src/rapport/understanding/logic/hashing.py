"""Numbers for runs of characters, the same in every process: the terms of hashed features."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

_BASE = 1_000_003
_MIXER = np.uint64(0x9E3779B97F4A7C15)
_WORD = 1 << 64

Hashes = NDArray[np.uint64]


def hash_runs(text: str, lengths: Sequence[int]) -> Iterator[Hashes]:
    """A 64-bit number for every run of so many characters of a text, shape ``(len(text) - length + 1,)`` each.

    A polynomial hash, mixed once; the numbers of one length come from those of the length below.

    Args:
        text: any; of no length that it does not reach is there a run.
        lengths: ascending.
    """
    codes = np.frombuffer(text.encode("utf-32-le", "replace"), np.uint32).astype(np.uint64)
    sums = codes
    for length in range(1, min(lengths[-1], len(codes)) + 1):
        if length > 1:
            sums = sums[:-1] * np.uint64(_BASE) + codes[length - 1 :]
        if length in lengths:
            hashed = sums + np.uint64(length * pow(_BASE, length, _WORD) % _WORD)
            hashed ^= hashed >> np.uint64(29)
            hashed *= _MIXER
            yield hashed
