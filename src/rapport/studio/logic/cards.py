"""A definition's data as a flow of cards from top to bottom, with the places where another can be put."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from rapport.studio.logic.tree import Path

STEP_KINDS = ("action", "if", "wait", "approve", "run", "person", "say")
"""Kinds of a step, by the key that tells."""
BLOCKS = (
    ("limits", "limit"), ("slots", "slot"), ("lookups", "lookup"), ("let", "value"), ("rules", "rule"),
    ("human_when", "human_rule"), ("confirm", "confirmation"), ("do", "step"), ("done", "line"), ("undo", "undo"),
    ("offer", "offer"),
)  # fmt: skip
"""Keys of a definition in the order in which they matter to a customer → what they hold."""
MAPPINGS = frozenset({"slots", "lookups", "let"})
SINGLE = frozenset({"confirm", "undo", "offer"})


@dataclass(frozen=True, slots=True)
class Gap:
    """A place where something can be put."""

    into: Path
    """The list or mapping."""
    index: int
    kind: str
    """What belongs there; ``step`` for any kind of step."""


@dataclass(frozen=True, slots=True)
class Card:
    """One thing of the flow."""

    path: Path
    kind: str
    value: Any
    index: int = 0
    count: int = 1
    before: Gap | None = None
    branches: tuple[Branch, ...] = ()

    @property
    def is_movable(self) -> bool:
        """Whether it stands among others."""
        return self.count > 1

    @property
    def is_single(self) -> bool:
        """Whether there is at most one of it."""
        return self.before is None


@dataclass(frozen=True, slots=True)
class Branch:
    """The steps of one way of a branch."""

    key: str
    """``then`` or ``else``; of an action ``otherwise``."""
    cards: tuple[Card, ...]
    end: Gap


@dataclass(frozen=True, slots=True)
class Block:
    """All cards of one key."""

    key: str
    kind: str
    cards: tuple[Card, ...]
    end: Gap | None
    """Where another can be put at the end."""


def list_blocks(document: Mapping[str, Any], allowed: Sequence[str]) -> tuple[Block, ...]:
    """The flow below the start; only of keys the language has."""
    return tuple(_block(document, key, kind) for key, kind in BLOCKS if key in allowed)


def _block(document: Mapping[str, Any], key: str, kind: str) -> Block:
    value = document.get(key)
    if key in SINGLE:
        is_there = value not in (None, "", [], {})
        card = Card((key,), kind, value)
        return Block(key, kind, (card,) if is_there else (), None if is_there else Gap((), 0, kind))
    if key == "do":
        cards = _steps(value, (key,))
        return Block(key, kind, cards, Gap((key,), len(cards), "step"))
    if key == "done" and isinstance(value, Mapping):
        return Block(key, kind, (Card((key,), "line", value),), Gap((key,), 1, "line"))
    entries: list[tuple[str | int, Any]] = []
    if key in MAPPINGS and isinstance(value, Mapping):
        entries = list(value.items())
    elif key not in MAPPINGS and isinstance(value, list):
        entries = list(enumerate(value))
    cards = tuple(
        Card((key, name), kind, item, n, len(entries), Gap((key,), n, kind))
        for n, (name, item) in enumerate(entries)
    )
    return Block(key, kind, cards, Gap((key,), len(cards), kind))


def _steps(value: Any, path: Path) -> tuple[Card, ...]:
    items = value if isinstance(value, list) else []
    return tuple(
        Card(
            (*path, n),
            kind_of_step(item),
            item,
            n,
            len(items),
            Gap(path, n, "step"),
            tuple(_branches(item, (*path, n))),
        )
        for n, item in enumerate(items)
    )


def _branches(item: Any, path: Path) -> Iterator[Branch]:
    kind = kind_of_step(item)
    if kind == "action" and (not isinstance(item, Mapping) or "each" in item):
        return
    for key in {"if": ("then", "else"), "action": ("otherwise",)}.get(kind, ()):
        cards = _steps(item.get(key), (*path, key))
        yield Branch(key, cards, Gap((*path, key), len(cards), "step"))


def kind_of_step(item: Any) -> str:
    """What a step does."""
    if isinstance(item, Mapping):
        return next((kind for kind in STEP_KINDS if kind in item), "action")
    return "action"


def walk(blocks: Sequence[Block]) -> Iterator[Card]:
    """Every card, inner steps after the branch they belong to."""
    for block in blocks:
        yield from _walk(block.cards)


def _walk(cards: Sequence[Card]) -> Iterator[Card]:
    for card in cards:
        yield card
        for branch in card.branches:
            yield from _walk(branch.cards)


def kind_at(path: Path, document: Any) -> str:
    """The name of the form for what stands at a path."""
    if not path:
        return "head"
    key = path[0]
    if key == "do":
        from_path = document
        for part in path:
            from_path = from_path[part]
        return kind_of_step(from_path)
    return dict(BLOCKS).get(str(key), "head")


def owner_of(problem: str, paths: Sequence[Path]) -> Path:
    """The card a problem's path (``slots.order.where``) belongs to: the longest that begins it."""
    best: Path = ()
    for path in paths:
        start = ".".join(str(part) for part in path)
        if (problem == start or problem.startswith(f"{start}.")) and len(path) > len(best):
            best = path
    return best


