"""Every wording of a definition under a key, so that tests, comparisons and reports can name it."""

from __future__ import annotations

from rapport.procedures.logic.definition import Definition, Slot, Words
from rapport.procedures.logic.steps import Action, AnyStep, Approval, Escalation, Saying, Wait


def list_wordings(definition: Definition) -> dict[str, Words]:
    """Key → wording: ``slots.order.none``, ``rules.NAME``, ``done.0`` …, in the order of the definition."""
    found: dict[str, Words] = {"title": definition.title, "description": definition.description}
    found |= {f"limits.{limit.name}": limit.say for limit in definition.limits}
    for slot in definition.slots:
        found |= _of_slot(slot)
    found |= {f"lookups.{lookup.name}.none": lookup.none for lookup in definition.lookups}
    for rule in definition.rules:
        found[f"rules.{rule.name}"] = rule.say
    for human in definition.human_when:
        found[f"human_when.{human.name}"] = human.say
    if definition.confirm is not None:
        found |= {f"confirm.lines.{n}": line.say for n, line in enumerate(definition.confirm.lines)}
        found["confirm.question"] = definition.confirm.question
    for place in definition.places:
        found |= _of_step(".".join(str(part) for part in place.path), place.step)
    if definition.undo is not None:
        found["undo.say"] = definition.undo.say
    found |= {f"done.{n}": line.say for n, line in enumerate(definition.done)}
    return {key: words for key, words in found.items() if words}


def find_wording(definition: Definition, key: str) -> Words | None:
    """The wording of that key, if there is one."""
    return list_wordings(definition).get(key)


def _of_step(start: str, step: AnyStep) -> dict[str, Words]:
    match step:
        case Action():
            failed = {f"{start}.failed.{code}": words for code, words in step.failed.items()}
            return failed if step.again is None else {**failed, f"{start}.again.say": step.again.say}
        case Approval():
            approve = {f"{start}.approve.title": step.title, f"{start}.approve.reason": step.reason}
            return {**approve, f"{start}.say": step.say, f"{start}.rejected": step.rejected}
        case Escalation():
            return {f"{start}.person.say": step.say}
        case Wait() | Saying():
            return {f"{start}.say": step.say}
        case _:
            return {}


def _of_slot(slot: Slot) -> dict[str, Words]:
    start = f"slots.{slot.name}"
    found: dict[str, Words] = {f"{start}.label": slot.label}
    found |= {f"{start}.options.{option.value}": option.title for option in slot.options}
    found |= {f"{start}.ask": slot.ask, f"{start}.none": slot.none}
    found |= {f"{start}.refused.{n}": refusal.say for n, refusal in enumerate(slot.refused)}
    return found
