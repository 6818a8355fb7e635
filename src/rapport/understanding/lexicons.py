"""The word lists shipped with this package, read once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

import yaml

from rapport.kernel.languages import LANGUAGES
from rapport.understanding.contracts import Context
from rapport.understanding.logic.acts import ActLexicon
from rapport.understanding.logic.agreeing import Agreement, agrees
from rapport.understanding.logic.phrases import compile_phrases
from rapport.understanding.logic.sentiment_cues import PolarityWords

OFFERED, BUTTONS = " · ", 3
"""How the buttons of a question stand behind it, and how many a summary has: yes, something else, stop."""


@dataclass(frozen=True, slots=True)
class GuardedPattern:
    """Phrases that count unless they stand inside one of the exceptions."""

    phrases: re.Pattern[str]
    exceptions: re.Pattern[str]

    def search(self, folded: str) -> re.Match[str] | None:
        """The first phrase outside every exception; positions count in `folded`."""
        found = self.phrases.search(folded)
        if found is None or self.exceptions.search(folded) is None:
            return found
        return self.phrases.search(self.exceptions.sub(lambda match: "|" * len(match.group()), folded))


@dataclass(frozen=True, slots=True)
class Lexicons:
    """Everything recognised from words alone."""

    acts: ActLexicon
    signals: Mapping[str, GuardedPattern]
    """What to look for in folded text by signal, including ``urgency`` and ``human_phrases``."""
    agreement: Mapping[str, Agreement]
    """How a summary is agreed to in a whole sentence, by language."""

    def agrees(self, text: str, context: Context, language: str) -> bool:
        """Whether a text is a yes to the open question, the buttons below it left out."""
        spoken = self.agreement.get(language) or self.agreement[LANGUAGES[0]]
        return agrees(text, context.asked.rsplit(OFFERED, BUTTONS)[0], spoken)


@lru_cache(maxsize=1)
def load_lexicons() -> Lexicons:
    """The shipped lists, compiled."""
    acts = read_words("acts.yaml")
    emoji, human, fillers = acts.pop("emoji"), acts.pop("human_phrases"), acts.pop("fillers")
    by_signal = {**read_words("signals.yaml"), "human_phrases": human}
    exceptions = by_signal.pop("exceptions")
    signals = {
        name: GuardedPattern(
            compile_phrases(phrase for phrases in by_language.values() for phrase in phrases),
            compile_phrases(exceptions.get(name, ())),
        )
        for name, by_language in by_signal.items()
    }
    agreeing = read_words("agreeing.yaml")
    agreement = {language: Agreement.of(agreeing, language) for language in LANGUAGES}
    return Lexicons(ActLexicon.of(acts, fillers, emoji), signals, agreement)


@lru_cache(maxsize=1)
def load_polarity() -> PolarityWords:
    """The shipped words of praise and blame, compiled."""
    return PolarityWords.of(read_words("polarity.yaml"))


def read_words(name: str) -> dict[str, Any]:
    """A shipped word list; every scalar is text, so that ``no`` and ``y`` stay words."""
    text = files(__package__).joinpath("data", name).read_text("utf-8")
    data: dict[str, Any] = yaml.load(text, yaml.BaseLoader)  # noqa: S506 - BaseLoader makes strings only
    return data
