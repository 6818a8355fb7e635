"""Vectors for the sentiment model from whatever encoders there are, each asked only for languages it serves."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rapport.understanding.encoders import Panel
from rapport.understanding.encoders.panel import serves

_WHO = re.compile(r"@\w+|https?://\S+|\bhttps?\b")

Floats = NDArray[np.float32]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Encoded:
    """Vectors of many texts by encoder, and for which texts they are there."""

    vectors: Mapping[str, Floats]
    """Shape ``(n, dimension)``; zeros for texts in a language the encoder does not serve."""
    served: Mapping[str, Flags]
    """Shape ``(n,)``."""


def encode_served(panel: Panel, texts: Sequence[str], languages: Sequence[str]) -> Encoded:
    """What each encoder makes of the texts it serves; encoders that serve none are left out."""
    plain = [without_addressees(text) for text in texts]
    vectors, served = {}, {}
    for name in panel.names:
        flags = np.array([serves(name, language) for language in languages], bool)
        if flags.any():
            encoder = panel.encoder(name)
            rows = np.zeros((len(texts), encoder.dimension), np.float32)
            rows[flags] = encoder.queries([plain[place] for place in np.flatnonzero(flags).tolist()])
            vectors[name], served[name] = rows, flags
    return Encoded(vectors, served)


def without_addressees(text: str) -> str:
    """The text without mentions and links: whom and what it points at says nothing of a feeling."""
    return _WHO.sub(" ", text).strip() or text
