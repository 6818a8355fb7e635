"""Inputs of the customer, applied to the active procedure. What follows from them is decided by `running`."""

from __future__ import annotations

from collections.abc import Mapping

from rapport.procedures.contracts import ATTRIBUTE, CHANGE, SKIP, STOP, Affirm, Deny, Fill, Option, Say
from rapport.procedures.logic.asking import address_draft, change_options, overlaid
from rapport.procedures.logic.changing import ask_again, correct
from rapport.procedures.logic.definition import ADDRESS_FIELDS, REQUIRED_ADDRESS_FIELDS, Slot
from rapport.procedures.logic.filing import new_files
from rapport.procedures.logic.holding import QUERY, is_searched
from rapport.procedures.logic.naming import says_number
from rapport.procedures.logic.narrowing import narrow, shown_facets
from rapport.procedures.logic.reading import names_one, read_options, refusal
from rapport.procedures.logic.turn import Turn, Unit
from rapport.procedures.logic.values import free_option, missing_fields, read_address, read_free

MAX_QUERY = 200
MAX_ATTEMPTS = 3
"""Answers to one question that do not do before a person is brought in."""

CONFIRMATION = "__confirm__"
"""Name under which unclear answers to a confirmation are counted."""

_WANTED = {
    "number": "number_wanted",
    "money": "money_wanted",
    "date": "date_wanted",
    "email": "email_wanted",
}


def say(turn: Turn, words: Say) -> None:
    """Free text: a correction, or an answer to the open question."""
    frame = turn.frame
    unit = turn.find_unit(frame.asked)
    if not words.text.strip() and not (
        unit and frame.status == "collecting" and unit.slot.type == "file" and new_files(turn, unit)
    ):
        turn.is_repeat = True
    elif frame.status == "identifying":
        turn.mention(words.text)
    elif frame.status == "confirming":
        if correct(turn, words.text, is_explicit=True, is_clear=not words.is_correction):
            return
        if words.is_correction:
            turn.update(status="collecting", asked=CHANGE)
            return
        turn.tell(turn.house("please_confirm"))
        _count(turn, CONFIRMATION)
    elif frame.asked == CHANGE:
        _choose_change(turn, words.text)
    elif unit is None or (words.is_correction and correct(turn, words.text, is_explicit=True)):
        turn.mention(words.text)
    else:
        _answer(turn, unit, words)


def affirm(turn: Turn, _yes: Affirm) -> bool:
    """Yes; true when it agrees to a confirmation."""
    if turn.frame.status == "confirming":
        return True
    unit = turn.find_unit(turn.frame.asked)
    if unit is not None and unit.slot.type == "yes_no":
        _choose(turn, unit, ("yes",))
    elif unit is not None and len(turn.frame.shown) == 1 and SKIP not in turn.frame.shown:
        _choose(turn, unit, turn.frame.shown)
    else:
        turn.is_repeat = True
    return False


def deny(turn: Turn, no: Deny) -> None:
    """No: what should be different is taken from the words, or asked."""
    unit = turn.find_unit(turn.frame.asked)
    if turn.frame.status == "confirming":
        if no.text.strip() and correct(turn, no.text, is_explicit=True):
            return
        turn.update(status="collecting", asked=CHANGE)
    elif unit is not None and unit.slot.type == "yes_no":
        _choose(turn, unit, ("no",))
    elif no.text.strip() and correct(turn, no.text, is_explicit=True):
        return
    elif unit is not None and unit.slot.optional:
        turn.put(unit, (), "said")
    else:
        turn.is_repeat = True


def fill(turn: Turn, form: Fill) -> None:
    """Clicks and forms: each value must be among the options offered."""
    if turn.frame.asked == CHANGE and CHANGE in form.values:
        _change(turn, "".join(form.values[CHANGE][:1]))
        return
    turn.is_repeat = True
    for slot in turn.definition.slots:
        for unit, values in _values_of(turn, slot, form.values):
            turn.is_repeat = False
            if slot.type == "address":
                _submit_address(turn, unit, form.values)
            else:
                _choose(turn, unit, values)
            if turn.is_handed_over():
                return
    if not turn.is_repeat and turn.frame.asked == CHANGE:
        turn.update(asked=None)


# ── words ──


