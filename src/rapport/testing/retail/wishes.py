"""What a person wants: one wish for each change that a task's actions make, in words a customer knows."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from rapport.testing.retail.reference import ADDRESS, expected_state
from rapport.testing.retail.tasks import JsonDict, Task, TaskAction

PROCEDURES = {
    "cancel_pending_order": "cancel_order",
    "exchange_delivered_order_items": "exchange_items",
    "modify_pending_order_address": "change_address",
    "modify_pending_order_items": "change_items",
    "modify_pending_order_payment": "change_payment",
    "modify_user_address": "update_profile_address",
    "return_delivered_order_items": "return_items",
}
"""The benchmark's writes → the demonstration's procedures."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One item of an order that a wish is about."""

    line: str
    """Its place in the order, counted from 1."""
    name: str
    title: str
    """As the shop shows it: name, and what distinguishes it."""
    new_id: str = ""
    new_title: str = ""
    """As the shop shows the wanted variant."""


@dataclass(frozen=True, slots=True)
class Wish:
    """One thing a person wants to have done."""

    procedure: str
    """Empty when a person is asked for."""
    order_id: str = ""
    pieces: tuple[Piece, ...] = ()
    others: tuple[str, ...] = ()
    """Titles of the order's other items."""
    method_id: str = ""
    method_words: str = ""
    """What a summary says of it: four digits of a card, or its kind."""
    original_id: str = ""
    """The way the order was paid."""
    reason: str = ""
    address: Mapping[str, str] = field(default_factory=dict)
    is_possible: bool = True
    """False when the policy stands against it: the person takes no for an answer."""
    is_change: bool = True
    touches: frozenset[str] = frozenset()
    """Order and gift cards it moves: wishes that share one keep their order."""


def list_wishes(task: Task, snapshot: JsonDict) -> list[Wish]:
    """What the person of a task wants, in the order of its actions."""
    _, refused = expected_state(snapshot, task)
    left = list(refused)
    wishes: list[Wish] = []
    for action in task.writes:
        is_possible = not any(line.startswith(f"{action.name}:") for line in left)
        if not is_possible:
            left = [line for n, line in enumerate(left) if n != _index(left, action.name)]
        wishes.append(_wish(action, snapshot, task.user_id, is_possible=is_possible))
    if task.wants_person:
        wishes.append(Wish("", is_change=False))
    return wishes or [_question(task)]


def _index(lines: Sequence[str], name: str) -> int:
    return next(n for n, line in enumerate(lines) if line.startswith(f"{name}:"))


def _question(task: Task) -> Wish:
    """A person who changes nothing asks for an order, or what they have ordered."""
    orders = [a.arguments["order_id"] for a in task.actions if a.arguments.get("order_id")]
    return Wish("order_details", order_id=orders[0] if orders else "", is_change=False)


def _wish(action: TaskAction, snapshot: JsonDict, user_id: str, *, is_possible: bool) -> Wish:
    given = action.arguments
    order = snapshot["orders"].get(given.get("order_id", ""))
    user = snapshot["users"][order["user_id"] if order else user_id]
    method_id = str(given.get("payment_method_id", ""))
    paid_by = {p["payment_method_id"] for p in order["payment_history"]} if order else set()
    cards = {m for m in {method_id, *paid_by} if _is_gift_card(user, m)}
    pieces, others = _pieces(action, order, snapshot) if order and "item_ids" in given else ((), ())
    return Wish(
        PROCEDURES[action.name],
        order_id=str(given.get("order_id", "")),
        pieces=pieces,
        others=others,
        method_id=method_id,
        method_words=_method_words(user, method_id),
        original_id=order["payment_history"][0]["payment_method_id"] if order else "",
        reason=str(given.get("reason", "")),
        address={n: str(given[n]) for n in ADDRESS if n in given},
        is_possible=is_possible,
        touches=frozenset({str(given.get("order_id", "profile")), *cards}),
    )


def _is_gift_card(user: JsonDict, method_id: str) -> bool:
    return bool(user["payment_methods"].get(method_id, {}).get("source") == "gift_card")


def _method_words(user: JsonDict, method_id: str) -> str:
    method = user["payment_methods"].get(method_id, {})
    kind = str(method.get("source", ""))
    return {
        "credit_card": str(method.get("last_four", "")),
        "paypal": "paypal",
        "gift_card": "gift card",
    }.get(kind, "")


def _pieces(
    action: TaskAction, order: JsonDict, snapshot: JsonDict
) -> tuple[tuple[Piece, ...], tuple[str, ...]]:
    free = {str(n): item for n, item in enumerate(order["items"], start=1)}
    titles = {line: item_title(item) for line, item in free.items()}
    names = {line: str(item["name"]) for line, item in free.items()}
    new_ids = [str(n) for n in action.arguments.get("new_item_ids", [])]
    found: list[Piece] = []
    for place, item_id in enumerate(action.arguments.get("item_ids", [])):
        line = next((n for n, item in free.items() if item["item_id"] == item_id), "")
        if not line:
            continue
        item = free.pop(line)
        new_id = new_ids[place] if place < len(new_ids) else ""
        variant = snapshot["products"][item["product_id"]]["variants"].get(new_id)
        new_title = ", ".join(variant["options"].values()) if variant else ""
        found.append(Piece(line, names[line], titles[line], new_id, new_title))
    return tuple(found), tuple(titles[line] for line in free)


def item_title(item: JsonDict) -> str:
    """An item as the shop shows it."""
    options = ", ".join(item["options"].values())
    return f"{item['name']} ({options})" if options else str(item["name"])


def shuffled(wishes: Sequence[Wish], rng: random.Random) -> list[Wish]:
    """The wishes in another order; those that touch the same order or gift card keep theirs."""
    left, found = list(wishes), []
    while left:
        free = [w for n, w in enumerate(left) if not any(w.touches & e.touches for e in left[:n])]
        chosen = rng.choice([w for w in free if w.procedure] or free)
        left.remove(chosen)
        found.append(chosen)
    return found
