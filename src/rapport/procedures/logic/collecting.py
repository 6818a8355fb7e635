"""Filling slots: from what is known and what was said, and only then by a question.

`collect` walks the slots in the order of the definition and stops at the first that needs the customer. Rules
are checked as soon as the slots they mention are settled. Sources of a slot nobody has asked for yet, in
order: earlier words (newest first), the definition's default, the single possible option. An address is
filled unasked only from words that hold all of it; its default is the draft of the form.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Literal

from rapport.procedures.contracts import SKIP, Option, RuleTrace, SlotValue
from rapport.procedures.logic.asking import ask
from rapport.procedures.logic.definition import Limit, Rule, Slot
from rapport.procedures.logic.dependencies import mentioned, mentioned_slots
from rapport.procedures.logic.expressions import ExpressionError
from rapport.procedures.logic.filing import fill_from_files
from rapport.procedures.logic.holding import QUERY, is_searched
from rapport.procedures.logic.looking_up import find_reached, look_up
from rapport.procedures.logic.narrowing import remaining
from rapport.procedures.logic.nesting import fill_given, given_id
from rapport.procedures.logic.reading import NAMELESS, read_options, refusal
from rapport.procedures.logic.turn import LATEST, Turn, Unit
from rapport.procedures.logic.values import free_option, mentioned_address, missing_fields

MAX_STREET_WORDS = 5
"""A longer first line of an address holds other words too; it only prefills the form."""

Halt = Literal["rest", "ended"]
"""Why collecting stopped: a question stands, or the procedure is over."""


def collect(turn: Turn) -> Halt | None:
    """Fill slots until one needs the customer; None when all are settled and all rules hold."""
    settled: set[str] = set()
    checked: set[str] = set()
    try:
        halt = _check_known(turn, settled, checked)
        for slot in () if halt else turn.definition.slots:
            halt = _settle(turn, slot)
            if halt:
                return halt
            settled.add(slot.name)
            halt = _check_known(turn, settled, checked)
            if halt:
                return halt
    except ExpressionError:
        turn.hand_over("rule_error")
        return "ended"
    return halt


def _check_known(turn: Turn, settled: set[str], checked: set[str]) -> Halt | None:
    """What the slots settled so far decide: limits, look-ups, rules."""
    limit = find_reached(turn, settled)
    if limit is not None:
        return _stop_at(turn, limit)
    lookup = look_up(turn, settled)
    if lookup is not None:
        return _refuse(turn, turn.scope().text(lookup.none))
    return _check_rules(turn, settled, checked)


def _stop_at(turn: Turn, limit: Limit) -> Halt:
    """A limit is used up: refuse, or let a person decide."""
    text = turn.scope().text(limit.say)
    if limit.then == "person":
        turn.hand_over(limit.name, text, outcome="handed_over")
        return "ended"
    return _refuse(turn, text)


def _check_rules(turn: Turn, settled: set[str], checked: set[str]) -> Halt | None:
    for rule in turn.definition.rules:
        slots = mentioned_slots(turn.definition, rule.check)
        if rule.name in checked or not slots <= settled:
            continue
        checked.add(rule.name)
        if slots <= turn.frame.slots.keys() and not _rule_holds(turn, rule):
            return _reject(turn, rule)
    return None


def _rule_holds(turn: Turn, rule: Rule) -> bool:
    scope = turn.scope()
    values = scope.values_of(rule.check)
    try:
        held = scope.holds(rule.check)
    except ExpressionError:
        turn.trace.append(RuleTrace(rule.name, rule.check, held=False, values=values))
        raise
    turn.trace.append(RuleTrace(rule.name, rule.check, held=held, values=values))
    return held


def _reject(turn: Turn, rule: Rule) -> Halt:
    """A rule does not hold: ask its slot again without the value turned down, or end."""
    text = turn.scope().text(rule.say)
    slot = turn.definition.find_slot(rule.slot or "")
    value = turn.frame.slots.get(slot.name) if slot else None
    if slot is None or value is None or slot.each is not None:
        return _refuse(turn, text)
    unit = Unit(slot)
    rejected = frozenset(option.value for option in value.options)
    if not slot.is_free and not slot.many:
        left = [
            option
            for option in turn.options(unit)
            if option.value not in rejected and turn.is_allowed(unit, option)
        ]
        if not left:
            return _refuse(turn, text)
        turn.excluded[slot.name] = rejected
    turn.drop(slot.name)
    turn.problem[unit.key] = text
    if turn.fail_attempt(unit.key) >= 3:
        turn.hand_over("too_many_attempts", outcome="handed_over")
        return "ended"
    return _settle(turn, slot) or "rest"


def _refuse(turn: Turn, text: str, offer: tuple[str, ...] = ()) -> Halt:
    turn.tell(text)
    turn.finish("refused", offer)
    return "ended"


def _settle(turn: Turn, slot: Slot) -> Halt | None:
    frame = turn.frame
    if slot.name in frame.slots and slot.name not in frame.stale and slot.when is None and slot.each is None:
        return None
    units = turn.units(slot)
    if not units or (slot.when is not None and not turn.scope().holds(slot.when)):
        if slot.name in frame.slots:
            turn.drop(slot.name)
        return None
    for unit in units:
        if turn.is_filled(unit):
            if slot.name not in turn.frame.stale or (
                not _is_assumed(turn, slot) and _is_still_valid(turn, unit)
            ):
                continue
            turn.drop(slot.name, keep=unit.index or 0)
        halt = _acquire(turn, unit)
        if halt:
            return halt
    turn.update(stale=tuple(name for name in turn.frame.stale if name != slot.name))
    return None


def _is_assumed(turn: Turn, slot: Slot) -> bool:
    """Whether a value is the definition's default: what it stands on has changed, so it is worked out again."""
    value = turn.frame.slots.get(slot.name)
    return value is not None and slot.default is not None and value.source in {"default", "known"}


