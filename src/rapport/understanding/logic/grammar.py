"""Families of wordings told by sequences of word classes: "DISCARD ..4 QUAL ..4 DIRECTIVE" finds them in any order given.

A text is cut into words once; each word is looked up once; only sequences that begin with a class it belongs to are
tried. A match never crosses the end of a sentence, and work is bounded: gaps are short and every sequence is tried
once per word.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from rapport.understanding.logic.cleaning import fold

_TOKEN = re.compile(r"[^\W_]+(?:['_\-][^\W_]+)*")
_ENDS = re.compile(r"[.!?;。！？；]\s|\n[^\S\n]{0,20}\n|[。！？；]")
_MAX_STEM = 24
_REMEMBERED = 50_000
Step = tuple[int, frozenset[str]]
"""Words that may lie between, and the symbols one of which must follow."""


@dataclass(frozen=True, slots=True)
class Token:
    """One folded word with its place and the sentence it stands in."""

    text: str
    start: int
    end: int
    sentence: int


@dataclass(frozen=True, slots=True)
class Rule:
    """One sequence of a family."""

    family: str
    name: str
    """Family and number, ``override/3``."""
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """A wording that belongs to a family; positions count in the text as it was given."""

    family: str
    start: int
    end: int
    text: str
    """Folded, as it read once undisguised."""
    rule: str = ""
    """The wording of the family that was met, ``override/3``."""


@dataclass(frozen=True)
class Grammar:
    """Compiled classes, sequences and patterns."""

    exact: Mapping[str, frozenset[str]]
    """Classes and literals by whole word."""
    stems: Mapping[str, frozenset[str]]
    """Classes and literals by beginning of a word."""
    rules: Mapping[str, tuple[Rule, ...]]
    """Sequences by each symbol they may begin with."""
    patterns: tuple[tuple[str, str, re.Pattern[str]], ...]
    """Family, name and pattern on folded text."""
    any_pattern: re.Pattern[str]
    """Matches where one of `patterns` may match: most texts are done with one pass."""

    @cached_property
    def _known(self) -> dict[str, frozenset[str]]:
        return {}

    @cached_property
    def _lengths(self) -> tuple[int, ...]:
        return tuple(sorted({len(stem) for stem in self.stems}))

    def find(self, folded: str) -> Iterator[Finding]:
        """Everything found in folded text; overlapping wordings of several families are all given."""
        yield from self._sequences(folded)
        if self.any_pattern.search(folded):
            for family, name, pattern in self.patterns:
                for match in pattern.finditer(folded):
                    yield Finding(family, match.start(), match.end(), match.group(), name)

    def _sequences(self, folded: str) -> Iterator[Finding]:
        tokens = cut(folded)
        symbols = [self.symbols(token.text) for token in tokens]
        for i, own in enumerate(symbols):
            done: set[str] = set()
            for symbol in own:
                for rule in self.rules.get(symbol, ()):
                    if rule.name in done:
                        continue
                    last = _follow(rule.steps, tokens, symbols, i)
                    if last is not None:
                        done.add(rule.name)
                        start, end = tokens[i].start, tokens[last].end
                        yield Finding(rule.family, start, end, folded[start:end], rule.name)

    def symbols(self, word: str) -> frozenset[str]:
        """Classes and literals a word belongs to."""
        found = self._known.get(word)
        if found is None:
            found = self.exact.get(word, frozenset())
            for length in self._lengths:
                if length > len(word):
                    break
                found |= self.stems.get(word[:length], frozenset())
            if len(self._known) < _REMEMBERED and len(word) <= _MAX_STEM:
                self._known[word] = found
        return found


def cut(folded: str) -> list[Token]:
    """The words of folded text, numbered by sentence."""
    ends = [match.start() for match in _ENDS.finditer(folded)]
    tokens, sentence = [], 0
    for match in _TOKEN.finditer(folded):
        while sentence < len(ends) and ends[sentence] < match.start():
            sentence += 1
        tokens.append(Token(match.group(), match.start(), match.end(), sentence))
    return tokens


def _follow(
    steps: tuple[Step, ...], tokens: list[Token], symbols: list[frozenset[str]], start: int
) -> int | None:
    """Index of the last word of the sequence, or None; alternatives in a gap are taken as early as they come."""
    at = start
    for gap, wanted in steps[1:]:
        for ahead in range(at + 1, min(at + 2 + gap, len(tokens))):
            if tokens[ahead].sentence != tokens[start].sentence:
                return None
            if not wanted.isdisjoint(symbols[ahead]):
                at = ahead
                break
        else:
            return None
    return at


def compile_grammar(classes: Mapping[str, str], families: Mapping[str, Mapping[str, list[str]]]) -> Grammar:
    """A grammar from word lists and, by family, ``words`` (sequences) and ``patterns`` (regular expressions)."""
    exact: defaultdict[str, set[str]] = defaultdict(set)
    stems: defaultdict[str, set[str]] = defaultdict(set)
    for name, words in classes.items():
        for word in fold(words).split():
            _place(word, name, exact, stems)
    rules: defaultdict[str, list[Rule]] = defaultdict(list)
    for family, content in families.items():
        for number, line in enumerate(content.get("words", ()), 1):
            rule = Rule(family, f"{family}/{number}", tuple(_steps(line, classes)))
            for symbol in rule.steps[0][1]:
                rules[symbol].append(rule)
            for symbol in {symbol for _, wanted in rule.steps for symbol in wanted} - set(classes):
                _place(symbol, symbol, exact, stems)
    patterns = tuple(
        (family, f"{family}/p{number}", re.compile(pattern))
        for family, content in families.items()
        for number, pattern in enumerate(content.get("patterns", ()), 1)
    )
    return Grammar(
        {word: frozenset(names) for word, names in exact.items()},
        {word: frozenset(names) for word, names in stems.items()},
        {symbol: tuple(found) for symbol, found in rules.items()},
        patterns,
        re.compile("|".join(f"(?:{pattern.pattern})" for _, _, pattern in patterns) or "(?!)"),
    )


def _place(
    word: str, name: str, exact: defaultdict[str, set[str]], stems: defaultdict[str, set[str]]
) -> None:
    if word.endswith("*"):
        stems[word[:-1]].add(name)
    else:
        exact[word].add(name)


def _steps(line: str, classes: Mapping[str, str]) -> Iterator[Step]:
    """Steps of a written sequence; neighbours without ``..N`` must follow directly."""
    gap = 0
    for item in line.split():
        if item.startswith(".."):
            gap = int(item[2:])
            continue
        wanted = frozenset(part if part in classes else fold(part) for part in item.split("|"))
        yield gap, wanted
        gap = 0
