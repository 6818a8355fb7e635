"""What a shop's data must be after a task's actions, worked out on the snapshot alone.

It transcribes what the benchmark's tools do to its data, so that the shop's own writes can be held against it.
An action the tools would refuse changes nothing. Amounts are added as whole cents, as the shop does it.
"""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Callable
from typing import Any

from rapport.testing.retail.tasks import JsonDict, Task, TaskAction

ADDRESS = ("address1", "address2", "city", "state", "country", "zip")
REASONS = ("no longer needed", "ordered by mistake")


class NotPossible(Exception):
    """The benchmark's tool would refuse."""


def perform(state: JsonDict, snapshot: JsonDict, action: TaskAction) -> str:
    """Do what one of the benchmark's tools does to the data; the reason when it refuses, and nothing is changed."""
    before = {key: copy.deepcopy(state[key]) for key in ("users", "orders")}
    try:
        _WRITES[action.name](state, snapshot, action)
    except NotPossible as problem:
        state.update(before)
        return str(problem)
    except (KeyError, IndexError, TypeError, ValueError, StopIteration) as problem:
        state.update(before)
        return f"no {problem}"
    return ""


def expected_state(snapshot: JsonDict, task: Task) -> tuple[JsonDict, list[str]]:
    """Users and orders after the task's actions, only those that may have changed, and what was refused."""
    state = _touched(snapshot, task)
    refused: list[str] = []
    for action in task.writes:
        problem = perform(state, snapshot, action)
        if problem:
            refused.append(f"{action.name}: {problem}")
    return state, refused


def _touched(snapshot: JsonDict, task: Task) -> JsonDict:
    orders = [snapshot["orders"].get(a.arguments.get("order_id", "")) for a in task.writes]
    known = [o for o in orders if o]
    users = {o["user_id"] for o in known} | {task.user_id}
    return {
        "orders": {o["order_id"]: copy.deepcopy(o) for o in known},
        "users": {u: copy.deepcopy(snapshot["users"][u]) for u in users if u in snapshot["users"]},
    }


def _cents(amount: float) -> int:
    return round(amount * 100)


def _require(condition: object, problem: str) -> None:
    if not condition:
        raise NotPossible(problem)


def _order(state: JsonDict, action: TaskAction, status: str) -> tuple[JsonDict, JsonDict]:
    order = state["orders"][action.arguments["order_id"]]
    _require(order["status"] == status, f"the order is {order['status']}")
    return order, state["users"][order["user_id"]]


def _move(user: JsonDict, method_id: str, cents: int) -> None:
    """Add to a gift card's balance; other methods have none."""
    method = user["payment_methods"][method_id]
    if method["source"] == "gift_card":
        method["balance"] = round((_cents(method["balance"]) + cents) / 100, 2)


def _pay(order: JsonDict, kind: str, cents: int, method_id: str) -> None:
    order["payment_history"].append(
        {"transaction_type": kind, "amount": round(cents / 100, 2), "payment_method_id": method_id}
    )


def _covers(user: JsonDict, method_id: str, cents: int) -> None:
    method = user["payment_methods"][method_id]
    _require(
        method["source"] != "gift_card" or _cents(method["balance"]) >= cents, "the gift card is too small"
    )


def _cancel(state: JsonDict, _: JsonDict, action: TaskAction) -> None:
    order, user = _order(state, action, "pending")
    _require(action.arguments["reason"] in REASONS, "the reason is not allowed")
    for payment in list(order["payment_history"]):
        if payment["transaction_type"] == "payment":
            cents = _cents(payment["amount"])
            _pay(order, "refund", cents, payment["payment_method_id"])
            _move(user, payment["payment_method_id"], cents)
    order["status"], order["cancel_reason"] = "cancelled", action.arguments["reason"]


def _address(state: JsonDict, _: JsonDict, action: TaskAction) -> None:
    order, _user = _order(state, action, "pending")
    order["address"] = {name: action.arguments[name] for name in ADDRESS}


def _user_address(state: JsonDict, _: JsonDict, action: TaskAction) -> None:
    state["users"][action.arguments["user_id"]]["address"] = {n: action.arguments[n] for n in ADDRESS}


