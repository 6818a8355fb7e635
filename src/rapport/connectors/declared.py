"""Actions that a person declared for a connected system: what goes in, what comes out, what it may do.

Kept as JSON in the connected system's settings; the kinds add what they call (an operation, a tool) as `target`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from rapport.connectors.contracts import Action, ActionEffect, JsonDict, Principal, Record
from rapport.connectors.pointing import look_up, plain_data, plain_text
from rapport.kernel.errors import InvalidInput

SOURCES = ("argument", "fixed", "customer", "language", "key")
"""Where the value of an input comes from; ``customer`` is the verified customer's reference."""
MAX_RECORDS = 200
MAX_ACTIONS = 100
ACTION_NAME = re.compile(r"[a-z][a-z0-9_]{0,38}\.[a-z][a-z0-9_]{0,38}", re.ASCII)
ARGUMENT_NAME = re.compile(r"[a-z][a-z0-9_]{0,38}", re.ASCII)


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One value an operation takes."""

    place: str
    """``path``, ``query``, ``header`` or ``body``."""
    name: str
    """In a body a dotted path; empty for the whole body."""
    type: str = "string"
    is_required: bool = False
    description: str = ""
    choices: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """What tells it from the other fields of its operation."""
        return f"{self.place}:{self.name}"


@dataclass(frozen=True, slots=True)
class InputMap:
    """Which value goes into which field."""

    field: str
    source: str
    value: str = ""
    """The argument's name, or the fixed value."""


@dataclass(frozen=True, slots=True)
class OutputMap:
    """One named result."""

    name: str
    path: str = ""
    many: bool = False
    """A list of records: each gets `id`, `title` and the attributes."""
    id_path: str = "id"
    title_path: str = "title"
    attributes: tuple[str, ...] = ()
    """Paths inside of a record; the name is the last part."""


@dataclass(frozen=True, slots=True)
class DeclaredAction:
    """One action as an administrator confirmed it."""

    name: str
    title: str
    effect: ActionEffect
    target: JsonDict
    is_personal: bool = True
    fields: tuple[FieldSpec, ...] = ()
    inputs: tuple[InputMap, ...] = ()
    outputs: tuple[OutputMap, ...] = ()
    is_idempotent: bool = False
    """The same call made twice has the effect of one."""
    key_header: str = ""
    """Header that carries the key of the call, by which the system does it once."""
    find: str = ""
    """A reading action that tells, after a lost answer, whether it happened."""
    found: str = ""
    """Place in that answer which is filled when it did."""
    owner: str = ""
    """Place in the answer that must hold the customer's reference."""
    guard: str = ""
    """A reading action with an owner's place, asked first with the same arguments."""
    needs_approval: bool = False
    """A person says yes to each call."""
    amount_argument: str = ""
    """The argument that holds the money it moves."""
    undone_by: str = ""
    """The action of this system that takes it back."""
    titles: dict[str, str] = field(default_factory=dict, hash=False)
    """The title by language, where it was declared in several."""

    @property
    def arguments(self) -> tuple[str, ...]:
        """Names a procedure fills, in order, each once."""
        return tuple(dict.fromkeys(i.value for i in self.inputs if i.source == "argument"))

    @property
    def is_repeatable(self) -> bool:
        """Whether the same call may be made again without having its effect twice."""
        return self.effect is ActionEffect.READ or self.is_idempotent or bool(self.key_header)

    def as_action(self) -> Action:
        """What the rest of the house knows of it."""
        return Action(
            self.name,
            self.title,
            self.effect,
            self.is_personal,
            self.arguments,
            self.needs_approval,
            self.amount_argument,
            self.undone_by,
            self.is_repeatable,
            titles=self.titles,
        )


@dataclass(frozen=True, slots=True)
class Offer:
    """Something a system offers (an operation, a tool) that can be made an action."""

    key: str
    title: str
    description: str
    target: JsonDict
    fields: tuple[FieldSpec, ...]
    places: tuple[tuple[str, str], ...]
    """Places in the answer the system describes, with their types."""
    likely_effect: ActionEffect
    """What it claims or its method suggests; a person decides."""
    key_header: str = ""
    is_idempotent: bool = False
    problem: str = ""
    """Why it cannot be called; empty when it can."""
    group: str = ""


class InvalidArguments(Exception):
    """The values given do not make a call; nothing was sent."""


