"""Long choices made short: of many options that differ in attributes, the attribute that splits them best is asked.

Nine options or fewer are shown as they are. What words say is always read against all options, so that whoever
knows what they want names it at once.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable

from rapport.procedures.contracts import ATTRIBUTE, Option
from rapport.procedures.logic.turn import Turn, Unit

MAX_SHOWN = 9
"""Options that one question shows, where they can be narrowed at all."""


def find_split(options: tuple[Option, ...]) -> str | None:
    """The attribute whose answer tells most (its entropy is largest), the first of equals; None if none helps."""
    best, most = None, 0.0
    for name in _askable(options):
        told = _entropy(Counter(option.attributes[name] for option in options).values())
        if told > most + 1e-9:
            best, most = name, told
    return best


def _askable(options: tuple[Option, ...]) -> list[str]:
    """Attributes that every option has and that take two to nine values; an amount of the record is none."""
    if not options:
        return []
    return [
        name
        for name in options[0].attributes
        if all(option.attributes.get(name) for option in options)
        and not isinstance(options[0].data.get(name), (int, float))
        and 2 <= len({option.attributes[name] for option in options}) <= MAX_SHOWN
    ]


def _entropy(counts: Iterable[int]) -> float:
    """Shannon entropy of groups of these sizes [bit]."""
    sizes = list(counts)
    total = sum(sizes)
    return -sum(size / total * math.log2(size / total) for size in sizes)


def remaining(turn: Turn, unit: Unit, allowed: tuple[Option, ...]) -> tuple[Option, ...]:
    """The options that fit the attributes chosen so far; all when none does any more."""
    chosen = turn.frame.narrowed.get(unit.key)
    if not chosen:
        return allowed
    left = tuple(o for o in allowed if all(o.attributes.get(name) == value for name, value in chosen.items()))
    return left or allowed


def facets(unit: Unit, options: tuple[Option, ...]) -> tuple[str, tuple[Option, ...]] | None:
    """The attribute to ask next with its values as options; None when the options can be shown as they are."""
    if unit.slot.many or len(options) <= MAX_SHOWN:
        return None
    name = find_split(options)
    if name is None:
        return None
    counts = Counter(option.attributes[name] for option in options)
    return name, tuple(
        Option(f"{ATTRIBUTE}{name}={value}", value, data={"attribute": name, "value": value, "count": count})
        for value, count in counts.items()
    )


def narrow(turn: Turn, unit: Unit, choice: str) -> bool:
    """Note the attribute an option's value chooses; false when it is not of those asked."""
    name, _, value = choice.removeprefix(ATTRIBUTE).partition("=")
    if not choice.startswith(ATTRIBUTE) or not any(
        option.attributes.get(name) == value for option in turn.options(unit)
    ):
        return False
    turn.note(unit, {**turn.frame.narrowed.get(unit.key, {}), name: value})
    return True


def shown_facets(turn: Turn, unit: Unit) -> tuple[Option, ...]:
    """The values of an attribute that the open question shows; none when it shows the options themselves."""
    if turn.frame.asked != unit.key:
        return ()
    return tuple(
        Option(value, value.partition("=")[2]) for value in turn.frame.shown if value.startswith(ATTRIBUTE)
    )
