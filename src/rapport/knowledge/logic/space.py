"""Semantic nearness of a question to articles, in a space where differences within an article count little.

Cosines of sentence encoders bunch together (E5: 0.75 to 0.95). The vectors of one article's questions and
paragraphs, in all languages, differ in ways that do not matter: wording, language, length. Whitening by the
covariance of these differences (within-class covariance normalisation) shrinks those directions, so that what
tells articles apart remains. It needs no labels besides the articles themselves.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Numbers = NDArray[np.int64]
Flags = NDArray[np.bool_]

SHRINKAGE = 1e-3
"""Added to each variance; larger leaves the space as the encoder made it. Flat within a factor of three."""
FITTED_ROWS = 20_000
LARGE = 20_000
"""From this many rows on, one-bit codes choose the rows that are compared exactly."""
RESCORED = 2_000


@dataclass(frozen=True, slots=True)
class Space:
    """Rows of articles in the whitened space."""

    transform: Floats
    """Shape ``(d, d)``."""
    centre: Floats
    """Mean of question vectors, shape ``(d,)``."""
    rows: Floats
    """Whitened rows of length 1, shape ``(n, d)``."""
    owners: Numbers
    """Article of each row, 0..articles-1, ascending."""
    centroids: Floats
    """Whitened mean of each article, length 1, shape ``(articles, d)``."""
    starts: Numbers
    """First row of each article that has rows."""
    present: Numbers
    """The articles that have rows."""
    codes: NDArray[np.uint8] | None
    """One bit per dimension, when there are many rows."""

    def place(self, questions: Floats) -> Floats:
        """Question vectors in this space, length 1."""
        return unit(np.asarray((questions - self.centre) @ self.transform, np.float32))

    def nearness(self, placed: Floats) -> Floats:
        """Nearness of one placed question to each article: its best row plus its centroid, about -1..2."""
        near = np.zeros(len(self.centroids), np.float32)
        if not len(self.rows):
            return near
        if self.codes is None:
            best = np.maximum.reduceat(self.rows @ placed, self.starts)
            near[self.present] = best
        else:
            chosen = self._likely(placed)
            np.maximum.at(near, self.owners[chosen], self.rows[chosen] @ placed)
        return near + self.centroids @ placed

    def _likely(self, placed: Floats) -> Numbers:
        assert self.codes is not None
        distance = np.bitwise_count(self.codes ^ np.packbits(placed > 0)).sum(axis=1, dtype=np.int32)
        return np.argpartition(distance, RESCORED)[:RESCORED]


def fit_space(vectors: Floats, is_question: Flags, owners: Numbers, articles: int) -> Space:
    """The space of these rows.

    Args:
        vectors: shape ``(n, d)``, rows of length 1.
        is_question: rows encoded as questions; the others were encoded as documents, which lie elsewhere.
        owners: article of each row, ascending.
        articles: how many there are; some may have no rows.
    """
    width = vectors.shape[1]
    centre = _mean(vectors, is_question, width)
    centred = vectors - np.where(is_question[:, None], centre, _mean(vectors, ~is_question, width))
    counts = np.bincount(owners, minlength=articles).astype(np.float32)
    means = np.zeros((articles, width), np.float32)
    np.add.at(means, owners, centred)
    means /= np.maximum(counts, 1)[:, None]
    step = max(1, len(vectors) // FITTED_ROWS)
    residuals = (centred - means[owners])[::step]
    covariance = residuals.T @ residuals / max(1, len(residuals)) + SHRINKAGE * np.eye(
        width, dtype=np.float32
    )
    values, basis = np.linalg.eigh(covariance.astype(np.float64))
    transform = (basis / np.sqrt(values)).astype(np.float32)
    rows = unit(np.asarray(centred @ transform, np.float32))
    present, starts = np.unique(owners, return_index=True)
    codes = np.packbits(rows > 0, axis=1) if len(rows) > LARGE else None
    return Space(
        transform,
        centre,
        rows,
        owners,
        unit(np.asarray(means @ transform, np.float32)),
        starts,
        present,
        codes,
    )


def _mean(vectors: Floats, chosen: Flags, width: int) -> Floats:
    return vectors[chosen].mean(axis=0) if chosen.any() else np.zeros(width, np.float32)


def unit(vectors: Floats) -> Floats:
    """Rows of length 1; a zero row stays zero."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-9), np.float32)
