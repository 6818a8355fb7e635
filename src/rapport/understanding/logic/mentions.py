"""Products and variants of a catalogue named in a message, with typos, endings, missing diacritics and translated facets."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rapport.understanding.contracts import Candidate, Entity
from rapport.understanding.logic.cleaning import fold, is_han
from rapport.understanding.logic.distance import is_within, slips_allowed
from rapport.understanding.logic.references import content_words, stem_of

_LEAST_COVERAGE = 0.5
"""Share of a name's words that must be said."""
_CLIP = 1500
_PREFIX = 2


@dataclass(frozen=True, slots=True)
class _Name:
    """One name of one candidate: its words' stems."""

    candidate: int
    stems: frozenset[str]
    facets: frozenset[str]
    """Stems of the candidate's attributes: they tell variants of one product apart."""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Names of what a shop sells, indexed by the stems of their words."""

    values: tuple[str, ...]
    names: tuple[_Name, ...]
    by_stem: Mapping[str, tuple[int, ...]]
    """Names that hold a stem."""
    by_prefix: Mapping[str, tuple[str, ...]]
    """Words by their first letters, for slips of the pen."""
    language: str

    @classmethod
    def of(cls, candidates: Sequence[Candidate], language: str) -> Catalogue:
        """Index candidates for texts in one language."""
        names: list[_Name] = []
        words: set[str] = set()
        for i, candidate in enumerate(candidates):
            facets = frozenset(
                stem_of(word.text, language)
                for value in candidate.attributes.values()
                for word in content_words(fold(value), language)
            )
            for name in (candidate.title, *candidate.aliases):
                spoken = content_words(fold(name), language)
                words.update(word.text for word in spoken)
                if spoken:
                    names.append(_Name(i, frozenset(word.stem for word in spoken), facets))
        by_stem: defaultdict[str, list[int]] = defaultdict(list)
        for number, one in enumerate(names):
            for stem in one.stems:
                by_stem[stem].append(number)
        by_prefix: defaultdict[str, list[str]] = defaultdict(list)
        for word in sorted(words):
            by_prefix[word[:_PREFIX]].append(word)
        return cls(
            tuple(candidate.value for candidate in candidates),
            tuple(names),
            {stem: tuple(numbers) for stem, numbers in by_stem.items()},
            {prefix: tuple(found) for prefix, found in by_prefix.items()},
            language,
        )

    def find(self, text: str) -> tuple[Entity, ...]:
        """Candidates named in the text; value is the list of those that fit equally well (one where it is clear).

        The span reaches from the first to the last word that names them. Numbers, prices and the like are left
        to `find_entities`.
        """
        spoken = content_words(fold(text[:_CLIP]), self.language)
        stems = [self._known(word.text, word.stem) for word in spoken]
        said = {stem for stem in stems if stem}
        best: dict[int, float] = {}
        reached: dict[int, frozenset[str]] = {}
        for number in {number for stem in said for number in self.by_stem.get(stem, ())}:
            name = self.names[number]
            common = name.stems & said
            coverage = len(common) / len(name.stems)
            if coverage < _LEAST_COVERAGE:
                continue
            facets = name.facets & said
            score = coverage + len(common) + 0.5 * len(facets - common)
            if score > best.get(name.candidate, 0.0):
                best[name.candidate], reached[name.candidate] = score, common | facets
        if not best:
            return ()
        return self._report(
            text, best, reached, [(w.start, w.end, stem) for w, stem in zip(spoken, stems, strict=True)]
        )

    def _report(
        self,
        text: str,
        best: Mapping[int, float],
        reached: Mapping[int, frozenset[str]],
        places: Sequence[tuple[int, int, str | None]],
    ) -> tuple[Entity, ...]:
        """The best group, then the best of those that share no word with it: "the mug and the lamp"."""
        found: list[Entity] = []
        used: set[str] = set()
        left = dict(best)
        while left:
            first = max(left, key=lambda i: (left[i], -i))
            group = sorted(
                i for i, score in left.items() if score >= left[first] - 1e-9 and reached[i] & reached[first]
            )
            words = frozenset().union(*(reached[i] for i in group))
            spans = [(start, end) for start, end, stem in places if stem in words]
            start, end = min(s for s, _ in spans), max(e for _, e in spans)
            values = [self.values[i] for i in group]
            sure = round(min(1.0, 0.6 + 0.1 * len(words)) / len(values), 3)
            found.append(Entity("product", values, text[start:end], start, end, sure))
            used |= words
            left = {i: score for i, score in left.items() if not reached[i] & used}
        return tuple(sorted(found, key=lambda entity: entity.start))

    def _known(self, word: str, stem: str) -> str | None:
        """The stem as the catalogue has it: the word's own, else of the word it is a slip of."""
        if stem in self.by_stem or "=" in stem:
            return stem
        if is_han(word) or len(word) < 4:
            return None
        for known in self.by_prefix.get(word[:_PREFIX], ()):
            if is_within(word, known, min(slips_allowed(word), slips_allowed(known))):
                return stem_of(known, self.language)
        return None
