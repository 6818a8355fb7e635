"""The policy as a judge: may this action be performed for this customer, as the procedures say?

A proposed call (of a language model, a program, or the interpreter itself just before it acts) is permitted only
if a procedure in force, its slots filled with what the call names, would make this very call: every value is among
the records looked up for this customer, passes its slot's condition, what the procedure looks up is there, no limit is
used up, no rule is broken, no person has to decide, and the customer has agreed where the procedure asks for it.
Otherwise the first broken rule is named.

Names of rules: ``procedure/rule``. A rule is one of the definition's (`rules`, the `rule` of a slot's `refused`
entry, ``human:name``, ``limit:name``, ``lookup.found``), or one that holds for all: ``identified``, ``slot.listed``
(the value is not among the records or choices), ``slot.where`` (the slot's condition, where no entry has a name),
``slot.given``, ``as_proposed`` (the procedure would do something else) and ``confirmed``.

Once a procedure under way has changed something (`Frame.excused` is set), its later calls are judged too, each when it
is made. What its own steps have broken stands against none of them (`list_broken` finds it); days are counted to the
moment at which it began to act; and what it would do is worked out on its records as it holds them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from rapport.procedures.contracts import (
    UNTOLD,
    Call,
    DialogueState,
    Frame,
    Need,
    Option,
    World,
)
from rapport.procedures.logic.book import ProcedureBook
from rapport.procedures.logic.definition import Definition, Slot
from rapport.procedures.logic.dependencies import mentioned_slots
from rapport.procedures.logic.expressions import ExpressionError
from rapport.procedures.logic.holding import QUERY, is_searched
from rapport.procedures.logic.looking_up import LIMIT_PREFIX, find_reached, look_up
from rapport.procedures.logic.loops import names_at, values_of
from rapport.procedures.logic.moments import read_moment
from rapport.procedures.logic.proposals import Proposal, Verdict, propose
from rapport.procedures.logic.reading import refusal
from rapport.procedures.logic.sameness import is_same
from rapport.procedures.logic.steps import ITEM, Action
from rapport.procedures.logic.turn import Turn, Unit, Waiting
from rapport.procedures.logic.values import fixed_options, free_option

LookUp = Callable[[Need], tuple[Option, ...]]
NO_PROCEDURE, RULE_ERROR = "no_procedure", "rule_error"
_IDS = r"(?<![\w.]){name}(?:\.id|\.map\((\w+), *\1\.id\))(?!\w)"


class _Broken(Exception):
    """A rule that does not hold."""

    def __init__(self, rule: str, text: str = "") -> None:
        self.rule, self.text = rule, text
        super().__init__(rule)


@dataclass(slots=True)
class _Case:
    """One proposal before one procedure."""

    book: ProcedureBook
    world: World
    definition: Definition
    action: Action | None
    """None where only the ground of later calls is judged."""
    guards: tuple[tuple[str, bool], ...]
    """Conditions of the branches the action stands in, and what each must be."""
    proposal: Proposal
    excused: frozenset[str] = frozenset()
    """Rules that stand against nothing any more."""
    facts: dict[str, tuple[Option, ...]] = field(default_factory=dict)

    def turn(self) -> Turn:
        """The procedure at its beginning; of one under way, at the moment at which it began to act."""
        results, held = self.proposal.results, self.proposal.frame
        frame = Frame("policy", self.definition.name, self.definition.version, "collecting", results=results)
        world = self.world
        if held is not None and world.now is not None:
            world = replace(world, now=read_moment(held.acting_since, world.now) or world.now)
        return Turn(self.book, DialogueState(stack=(frame,)), world, self.facts)

    def turn_under_way(self) -> Turn:
        """The procedure as it is now, with its records as it holds them."""
        assert self.proposal.frame is not None
        return Turn(self.book, DialogueState(stack=(self.proposal.frame,)), self.world, self.facts)

    def object(self, rule: str, text: str = "") -> None:
        """A rule does not hold. Raises _Broken, unless it stands against nothing any more."""
        if rule not in self.excused:
            raise _Broken(rule, text)


def judge(book: ProcedureBook, proposal: Proposal, world: World, look_up: LookUp) -> Verdict:
    """Whether a proposed call is permitted; where several procedures perform it, one that permits is enough."""
    followed = book.at(proposal.procedure, proposal.version) if proposal.procedure else None
    cases = [
        _Case(book, world, definition, place.step, place.guards, proposal)
        for definition in ([followed] if followed else book.values())
        for place in definition.places
        if isinstance(place.step, Action)
        and place.step.action == proposal.action
        and (not place.is_fallback or place.index == proposal.step)
    ]
    held = proposal.frame
    if held is not None and followed is not None:
        cases = _later_cases(book, world, followed, proposal, held)
    verdicts: list[Verdict] = []
    for case in cases:
        verdict = _judge(case, look_up)
        if verdict.is_permitted:
            return verdict
        verdicts.append(verdict)
    return verdicts[0] if verdicts else Verdict(False, "", NO_PROCEDURE)


def _later_cases(
    book: ProcedureBook, world: World, definition: Definition, proposal: Proposal, held: Frame
) -> list[_Case]:
    """A procedure under way does the step it stands at; the branches that lead there were taken when they held."""
    step = next((place.step for place in definition.places if place.index == held.step), None)
    if not isinstance(step, Action) or step.action != proposal.action:
        return []
    return [_Case(book, world, definition, step, (), proposal, frozenset(held.excused or ()))]


def list_broken(book: ProcedureBook, frame: Frame, world: World, look_up: LookUp) -> tuple[str, ...]:
    """Rules that do not hold (any more) for a procedure that has just changed something: they are its own doing."""
    definition = book.at(frame.procedure, frame.version)
    if definition is None:
        return (UNTOLD,)
    proposal = replace(propose(Call("", {}, ""), frame), frame=frame)
    case = _Case(book, world, definition, None, (), proposal, frozenset(frame.excused or ()))
    while UNTOLD not in case.excused:
        verdict = _judge(case, look_up, _check_ground)
        if verdict.is_permitted or verdict.rule in case.excused:
            break
        case.excused |= {verdict.rule}
    return tuple(sorted(case.excused))


def _judge(case: _Case, look_up: LookUp, check: Callable[[_Case], object] | None = None) -> Verdict:
    name = case.definition.name
    while True:
        try:
            (check or _check)(case)
        except Waiting as waiting:
            for need in waiting.needs:
                case.facts[need.key] = look_up(need)
        except _Broken as broken:
            return Verdict(False, name, broken.rule, broken.text)
        except ExpressionError as error:
            return Verdict(False, name, RULE_ERROR, str(error))
        else:
            return Verdict(True, name)


def _check(case: _Case) -> None:
    """Raises _Broken for the first rule that does not hold, Waiting when records are needed."""
    if case.proposal.frame is None:
        turn = _check_ground(case)
    else:
        _check_changed_ground(case)
        turn = case.turn_under_way()
    if not all(turn.scope().holds(condition) is wanted for condition, wanted in case.guards):
        raise _Broken("as_proposed")
    assert case.action is not None
    _check_call(case, turn, case.action)
    if case.definition.confirm is not None and not case.proposal.is_confirmed:
        raise _Broken("confirmed")


def _check_changed_ground(case: _Case) -> None:
    """The ground of a later call; what its own steps left impossible to work out is as good as excused."""
    if UNTOLD in case.excused:
        return
    try:
        _check_ground(case)
    except ExpressionError:
        case.object(RULE_ERROR)


def _check_ground(case: _Case) -> Turn:
    """Everything that must hold whatever the call; the procedure filled with what the call names."""
    definition = case.definition
    if definition.must_identify and case.world.customer is None:
        raise _Broken("identified")
    turn = case.turn()
    settled: set[str] = set()
    _check_known(case, turn, settled)
    for slot in definition.slots:
        _fill(case, turn, slot)
        settled.add(slot.name)
        _check_known(case, turn, settled)
        _check_rules(case, turn, slot)
    for human in definition.human_when:
        slots = mentioned_slots(definition, human.when)
        if not human.after and slots <= turn.frame.slots.keys() and turn.scope().holds(human.when):
            case.object(f"human:{human.name}", turn.scope().text(human.say))
    return turn


def _check_known(case: _Case, turn: Turn, settled: set[str]) -> None:
    """The limits and look-ups that the slots settled so far decide."""
    limit = find_reached(turn, settled)
    if limit is not None:
        case.object(LIMIT_PREFIX + limit.name, turn.scope().text(limit.say))
    while (lookup := look_up(turn, settled)) is not None:
        case.object(f"{lookup.name}.found", turn.scope().text(lookup.none))
        held = case.proposal.frame.looked_up.get(lookup.name) if case.proposal.frame else None
        if held is None or held["data"] is None:
            return
        found = {**turn.frame.looked_up[lookup.name], "data": held["data"]}
        turn.update(looked_up={**turn.frame.looked_up, lookup.name: found})


def _check_call(case: _Case, turn: Turn, action: Action) -> None:
    """The procedure would make this call; one that is made for each of several, for one of them."""
    each = action.each
    if each is None:
        _compare(case, turn, action, {})
        return
    values = values_of(turn, each)
    for index in range(len(values)):
        try:
            _compare(case, turn, action, names_at(turn, each, values, index))
        except _Broken:
            continue
        return
    raise _Broken("as_proposed", each)


def _compare(case: _Case, turn: Turn, action: Action, names: Mapping[str, Any]) -> None:
    """The call as the procedure would make it, where `names` can be named too."""
    scope = turn.scope(names)
    if action.when is not None and not scope.holds(action.when):
        raise _Broken("as_proposed")
    for name, expression in action.arguments.items():
        if not is_same(scope.evaluate(expression), case.proposal.arguments.get(name)):
            raise _Broken("as_proposed", name)


def _check_rules(case: _Case, turn: Turn, latest: Slot) -> None:
    """The rules that the slot just filled completes."""
    filled = turn.frame.slots.keys()
    for rule in turn.definition.rules:
        slots = mentioned_slots(turn.definition, rule.check)
        if latest.name in slots and slots <= filled and not turn.scope().holds(rule.check):
            case.object(rule.name, turn.scope().text(rule.say))


def _fill(case: _Case, turn: Turn, slot: Slot) -> None:
    if slot.when is not None and not turn.scope().holds(slot.when):
        return
    wanted = _wanted(case, turn, slot)
    units = turn.units(slot)
    if not wanted and slot.optional:
        return
    if wanted is None:
        case.object(f"{slot.name}.given")
        return
    if slot.each is not None and len(wanted) != len(units):
        case.object(f"{slot.name}.listed")
        return
    for unit in units:
        values = wanted if unit.index is None else wanted[unit.index : unit.index + 1]
        if is_searched(case.definition, slot):
            turn.note(unit, {QUERY: str(values[0])})
        turn.put(unit, _options(case, turn, unit, values), "said")


def _options(case: _Case, turn: Turn, unit: Unit, values: Sequence[Any]) -> tuple[Option, ...]:
    """The options these values stand for; each must be listed, once, and allowed."""
    slot = unit.slot
    if slot.is_free:
        option = free_option(slot, values[0])
        if option is None:
            raise _Broken(f"{slot.name}.given")
        found: tuple[Option, ...] = (option,)
    else:
        known = {option.value: option for option in turn.options(unit)}
        listed = [known.get(_id_of(value)) for value in values]
        found = tuple(option for option in listed if option is not None)
        if not found or len({option.value for option in found}) < len(values):
            case.object(f"{slot.name}.listed")
            return _held(case, unit)
    for option in found:
        if not turn.is_allowed(unit, option):
            refused = refusal(turn, unit, option)
            case.object(refused.rule or f"{slot.name}.where", refused.text)
    return found


def _held(case: _Case, unit: Unit) -> tuple[Option, ...]:
    """Records that its own steps took off the list, as the procedure under way holds them."""
    assert case.proposal.frame is not None
    options = case.proposal.frame.slots[unit.slot.name].options
    return options if unit.index is None else options[unit.index : unit.index + 1]


def _id_of(value: Any) -> str:
    """A value by its id; a call may name the whole record, which is compared with the record in the end."""
    return str(value.get("id", "") if isinstance(value, Mapping) else value)


def _wanted(case: _Case, turn: Turn, slot: Slot) -> Sequence[Any] | None:
    """The values of a slot that the call names; None when it names none."""
    if case.action is None or case.proposal.frame is not None:
        return case.proposal.facts.get(slot.name)
    each = (case.action.each or "").strip()
    if each and each in (slot.name, slot.each):
        return case.proposal.facts.get(slot.name) or _value_in_loop(case.action, case.proposal, slot, each)
    telling = [
        (name, expression)
        for name, expression in case.action.arguments.items()
        if slot.name in mentioned_slots(case.definition, expression)
    ]
    for name, expression in telling:
        if expression.strip() == slot.name or re.search(_IDS.format(name=slot.name), expression):
            given = case.proposal.arguments.get(name)
            if given is None or given == "":
                return case.proposal.facts.get(slot.name)
            return given if isinstance(given, list) else [given]
    if slot.type in {"choice", "yes_no"} and telling:
        name, expression = telling[0]
        return _choice_behind(turn, slot, expression, case.proposal.arguments.get(name))
    return case.proposal.facts.get(slot.name)


def _value_in_loop(action: Action, proposal: Proposal, slot: Slot, each: str) -> list[Any] | None:
    """The one value that a call made for each of several names: of the list itself, or the answer given for it."""
    names = (ITEM, f"{ITEM}.id") if slot.name == each else (slot.name, f"{slot.name}.id")
    for name, expression in action.arguments.items():
        if expression.strip() in names and proposal.arguments.get(name) not in (None, ""):
            return [proposal.arguments[name]]
    return None


def _choice_behind(turn: Turn, slot: Slot, expression: str, given: Any) -> list[str]:
    """The choice that makes an argument what it is."""
    for option in fixed_options(slot, turn.world.language):
        trial = Turn(turn.book, turn.step().state, turn.world, turn.facts)
        trial.put(Unit(slot), (option,), "said")
        try:
            if is_same(trial.scope().evaluate(expression), given):
                return [option.value]
        except ExpressionError:
            continue
    raise _Broken(f"{slot.name}.listed")
