"""What simulated agents say, read from a file of plain data."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from rapport.kernel.languages import base_language
from rapport.testing.personas import read_yaml

_TOPIC_OF_REASON = {
    "customer_asked": "general",
    "complaint": "sorry",
    "our_mistake": "damage",
    "safety": "safety",
    "legal_threat": "sorry",
    "vulnerability": "sorry",
}


@dataclass(frozen=True, slots=True)
class AgentPhrases:
    """Purpose → language → phrases, and private notes in the staff's language."""

    said: Mapping[str, Mapping[str, list[str]]]
    """``hello``, topics (``general``, ``damage``, ``sorry``, ``safety``), ``goodbye``, and ``customer``: what
    customers answer. ``{name}`` is the customer's first name, ``{agent}`` the agent's."""
    notes: tuple[str, ...]

    def script(self, language: str, reason: str, rng: random.Random) -> list[str]:
        """What an agent says in a conversation handed over for a reason: hello, help, goodbye."""
        topic = _TOPIC_OF_REASON.get(
            reason, "damage" if "damage" in reason or "claim" in reason else "general"
        )
        return [self._one(purpose, language, rng) for purpose in ("hello", topic, "goodbye")]

    def back(self, language: str, rng: random.Random) -> str:
        """What a customer answers an agent."""
        return self._one("customer", language, rng)

    def note(self, rng: random.Random) -> str:
        """A private note."""
        return rng.choice(self.notes)

    def _one(self, purpose: str, language: str, rng: random.Random) -> str:
        return rng.choice(self.said[purpose][base_language(language)])


def load_agent_phrases(path: Path) -> AgentPhrases:
    """Read a file of agents' phrases."""
    data = read_yaml(path)
    return AgentPhrases(data["said"], tuple(data["notes"]))
