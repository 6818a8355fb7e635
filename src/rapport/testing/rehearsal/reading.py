"""How words are read in a rehearsal: by the same code as in production, without a trained model."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rapport.procedures.contracts import Option
from rapport.testing.scripted_engine import ScriptedEngine
from rapport.understanding import api as understanding
from rapport.understanding.contracts import Candidate, Context, DialogueAct, Engine

BUTTONS = " \u00b7 yes \u00b7 no \u00b7 stop"
"""What stands below a summary."""
_NUMBER = re.compile(r"-?\d+(?:[.,]\d+)?")


@dataclass(frozen=True, slots=True)
class RehearsalReader:
    """A `procedures.Reader`; with a trained engine it reads with that instead."""

    engine: Engine
    language: str = "en"
    country: str | None = "GB"

    def resolve(
        self, text: str, options: tuple[Option, ...], *, many: bool
    ) -> tuple[tuple[Option, ...], bool]:
        """The options a text refers to, and whether that is ambiguous."""
        candidates = [Candidate(o.value, o.title, o.aliases, o.attributes) for o in options]
        found = self.engine.resolve(text, candidates, many=many, language=self.language)
        by_value = {o.value: o for o in options}
        return tuple(by_value[v] for v in found.values), found.is_ambiguous

    def address(self, text: str) -> dict[str, str]:
        """The address fields found in a text."""
        return understanding.parse_address(text, self.country)

    def number(self, text: str) -> float | None:
        """The number a text states, if any."""
        found = _NUMBER.search(text)
        return float(found[0].replace(",", ".")) if found else None

    def act(self, text: str, expects: str | None, asked: str = "") -> DialogueAct | None:
        """What kind of move a text is: yes, no, stop, a correction, small talk."""
        context = Context(previous_language=self.language, expects=expects, asked=asked + BUTTONS)
        return self.engine.understand(text, context).act


def make_reader(language: str, engine: Engine | None = None) -> RehearsalReader:
    """A reader for one language."""
    return RehearsalReader(engine or ScriptedEngine({}), language)
