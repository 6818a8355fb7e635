"""The working copy of one step: what has changed so far and what will be said."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from rapport.procedures.contracts import (
    DialogueState,
    Effect,
    Ended,
    Frame,
    HandOver,
    Need,
    Option,
    RuleTrace,
    SlotValue,
    Source,
    Step,
    Tell,
    World,
)
from rapport.procedures.logic.book import ProcedureBook
from rapport.procedures.logic.definition import Definition, Slot
from rapport.procedures.logic.dependencies import dependents
from rapport.procedures.logic.holding import QUERY, accepts, held_options, is_held
from rapport.procedures.logic.moments import iso
from rapport.procedures.logic.scope import Scope
from rapport.procedures.logic.steps import Place
from rapport.procedures.logic.values import fixed_options, record, slot_data
from rapport.procedures.logic.wording import say

MAX_FINISHED = 20
MAX_MENTIONS = 20
MAX_MENTION = 1000

LATEST = "@"
"""Mark on a slot's name in `Frame.tried`: only the latest words may fill it."""

_KEY = re.compile(r"([a-z][a-z0-9_]*)(?:\[(\d+)\])?\Z")

Outcome = Literal["done", "cancelled", "refused", "handed_over", "failed"]


class Waiting(Exception):
    """Data is needed before the input can be worked on."""

    def __init__(self, needs: tuple[Need, ...]) -> None:
        self.needs = needs
        super().__init__(", ".join(need.key for need in needs))


@dataclass(frozen=True, slots=True)
class Unit:
    """What one question asks for: a slot, or its value for the n-th of the values it follows."""

    slot: Slot
    index: int | None = None

    @property
    def key(self) -> str:
        """Its name: ``slot`` or ``slot[n]``."""
        return self.slot.name if self.index is None else f"{self.slot.name}[{self.index}]"


