"""Whether a text says only what an approved source says: figures, names, limits, and support for each sentence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from rapport.knowledge.logic.analysis import terms
from rapport.knowledge.logic.claims import HARD_LIMITS, Figure, figures_of, limits_of, names_of
from rapport.knowledge.logic.markdown import plain
from rapport.knowledge.logic.statements import read_statements, split_sentences

ProblemKind = Literal["figure", "name", "limit_added", "limit_dropped", "unsupported"]
LEAST_SUPPORT = 0.7
"""Share of a sentence's words that two sentences of the source must hold; see docs/reference/evaluation.md."""
MATCHED = 0.5
"""From this share of shared words on, a sentence of the source is what a sentence of the text restates."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that the source does not say, or that the text does not say with it."""

    kind: ProblemKind
    what: str
    """The figure, name or class of limit; empty for a sentence without support."""
    sentence: str


@dataclass(frozen=True, slots=True)
class Grounding:
    """What the check found."""

    problems: tuple[Problem, ...]
    support: float
    """Of the sentence with the least, 0..1."""

    @property
    def is_grounded(self) -> bool:
        """Whether nothing was found."""
        return not self.problems


def check_grounding(text: str, source: str, language: str) -> Grounding:
    """Compare each sentence of a text with the source it was made of.

    * figure: a number, with its currency or unit of time, that the source does not hold;
    * name: an address, a code or a name set apart that the source does not hold;
    * limit_added: a not, only, except or if that no supporting sentence holds;
    * limit_dropped: one that the restated sentence holds, and neither this sentence nor the next one of the text;
    * unsupported: too few of its words stand in the two sentences of the source that hold most of them.
    """
    said, known = sentences_of(text), sentences_of(source)
    known_terms = [set(terms(sentence, language)) for sentence in known]
    figures = {figure for sentence in known for figure in figures_of(sentence, language)}
    names = {fold_name for sentence in source.splitlines() for fold_name in names_of(sentence)}
    haystack = " ".join(known).lower()
    problems: list[Problem] = []
    least = 1.0
    for number, sentence in enumerate(said):
        problems += [
            Problem("figure", str(f), sentence) for f in _unknown_figures(sentence, figures, language)
        ]
        problems += [
            Problem("name", name, sentence)
            for name in sorted(names_of(sentence) - names)
            if name not in haystack and name not in " ".join(names)
        ]
        own = set(terms(sentence, language))
        if not own:
            continue
        best = _supporting(own, known_terms)
        held = set().union(*(known_terms[at] for at in best)) if best else set()
        share = len(own & held) / len(own)
        least = min(least, share)
        if share < LEAST_SUPPORT:
            problems.append(Problem("unsupported", "", sentence))
            continue
        following = said[number + 1] if number + 1 < len(said) else ""
        problems += _limit_problems(sentence, following, [known[at] for at in best], language)
    return Grounding(tuple(problems), round(least, 3))


def missing_figures(text: str, source: str, language: str) -> tuple[Figure, ...]:
    """Figures of the source that the text leaves out, in order: for whoever approves it."""
    held = set(figures_of(plain(text), language))
    return tuple(f for f in dict.fromkeys(figures_of(plain(source), language)) if f not in held)


def sentences_of(text: str) -> list[str]:
    """The sentences of a Markdown text, without marks of lists."""
    found: list[str] = []
    for statement in read_statements(text):
        if statement.kind != "row":
            found += split_sentences(statement.text)
        else:
            found.append(", ".join(statement.text.split(" | ")))
    return found


def _unknown_figures(sentence: str, known: set[Figure], language: str) -> list[Figure]:
    """A figure without a unit may stand for one with it, not the other way round."""
    values = {figure.value for figure in known}
    return [f for f in figures_of(sentence, language) if f not in known and (f.unit or f.value not in values)]


def _supporting(own: set[str], known: list[set[str]]) -> list[int]:
    """The sentence that shares most words, and the one that adds most to it."""
    if not known:
        return []
    first = max(range(len(known)), key=lambda n: (len(own & known[n]), -len(known[n]), -n))
    rest = own - known[first]
    others = [n for n in range(len(known)) if n != first and rest & known[n]]
    second = max(others, key=lambda n: (len(rest & known[n]), -len(known[n]), -n), default=None)
    return [first] if second is None else [first, second]


def _limit_problems(sentence: str, following: str, supporting: list[str], language: str) -> list[Problem]:
    own = limits_of(sentence, language)
    known = frozenset[str]().union(*(limits_of(other, language) for other in supporting))
    restated = supporting[0]
    own_terms = set(terms(sentence, language))
    is_match = len(own_terms & set(terms(restated, language))) >= MATCHED * len(own_terms)
    needed = limits_of(restated, language) if is_match else frozenset()
    present = own | limits_of(following, language)
    added = [Problem("limit_added", name, sentence) for name in HARD_LIMITS if name in own - known]
    dropped = [Problem("limit_dropped", name, sentence) for name in HARD_LIMITS if name in needed - present]
    return [*added, *dropped]