def _difference(order: JsonDict, snapshot: JsonDict, action: TaskAction) -> tuple[int, list[JsonDict]]:
    """What the new items cost more [cents], and the variants."""
    old, new = action.arguments["item_ids"], action.arguments["new_item_ids"]
    held: Counter[str] = Counter(i["item_id"] for i in order["items"])
    _require(
        all(count <= held[i] for i, count in Counter(map(str, old)).items()), "an item is not in the order"
    )
    _require(len(old) == len(new), "items do not match")
    cents, variants = 0, []
    for item_id, new_id in zip(old, new, strict=True):
        item = next(i for i in order["items"] if i["item_id"] == item_id)
        variant = snapshot["products"][item["product_id"]]["variants"].get(new_id)
        _require(variant is not None and variant["available"], f"{new_id} is not available")
        cents += _cents(variant["price"]) - _cents(item["price"])
        variants.append(variant)
    return cents, variants


def _items(state: JsonDict, snapshot: JsonDict, action: TaskAction) -> None:
    order, user = _order(state, action, "pending")
    method_id = action.arguments["payment_method_id"]
    cents, variants = _difference(order, snapshot, action)
    _covers(user, method_id, cents)
    free = list(order["items"])
    for item_id, variant in zip(action.arguments["item_ids"], variants, strict=True):
        item = next(i for i in free if i["item_id"] == item_id)
        free.remove(item)
        item.update(item_id=variant["item_id"], price=variant["price"], options=dict(variant["options"]))
    _pay(order, "payment" if cents > 0 else "refund", abs(cents), method_id)
    _move(user, method_id, -cents)
    order["status"] = "pending (item modified)"


def _payment(state: JsonDict, _: JsonDict, action: TaskAction) -> None:
    order, user = _order(state, action, "pending")
    method_id, history = action.arguments["payment_method_id"], order["payment_history"]
    _require(len(history) == 1, "the payment was changed before")
    first = history[0]
    _require(first["payment_method_id"] != method_id, "it is paid that way already")
    cents = _cents(first["amount"])
    _covers(user, method_id, cents)
    _pay(order, "payment", cents, method_id)
    _pay(order, "refund", cents, first["payment_method_id"])
    _move(user, method_id, -cents)
    _move(user, first["payment_method_id"], cents)


def _return(state: JsonDict, _: JsonDict, action: TaskAction) -> None:
    order, user = _order(state, action, "delivered")
    method_id = action.arguments["payment_method_id"]
    is_gift_card = user["payment_methods"][method_id]["source"] == "gift_card"
    is_original = order["payment_history"][0]["payment_method_id"] == method_id
    _require(is_gift_card or is_original, "the refund may not go there")
    held = Counter(i["item_id"] for i in order["items"])
    wanted: Counter[str] = Counter(action.arguments["item_ids"])
    _require(all(count <= held[i] for i, count in wanted.items()), "an item is not in the order")
    order["status"] = "return requested"
    order["return_items"] = sorted(action.arguments["item_ids"])
    order["return_payment_method_id"] = method_id


def _exchange(state: JsonDict, snapshot: JsonDict, action: TaskAction) -> None:
    order, user = _order(state, action, "delivered")
    cents, _ = _difference(order, snapshot, action)
    _covers(user, action.arguments["payment_method_id"], cents)
    order["status"] = "exchange requested"
    order["exchange_items"] = sorted(action.arguments["item_ids"])
    order["exchange_new_items"] = sorted(action.arguments["new_item_ids"])
    order["exchange_payment_method_id"] = action.arguments["payment_method_id"]
    order["exchange_price_difference"] = round(cents / 100, 2)


_WRITES: dict[str, Callable[[JsonDict, JsonDict, TaskAction], None]] = {
    "cancel_pending_order": _cancel,
    "modify_pending_order_address": _address,
    "modify_pending_order_items": _items,
    "modify_pending_order_payment": _payment,
    "modify_user_address": _user_address,
    "return_delivered_order_items": _return,
    "exchange_delivered_order_items": _exchange,
}


def differences(expected: Any, found: Any, place: str = "") -> list[str]:
    """Where two states differ, as short lines; empty when they are equal."""
    if isinstance(expected, dict) and isinstance(found, dict):
        keys = [*expected, *(k for k in found if k not in expected)]
        return [
            line
            for key in keys
            for line in differences(
                expected.get(key), found.get(key), f"{place}/{key}" if place else str(key)
            )
        ]
    if isinstance(expected, list) and isinstance(found, list) and len(expected) == len(found):
        pairs = enumerate(zip(expected, found, strict=True))
        return [line for n, (a, b) in pairs for line in differences(a, b, f"{place}[{n}]")]
    return [] if expected == found else [f"{place}: {_short(expected)} expected, found {_short(found)}"]


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 60 else text[:57] + "..."
