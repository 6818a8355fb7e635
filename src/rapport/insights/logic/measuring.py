"""How well groups of texts agree with their labels."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Agreement:
    """Of groups with labels; each figure 0..1 but for the counts."""

    homogeneity: float
    """1 where each group holds one label."""
    completeness: float
    """1 where each label stands in one group."""
    v_measure: float
    """Harmonic mean of the two."""
    groups: int
    """Of the least size or more."""
    grouped_share: float
    """Rows in them."""
    purity: float
    """Rows in them that carry the most frequent label of their group."""
    labels: int
    """With the least number of rows or more."""
    found: int
    """Labels that are the majority of at least one group."""


def agree(labels: Sequence[Hashable], groups: Sequence[int], least: int) -> Agreement:
    """Compare a grouping with labels, row by row.

    Source of the measure: Rosenberg and Hirschberg, 2007, V-measure, equations 1 to 3 with beta = 1.
    """
    rows = len(labels)
    both = Counter(zip(labels, groups, strict=True))
    by_label, by_group = Counter(labels), Counter(groups)
    homogeneity, completeness = _explained(labels, groups), _explained(groups, labels)
    total = homogeneity + completeness
    majority = {
        group: max((count, str(label), label) for (label, of), count in both.items() if of == group)
        for group, size in by_group.items()
        if size >= least
    }
    grouped = sum(by_group[group] for group in majority)
    wanted = {label for label, count in by_label.items() if count >= least}
    found = {label for group, (count, _, label) in majority.items() if count * 2 > by_group[group]}
    return Agreement(
        homogeneity,
        completeness,
        2 * homogeneity * completeness / total if total else 0.0,
        len(majority),
        grouped / max(1, rows),
        sum(count for count, _, _ in majority.values()) / max(1, grouped),
        len(wanted),
        len(found & wanted),
    )


def _explained(outer: Sequence[Hashable], given: Sequence[Hashable]) -> float:
    """1 - H(outer | given) / H(outer); 1 where there is nothing to explain."""
    rows, sizes = len(outer), Counter(given)
    entropy = -sum(n / rows * math.log(n / rows) for n in Counter(outer).values())
    if entropy <= 0:
        return 1.0
    both = Counter(zip(outer, given, strict=True))
    left = -sum(n / rows * math.log(n / sizes[key]) for (_, key), n in both.items())
    return 1 - left / entropy
