"""What customers once did in a procedure, read from stored conversations and decisions, to be done again."""

from __future__ import annotations

import functools
from collections.abc import Iterator

from rapport.assistant.gathering import find_dialogue
from rapport.connectors import api as connectors
from rapport.connectors.contracts import ActionEffect, JsonDict, Principal
from rapport.conversations import api as conversations
from rapport.conversations.contracts import ConversationInfo, MessageInfo, MessageType
from rapport.governance import api as governance
from rapport.governance.contracts import DecisionInfo
from rapport.kernel.clock import now
from rapport.kernel.languages import base_language
from rapport.procedures import api as procedures
from rapport.procedures.contracts import (
    Affirm,
    Cancel,
    Deny,
    Fill,
    Input,
    Option,
    Resume,
    Say,
    StartProcedure,
    Undo,
)
from rapport.testing.rehearsal.replaying import Recorded

PAGE = 500
CLICKS = {
    "confirm:yes": "affirm",
    "confirm:no": "deny",
    "confirm:cancel": "cancel",
    "resume": "resume",
    "undo": "undo",
}


def list_recorded(name: str, limit: int) -> list[Recorded]:
    """The newest conversations that began the procedure."""
    numbers: dict[int, None] = {}
    before: int | None = None
    while len(numbers) < limit:
        page, before = governance.list_recent_decisions(before=before, limit=PAGE)
        for decision in page:
            if f"start:{name}" in decision.draft.chosen.split(" + ") and decision.draft.conversation_id:
                numbers[decision.draft.conversation_id] = None
        if before is None:
            break
    found = []
    for number in list(numbers)[:limit]:
        info = conversations.find_conversation(number)
        if info is not None:
            found.append(_read(info, name, governance.list_decisions(number)))
    return [one for one in found if one.inputs]


def _read(info: ConversationInfo, name: str, decisions: list[DecisionInfo]) -> Recorded:
    language = base_language(info.language)
    chosen = {decision.id: decision.draft.chosen for decision in decisions}
    messages = conversations.list_messages(int(info.id), limit=PAGE, with_private=False)
    verified = info.verification
    principal = Principal(verified.customer_ref, verified.method, language) if verified else None
    customer = connectors.find_shop_customer(customer_ref=verified.customer_ref) if verified else None
    return Recorded(
        int(info.id),
        language,
        tuple(read_inputs(list(messages), chosen, name)),
        customer,
        functools.partial(
            _look_up, principal or Principal("", "none", language), _as_then(int(info.id), name)
        ),
        now(),
        tuple(_changes(int(info.id), name)),
    )


def _changes(conversation_id: int, name: str) -> Iterator[str]:
    """The changes that really were made in the conversation, of those that the procedure makes."""
    definition = procedures.load_book().get(name)
    mine = {action.action for action in definition.actions} if definition else set()
    for call in connectors.list_calls(conversation_id):
        action = connectors.find_action(call.action)
        is_change = action is not None and action.effect is not ActionEffect.READ
        if is_change and call.state == "done" and call.action in mine:
            yield call.action


Then = dict[str, dict[str, Option]]
"""Type of record → id → the record as it was."""


def _as_then(conversation_id: int, name: str) -> Then:
    """The records that were chosen, as the conversation still remembers them.

    An order that was cancelled then is pending again: only so can it be told what a change would have made of it.
    Records that depend on another one (the items of an order) are looked up for it as it was.
    """
    state = procedures.state_from_json(find_dialogue(conversation_id).state or {})
    definition = procedures.load_book().get(name)
    found: Then = {}
    for frame in (*state.finished, *state.stack):
        for slot in definition.slots if definition and frame.procedure == name else ():
            if slot.is_looked_up and not slot.of and slot.name in frame.slots:
                kept = found.setdefault(slot.type, {})
                for option in frame.slots[slot.name].options:
                    kept.setdefault(option.value, option)
    return found


def _look_up(principal: Principal, then: Then, type_: str, of: JsonDict) -> tuple[Option, ...]:
    records = connectors.list_records(type_, principal, of)
    options = tuple(Option(r.value, r.title, r.description, r.data, r.aliases, r.attributes) for r in records)
    return tuple(then.get(type_, {}).get(option.value, option) for option in options)


def read_inputs(messages: list[MessageInfo], chosen: dict[int, str], name: str) -> list[Input]:
    """The interpreter's inputs of one procedure's run: clicks and words, as the decisions took them."""
    found: list[Input] = []
    said: list[MessageInfo] = []
    asked = ""
    for message in messages:
        if message.type is MessageType.INCOMING:
            said.append(message)
        elif message.type is MessageType.OUTGOING and message.decision_id in chosen:
            steps = chosen[message.decision_id].split(" + ")
            is_other = any(step.startswith("start:") and step != f"start:{name}" for step in steps)
            if found and is_other:
                break
            if not is_other and (found or f"start:{name}" in steps):
                found += [given for one in said if (given := _input(one, steps, asked, name)) is not None]
            said = []
            asked = str(message.content_attributes.get("slot") or "")
    return found


def _input(message: MessageInfo, steps: list[str], asked: str, name: str) -> Input | None:
    submitted = message.content_attributes.get("submitted_values") or []
    value = next((entry["value"] for entry in submitted if not entry.get("name")), "")
    kinds = {step.split(":")[0] for step in steps}
    if f"start:{name}" in steps:
        return StartProcedure(name, "" if submitted else message.content)
    if asked.startswith("identify:") or "identify" in kinds:
        return None
    move = CLICKS.get(value) or next(
        (kind for kind in ("affirm", "deny", "cancel", "resume", "undo") if kind in kinds), ""
    )
    moves: dict[str, Input] = {
        "affirm": Affirm(),
        "deny": Deny("" if submitted else message.content),
        "cancel": Cancel(),
        "resume": Resume(),
        "undo": Undo(),
    }
    if move in moves:
        return moves[move]
    if submitted and asked:
        fields: dict[str, list[str]] = {}
        for entry in submitted:
            fields.setdefault(entry.get("name") or asked, []).append(entry["value"])
        return Fill({key: tuple(values) for key, values in fields.items()})
    return Say(message.content) if "continue" in kinds else None
