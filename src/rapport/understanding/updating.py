"""A few examples more, fewer or relabelled: the heads move a little, everything calibrated stays.

The full training refits every head several times over to calibrate; that takes from seconds to minutes. When little
changed, each head is instead corrected on the changed texts and a sample of the others, pulled towards what it was.
The next full training replaces the correction.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from rapport.understanding.contracts import Example
from rapport.understanding.encoders import Panel
from rapport.understanding.encoders.panel import serves
from rapport.understanding.fitting import SHARPNESS
from rapport.understanding.logic.cleaning import without_identifiers
from rapport.understanding.logic.familiarity import Examples
from rapport.understanding.logic.lexical import matrix
from rapport.understanding.logic.regression import correct_softmax
from rapport.understanding.logic.views import WORDS, View
from rapport.understanding.trained import TrainedModel

FEW_SHARE, FEW_ROWS = 0.02, 50
"""Changes since the last full training up to which heads are only corrected: a share of the rows, or this many."""
_REPLAYED = 2000
_NEW_LABEL = -4.0
"""Intercept a new label starts from, below the others' mean: it is rare until its examples say otherwise."""

Floats = NDArray[np.float32]
Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Change:
    """What became different since a model was made."""

    added: tuple[int, ...]
    """Places of the new rows among the rows of now."""
    kept: tuple[tuple[int, int], ...]
    """Place now and place then of every row that stayed."""
    removed: int

    @property
    def size(self) -> int:
        """Rows added, removed or relabelled."""
        return len(self.added) + self.removed


def find_change(previous: TrainedModel, rows: Sequence[Example]) -> Change:
    """Compare rows with those a model was trained on, by text and label."""
    then: dict[tuple[str, str], list[int]] = {}
    for place, text in enumerate(previous.texts):
        then.setdefault((text, previous.taught_as(place)), []).append(place)
    added, kept = [], []
    for place, row in enumerate(rows):
        known = then.get((row.text, row.label))
        if known:
            kept.append((place, known.pop()))
        else:
            added.append(place)
    return Change(tuple(added), tuple(kept), sum(len(places) for places in then.values()))


def is_small(previous: TrainedModel, change: Change, labels: Sequence[str]) -> bool:
    """Whether correcting is enough: little changed since the last full training, and no label went away."""
    total = change.size + previous.report.changed_rows
    return set(previous.labels) <= set(labels) and 0 < total <= max(FEW_ROWS, FEW_SHARE * len(previous.texts))


def correct(
    previous: TrainedModel, rows: Sequence[Example], languages: Sequence[str], change: Change, panel: Panel
) -> TrainedModel:
    """The model with its heads corrected for the changed rows; pools, stops and thresholds stay.

    Args:
        previous: the model so far.
        rows: all rows of now, checked.
        languages: of the added rows, in their order.
        change: see `find_change`.
        panel: the encoders `previous` was trained with.
    """
    labels = tuple(sorted({*previous.labels, *(row.label for row in rows)}))
    targets = np.array([labels.index(row.label) for row in rows])
    spoken = dict(zip(change.added, languages, strict=True))
    views = {
        name: _correct_view(name, view, _Lesson(previous, rows, targets, labels, change, spoken, panel))
        for name, view in previous.views.items()
    }
    return replace(
        previous,
        labels=labels,
        views=views,
        texts=tuple(row.text for row in rows),
        targets=tuple(targets.tolist()),
    )


@dataclass(frozen=True, slots=True)
class _Lesson:
    previous: TrainedModel
    rows: Sequence[Example]
    targets: Numbers
    labels: tuple[str, ...]
    change: Change
    spoken: dict[int, str]
    panel: Panel


def _correct_view(name: str, view: View, lesson: _Lesson) -> View:
    widened = _widen(view, lesson.previous.labels, lesson.labels)
    added = [at for at in lesson.change.added if name == WORDS or serves(name, lesson.spoken[at])]
    kept = _readable(view, lesson)
    chosen = [*added, *_replay(kept, lesson.targets)]
    placed = _place(name, view, [lesson.rows[at].text for at in chosen], lesson)
    wanted = lesson.targets[chosen]
    counts = np.bincount(lesson.targets, minlength=len(lesson.labels))
    weights, intercepts = correct_softmax(
        placed,
        wanted,
        (1 / np.sqrt(counts[wanted])).astype(np.float32),
        base=widened.linear(placed),
        l2=1 / (SHARPNESS * len(chosen)),
    )
    corrected = replace(
        widened, weights=widened.weights + weights, intercepts=widened.intercepts + intercepts
    )
    if view.examples is None:
        return corrected
    old = {row: place for place, row in enumerate(view.examples.rows.tolist())}
    stayed = [(now, old[then]) for now, then in lesson.change.kept if then in old]
    vectors = [view.examples.vectors[[place for _, place in stayed]], placed[: len(added)]]
    places = np.array([*(now for now, _ in stayed), *added], np.int64)
    examples = Examples.of(np.concatenate(vectors), lesson.targets[places], len(lesson.labels), places)
    return replace(corrected, examples=examples)


def _widen(view: View, before: tuple[str, ...], labels: tuple[str, ...]) -> View:
    """The head with a column for each label of now; new ones say nothing yet."""
    columns = [labels.index(label) for label in before]
    weights = np.zeros((len(view.weights), len(labels)), np.float32)
    intercepts = np.full(len(labels), float(view.intercepts.mean()) + _NEW_LABEL, np.float32)
    weights[:, columns], intercepts[columns] = view.weights, view.intercepts
    return replace(view, weights=weights, intercepts=intercepts)


def _readable(view: View, lesson: _Lesson) -> list[int]:
    """Places now of the rows that stayed and that this view was taught."""
    if view.examples is None:
        return [now for now, _ in lesson.change.kept]
    taught = set(view.examples.rows.tolist())
    return [now for now, then in lesson.change.kept if then in taught]


def _replay(places: Sequence[int], targets: Numbers) -> list[int]:
    """A sample of rows, evenly spaced within each label."""
    if len(places) <= _REPLAYED:
        return list(places)
    per_label = max(2, _REPLAYED // len(set(targets[list(places)].tolist())))
    seen: Counter[int] = Counter(int(targets[place]) for place in places)
    met: Counter[int] = Counter()
    found = []
    for place in places:
        label = int(targets[place])
        step = max(1, seen[label] // per_label)
        if met[label] % step == 0:
            found.append(place)
        met[label] += 1
    return found


def _place(name: str, view: View, texts: Sequence[str], lesson: _Lesson) -> Floats:
    spoken = [without_identifiers(text) for text in texts]
    if name == WORDS:
        return matrix(spoken, lesson.previous.rarities)
    return view.place(lesson.panel.encoder(name).queries(spoken))