def _answer(turn: Turn, unit: Unit, words: Say) -> None:
    if unit.slot.type == "address":
        _answer_address(turn, unit, words)
        return
    if unit.slot.is_free:
        option = read_free(unit.slot, words.text, turn.world)
        if option is not None:
            _take_written(turn, unit, option)
        elif not _corrects(turn, words):
            _miss(turn, unit, turn.house(_WANTED.get(unit.slot.type, "text_wanted")))
        return
    if unit.slot.type == "file" and new_files(turn, unit):
        turn.mention(words.text)
        _take_files(turn, unit)
        return
    if is_searched(turn.definition, unit.slot) and not _picks(turn, unit, words.text):
        turn.note(unit, {QUERY: words.text.strip()[:MAX_QUERY]})
        return
    if _narrow(turn, unit, words.text):
        turn.mention(words.text)
        return
    reading = read_options(turn, unit, words.text)
    if reading.kind == "found":
        turn.put(unit, reading.options, "said")
        turn.mention(words.text)
    elif reading.kind == "ambiguous":
        turn.problem[unit.key] = turn.house("ambiguous")
        turn.candidates[unit.key] = reading.options
        _count(turn, unit.key + "~")
    elif reading.kind == "refused":
        _refuse(turn, unit, reading.options[0])
    elif not _corrects(turn, words):
        _miss_choice(turn, unit, words.text)


def _take_files(turn: Turn, unit: Unit) -> None:
    """Files that came with words: `collect` takes those that fit; here it is said why none does."""
    sent = new_files(turn, unit)
    fitting = [option for option in sent if turn.is_allowed(unit, option)]
    if not fitting:
        _refuse(turn, unit, sent[0])
    elif len(fitting) > 1 and not unit.slot.many:
        turn.problem[unit.key] = turn.house("ambiguous")


def _picks(turn: Turn, unit: Unit, text: str) -> bool:
    """Whether words name one of the customers shown, rather than another one to look up."""
    return bool(turn.frame.shown) and read_options(turn, unit, text).kind in ("found", "ambiguous")


def _narrow(turn: Turn, unit: Unit, text: str) -> bool:
    """Words that name the value of the attribute asked, and no option of their own."""
    shown = shown_facets(turn, unit)
    if not shown or names_one(turn, unit, text):
        return False
    found, is_ambiguous = turn.world.reader.resolve(text, shown, many=False)
    return len(found) == 1 and not is_ambiguous and narrow(turn, unit, found[0].value)


def _corrects(turn: Turn, words: Say) -> bool:
    """Whether words that answer nothing give an earlier answer another value, by a correction or by its clear name."""
    return correct(turn, words.text, is_explicit=words.is_correction, is_clear=not words.is_correction)


def _miss_choice(turn: Turn, unit: Unit, text: str) -> None:
    """Words that name none of the choices; what is known already is no mistake, the question is repeated."""
    if unit.slot.type != "file" and _says_what_is_known(turn, text):
        turn.is_repeat = True
        return
    turn.mention(text)
    _miss(turn, unit, turn.house("file_wanted" if unit.slot.type == "file" else "not_found"))


def _says_what_is_known(turn: Turn, text: str) -> bool:
    """Whether words that answer nothing hold the number of a record that was taken before, as an order's."""
    held = (option for frame in turn.stack for value in frame.slots.values() for option in value.options)
    return any(says_number(text, option) for option in held)


def _take_written(turn: Turn, unit: Unit, option: Option) -> None:
    if turn.is_allowed(unit, option):
        turn.put(unit, (option,), "said")
    else:
        _refuse(turn, unit, option)


def _answer_address(turn: Turn, unit: Unit, words: Say) -> None:
    said = read_address(words.text, turn.world)
    if not said:
        if not _corrects(turn, words):
            missing = missing_fields(address_draft(turn, unit.slot)) or REQUIRED_ADDRESS_FIELDS
            _miss(turn, unit, _missing_text(turn, missing))
        return
    fields = overlaid(address_draft(turn, unit.slot), said)
    turn.mention(words.text)
    _take_address(turn, unit, fields, "said")


def _choose_change(turn: Turn, text: str) -> None:
    found, is_ambiguous = turn.world.reader.resolve(text, change_options(turn), many=False)
    if len(found) == 1 and not is_ambiguous:
        _change(turn, found[0].value)
    elif not correct(turn, text, is_explicit=True):
        turn.problem[CHANGE] = turn.house("not_found")
        _count(turn, CHANGE)


def _change(turn: Turn, name: str) -> None:
    if name == STOP:
        stop(turn)
        return
    slot = turn.definition.find_slot(name)
    if slot is None or name not in turn.frame.slots:
        turn.problem[CHANGE] = turn.house("not_found")
        _count(turn, CHANGE)
        return
    ask_again(turn, name)


def stop(turn: Turn) -> None:
    """End the active procedure at the customer's wish."""
    is_clean = not any(frame.completed for frame in turn.stack if frame.status == "calling")
    turn.tell(turn.house("cancelled" if is_clean else "stopped"))
    turn.finish("cancelled")


# ── clicks and forms ──


