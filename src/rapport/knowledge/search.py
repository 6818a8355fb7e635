"""Search embedded in this process: words found by the database, nearness by numpy, one calibrated score."""

from __future__ import annotations

import threading
import time

import numpy as np

from rapport.knowledge.contracts import Hit
from rapport.knowledge.corpus import Corpus, Wording, load_corpus, read_stamp
from rapport.knowledge.lexical_index import find_candidates
from rapport.knowledge.logic.analysis import terms
from rapport.knowledge.logic.overlap import overlaps, weigh
from rapport.knowledge.logic.relevance import features_of, fused, nearness_to_irrelevant
from rapport.knowledge.logic.space import Floats
from rapport.understanding import api as understanding
from rapport.understanding.contracts import Encoder

CHECK_S = 1.0
"""How often a process looks whether articles have changed."""
PARAGRAPH_SPREAD = 0.02
"""Usual difference of cosines between paragraphs of one article: weighs nearness against shared words."""


class EmbeddedSearcher:
    """The `Searcher` of an ordinary installation; safe to share between threads."""

    def __init__(self, encoder: Encoder | None) -> None:
        self._encoder = encoder
        self._corpus: Corpus | None = None
        self._checked_at = 0.0
        self._lock = threading.Lock()

    def search(self, text: str, *, language: str, audience: str = "customers", limit: int = 5) -> list[Hit]:
        """The best passages, best first; in `language` where the article exists in it, else in English.

        Costs one question vector (which the encoder still has if understanding read the same text) and less
        than two milliseconds.
        """
        corpus = self._fresh()
        if not corpus.entries or not text.strip():
            return []
        lexical = _lexical(corpus, text, language)
        vector, semantic, near_irrelevant = self._semantic(corpus, text)
        scores = fused(semantic, lexical)
        allowed = corpus.allowed["agents" if audience == "agents" else "customers"]
        scores = np.where(allowed, scores, -np.inf)
        best = [
            int(n)
            for n in np.argsort(-scores)[:limit]
            if allowed[n] and (lexical[n] > 0 or vector is not None)
        ]
        if not best:
            return []
        hidden = np.where(allowed, semantic, -1e3)
        features = features_of(hidden, lexical, near_irrelevant, best)
        chances = corpus.relevance.probability(features)
        words = frozenset(terms(text, language))
        hits = []
        for number, chance in zip(best, chances.tolist(), strict=True):
            code, wording, passage = _shown(corpus, number, language, vector, words)
            entry = corpus.entries[number]
            hits.append(
                Hit(
                    article_id=entry.id,
                    slug=entry.slug,
                    language=code,
                    title=wording.title,
                    summary=wording.summary,
                    passage=passage,
                    url=wording.url,
                    score=round(chance, 4),
                    is_relevant=chance >= corpus.relevance.floor,
                    lexical=round(float(lexical[number]) / 2, 4),
                    semantic=round(float(semantic[number]), 4),
                    reviewed_on=entry.reviewed_on,
                    translation_id=wording.translation_id,
                    version=wording.version,
                )
            )
        return hits

    def _fresh(self) -> Corpus:
        """The corpus, loaded again if articles changed; looks at most once a second."""
        now = time.monotonic()
        corpus = self._corpus
        if corpus is not None and now - self._checked_at < CHECK_S:
            return corpus
        with self._lock:
            if self._corpus is None or self._corpus.stamp != read_stamp():
                self._corpus = load_corpus(self._encoder.id if self._encoder else None)
            self._checked_at = now
            return self._corpus

    def _semantic(self, corpus: Corpus, text: str) -> tuple[Floats | None, Floats, float]:
        """(question's vector, z-score of each article, nearness to irrelevant examples)."""
        if self._encoder is None or corpus.space is None:
            return None, np.zeros(len(corpus.entries), np.float32), 0.0
        asked = understanding.readable(understanding.clean(text))
        vector = self._encoder.queries([asked])[0]
        placed = corpus.space.place(vector[None])[0]
        nearness = corpus.relevance.semantic(corpus.space.nearness(placed))
        return vector, nearness, nearness_to_irrelevant(placed, corpus.irrelevant)


def _lexical(corpus: Corpus, text: str, language: str) -> Floats:
    """Overlap with each article in the language, and in English where articles are missing in it."""
    total = np.zeros(len(corpus.entries), np.float32)
    spoken = [language, "en"] if language in corpus.gaps and language != "en" else [language]
    for code in spoken:
        known = corpus.frequencies.get(code)
        if not known:
            continue
        weights = weigh(terms(text, code), known, len(corpus.entries))
        rows = find_candidates([term for term in weights if term in known], [code])
        pairs = [(corpus.number_of_passage.get(key, -1), found.split()) for key, found in rows]
        found = overlaps(weights, [pair for pair in pairs if pair[0] >= 0], len(corpus.entries))
        if code != language:
            foreign = np.array([language not in entry.wordings for entry in corpus.entries])
            found = np.where(foreign, found, 0)
        total = np.maximum(total, found)
    return total


def _shown(
    corpus: Corpus, number: int, language: str, vector: Floats | None, words: frozenset[str]
) -> tuple[str, Wording, str]:
    """(language, wording, answer): the answer is the summary and the paragraph that fits best."""
    code, wording = corpus.entries[number].wording(language)
    own = corpus.paragraphs.get(wording.translation_id)
    passage = wording.summary
    if own is not None:
        scores = np.array([len(words & found) / (1 + len(words)) for found in own.terms], np.float32)
        if vector is not None and own.vectors is not None:
            near = own.vectors @ vector
            scores = (near - near.mean()) / PARAGRAPH_SPREAD + scores
        passage = f"{wording.summary}\n\n{own.texts[int(scores.argmax())]}"
    return code, wording, passage