class Turn:
    """One step under way; the state it started from is never touched."""

    def __init__(
        self, book: ProcedureBook, state: DialogueState, world: World, facts: Mapping[str, tuple[Option, ...]]
    ) -> None:
        self.book = book
        self.world = world
        self.facts = facts
        self.stack = list(state.stack)
        self.queue = list(state.queue)
        self.finished = list(state.finished)
        self.waiting = list(state.waiting)
        self.seed = state.seed
        self.counter = state.counter
        self.effects: list[Effect] = []
        self.trace: list[RuleTrace] = []
        self.filled: list[str] = []
        self.problem: dict[str, str] = {}
        """Unit → why its last answer did not do; such a unit is asked, not filled."""
        self.candidates: dict[str, tuple[Option, ...]] = {}
        """Unit → the only options to ask with."""
        self.excluded: dict[str, frozenset[str]] = {}
        """Slot → option values a rule has just turned down."""
        self.drafts: dict[str, dict[str, str]] = {}
        """Slot → address fields answered in this turn that do not make an address yet."""
        self.offers: tuple[str, ...] = ()
        self._judged: dict[tuple[str, str], bool] = {}
        """Unit and option → whether it passes, as long as what conditions read stays the same."""
        self._judged_on: tuple[object, ...] = (None, None, None)
        self.is_repeat = False
        """Whether the next question was asked before and does not count again."""

    # ── the active procedure ──

    @property
    def frame(self) -> Frame:
        """The active procedure; there must be one."""
        return self.stack[-1]

    @property
    def definition(self) -> Definition:
        """What the active procedure follows; `has_definition` must hold."""
        found = self.book.at(self.frame.procedure, self.frame.version)
        assert found is not None
        return found

    def has_definition(self) -> bool:
        """Whether the version the active procedure follows still exists."""
        return self.book.at(self.frame.procedure, self.frame.version) is not None

    def next_instance(self) -> str:
        """A name for a new instance."""
        self.counter += 1
        return f"{self.seed}-{self.counter}"

    def place(self) -> Place | None:
        """The step at which the active procedure stands; None past the last one."""
        places = self.definition.places
        return places[self.frame.step] if 0 <= self.frame.step < len(places) else None

    def update(self, **changes: Any) -> None:
        """Change fields of the active frame."""
        self.stack[-1] = replace(self.frame, **changes)

    def scope(self, extra: Mapping[str, Any] | None = None) -> Scope:
        """What can be named now."""
        return Scope(self.definition, self.frame, self.world, extra)

    def unit_scope(self, unit: Unit, option: Option | None = None) -> Scope:
        """What can be named about a unit, and about one option of it."""
        extra: dict[str, Any] = {}
        if unit.slot.each is not None and unit.index is not None:
            parent = self.definition.slot(unit.slot.each)
            options = self.frame.slots[parent.name].options
            extra[parent.element] = record(parent, options[unit.index])
        if option is not None:
            extra[unit.slot.element] = extra[unit.slot.name] = record(unit.slot, option)
        return self.scope(extra)

    # ── slots ──

    def units(self, slot: Slot) -> list[Unit]:
        """The questions a slot stands for; none while the values it follows are missing."""
        if slot.each is None:
            return [Unit(slot)]
        parent = self.frame.slots.get(slot.each)
        return [Unit(slot, index) for index in range(len(parent.options))] if parent else []

    def find_unit(self, key: str | None) -> Unit | None:
        """The unit of that key, if it exists now."""
        match = _KEY.match(key or "")
        slot = self.definition.find_slot(match.group(1)) if match else None
        if match is None or slot is None:
            return None
        return next((unit for unit in self.units(slot) if unit.key == key), None)

    def is_filled(self, unit: Unit) -> bool:
        """Whether the unit has a value (or was skipped)."""
        value = self.frame.slots.get(unit.slot.name)
        return value is not None and (unit.index is None or unit.index < len(value.options))

    def current(self, unit: Unit) -> tuple[Option, ...]:
        """The unit's value."""
        value = self.frame.slots.get(unit.slot.name)
        if value is None:
            return ()
        return value.options if unit.index is None else value.options[unit.index : unit.index + 1]

    def put(self, unit: Unit, options: tuple[Option, ...], source: Source) -> None:
        """Fill a unit; what stood on a different value becomes questionable."""
        before = self.current(unit)
        was_filled = self.is_filled(unit)
        held = self.frame.slots.get(unit.slot.name)
        kept = list(held.options) if held and unit.index is not None else []
        if unit.index is None:
            kept = list(options)
        else:
            kept[unit.index : unit.index + 1] = options
        name = unit.slot.name
        attempts = {key: count for key, count in self.frame.attempts.items() if key.rstrip("~") != unit.key}
        self.update(
            slots={**self.frame.slots, name: SlotValue(tuple(kept), source)},
            attempts=attempts,
            asked=None if self.frame.asked == unit.key else self.frame.asked,
            stale=tuple(stale for stale in self.frame.stale if stale != name)
            if unit.index is None
            else self.frame.stale,
        )
        if unit.slot.type != "customer":
            self.note(unit, {})
        if source in ("said", "chosen"):
            others = tuple(key for key in self.frame.answered if key != unit.key)
            self.update(answered=(*others, unit.key))
        shown = ",".join(option.value for option in options)
        self.filled.append(f"{self.frame.procedure}.{unit.key}={shown} ({source})")
        if was_filled and [option.value for option in before] != [option.value for option in options]:
            self.doubt(name)

    def note(self, unit: Unit, chosen: Mapping[str, str]) -> None:
        """Remember what narrows the options of a unit; nothing forgets it."""
        if chosen or unit.key in self.frame.narrowed:
            others = {key: held for key, held in self.frame.narrowed.items() if key != unit.key}
            self.update(narrowed={**others, unit.key: chosen} if chosen else others)

    def doubt(self, changed: str) -> None:
        """A slot has changed: slots parallel to it are forgotten, others that stand on it re-examined."""
        for name in dependents(self.definition, (changed,)):
            self._ask_anew(name)
            if name not in self.frame.slots:
                continue
            if self.definition.slot(name).each == changed:
                self.drop(name)
            elif name not in self.frame.stale:
                self.update(stale=(*self.frame.stale, name))

    def drop(self, name: str, keep: int = 0) -> None:
        """Forget a slot's value (an `each` slot's values from the `keep`-th on) and that it was asked."""
        value = self.frame.slots.get(name)
        slots = {key: held for key, held in self.frame.slots.items() if key != name}
        if value is not None and keep:
            slots = {**self.frame.slots, name: replace(value, options=value.options[:keep])}
        tried = tuple(key for key in self.frame.tried if key.split("[")[0] != name)
        stale = tuple(known for known in self.frame.stale if known != name)
        narrowed = {key: held for key, held in self.frame.narrowed.items() if key.split("[")[0] != name}
        self.update(slots=slots, stale=stale, tried=tried, narrowed=narrowed)
        self.doubt(name)

    def _ask_anew(self, name: str) -> None:
        """What was said for a slot before its ground changed no longer fills it; the latest words may."""
        tried = tuple(key for key in self.frame.tried if key.split("[")[0] != name)
        self.update(tried=tried if name + LATEST in tried else (*tried, name + LATEST))

    # ── options ──

    def need(self, unit: Unit) -> Need:
        """The data that holds the options of a unit."""
        slot = unit.slot
        of: dict[str, Any] = {}
        parts: list[str] = []
        for name in slot.of:
            ground = self.definition.slot(name)
            value = self.frame.slots.get(name)
            of[name] = slot_data(ground, value)
            if not ground.many and ground.each is None:
                of[ground.element] = of[name]
            parts.append(f"{name}=" + ",".join(option.value for option in (value.options if value else ())))
        if slot.each is not None and unit.index is not None:
            parent = self.definition.slot(slot.each)
            item = self.frame.slots[parent.name].options[unit.index]
            of[parent.element] = record(parent, item)
            parts.append(f"{parent.element}={item.value}")
        return Need(f"{slot.type}({'; '.join(parts)})", slot.type, of)

    def options(self, unit: Unit) -> tuple[Option, ...]:
        """All options of a unit, allowed or not; none for written values.

        Raises: Waiting: they must be looked up first.
        """
        if unit.slot.is_free:
            return ()
        if not unit.slot.is_looked_up:
            return fixed_options(unit.slot, self.world.language)
        need = self.held(unit) if is_held(unit.slot) else self.need(unit)
        if not isinstance(need, Need):
            return need
        if need.key not in self.facts:
            raise Waiting((need,))
        return self.facts[need.key]

    def held(self, unit: Unit) -> Need | tuple[Option, ...]:
        """The options that this system holds itself, or what must be looked up for them."""
        query = self.frame.narrowed.get(unit.key, {}).get(QUERY, "")
        return held_options(self.definition, unit.slot, query, self.world)

    def require(self, units: Iterable[Unit]) -> None:
        """Ask for the data of several units at once.

        Raises: Waiting: some must be looked up first.
        """
        needs = {need.key: need for need in (self.need(unit) for unit in units if unit.slot.is_looked_up)}
        missing = tuple(need for key, need in needs.items() if key not in self.facts)
        if missing:
            raise Waiting(missing)

    def is_allowed(self, unit: Unit, option: Option) -> bool:
        """Whether an option passes the slot's condition; one that cannot be checked does not."""
        if unit.slot.type == "file" and not accepts(unit.slot, option):
            return False
        if unit.slot.where is None:
            return True
        ground = (self.frame.slots, self.frame.looked_up, self.frame.results)
        if any(now is not then for now, then in zip(ground, self._judged_on, strict=True)):
            self._judged_on, self._judged = ground, {}
        key = (unit.key, option.value)
        if key not in self._judged:
            self._judged[key] = self.unit_scope(unit, option).holds_surely(unit.slot.where)
        return self._judged[key]

    # ── saying and ending ──

    def note_refusal(self, unit: Unit, rule: str) -> None:
        """For the record: what stands against a value that was wanted, or against every value there is."""
        self.trace.append(RuleTrace(rule, unit.slot.where or "", held=False))

    def tell(self, text: str) -> None:
        """Say something."""
        if text:
            self.effects.append(Tell(text))

    def house(self, key: str, **values: str) -> str:
        """A text of the house in the customer's language."""
        return say(key, self.world.language, tone=self.world.tone, **values)

    def mention(self, text: str) -> None:
        """Remember words that may fill slots not yet reached."""
        cleaned = text.strip()[:MAX_MENTION]
        if cleaned and cleaned not in self.frame.mentions[-1:]:
            self.update(mentions=(*self.frame.mentions, cleaned)[-MAX_MENTIONS:])

    def fail_attempt(self, key: str) -> int:
        """Count an answer that did not do; returns how many there were."""
        count = self.frame.attempts.get(key, 0) + 1
        self.update(attempts={**self.frame.attempts, key: count})
        return count

    def finish(self, outcome: Outcome, offer: tuple[str, ...] = ()) -> None:
        """End the active procedure."""
        ended_at = iso(self.world.now) if self.world.now else None
        frame = replace(
            self.stack.pop(), status=outcome, asked=None, shown=(), stale=(), call=None, each=(), child=None,
            undoing="", kept=None, ended_at=ended_at,
        )  # fmt: skip
        self.finished = [*self.finished, frame][-MAX_FINISHED:]
        self.effects.append(Ended(frame.procedure, frame.instance, outcome, offer))
        self.problem, self.candidates, self.excluded, self.drafts, self.offers = {}, {}, {}, {}, ()

    def hand_over(
        self, reason: str, text: str = "", team: str | None = None, outcome: Outcome = "failed"
    ) -> None:
        """End the active procedure, if any, and bring in a person."""
        if self.stack:
            self.finish(outcome)
        while self.stack and self.stack[-1].child == self.finished[-1].instance:
            self.finish(outcome)  # whoever runs it cannot go on without it
        self.effects.append(HandOver(reason, text or self.house(reason), team))

    def is_handed_over(self) -> bool:
        """Whether a person takes over in this step."""
        return any(isinstance(effect, HandOver) for effect in self.effects)

    def step(self) -> Step:
        """The result."""
        state = DialogueState(
            stack=tuple(self.stack),
            queue=tuple(self.queue),
            finished=tuple(self.finished),
            seed=self.seed,
            counter=self.counter,
            waiting=tuple(self.waiting),
        )
        return Step(state, tuple(self.effects), tuple(self.trace), tuple(self.filled))