def to_json(action: DeclaredAction) -> JsonDict:
    """As kept in the settings."""
    return {**asdict(action), "effect": action.effect.value}


def from_json(kept: JsonDict) -> DeclaredAction:
    """From the settings."""
    return DeclaredAction(
        **{
            **kept,
            "effect": ActionEffect(kept["effect"]),
            "fields": tuple(FieldSpec(**{**f, "choices": tuple(f["choices"])}) for f in kept["fields"]),
            "inputs": tuple(InputMap(**i) for i in kept["inputs"]),
            "outputs": tuple(
                OutputMap(**{**o, "attributes": tuple(o["attributes"])}) for o in kept["outputs"]
            ),
        }
    )


def declared_actions(settings: JsonDict) -> dict[str, DeclaredAction]:
    """Every action of a connected system, by name."""
    return {kept["name"]: from_json(kept) for kept in settings.get("actions", [])}


def check_declared(action: DeclaredAction, system: str, others: Mapping[str, DeclaredAction]) -> None:
    """Refuse a declaration that could not be carried out. Raises InvalidInput."""
    if not ACTION_NAME.fullmatch(action.name) or not action.name.startswith(f"{system}."):
        raise InvalidInput(
            _("The name has the form %(form)s.") % {"form": f"{system}.verb_noun"}, field="name"
        )
    if len(others) >= MAX_ACTIONS and action.name not in others:
        raise InvalidInput(_("A system has at most %(n)d actions.") % {"n": MAX_ACTIONS}, field="name")
    mapped = {i.field for i in action.inputs}
    missing = [f.key for f in action.fields if f.is_required and f.key not in mapped]
    if missing:
        raise InvalidInput(
            _("Needed, but not mapped: %(names)s") % {"names": ", ".join(missing)}, field="inputs"
        )
    _check_names(action)
    _check_helpers(action, others)
    is_own = action.owner or action.guard or any(i.source == "customer" for i in action.inputs)
    if action.is_personal and not is_own:
        raise InvalidInput(
            _(
                "Say how it keeps to the customer's own records: their reference as an input, the owner's place in "
                "the answer, or an action that checks the owner. Or declare that it concerns nobody's data."
            ),
            field="is_personal",
        )
    if action.owner and action.effect is not ActionEffect.READ:
        raise InvalidInput(_("Only a reading action can compare the owner of its answer."), field="owner")


def _check_names(action: DeclaredAction) -> None:
    for given in action.inputs:
        if given.source == "argument" and not ARGUMENT_NAME.fullmatch(given.value):
            raise InvalidInput(
                _("“%(name)s” is no name of an argument.") % {"name": given.value}, field="inputs"
            )
        if given.source == "customer" and not action.is_personal:
            raise InvalidInput(
                _("The customer's reference goes only into a personal action."), field="inputs"
            )
    if action.amount_argument and action.amount_argument not in action.arguments:
        raise InvalidInput(
            _("“%(name)s” is no argument of it.") % {"name": action.amount_argument}, field="amount_argument"
        )
    for output in action.outputs:
        if not ARGUMENT_NAME.fullmatch(output.name):
            raise InvalidInput(
                _("“%(name)s” is no name of a result.") % {"name": output.name}, field="outputs"
            )


def _check_helpers(action: DeclaredAction, others: Mapping[str, DeclaredAction]) -> None:
    for name, role in ((action.find, "find"), (action.guard, "guard")):
        helper = others.get(name)
        if name and (helper is None or helper.effect is not ActionEffect.READ):
            raise InvalidInput(
                _("%(name)s is no reading action of this system.") % {"name": name}, field=role
            )
        if role == "guard" and helper is not None and not helper.owner:
            raise InvalidInput(_("%(name)s names no place of the owner.") % {"name": name}, field=role)
    undo = others.get(action.undone_by)
    if action.undone_by and (undo is None or undo.effect is ActionEffect.READ):
        raise InvalidInput(
            _("%(name)s is no changing action of this system.") % {"name": action.undone_by},
            field="undone_by",
        )


