"""Intents in groups: ``orders/return_items``, or a catalogue that says which group an intent belongs to."""

from __future__ import annotations

from collections.abc import Mapping

SEPARATOR = "/"
_DEEPEST = 6


def path_of(label: str, parents: Mapping[str, str]) -> tuple[str, ...]:
    """The groups of a label from the top, the label itself last."""
    path = [label]
    while len(path) <= _DEEPEST:
        head = path[0]
        parent = parents.get(head) or (head.rpartition(SEPARATOR)[0] if SEPARATOR in head else "")
        if not parent or parent in path:
            break
        path.insert(0, parent)
    return tuple(path)


def at_level(label: str, level: int, parents: Mapping[str, str]) -> str:
    """The label's group on a level, 1 being the top; a label without so many levels stands for itself."""
    path = path_of(label, parents)
    return path[min(level, len(path)) - 1]


def depth(labels: list[str], parents: Mapping[str, str]) -> int:
    """How many levels the deepest label has."""
    return max((len(path_of(label, parents)) for label in labels), default=1)