@dataclass(frozen=True, slots=True)
class Names:
    """What expressions and texts may name at one place."""

    slots: tuple[str, ...] = ()
    elements: Mapping[str, str] = field(default_factory=dict)
    """Name → type of the record behind it."""
    values: tuple[str, ...] = ()
    """Computed values."""
    lookups: Mapping[str, str] = field(default_factory=dict)
    """Name → action."""
    results: Mapping[str, str] = field(default_factory=dict)


def names_at(document: Mapping[str, Any], path: Path) -> Names:
    """The names known where a card stands: answers asked before it, computed values, results of steps before it."""
    slots = _mapping(document, "slots")
    order = list(slots)
    here = path[1] if len(path) > 1 and path[0] == "slots" else None
    known = order[: order.index(here) + 1] if here in order else order
    elements = {}
    for name in known:
        slot = slots[name] if isinstance(slots[name], Mapping) else {}
        type_ = str(slot.get("type", ""))
        elements[str(name)] = type_
        if name == here and "." in type_:
            elements[type_.rsplit(".", 1)[-1].rsplit("_", 1)[-1]] = type_
        parent = slots.get(slot.get("each")) if name == here else None
        if isinstance(parent, Mapping):
            elements["item"] = str(parent.get("type", ""))
    results = dict(_results(document.get("do"))) if path[:1] in (("do",), ("done",), ("let",)) else {}
    return Names(
        tuple(str(name) for name in known if name != here),
        elements,
        tuple(str(name) for name in _mapping(document, "let")),
        {
            str(name): str(value.get("action", "")) if isinstance(value, Mapping) else ""
            for name, value in _mapping(document, "lookups").items()
        },
        results,
    )


def _results(steps: Any) -> Iterator[tuple[str, str]]:
    for step in steps if isinstance(steps, list) else []:
        if not isinstance(step, Mapping):
            continue
        name = step.get("as") or ("result" if kind_of_step(step) == "action" else "")
        if name:
            yield str(name), str(step.get("action", ""))
        for key in ("then", "else", "otherwise"):
            yield from _results(step.get(key))


def _mapping(document: Mapping[str, Any], key: str) -> Mapping[Any, Any]:
    value = document.get(key)
    return value if isinstance(value, Mapping) else {}


def free_name(wanted: str, taken: Sequence[str]) -> str:
    """A name nobody has yet: the wanted one, else with a number."""
    base = re.sub(r"_?\d+$", "", wanted) or "part"
    if wanted not in taken:
        return wanted
    return next(name for n in range(2, 1000) if (name := f"{base}_{n}") not in taken)
