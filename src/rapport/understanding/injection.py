"""Orders to the machine, and abuse, in customers' texts, mails and documents: found with their reasons, and defused.

`find_injection` takes the text as it came in (before markup is removed: orders hide there).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from rapport.understanding.lexicons import read_words
from rapport.understanding.logic import injection as rules
from rapport.understanding.logic.grammar import Finding, Grammar, compile_grammar
from rapport.understanding.logic.injection import neutralise

__all__ = ["Injection", "find_injection", "find_wordings", "neutralise"]


@dataclass(frozen=True, slots=True)
class Injection:
    """Whether a text gives orders to the machine, and why."""

    is_injection: bool
    score: float
    """0..1; at or above the threshold calibrated for the stated false-alarm rate it counts."""
    findings: tuple[Finding, ...] = ()
    """What was found, in reading order; also below the threshold. ``innocent`` findings speak against."""

    @property
    def families(self) -> tuple[str, ...]:
        """Names of the families found, once each."""
        return tuple(dict.fromkeys(f.family for f in self.findings if f.family != "innocent"))


def find_injection(text: str) -> Injection:
    """Orders to the machine in a text as it came in; bounded, never raises."""
    findings = find_wordings(text)
    weights = load_weights()
    score = rules.score(findings, weights)
    return Injection(score >= weights.threshold, round(score, 4), tuple(findings))


def find_wordings(text: str) -> list[Finding]:
    """What `find_injection` weighs; longer texts are read in overlapping pieces up to a bound."""
    return rules.find_wordings(text, load_grammar())


@lru_cache(maxsize=1)
def load_grammar() -> Grammar:
    """The shipped families, compiled."""
    data = read_words("injection.yaml")
    return compile_grammar(data["classes"], data["families"])


@lru_cache(maxsize=1)
def load_weights() -> rules.Weights:
    """The shipped logistic layer; made by ``evals/train_injection.py``."""
    data: dict[str, Any] = read_words("injection_weights.yaml")
    families = {name: float(weight) for name, weight in data["families"].items()}
    return rules.Weights(float(data["intercept"]), families, float(data["threshold"]))
