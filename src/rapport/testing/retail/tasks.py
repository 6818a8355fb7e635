"""Tasks as they are written down: the actions that do what a person wants, and what the person knows."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rapport.kernel.errors import InvalidInput

JsonDict = dict[str, Any]

WRITES = (
    "cancel_pending_order",
    "exchange_delivered_order_items",
    "modify_pending_order_address",
    "modify_pending_order_items",
    "modify_pending_order_payment",
    "modify_user_address",
    "return_delivered_order_items",
)
"""Actions that change the shop's data."""
BY_EMAIL, BY_NAME = "find_user_id_by_email", "find_user_id_by_name_zip"
TRANSFER = "transfer_to_human_agents"
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")


class BadTasks(InvalidInput):
    """The file of tasks cannot be read: it must be a list of tasks with actions."""

    code = "bad_tasks"


@dataclass(frozen=True, slots=True)
class TaskAction:
    """One call of the benchmark's tools."""

    name: str
    arguments: JsonDict

    @property
    def is_write(self) -> bool:
        """Whether it changes the shop's data."""
        return self.name in WRITES


@dataclass(frozen=True, slots=True)
class Task:
    """One person's errand."""

    id: str
    user_id: str
    """Empty when nobody can be found."""
    actions: tuple[TaskAction, ...]
    text: str
    """What the person says of themselves and wants."""

    @property
    def writes(self) -> tuple[TaskAction, ...]:
        """The actions that change something, in order."""
        return tuple(a for a in self.actions if a.is_write)

    @property
    def wants_person(self) -> bool:
        """Whether a person has to take over."""
        return any(a.name == TRANSFER for a in self.actions)


@dataclass(frozen=True, slots=True)
class Proof:
    """One way a person says who they are: an e-mail address, or name and postal code."""

    email: str = ""
    first_name: str = ""
    last_name: str = ""
    zip: str = ""


def read_json(path: Path) -> Any:
    """The JSON in a file, gzipped or not. Raises BadTasks."""
    try:
        raw = path.read_bytes()
        return json.loads(gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw)
    except (OSError, ValueError) as problem:
        raise BadTasks(f"{path.name} cannot be read: {problem}") from problem


def read_tasks(path: Path, snapshot: JsonDict) -> list[Task]:
    """All tasks of a file, in either shape. Raises BadTasks."""
    data = read_json(path)
    if not isinstance(data, list):
        raise BadTasks(f"{path.name} must hold a list of tasks.")
    found: list[Task] = []
    for number, entry in enumerate(data):
        try:
            found.append(_task(entry, str(entry.get("id", number)), snapshot))
        except (KeyError, TypeError, AttributeError) as problem:
            raise BadTasks(f"{path.name}: task {number} lacks {problem}.") from problem
    return found


def _task(entry: JsonDict, number: str, snapshot: JsonDict) -> Task:
    if "evaluation_criteria" in entry:
        listed = entry["evaluation_criteria"].get("actions") or []
        actions = tuple(TaskAction(a["name"], dict(a["arguments"])) for a in listed)
        text = " ".join(_texts(entry.get("user_scenario")))
        user_id = ""
    else:
        actions = tuple(TaskAction(a["name"], dict(a["kwargs"])) for a in entry["actions"])
        text, user_id = str(entry.get("instruction", "")), str(entry.get("user_id", ""))
    return Task(number, user_id or _find_user(actions, text, snapshot), actions, text)


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, Mapping):
        return [text for part in value.values() for text in _texts(part)]
    return []


def _find_user(actions: Sequence[TaskAction], text: str, snapshot: JsonDict) -> str:
    """Whose errand it is: as the actions find them, else by their orders, else by what the text names."""
    users = snapshot["users"]
    for action in actions:
        for key, user in users.items():
            if _is_found_by(action, key, user):
                return str(key)
    for action in actions:
        order = snapshot["orders"].get(action.arguments.get("order_id", ""))
        if order:
            return str(order["user_id"])
    named = [key for key, user in users.items() if key in text or user["email"] in text]
    named = named or [key for key, user in users.items() if _is_named(user, text)]
    return str(named[0]) if named else ""


def _is_found_by(action: TaskAction, key: str, user: JsonDict) -> bool:
    given = action.arguments
    if action.name == BY_EMAIL:
        return bool(user["email"].lower() == str(given.get("email", "")).lower())
    if action.name == BY_NAME:
        name = (user["name"]["first_name"].lower(), user["name"]["last_name"].lower())
        asked = (str(given.get("first_name", "")).lower(), str(given.get("last_name", "")).lower())
        return name == asked and user["address"]["zip"] == str(given.get("zip", ""))
    return action.name in {"get_user_details", "modify_user_address"} and given.get("user_id") == key


def _is_named(user: JsonDict, text: str) -> bool:
    name = f"{user['name']['first_name']} {user['name']['last_name']}"
    return name in text and user["address"]["zip"] in text


def list_proofs(task: Task, snapshot: JsonDict) -> list[Proof]:
    """The ways this person proves who they are, in the order they try them; the last one is right."""
    user = snapshot["users"][task.user_id]
    by_name = Proof("", user["name"]["first_name"], user["name"]["last_name"], user["address"]["zip"])
    ways = [a for a in task.actions if a.name in {BY_EMAIL, BY_NAME}]
    stated = [a.arguments["email"] for a in ways if a.name == BY_EMAIL]
    if not ways:
        stated = _EMAIL.findall(task.text)
    proofs: list[Proof] = []
    for email in dict.fromkeys(e.rstrip(".") for e in stated):
        proofs.append(Proof(email=email))
        if email.lower() == user["email"].lower():
            return proofs
    return [*proofs, by_name]