def _is_still_valid(turn: Turn, unit: Unit) -> bool:
    """Whether a value survives a change of what it stands on; its record is refreshed when it does."""
    kept = turn.current(unit)
    if not unit.slot.is_free:
        known = {option.value: option for option in turn.options(unit)}
        if any(
            option.value not in known
            or (known[option.value].title != option.title and known[option.value].data != option.data)
            for option in kept
        ):
            return False
        kept = tuple(known[option.value] for option in kept)
    if not all(turn.is_allowed(unit, option) for option in kept):
        return False
    value = turn.frame.slots[unit.slot.name]
    options = list(value.options)
    start = unit.index or 0
    options[start : start + len(kept)] = kept
    turn.update(slots={**turn.frame.slots, unit.slot.name: SlotValue(tuple(options), value.source)})
    return True


def _acquire(turn: Turn, unit: Unit) -> Halt | None:
    """Fill one unit without the customer if possible, else ask."""
    slot = unit.slot
    if slot.type == "customer" and is_searched(turn.definition, slot):
        return _search(turn, unit)
    options = turn.options(unit)
    allowed = tuple(option for option in options if turn.is_allowed(unit, option))
    if fill_given(turn, unit, allowed):
        return None
    if slot.type == "file":
        is_taken = unit.key not in turn.problem and fill_from_files(turn, unit)
        return None if is_taken else ask(turn, unit, allowed)
    may_fill = unit.key not in turn.problem and unit.key not in turn.candidates
    if may_fill and _fill_from_words(turn, unit):
        return None
    if not slot.is_free and not allowed:
        return _nothing_left(turn, unit, options)
    left = remaining(turn, unit, allowed)
    if may_fill and len(left) == 1 and len(left) < len(allowed):
        turn.put(unit, left, "chosen")
        return None
    may_fill = may_fill and unit.key not in turn.problem and unit.key not in turn.frame.tried
    if may_fill and (_fill_from_default(turn, unit, allowed) or _fill_single(turn, unit, options, allowed)):
        return None
    excluded = turn.excluded.get(slot.name, frozenset())
    return ask(turn, unit, tuple(option for option in allowed if option.value not in excluded))


def _search(turn: Turn, unit: Unit) -> Halt | None:
    """A customer that a member of staff looks up: the only one found is taken, several are shown."""
    if unit.key not in turn.frame.narrowed and (given := given_id(turn, unit)):
        turn.note(unit, {QUERY: given})
    found = tuple(option for option in turn.options(unit) if turn.is_allowed(unit, option))
    if len(found) == 1:
        turn.put(unit, found, "said")
        return None
    if not found and unit.key in turn.frame.narrowed:
        turn.problem.setdefault(unit.key, turn.house("customer_wanted"))
        turn.note(unit, {})
    return ask(turn, unit, found)


def _nothing_left(turn: Turn, unit: Unit, barred: tuple[Option, ...]) -> Halt | None:
    if unit.slot.optional and unit.key not in turn.problem:
        turn.put(unit, (), "known")
        return None
    rules = {refusal(turn, unit, option).rule for option in barred}
    turn.note_refusal(unit, (rules.pop() if len(rules) == 1 else "") or f"{unit.slot.name}.none")
    none = turn.unit_scope(unit).text(unit.slot.none) if unit.slot.none else turn.house("nothing_to_choose")
    return _refuse(turn, turn.problem.get(unit.key) or none, turn.offers)


