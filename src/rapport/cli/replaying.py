"""`rapport procedures replay`: what past conversations would have come to with a changed procedure. Read only."""

from __future__ import annotations

import argparse
import functools
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rapport.cli.contracts import Commands
from rapport.cli.procedure_files import read, read_source
from rapport.kernel.errors import NotFound

if TYPE_CHECKING:
    from rapport.conversations.contracts import ConversationInfo, MessageInfo
    from rapport.governance.contracts import DecisionInfo
    from rapport.procedures.contracts import Input, JsonDict, Option
    from rapport.testing.rehearsal.replaying import Recorded

PAGE = 500
CLICKS = {"confirm:yes": "affirm", "confirm:no": "deny", "confirm:cancel": "cancel", "resume": "resume"}


def add_verbs(verbs: Commands) -> None:
    """`replay`."""
    replay = verbs.add_parser("replay", help="past conversations with a changed definition; nothing is done")
    replay.add_argument("file", type=Path)
    replay.add_argument("--limit", type=int, default=100, help="at most so many conversations, the newest")
    replay.set_defaults(run=run_replay)


def run_replay(options: argparse.Namespace) -> int:
    """Replay and print what differs; exit code 1 if anything does."""
    from rapport import bootstrap

    bootstrap.set_up_django()
    from rapport.procedures import api as procedures
    from rapport.testing.rehearsal.replaying import compare_replays

    new = procedures.parse_definition(read(options.file))
    old = procedures.parse_definition(read_source(new.name, None))
    recorded = _recorded(new.name, options.limit)
    if not recorded:
        raise NotFound(f"No past conversation ran {new.name}.")
    found = compare_replays(old, new, procedures.load_book().values(), recorded, bootstrap.load_engine())
    for one in found:
        if one.kind != "same":
            sys.stdout.write(
                f"conversation {one.conversation_id}, turn {one.turn}: {one.kind}\n  - {one.before}\n  + {one.after}\n"
            )
    counts = Counter(str(one.kind) for one in found)
    sys.stdout.write(
        f"{len(found)} conversations: " + ", ".join(f"{n} {kind}" for kind, n in counts.items()) + "\n"
    )
    return 1 if set(counts) - {"same"} else 0


def _recorded(name: str, limit: int) -> list[Recorded]:
    """The newest conversations that began the procedure."""
    from rapport.conversations import api as conversations
    from rapport.governance import api as governance

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
    from rapport.connectors import api as connectors
    from rapport.connectors.contracts import Principal
    from rapport.conversations import api as conversations
    from rapport.kernel.languages import base_language
    from rapport.testing.rehearsal.replaying import Recorded

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
        functools.partial(_look_up, principal or Principal("", "none", language)),
    )


def _look_up(principal: Any, type_: str, of: JsonDict) -> tuple[Option, ...]:
    from rapport.connectors import api as connectors
    from rapport.procedures.contracts import Option

    records = connectors.list_records(type_, principal, of)
    return tuple(Option(r.value, r.title, r.description, r.data, r.aliases, r.attributes) for r in records)


def read_inputs(messages: list[MessageInfo], chosen: dict[int, str], name: str) -> list[Input]:
    """The interpreter's inputs of one procedure's run: clicks and words, as the decisions took them."""
    from rapport.conversations.contracts import MessageType

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
    from rapport.procedures.contracts import Affirm, Cancel, Deny, Fill, Resume, Say, StartProcedure

    submitted = message.content_attributes.get("submitted_values") or []
    value = next((entry["value"] for entry in submitted if not entry.get("name")), "")
    kinds = {step.split(":")[0] for step in steps}
    if f"start:{name}" in steps:
        return StartProcedure(name, "" if submitted else message.content)
    if asked.startswith("identify:") or "identify" in kinds:
        return None
    move = CLICKS.get(value) or next(
        (kind for kind in ("affirm", "deny", "cancel", "resume") if kind in kinds), ""
    )
    moves: dict[str, Input] = {
        "affirm": Affirm(), "deny": Deny("" if submitted else message.content), "cancel": Cancel(), "resume": Resume(),
    }  # fmt: skip
    if move in moves:
        return moves[move]
    if submitted and asked:
        fields: dict[str, list[str]] = {}
        for entry in submitted:
            fields.setdefault(entry.get("name") or asked, []).append(entry["value"])
        return Fill({key: tuple(values) for key, values in fields.items()})
    return Say(message.content) if "continue" in kinds else None