def _values_of(
    turn: Turn, slot: Slot, values: Mapping[str, tuple[str, ...]]
) -> list[tuple[Unit, tuple[str, ...]]]:
    """The units of a slot that a form holds values for, as far as they can be filled now."""
    if any(name not in turn.frame.slots for name in (*slot.of, *((slot.each,) if slot.each else ()))):
        return []
    units = turn.units(slot)
    if slot.type == "address":
        is_given = slot.name in values or any(f"{slot.name}.{name}" in values for name in ADDRESS_FIELDS)
        return [(units[0], values.get(slot.name, ()))] if is_given else []
    found = [(unit, values[unit.key]) for unit in units if unit.key in values]
    if slot.each is not None and slot.name in values:
        given = values[slot.name]
        if len(given) == len(units):
            found = [(unit, (value,)) for unit, value in zip(units, given, strict=True)]
        else:
            found = [(unit, given) for unit in units if unit.key == turn.frame.asked]
    return found


def _choose(turn: Turn, unit: Unit, values: tuple[str, ...]) -> None:
    chosen = tuple(dict.fromkeys(value for value in values if value and value != SKIP))
    slot = unit.slot
    if unit.index is not None and unit.index > len(turn.current(Unit(slot))):
        return
    if not chosen and slot.optional:
        turn.put(unit, (), "chosen")
        return
    if slot.is_free:
        option = free_option(slot, chosen[0]) if len(chosen) == 1 else None
        if option is None and slot.type == "money" and chosen:
            option = read_free(slot, chosen[0], turn.world)
        _take_form(turn, unit, option, _WANTED.get(slot.type, "text_wanted"))
        return
    if len(chosen) == 1 and _leads_on(turn, unit, chosen[0]):
        return
    known = {option.value: option for option in turn.options(unit)}
    if not chosen or any(value not in known for value in chosen) or (len(chosen) > 1 and not slot.many):
        _miss(turn, unit, turn.house("not_found"))
        return
    barred = [known[value] for value in chosen if not turn.is_allowed(unit, known[value])]
    if barred:
        _refuse(turn, unit, barred[0])
    else:
        turn.put(unit, tuple(option for value, option in known.items() if value in chosen), "chosen")


def _leads_on(turn: Turn, unit: Unit, value: str) -> bool:
    """Whether a value is no option but a step towards one: an attribute, or whom to look up."""
    if value.startswith(ATTRIBUTE):
        return narrow(turn, unit, value)
    if is_searched(turn.definition, unit.slot) and value not in {o.value for o in turn.options(unit)}:
        turn.note(unit, {QUERY: value[:MAX_QUERY]})
        return True
    return False


def _take_form(turn: Turn, unit: Unit, option: Option | None, problem: str) -> None:
    if option is None:
        _miss(turn, unit, turn.house(problem))
    elif not turn.is_allowed(unit, option):
        _refuse(turn, unit, option)
    else:
        turn.put(unit, (option,), "chosen")


def _submit_address(turn: Turn, unit: Unit, values: Mapping[str, tuple[str, ...]]) -> None:
    name = unit.slot.name
    given = {
        field: "".join(values[f"{name}.{field}"][:1]).strip()
        for field in ADDRESS_FIELDS
        if f"{name}.{field}" in values
    }
    if not any(given.values()) and unit.slot.optional:
        turn.put(unit, (), "chosen")
        return
    draft = address_draft(turn, unit.slot) if unit.slot.default else {}
    _take_address(turn, unit, {**draft, **given}, "chosen")


def _take_address(turn: Turn, unit: Unit, fields: dict[str, str], source: str) -> None:
    missing = missing_fields(fields)
    option = None if missing else free_option(unit.slot, fields)
    if option is None:
        turn.drafts[unit.slot.name] = fields
        _miss(turn, unit, _missing_text(turn, missing))
    elif not turn.is_allowed(unit, option):
        _refuse(turn, unit, option)
    else:
        turn.put(unit, (option,), "chosen" if source == "chosen" else "said")


def _missing_text(turn: Turn, missing: tuple[str, ...]) -> str:
    return turn.house("fields_missing", fields=", ".join(turn.house(name) for name in missing))


# ── answers that do not do ──


def _refuse(turn: Turn, unit: Unit, option: Option) -> None:
    reason = refusal(turn, unit, option)
    turn.note_refusal(unit, reason.rule or f"{unit.slot.name}.where")
    turn.offers = reason.offer
    _miss(turn, unit, reason.text)


def _miss(turn: Turn, unit: Unit, problem: str) -> None:
    if turn.is_filled(unit):
        turn.tell(problem)
        return
    turn.problem[unit.key] = problem
    _count(turn, unit.key)


def _count(turn: Turn, key: str) -> None:
    if turn.fail_attempt(key) >= MAX_ATTEMPTS:
        turn.hand_over("too_many_attempts", outcome="handed_over")
