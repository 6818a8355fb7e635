"""What stands between a customer's words and a server outside: personal data replaced, orders defused."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from rapport.governance import api as governance
from rapport.understanding.contracts import Entity
from rapport.understanding.injection import neutralise
from rapport.understanding.language_model.commands import Reading

_LEAST_CHARS = 2
_MINE = "known"
_HIDDEN_KINDS = frozenset({"email", "phone", "code", "postal_code"})
"""Entities that lead to a person or open a door; order numbers stay, the model may have to repeat them."""


@dataclass(frozen=True, slots=True)
class Shielded:
    """Words fit to leave, and what their placeholders stand for."""

    message: str
    asked: str
    mapping: dict[str, str] = field(repr=False)

    def restore(self, reading: Reading) -> Reading:
        """A model's answer with the customer's own words put back."""
        commands = tuple(
            replace(c, value=self._restored(c.value), quote=self._restored(c.quote)) for c in reading.commands
        )
        entities = tuple(
            replace(e, value=self._restored(e.value), quote=self._restored(e.quote)) for e in reading.entities
        )
        return replace(reading, commands=commands, entities=entities)

    def _restored(self, text: str) -> str:
        return governance.restore(text, self.mapping)


def shield(message: str, asked: str, *, private: Sequence[str], entities: Sequence[Entity]) -> Shielded:
    """Replace what is personal, by what is known of the customer, by patterns and by entities; then defuse orders."""
    mapping: dict[str, str] = {}
    words = [*private, *(e.text for e in entities if e.kind in _HIDDEN_KINDS)]
    hidden = _hide_known(message, words, mapping)
    hidden_asked = _hide_known(asked, words, mapping)
    first = governance.pseudonymise(hidden, mapping)
    second = governance.pseudonymise(hidden_asked, first.mapping)
    return Shielded(
        neutralise(first.text), neutralise(second.text) if second.text.strip() else "", second.mapping
    )


def _hide_known(text: str, words: Sequence[str], mapping: dict[str, str]) -> str:
    """The text without the given words, longest first; `mapping` grows."""
    kept = {word.strip() for word in words if len(word.strip()) >= _LEAST_CHARS}
    for word in sorted(kept, key=lambda w: (-len(w), w)):
        pattern = re.compile(rf"(?<!\w){re.escape(word)}(?!\w)", re.IGNORECASE)
        if pattern.search(text):
            place = next((p for p, value in mapping.items() if value == word), "")
            place = place or f"[{_MINE} {len(mapping) + 1}]"
            mapping[place] = word
            text = pattern.sub(place, text)
    return text
