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
_PLACEHOLDER = re.compile(r"(\[[a-z_ ]{2,20} \d{1,6}\])")
_HIDDEN_KINDS = frozenset({"email", "phone", "code", "postal_code", "address", "name"})
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
    """Replace what is personal, by patterns, then by what is known of the customer; then defuse orders.

    Patterns come first: an address of mail that holds the customer's name is replaced whole.
    """
    first = governance.pseudonymise(message)
    second = governance.pseudonymise(asked, first.mapping)
    mapping = dict(second.mapping)
    words = [*private, *(e.text for e in entities if e.kind in _HIDDEN_KINDS)]
    hidden = _hide_known(first.text, words, mapping)
    hidden_asked = _hide_known(second.text, words, mapping)
    return Shielded(neutralise(hidden), neutralise(hidden_asked) if hidden_asked.strip() else "", mapping)


def _hide_known(text: str, words: Sequence[str], mapping: dict[str, str]) -> str:
    """The text without the given words, longest first, placeholders left alone; `mapping` grows."""
    kept = {word.strip() for word in words if len(word.strip()) >= _LEAST_CHARS}
    for word in sorted(kept, key=lambda w: (-len(w), w)):
        pattern = re.compile(rf"(?<!\w){re.escape(word)}(?!\w)", re.IGNORECASE)
        if not pattern.search(text):
            continue
        place = next((p for p, value in mapping.items() if value == word), "")
        place = place or f"[{_MINE} {len(mapping) + 1}]"
        mapping[place] = word
        parts = _PLACEHOLDER.split(text)
        parts[::2] = [pattern.sub(place, part) for part in parts[::2]]
        text = "".join(parts)
    return text
