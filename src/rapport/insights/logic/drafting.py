"""A procedure definition from what a group's conversations have in common. It is data; writing it is elsewhere."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from rapport.insights.contracts import ActionUse, Evidence, Part

Words = Mapping[str, str]
JsonDict = dict[str, Any]
MOST = 0.5
"""Share of a group's conversations in which a thing must occur to be taken over."""
_TYPES = {
    "order": ("shop.order", "text"),
    "items": ("shop.order_item", "text"),
    "reference": ("text",),
    "date": ("date",),
    "amount": ("money",),
    "address": ("address",),
    "phone": ("text",),
    "email": ("email",),
    "file": ("file",),
    "reason": ("text",),
}
"""Kind of fact → types of a slot, the best first; one with a point needs a connected system that offers it."""
_FACT_OF_ARGUMENT = {
    "order_id": "order",
    "order": "order",
    "item_ids": "items",
    "items": "items",
    "amount": "amount",
    "sum": "amount",
    "address": "address",
    "date": "date",
    "day": "date",
    "email": "email",
    "phone": "phone",
    "reason": "reason",
    "description": "reason",
    "note": "reason",
    "text": "reason",
    "summary": "reason",
    "details": "reason",
    "message": "reason",
    "fault": "reason",
    "photos": "file",
    "invoice_number": "reference",
    "serial": "reference",
    "reference": "reference",
}
_ABOVE = {
    "shop.variant": ("shop.order_item", "shop.product"),
    "shop.delivery_window": ("shop.appointment", "shop.order"),
}
"""Kind of record → the kinds it belongs to."""
_NAME = re.compile(r"[a-z][a-z0-9_]*\Z")
_BRACES = str.maketrans({"{": "(", "}": ")"})


@dataclass(frozen=True, slots=True)
class House:
    """What an installation offers, and the house's wording."""

    types: Collection[str]
    """Kinds of records that slots may hold."""
    actions: Mapping[str, tuple[str, ...]]
    """Actions that change something, with their arguments."""
    personal_actions: Collection[str]
    kinds: Mapping[str, Mapping[str, Words]]
    texts: Mapping[str, Words]


@dataclass(frozen=True, slots=True)
class Wish:
    """What is known of the group."""

    name: str
    titles: Words
    """By language; the most frequent language first."""
    evidence: Evidence
    answers: Mapping[str, tuple[str, int]] = field(default_factory=dict)
    """Language → the typical closing reply, and how many replies are like it."""
    team: str = ""
    """Key of the team most of them went to."""


@dataclass(frozen=True, slots=True)
class Composed:
    """A definition as data, and where each part came from."""

    document: JsonDict
    parts: tuple[Part, ...]
    dropped: tuple[str, ...]


def compose(wish: Wish, house: House, *, with_actions: bool = True) -> Composed:
    """The definition: questions, then what staff carried out, else the right team with everything collected.

    What colleagues reply is said where the procedure does what they did, or where nothing had to be known; a reply
    that promises what nobody carries out is only suggested.
    """
    seen = wish.evidence
    actions = [use for use in seen.actions if use.count >= MOST * seen.conversations and with_actions]
    usable = [use for use in actions if use.action in house.actions]
    wanted = {f for use in usable for a in use.arguments if (f := _FACT_OF_ARGUMENT.get(a))}
    wanted |= {fact for fact, count in seen.facts if count >= MOST * seen.conversations}
    if "items" in wanted and _type_of("items", house) != "text":
        wanted.add("order")
    slots = {fact: _slot(fact, house) for fact in house.kinds if fact in wanted}
    steps = [_step(use, slots, house) for use in usable]
    title = {"en": wish.titles.get("en") or next(iter(wish.titles.values()), wish.name), **wish.titles}
    is_personal = any("." in s["type"] for s in slots.values()) or any(
        use.action in house.personal_actions for use in usable
    )
    document: JsonDict = {
        "procedure": wish.name,
        "version": 1,
        "title": title,
        "identify": "verified_customer" if is_personal else "none",
        **({"slots": slots} if slots else {}),
        **_ending(wish, house, title, slots, steps),
    }
    dropped = tuple(use.action for use in actions if use not in usable)
    return Composed(document, _parts(wish, slots, usable, document), dropped)