def fill(
    action: DeclaredAction, arguments: JsonDict, principal: Principal | None, key: str
) -> dict[str, Any]:
    """The value of each mapped field, by its key; fields without a value are left out. Raises InvalidArguments."""
    known = {f.key: f for f in action.fields}
    filled: dict[str, Any] = {}
    for given in action.inputs:
        spec = known[given.field]
        value = _value(given, arguments, principal, key)
        if value is None or (value == "" and not spec.is_required):
            continue
        filled[given.field] = _typed(value, spec)
    missing = [f.name for f in action.fields if f.is_required and f.key not in filled]
    if missing:
        raise InvalidArguments(f"no value for {', '.join(missing)}")
    return filled


def _value(given: InputMap, arguments: JsonDict, principal: Principal | None, key: str) -> Any:
    match given.source:
        case "argument":
            return arguments.get(given.value)
        case "fixed":
            return given.value
        case "customer":
            return principal.customer_ref if principal else None
        case "language":
            return principal.language if principal else "en"
        case _:
            return key


def _typed(value: Any, spec: FieldSpec) -> Any:
    """A value as the field's type wants it: procedures know numbers only as doubles, forms only texts."""
    try:
        match spec.type:
            case "integer":
                number = float(value)
                if not number.is_integer():
                    raise InvalidArguments(f"{spec.name} is a whole number")
                return int(number)
            case "number":
                return float(value)
            case "boolean":
                return _truth(value, spec)
            case "array":
                return value if isinstance(value, list) else [value]
            case "object":
                if not isinstance(value, dict):
                    raise InvalidArguments(f"{spec.name} is an object")
                return value
    except (TypeError, ValueError, OverflowError) as problem:
        raise InvalidArguments(f"{spec.name} is a number") from problem
    text = _text(value)
    if spec.choices and text not in spec.choices:
        raise InvalidArguments(f"{spec.name} is one of {', '.join(spec.choices)}")
    return text if isinstance(value, str | int | float) else value


def _truth(value: Any, spec: FieldSpec) -> bool:
    if isinstance(value, bool):
        return value
    if str(value).lower() in {"true", "false"}:
        return str(value).lower() == "true"
    raise InvalidArguments(f"{spec.name} is true or false")


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def as_text(value: Any) -> str:
    """A value as a part of an address or a header."""
    return _text(value)


def pick(action: DeclaredAction, answer: Any) -> JsonDict:
    """The named results of an answer; without any declared, the whole answer."""
    if not action.outputs:
        whole = plain_data(answer)
        return whole if isinstance(whole, dict) else {"value": whole}
    data: JsonDict = {}
    for output in action.outputs:
        found = look_up(answer, output.path)
        if not output.many:
            data[output.name] = plain_data(found)
            continue
        items = found if isinstance(found, list) else []
        data[output.name] = [_record_data(item, output) for item in items[:MAX_RECORDS]]
    return data


def _record_data(item: Any, output: OutputMap) -> JsonDict:
    if not isinstance(item, dict | list):
        return {"id": plain_text(_text(item)), "title": plain_text(_text(item))}
    identifier = look_up(item, output.id_path)
    title = look_up(item, output.title_path)
    data: JsonDict = {
        path.replace("/", ".").split(".")[-1]: look_up(item, path) for path in output.attributes
    }
    data["id"] = "" if identifier is None else _text(identifier)
    data["title"] = data["id"] if title is None else _label(title)
    return dict(plain_data(data))


def _label(value: Any) -> str:
    """What people read: of options or names the values, with commas."""
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else [value]
    return ", ".join(_text(part) for part in parts if not isinstance(part, dict | list) and part is not None)


@dataclass(frozen=True, slots=True)
class RecordType:
    """A type of record that one action lists (``crm.tickets``)."""

    name: str
    action: str
    arguments: tuple[str, ...] = field(default=())


def record_types(actions: Mapping[str, DeclaredAction]) -> dict[str, RecordType]:
    """Types of records a system's reading actions list, by ``system.result``."""
    found: dict[str, RecordType] = {}
    for action in actions.values():
        if action.effect is ActionEffect.READ:
            for output in action.outputs:
                if output.many:
                    name = f"{action.name.partition('.')[0]}.{output.name}"
                    found.setdefault(name, RecordType(name, action.name, action.arguments))
    return found


def as_records(items: list[JsonDict]) -> list[Record]:
    """Records a slot may hold, from a named result."""
    return [
        Record(
            item["id"],
            item["title"],
            data=item,
            attributes={k: _text(v) for k, v in item.items() if isinstance(v, str | int | float)},
        )
        for item in items
        if item["id"]
    ]
