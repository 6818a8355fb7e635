"""The fewest questions a wish can be fulfilled with: the facts nobody can know but the customer.

A fact counts when it is neither told in advance nor the only possibility:

- who the customer is, once a conversation, for each proof the person has to try;
- the order, where more than one could be meant;
- the items, where the order holds more than one;
- for each item to be replaced the variant, where more than one other is available;
- the way of paying, or of getting money back, where the price differs and more than one way is allowed, or where it
  stays the same and the customer wants another way on record than the order's own;
- the reason of a cancellation; a new address;
- the yes to each change.
"""

from __future__ import annotations

from collections.abc import Sequence

from rapport.testing.retail.tasks import JsonDict, Proof
from rapport.testing.retail.wishes import Wish

PENDING = ("cancel_order", "change_items", "change_payment", "change_address")
DELIVERED = ("return_items", "exchange_items")
CLOSING = ("cancel_order", "change_items", "return_items", "exchange_items")
"""Procedures after which an order can have no other."""


def count_minimum(
    wishes: Sequence[Wish],
    told: Sequence[frozenset[str]],
    snapshot: JsonDict,
    user_id: str,
    proofs: Sequence[Proof],
) -> int:
    """Fewest questions of a conversation in which these wishes come in this order.

    `told` says for each wish what its first words tell: ``order``, ``items``. Of `proofs`, what the person tries to
    prove who they are, each takes a question.
    """
    gone: set[str] = set()
    count = len(proofs) if any(w.procedure for w in wishes) else 0
    for wish, facts in zip(wishes, told, strict=True):
        if "order" not in facts:
            count += _asks_order(wish, snapshot, user_id, gone)
        count += _count_rest(wish, snapshot, user_id, is_told_items="items" in facts)
        if wish.is_possible and wish.procedure in CLOSING:
            gone.add(wish.order_id)
    return count


def _count_rest(wish: Wish, state: JsonDict, user_id: str, *, is_told_items: bool) -> int:
    """All but the order."""
    if not wish.is_change:
        return 0
    if wish.procedure in {"update_profile_address", "change_address", "cancel_order"}:
        return 1 + wish.is_possible
    order = state["orders"][wish.order_id]
    if wish.procedure == "change_payment":
        return _asks_payment(order, state["users"][user_id]) + wish.is_possible
    count = int(len(order["items"]) > 1 and not is_told_items)
    count += sum(_variants(order, piece.line, state) > 1 for piece in wish.pieces if piece.new_id)
    return count + _asks_method(wish, order, state, user_id) + wish.is_possible


def _asks_order(wish: Wish, state: JsonDict, user_id: str, gone: set[str]) -> int:
    """Whether more than one order could be meant; `gone` are those that earlier wishes have closed."""
    own = [o for o in state["orders"].values() if o["user_id"] == user_id and o["order_id"] not in gone]
    if wish.procedure in PENDING or wish.procedure in DELIVERED:
        status = "pending" if wish.procedure in PENDING else "delivered"
        return int(sum(o["status"] == status for o in own) > 1)
    return int(wish.procedure == "order_details" and len(own) > 1)


def _variants(order: JsonDict, line: str, state: JsonDict) -> int:
    """How many other variants of an item are available."""
    item = order["items"][int(line) - 1]
    known = state["products"][item["product_id"]]["variants"].values()
    return sum(v["available"] and v["item_id"] != item["item_id"] for v in known)


def _asks_payment(order: JsonDict, user: JsonDict) -> int:
    paid_by = order["payment_history"][-1]["payment_method_id"]
    total = sum(i["price"] for i in order["items"])
    able = [m for m in user["payment_methods"].values() if m["id"] != paid_by and _holds(m, total)]
    return int(len(able) > 1)


def _asks_method(wish: Wish, order: JsonDict, state: JsonDict, user_id: str) -> int:
    methods = state["users"][user_id]["payment_methods"].values()
    paid_by = order["payment_history"][0]["payment_method_id"]
    if wish.procedure == "return_items":
        allowed = [m for m in methods if m["id"] == paid_by or m["source"] == "gift_card"]
        return int(len(allowed) > 1)
    difference = price_difference(wish, order, state)
    if difference == 0:
        return int(wish.method_id != paid_by)
    return int(sum(_holds(m, difference) for m in methods) > 1)


def price_difference(wish: Wish, order: JsonDict, state: JsonDict) -> float:
    """What the wanted variants cost more than the items they replace."""
    cents = 0
    for piece in wish.pieces:
        item = order["items"][int(piece.line) - 1]
        variant = state["products"][item["product_id"]]["variants"].get(piece.new_id)
        cents += round(((variant["price"] if variant else item["price"]) - item["price"]) * 100)
    return cents / 100


def _holds(method: JsonDict, amount: float) -> bool:
    return bool(method["source"] != "gift_card" or method["balance"] >= amount)