def _ending(
    wish: Wish, house: House, title: Words, slots: Mapping[str, JsonDict], steps: Sequence[JsonDict]
) -> JsonDict:
    answers = {language: reply.translate(_BRACES) for language, (reply, _) in wish.answers.items()}
    reply = {"en": answers.get("en") or house.texts["done"]["en"], **answers}
    if steps:
        lines = [dict(title)]
        lines += [
            {lang: f"{label}: {{{name}}}" for lang, label in s["label"].items()} for name, s in slots.items()
        ]
        asked = {"lines": lines, "question": dict(house.texts["confirm"])}
        done = reply if answers else dict(house.texts["done"])
        return {"confirm": asked, "do": list(steps), "done": done}
    if answers and not slots:
        return {"done": reply}
    team = {"team": wish.team} if wish.team else {}
    return {"do": [{"person": {"say": dict(house.texts["person"]), **team}}]}


def _type_of(fact: str, house: House) -> str:
    return next(t for t in _TYPES[fact] if "." not in t or t in house.types)


def _slot(fact: str, house: House) -> JsonDict:
    words, type_ = house.kinds[fact], _type_of(fact, house)
    slot: JsonDict = {"type": type_, "label": dict(words["label"]), "ask": dict(words["ask"])}
    if type_ == "shop.order_item":
        slot |= {"of": ["order"], "many": True}
    if type_ == "file":
        slot["many"] = True
    return slot


def _step(use: ActionUse, slots: dict[str, JsonDict], house: House) -> JsonDict:
    """One call; an argument that nothing known gives is asked for."""
    given: JsonDict = {}
    for argument in house.actions[use.action] or use.arguments:
        fact = _FACT_OF_ARGUMENT.get(argument, "")
        if argument in use.constants:
            value = use.constants[argument]
            given[argument] = str(value).lower() if isinstance(value, bool) else f"'{value}'"
        elif fact in slots:
            given[argument] = _value(fact, slots[fact]["type"])
        else:
            given[argument] = _asked(use, argument, slots, house)
    return {"action": use.action, "with": given}


def _value(fact: str, type_: str) -> str:
    if type_ == "shop.order_item":
        return f"{fact}.map(i, i.id)"
    if type_ == "file":
        return f"{fact}.map(f, f.name)"
    return f"{fact}.id" if "." in type_ else fact


def _asked(use: ActionUse, argument: str, slots: dict[str, JsonDict], house: House) -> str:
    """A slot of its own for an argument: a record where its name says so, else what its values were."""
    kind = argument.removesuffix("_ids").removesuffix("_id")
    record = next((t for t in sorted(house.types) if t.endswith(f".{kind}")), "")
    name = kind if kind not in slots and _NAME.match(kind) else f"value_{len(slots) + 1}"
    label = kind.replace("_", " ").capitalize()
    slot: JsonDict = {
        "type": record or use.types.get(argument, "text"),
        "label": {"en": label},
        "ask": {"en": f"{label}?"},
    }
    above = [name for name, known in slots.items() if known["type"] in _ABOVE.get(record, ())]
    if above:
        slot["of"] = above[-1:]
    if record and argument.endswith("_ids"):
        slot["many"] = True
    slots[name] = slot
    if not record:
        return name
    return f"{name}.map(i, i.id)" if slot.get("many") else f"{name}.id"


def _parts(
    wish: Wish, slots: Mapping[str, JsonDict], usable: Sequence[ActionUse], document: JsonDict
) -> tuple[Part, ...]:
    of = wish.evidence.conversations
    counts = dict(wish.evidence.facts)
    parts = [Part("slot", name, counts.get(name, 0), of) for name in slots]
    parts += [Part("action", use.action, use.count, of) for use in usable]
    if wish.answers:
        what = "answer" if "done" in document else "suggestion"
        parts.append(Part(what, "", sum(count for _, count in wish.answers.values()), of))
    if not usable and "do" in document:
        team_count = wish.evidence.teams[0][1] if wish.team and wish.evidence.teams else 0
        parts.append(Part("person", wish.team, team_count, of))
    return tuple(parts)


def name_of(title: str, taken: Collection[str]) -> str:
    """A free name for a procedure."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    name = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:40].strip("_")
    name = name if _NAME.match(name) else "new_request"
    free, number = name, 2
    while free in taken:
        free, number = f"{name}_{number}", number + 1
    return free