def _fill_from_words(turn: Turn, unit: Unit) -> bool:
    """Fill from earlier words if they name one allowed value; note it when they name a refused one."""
    slot = unit.slot
    if slot.type in ("text", "number", "date", "yes_no", "customer") or _was_asked(turn, slot.name):
        return False
    mentions = turn.frame.mentions
    for text in reversed(mentions[-1:] if slot.name + LATEST in turn.frame.tried else mentions):
        if slot.is_free:
            option = _free_from_words(turn, slot, text)
            if option is not None and turn.is_allowed(unit, option):
                turn.put(unit, (option,), "said")
                return True
            continue
        reading = read_options(turn, unit, _without_names(turn, unit, text))
        if reading.kind == "found":
            if _may_mean_fewer(turn, unit, text, reading.options):
                return False
            turn.put(unit, reading.options, "said")
            return True
        if reading.kind == "refused":
            refused = refusal(turn, unit, reading.options[0])
            turn.problem[unit.key] = refused.text
            turn.offers = refused.offer
            return False
    return False


def _without_names(turn: Turn, unit: Unit, text: str) -> str:
    """For an answer to each of several values: the words without those that name the values themselves."""
    if unit.slot.each is None:
        return text
    parent = turn.frame.slots[unit.slot.each]
    names = {word for option in parent.options for word in re.findall(r"\w+", option.title.casefold())}
    return re.sub(r"\w+", lambda word: "" if word[0].casefold() in names else word[0], text)


def _may_mean_fewer(turn: Turn, unit: Unit, text: str, found: tuple[Option, ...]) -> bool:
    """Whether one name found several things that share it: "my lamp" where there are two lamps.

    It is sure when the words tell each of them apart, or speak of all.
    """
    if len(found) < 2:
        return False
    said = set(re.findall(r"\w+", text.casefold()))
    for option in found:
        twins = [o for o in found if o is not option and o.data.get("name") == option.data.get("name")]
        shared = {w for o in twins for w in re.findall(r"\w+", o.title.casefold())}
        own = set(re.findall(r"\w+", option.title.casefold())) - shared
        if twins and not own & said:
            unnamed = (replace(NAMELESS, value="1"), replace(NAMELESS, value="2"))
            return len(turn.world.reader.resolve(text, unnamed, many=unit.slot.many)[0]) < 2
    return False


def _was_asked(turn: Turn, name: str) -> bool:
    return any(key.split("[")[0] == name for key in turn.frame.tried)


def _free_from_words(turn: Turn, slot: Slot, text: str) -> Option | None:
    if slot.type == "money":
        return _sum_from_words(turn, slot, text)
    if slot.type == "address":
        fields = mentioned_address(text, turn.world)
        is_plain = len(fields.get("address1", "").split()) <= MAX_STREET_WORDS
        return free_option(slot, fields) if is_plain and not missing_fields(fields) else None
    found = [word.strip("<>()[],;:!?.\"'") for word in text.split() if "@" in word]
    return free_option(slot, found[0]) if len(found) == 1 else None


def _sum_from_words(turn: Turn, slot: Slot, text: str) -> Option | None:
    """A sum with its currency, where the procedure asks for one sum only: "a lamp up to 80 euros"."""
    sums = [other for other in turn.definition.slots if other.type == "money"]
    is_only = sums == [slot] and slot.each is None
    amount = turn.world.reader.amount(text) if is_only else None
    return None if amount is None else free_option(slot, amount)


def _fill_from_default(turn: Turn, unit: Unit, allowed: tuple[Option, ...]) -> bool:
    slot = unit.slot
    if slot.default is None or slot.type == "address":
        return False
    try:
        value = turn.unit_scope(unit).evaluate(slot.default)
    except ExpressionError:
        return False
    if slot.is_free:
        option = None if value is None else free_option(slot, value)
        found = tuple(o for o in (option,) if o is not None and turn.is_allowed(unit, o))
    else:
        wanted = _wanted(value)
        found = tuple(option for option in allowed if option.value in wanted)
    if not found or (len(found) > 1 and not slot.many):
        return False
    is_known = "customer" in mentioned(turn.definition, slot.default)
    turn.put(unit, found, "known" if is_known else "default")
    return True


def _wanted(value: object) -> set[str]:
    if isinstance(value, bool):
        return {"yes" if value else "no"}
    if isinstance(value, list):
        return {str(item) for item in value}
    return {str(value)} - {SKIP}


def _fill_single(turn: Turn, unit: Unit, options: tuple[Option, ...], allowed: tuple[Option, ...]) -> bool:
    """The only option needs no question; of several where one may be many, none is taken for granted."""
    slot = unit.slot
    if not slot.is_looked_up or slot.optional or len(allowed) != 1 or (slot.many and len(options) != 1):
        return False
    turn.put(unit, allowed, "only_option")
    return True
