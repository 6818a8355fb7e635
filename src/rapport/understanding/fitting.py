"""Fitting heads: one for words and one for each encoder, each also judged on texts it had not seen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from rapport.understanding.encoders import Panel
from rapport.understanding.encoders.panel import E5, MINILM, serves
from rapport.understanding.encoders.speaking import language_directions
from rapport.understanding.logic import lexical
from rapport.understanding.logic.familiarity import Examples
from rapport.understanding.logic.held_out import ALWAYS, Folds, Problem, cross_validate
from rapport.understanding.logic.pooling import fit_pool, log_shares, pool
from rapport.understanding.logic.views import WORDS, View, centred

SHARPNESS = 20
"""Inverse penalty per text (C of a logistic regression); accuracy is flat within a factor of three around it."""
_DEAR_ROWS = 3000
"""Texts of languages other encoders serve that E5 reads in training: enough to carry over to further languages."""
_FEW_ROWS = 3000
"""Up to so many texts their own neighbours are asked besides the head; with more the head has learned what they say."""
_NEIGHBOURS = (1, 3)
"""So many of an intent's nearest examples may be asked."""
_LEAST_SAY = 0.05
"""A smaller share of an opinion is not worth its time."""
_NAME = 2
"""Words a label's name needs to count as an example of it."""

Floats = NDArray[np.float32]
Numbers = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class HeldOut:
    """What one view says of the texts it could read, each judged by a head that had not seen it."""

    read: Flags
    """Which texts, shape ``(n,)``."""
    scores: Floats
    """Shape ``(n, k)``; zeros where not read."""
    placed: Floats
    """Placed vectors, shape ``(n, d)``; empty for words."""


@dataclass(frozen=True, slots=True)
class _Lesson:
    """What every head is taught: labelled texts and the labels' names."""

    targets: Numbers
    """Shape ``(n,)``."""
    named: Numbers
    """Labels whose names are examples too."""
    folds: Numbers
    """Shape ``(n,)``."""
    classes: int


@dataclass(frozen=True, slots=True)
class FittedHeads:
    """Heads and what they say of held-out texts."""

    views: Mapping[str, View]
    held_out: Mapping[str, HeldOut]
    rarities: Floats
    targets: Numbers
    folds: Numbers
    """For comparing rows with each other."""
    languages: NDArray[np.str_]
    taught: frozenset[str]


def fit_heads(
    texts: Sequence[str],
    targets: Numbers,
    languages: Sequence[str],
    labels: Sequence[str],
    folds: Folds,
    panel: Panel,
) -> FittedHeads:
    """A head for words and one for each encoder that serves texts of every label.

    A label's own name is one more example of it where it is made of words: it costs nothing and says much where
    examples are few.
    """
    spoken = np.array(languages)
    names = [(label.replace("_", " "), place) for place, label in enumerate(labels) if _is_telling(label)]
    named = np.array([place for _, place in names], np.int64)
    rarities = lexical.fit_weights([*texts, *(name for name, _ in names)])
    views: dict[str, View] = {}
    held_out: dict[str, HeldOut] = {}
    sketches = lexical.matrix([*texts, *(name for name, _ in names)], rarities)
    everything = np.ones(len(texts), bool)
    lesson = _Lesson(targets, named, folds.judging, len(labels))
    views[WORDS], held_out[WORDS] = _fit_view(sketches, np.zeros(0, np.float32), everything, lesson)
    for name in panel.names:
        read = _readable(name, spoken, targets, panel)
        if len(set(targets[read].tolist())) < len(labels):
            continue
        chosen = [text for text, is_read in zip(texts, read, strict=True) if is_read]
        vectors = panel.encoder(name).queries([*chosen, *(text for text, _ in names)])
        centre = vectors.mean(axis=0)
        ignored = language_directions(panel.encoder(name).id)
        view, held_out[name] = _fit_view(centred(vectors, centre, ignored), centre, read, lesson)
        views[name] = replace(view, ignored=ignored)
    return FittedHeads(views, held_out, rarities, targets, folds.comparing, spoken, frozenset(languages))


