"""Every wording of a definition under a key, so that tests, comparisons and reports can name it."""

from __future__ import annotations

from rapport.procedures.logic.definition import Definition, Slot, Words


def list_wordings(definition: Definition) -> dict[str, Words]:
    """Key → wording: ``slots.order.none``, ``rules.NAME``, ``done.0`` …, in the order of the definition."""
    found: dict[str, Words] = {"title": definition.title, "description": definition.description}
    for slot in definition.slots:
        found |= _of_slot(slot)
    for rule in definition.rules:
        found[f"rules.{rule.name}"] = rule.say
    for human in definition.human_when:
        found[f"human_when.{human.name}"] = human.say
    if definition.confirm is not None:
        found |= {f"confirm.lines.{n}": line.say for n, line in enumerate(definition.confirm.lines)}
        found["confirm.question"] = definition.confirm.question
    for index, action in enumerate(definition.actions):
        found |= {f"do.{index}.failed.{code}": words for code, words in action.failed.items()}
    found |= {f"done.{n}": line.say for n, line in enumerate(definition.done)}
    return {key: words for key, words in found.items() if words}


def find_wording(definition: Definition, key: str) -> Words | None:
    """The wording of that key, if there is one."""
    return list_wordings(definition).get(key)


def _of_slot(slot: Slot) -> dict[str, Words]:
    start = f"slots.{slot.name}"
    found: dict[str, Words] = {f"{start}.label": slot.label}
    found |= {f"{start}.options.{option.value}": option.title for option in slot.options}
    found |= {f"{start}.ask": slot.ask, f"{start}.none": slot.none}
    found |= {f"{start}.refused.{n}": refusal.say for n, refusal in enumerate(slot.refused)}
    return found
