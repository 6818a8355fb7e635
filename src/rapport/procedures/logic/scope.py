"""What expressions and templates can name at one moment of one running procedure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rapport.procedures.contracts import Frame, World
from rapport.procedures.logic.definition import Definition, Words
from rapport.procedures.logic.dependencies import lookups_behind
from rapport.procedures.logic.expressions import ExpressionError, compiled, evaluate, holds, references
from rapport.procedures.logic.moments import iso
from rapport.procedures.logic.render import render
from rapport.procedures.logic.tone import pick_words
from rapport.procedures.logic.values import shown_titles, slot_data


class Scope:
    """Slots, computed values, look-ups, action results, the customer and `now`, by name; `extra` names shadow them."""

    __slots__ = ("_computed", "_definition", "_extra", "_frame", "_world")

    def __init__(
        self, definition: Definition, frame: Frame, world: World, extra: Mapping[str, Any] | None = None
    ) -> None:
        self._definition = definition
        self._frame = frame
        self._world = world
        self._extra = extra or {}
        self._computed: dict[str, Any] = {}

    @property
    def language(self) -> str:
        """Of the customer."""
        return self._world.language

    @property
    def currency(self) -> str:
        """The first currency a chosen record names, else the shop's."""
        for value in self._frame.slots.values():
            for option in value.options:
                if isinstance(option.data.get("currency"), str):
                    return str(option.data["currency"])
        return self._world.currency

    def value(self, name: str) -> Any:
        """What expressions read under a name; null when there is nothing.

        Raises: ExpressionError: a computed value cannot be computed.
        """
        if name in self._extra:
            return self._extra[name]
        slot = self._definition.find_slot(name)
        if slot is not None:
            return slot_data(slot, self._frame.slots.get(name))
        if name in self._definition.let:
            if name not in self._computed:
                self._computed[name] = None  # a definition that computes in a circle does not pass the checks
                self._computed[name] = self.evaluate(self._definition.let[name])
            return self._computed[name]
        if name == "customer":
            return self._world.customer or {}
        if name == "now":
            return iso(self._world.now) if self._world.now else None
        if self._definition.find_lookup(name) is not None:
            return self._frame.looked_up.get(name, {}).get("data")
        return self._frame.results.get(name)

    def evaluate(self, expression: str) -> Any:
        """The value of an expression.

        Raises: ExpressionError: it does not fit the data.
        """
        variables = {name: self.value(name) for name in references(expression)}
        return evaluate(expression, variables, self._world.now)

    def holds(self, expression: str) -> bool:
        """Whether a condition holds; it does not where it reads a look-up that found nothing.

        Raises: ExpressionError: it does not fit the data.
        """
        try:
            variables = {name: self.value(name) for name in references(expression)}
            return holds(expression, variables, self._world.now)
        except ExpressionError:
            if any(self.value(name) is None for name in lookups_behind(self._definition, expression)):
                return False
            raise

    def holds_surely(self, expression: str | None) -> bool:
        """Whether a condition holds; false where it does not fit the data, true when there is none."""
        if expression is None:
            return True
        try:
            return self.holds(expression)
        except ExpressionError:
            return False

    def data(self, name: str) -> Any:
        """What templates read under a name; None when there is nothing."""
        try:
            return self.value(name)
        except ExpressionError:
            return None

    def titles(self, name: str) -> str | None:
        """How a slot's value is shown."""
        slot = None if name in self._extra else self._definition.find_slot(name)
        value = self._frame.slots.get(name)
        if slot is None or value is None:
            return None
        return shown_titles(slot, value, self.language, self.currency)

    def text(self, words: Words) -> str:
        """A wording in the customer's language, filled in."""
        return render(pick_words(words, self.language, self._world.tone), self)

    def values_of(self, expression: str) -> dict[str, Any]:
        """The values an expression used, by dotted path; of records only their id."""
        found: dict[str, Any] = {}
        for path in compiled(expression).paths:
            root, *steps = path.split(".")
            value = self.data(root)
            for step in steps:
                value = value.get(step) if isinstance(value, Mapping) else None
            found[path] = _brief(value)
        return found


def _brief(value: Any) -> Any:
    if isinstance(value, Mapping):
        return value.get("id", sorted(str(key) for key in value))
    if isinstance(value, (list, tuple)):
        return [_brief(item) for item in value]
    return value
