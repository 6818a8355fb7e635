"""Simulated customers' ways and words, read from a file of plain data."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

SHARES = (
    "click_share",
    "typo_rate",
    "lower_case_share",
    "greets_share",
    "chatter_share",
    "confused_share",
    "angry_share",
    "changes_mind_share",
    "digression_share",
    "asks_person_share",
    "gives_up_share",
    "thanks_share",
    "closes_share",
    "leaves_silently_share",
)


def read_yaml(path: Path) -> Any:
    """The plain data in a file, by the quick parser where the platform has it."""
    return yaml.load(path.read_text(encoding="utf-8"), getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506


class BadPersonas(ValueError):
    """The file of personas lacks something or states a share outside 0..1."""


@dataclass(frozen=True, slots=True)
class Persona:
    """One way to be a customer."""

    id: str
    weight: float
    """How common it is among all personas."""
    opens: str
    """``text``, ``menu`` or ``person``: what the first move is."""
    styles: tuple[str, ...]
    """Which openings they use: ``terse``, ``plain``, ``polite``, ``precise``, ``broken``."""
    shares: Mapping[str, float]
    """How often they do each thing in `SHARES` [0..1]."""
    delay_s: tuple[float, float]
    """Shortest and longest pause before their next move [seconds]."""
    languages: Mapping[str, float]

    def does(self, what: str, rng: random.Random) -> bool:
        """Whether they do one of `SHARES` this time."""
        share = self.shares[what]
        return share > 0 and rng.random() < share


@dataclass(frozen=True, slots=True)
class Phrasebook:
    """All personas and everything they say."""

    personas: tuple[Persona, ...]
    mix: Mapping[str, float]
    """How often each procedure is what a customer comes for (relative)."""
    question_share: float
    """Share of conversations that are questions for the help centre."""
    openings: Mapping[str, Mapping[str, Mapping[str, str]]]
    """Procedure → language → style → first words."""
    phrases: Mapping[str, Mapping[str, list[str]]]
    """Purpose → language → phrases."""

    def choose_persona(self, rng: random.Random, among: Sequence[str] = ()) -> Persona:
        """One persona, by weight; of those with the ids named, or of all."""
        possible = [p for p in self.personas if not among or p.id in among]
        return rng.choices(possible, [p.weight for p in possible])[0]

    def phrase(self, purpose: str, language: str, rng: random.Random) -> str:
        """One of the phrases for a purpose."""
        known = self.phrases[purpose]
        return rng.choice(known.get(language) or known["en"])

    def opening(self, procedure: str, language: str, style: str) -> str:
        """First words of a customer who comes for a procedure; may hold ``{order}``."""
        known = self.openings[procedure]
        return (known.get(language) or known["en"])[style]


def load_phrasebook(path: Path) -> Phrasebook:
    """Read a file of personas. Raises BadPersonas."""
    data: dict[str, Any] = read_yaml(path)
    try:
        return Phrasebook(
            personas=tuple(_persona(entry) for entry in data["personas"]),
            mix={str(k): float(v) for k, v in data["mix"].items()},
            question_share=float(data["question_share"]),
            openings=data["openings"],
            phrases=data["phrases"],
        )
    except KeyError as problem:
        raise BadPersonas(f"{path.name}: {problem} is missing") from problem


def _persona(entry: dict[str, Any]) -> Persona:
    shares = {name: float(entry[name]) for name in SHARES}
    wrong = [name for name, share in shares.items() if not 0 <= share <= 1]
    if wrong:
        raise BadPersonas(f"{entry['id']}: {', '.join(wrong)} must be between 0 and 1")
    shortest, longest = entry["answer_delay_s"]
    return Persona(
        id=str(entry["id"]),
        weight=float(entry["weight"]),
        opens=str(entry["opens"]),
        styles=tuple(entry["style"]),
        shares=shares,
        delay_s=(float(shortest), float(longest)),
        languages={str(k): float(v) for k, v in entry["languages"].items()},
    )


def with_typos(text: str, rate: float, rng: random.Random) -> str:
    """The text with neighbouring letters swapped or one dropped at a rate per letter; numbers stay as they are."""
    if rate <= 0:
        return text
    letters: list[str] = []
    for char in text:
        if not letters or not char.isascii() or not char.isalpha() or rng.random() >= rate:
            letters.append(char)
        elif len(letters) > 1 and letters[-1].isalpha() and rng.random() < 0.5:
            letters.insert(-1, char)
    return "".join(letters)