def _fit_view(placed: Floats, centre: Floats, read: Flags, lesson: _Lesson) -> tuple[View, HeldOut]:
    """One head; the last rows of `placed` are the labels' names, which are taught but never judged."""
    targets, named, folds, classes = lesson.targets, lesson.named, lesson.folds, lesson.classes
    wanted = np.concatenate([targets[read], named])
    rows = int(read.sum())
    problem = Problem.of(placed, wanted, classes, 1 / (SHARPNESS * max(1, len(wanted))))
    inner = np.concatenate([folds[read], np.full(len(named), ALWAYS)])
    scores = np.zeros((len(targets), classes), np.float32)
    scores[read] = cross_validate(problem, inner)[:rows]
    weights, intercepts = problem.solve()
    nearest, neighbours = 0.0, 1
    if len(centre) and rows <= _FEW_ROWS:
        nearest, neighbours, near = _fit_nearest(placed[:rows], scores[read], wanted[:rows], folds[read])
        scores[read] += np.float32(nearest) * near
    if not len(centre):
        return View(centre, weights, intercepts, None), HeldOut(read, scores, np.zeros((0, 0), np.float32))
    spread = np.zeros((len(targets), placed.shape[1]), np.float32)
    spread[read] = placed[:rows]
    examples = Examples.of(placed[:rows], wanted[:rows], classes, np.flatnonzero(read))
    return View(centre, weights, intercepts, examples, nearest, neighbours), HeldOut(read, scores, spread)


def _fit_nearest(
    placed: Floats, scores: Floats, targets: Numbers, folds: Numbers
) -> tuple[float, int, Floats]:
    """How much the nearest examples of each intent add to a head: weight, how many, held-out cosines ``(n, k)``.

    Where examples are few a head has hardly more to go by than its nearest examples, and errs elsewhere. With some
    ten of an intent the one nearest says most, with a hundred some together: what fits held-out texts best is taken.
    """
    best, found = np.inf, (0.0, 1, np.zeros_like(scores))
    said = log_shares(scores)
    for count in _NEIGHBOURS:
        near = _held_out_closest(placed, targets, folds, scores.shape[1], count)
        opinions = [said, log_shares(SHARPNESS * near)]
        head, say = fit_pool(opinions, targets)
        missing = -float(pool(opinions, np.array([head, say]))[np.arange(len(targets)), targets].mean())
        weight = float(SHARPNESS * say / head) if head > _LEAST_SAY else 0.0
        if weight > _LEAST_SAY * SHARPNESS and missing < best:
            best, found = missing, (weight, count, near)
    return found


def _held_out_closest(placed: Floats, targets: Numbers, folds: Numbers, classes: int, count: int) -> Floats:
    near = np.zeros((len(targets), classes), np.float32)
    for number in np.unique(folds):
        out = folds == number
        others = Examples.of(placed[~out], targets[~out], classes, np.flatnonzero(~out))
        near[out] = others.closest(placed[out], count)
    return near


def _is_telling(label: str) -> bool:
    words = label.replace("_", " ").split()
    return len(words) >= _NAME and all(word.isalpha() for word in words)


def _readable(name: str, languages: NDArray[np.str_], targets: Numbers, panel: Panel) -> Flags:
    """The texts an encoder reads in training: those it serves, the dearest only some where others do."""
    read = np.array([serves(name, str(language)) for language in languages])
    if name != E5 or MINILM not in panel.makers:
        return read
    others = read & np.array([serves(MINILM, str(language)) for language in languages])
    if int(others.sum()) <= _DEAR_ROWS:
        return read
    per_label = max(1, _DEAR_ROWS // len(set(targets.tolist())))
    taken: Counter[int] = Counter()
    for row in np.flatnonzero(others):
        taken[int(targets[row])] += 1
        read[row] = taken[int(targets[row])] <= per_label
    return read
