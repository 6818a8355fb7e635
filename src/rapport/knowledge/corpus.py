"""Everything search needs of the published articles, in memory: loaded once, again when they change."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rapport.knowledge.logic.relevance import WITHOUT_FIT, Relevance
from rapport.knowledge.logic.space import Floats, Space, fit_space, unit
from rapport.knowledge.models import Article, ArticleTranslation, Passage, RelevanceFit, SearchState, Status

LEXICAL = "lexical"
"""Stands for the encoder where there is none."""
AUDIENCES = ("customers", "agents")
AS_QUESTION = (Passage.Kind.QUESTION, Passage.Kind.TITLE)
"""Kinds that are encoded as questions; the others as documents."""


@dataclass(frozen=True, slots=True)
class Wording:
    """An article in one language, as a hit shows it."""

    translation_id: int
    title: str
    summary: str
    url: str
    version: int = 0


@dataclass(frozen=True, slots=True)
class Entry:
    """One article."""

    id: int
    slug: str
    audience: str
    reviewed_on: dt.date | None
    wordings: Mapping[str, Wording]

    def wording(self, language: str) -> tuple[str, Wording]:
        """(language, wording) in the language asked for, else in English, else in any."""
        for code in (language, "en", *self.wordings):
            if code in self.wordings:
                return code, self.wordings[code]
        raise KeyError(self.slug)


@dataclass(frozen=True, slots=True)
class Paragraphs:
    """The body of one translation, in order."""

    texts: tuple[str, ...]
    terms: tuple[frozenset[str], ...]
    vectors: Floats | None
    """As the encoder made them: the space of articles hides what tells paragraphs of one article apart."""


@dataclass(frozen=True, slots=True)
class Corpus:
    """A consistent picture of the published articles."""

    stamp: int
    entries: tuple[Entry, ...]
    number_of_passage: Mapping[int, int]
    """Passage id to article number."""
    paragraphs: Mapping[int, Paragraphs]
    """By translation id."""
    frequencies: Mapping[str, Counter[str]]
    """Per language: in how many articles a term occurs."""
    gaps: frozenset[str]
    """Languages in which some article does not exist."""
    space: Space | None
    relevance: Relevance
    irrelevant: Floats
    """Placed vectors of irrelevant example texts."""
    allowed: Mapping[str, NDArray[np.bool_]] = field(default_factory=dict)
    """Per audience: which articles it may see."""


def read_stamp() -> int:
    """The number that grows with every change."""
    found = SearchState.objects.filter(pk=1).values_list("stamp", flat=True).first()
    return int(found or 0)


def load_corpus(encoder_id: str | None) -> Corpus:
    """Read the published articles; vectors of other encoders are left out."""
    stamp = read_stamp()
    entries = _entries()
    numbers = {entry.id: number for number, entry in enumerate(entries)}
    rows = list(
        Passage.objects.filter(translation__article__status=Status.PUBLISHED)
        .order_by("translation__article_id", "id")
        .values_list(
            "id",
            "translation_id",
            "translation__article_id",
            "translation__language",
            "kind",
            "text",
            "analysed",
            "encoder_id",
            "vector",
        )
    )
    space = _space(rows, numbers, encoder_id, len(entries))
    terms: dict[str, dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
    bodies: dict[int, list[tuple[str, frozenset[str], Floats | None]]] = defaultdict(list)
    for _, translation_id, article_id, language, kind, text, words, made_by, vector in rows:
        split = frozenset(words.split())
        terms[language][article_id] |= split
        if kind == Passage.Kind.BODY:
            own = _vector(vector) if vector is not None and made_by == encoder_id else None
            bodies[translation_id].append((text, split, own))
    relevance, irrelevant = _relevance(encoder_id if space else None, space)
    return Corpus(
        stamp=stamp,
        entries=entries,
        number_of_passage={row[0]: numbers[row[2]] for row in rows},
        paragraphs={key: _paragraphs(body) for key, body in bodies.items()},
        frequencies={code: _frequencies(by.values()) for code, by in terms.items()},
        gaps=frozenset(code for code in {*terms, "en"} if any(code not in e.wordings for e in entries)),
        space=space,
        relevance=relevance,
        irrelevant=irrelevant,
        allowed={who: np.array([_may_see(who, e) for e in entries], bool) for who in AUDIENCES},
    )


def _frequencies(articles: Iterable[set[str]]) -> Counter[str]:
    return Counter(term for own in articles for term in own)


def _may_see(audience: str, entry: Entry) -> bool:
    return audience == "agents" or entry.audience == "customers"


def _entries() -> tuple[Entry, ...]:
    wordings: dict[int, dict[str, Wording]] = defaultdict(dict)
    found = (
        ArticleTranslation.objects.filter(article__status=Status.PUBLISHED)
        .select_related("article")
        .defer("body")
    )
    for row in found:
        url = f"/help/{row.language}/articles/{row.article.slug}"
        wordings[row.article_id][row.language] = Wording(row.pk, row.title, row.summary, url, row.version)
    articles = Article.objects.filter(pk__in=wordings).order_by("pk")
    return tuple(Entry(a.pk, a.slug, a.audience, a.reviewed_on, wordings[a.pk]) for a in articles)


def _paragraphs(body: list[tuple[str, frozenset[str], Floats | None]]) -> Paragraphs:
    vectors = [vector for _, _, vector in body if vector is not None]
    return Paragraphs(
        tuple(text for text, _, _ in body),
        tuple(words for _, words, _ in body),
        np.stack(vectors) if len(vectors) == len(body) else None,
    )


def _vector(stored: bytes | memoryview[int]) -> Floats:
    return unit(np.frombuffer(stored, np.float16).astype(np.float32))


def _space(
    rows: Sequence[tuple[Any, ...]], numbers: Mapping[int, int], encoder_id: str | None, articles: int
) -> Space | None:
    usable = [row for row in rows if encoder_id and row[7] == encoder_id and row[8] is not None]
    if not usable:
        return None
    is_question = np.array([row[4] in AS_QUESTION for row in usable])
    owners = np.array([numbers[row[2]] for row in usable])
    return fit_space(np.stack([_vector(row[8]) for row in usable]), is_question, owners, articles)


def _relevance(encoder_id: str | None, space: Space | None) -> tuple[Relevance, Floats]:
    stored = RelevanceFit.objects.filter(encoder_id=encoder_id or LEXICAL).first()
    none = np.zeros((0, len(space.centre) if space else 0), np.float32)
    if stored is None:
        return WITHOUT_FIT["semantic" if space else "lexical"], none
    relevance = Relevance.from_json(stored.fit)
    if space is None or not stored.irrelevant:
        return relevance, none
    vectors = np.frombuffer(stored.irrelevant, np.float16).reshape(-1, stored.dimension).astype(np.float32)
    return relevance, space.place(unit(vectors))
