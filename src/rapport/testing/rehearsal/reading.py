"""How words are read in a rehearsal: by the same code as in production, without a trained model."""

from __future__ import annotations

from dataclasses import dataclass

from rapport.assistant.api import EngineReader
from rapport.testing.scripted_engine import ScriptedEngine
from rapport.understanding.contracts import Context, DialogueAct, Engine

BUTTONS = " \u00b7 yes \u00b7 no \u00b7 stop"
"""What stands below a summary."""


@dataclass(frozen=True, slots=True)
class RehearsalReader(EngineReader):
    """The assistant's reader, which also tells what kind of move a text is."""

    language: str = "en"
    country: str | None = "GB"

    def act(self, text: str, expects: str | None, asked: str = "") -> DialogueAct | None:
        """What kind of move a text is: yes, no, stop, a correction, small talk."""
        context = Context(previous_language=self.language, expects=expects, asked=asked + BUTTONS)
        return self.engine.understand(text, context).act


def make_reader(language: str, engine: Engine | None = None) -> RehearsalReader:
    """A reader for one language."""
    return RehearsalReader(engine or ScriptedEngine({}), language)
