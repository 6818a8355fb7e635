"""Illegal actions made of a task's legal ones: each must be refused with the rule named, and change nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from rapport.procedures import api as procedures
from rapport.testing.retail.acting import Actor
from rapport.testing.retail.reference import expected_state
from rapport.testing.retail.sandbox import Sandbox
from rapport.testing.retail.tasks import JsonDict, Task, TaskAction

REPLACING = ("modify_pending_order_items", "exchange_delivered_order_items")
DELIVERED = ("return_delivered_order_items", "exchange_delivered_order_items")
ONCE = (*REPLACING, "return_delivered_order_items", "cancel_pending_order")
EMPTY_CARD = "gift_card_0000000"
"""A gift card with next to nothing on it, given to the customer where the check needs one."""


@dataclass(frozen=True, slots=True)
class Mutation:
    """One illegal attempt."""

    kind: str
    action: TaskAction
    is_confirmed: bool = True
    is_identified: bool = True
    is_after: bool = False
    """Attempted after the legal action was performed."""


@dataclass(slots=True)
class Mutations:
    """What came of the attempts."""

    tried: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    unchanged: Counter[str] = field(default_factory=Counter)
    rules: dict[str, Counter[str]] = field(default_factory=dict)
    escaped: list[JsonDict] = field(default_factory=list)

    def as_json(self) -> JsonDict:
        """For the report."""
        return {
            "tried": self.tried.total(),
            "refused": self.refused.total(),
            "unchanged": self.unchanged.total(),
            "by_kind": {
                kind: {
                    "tried": count,
                    "refused": self.refused[kind],
                    "unchanged": self.unchanged[kind],
                    "rules": dict(self.rules[kind].most_common()),
                }
                for kind, count in sorted(self.tried.items())
            },
            "escaped": self.escaped[:50],
        }


def mutate_all(sandbox: Sandbox, snapshot: JsonDict, tasks: Sequence[Task]) -> Mutations:
    """Every illegal attempt for every legal action of every task."""
    found = Mutations()
    for task in tasks:
        if not expected_state(snapshot, task)[1]:
            for number, action in enumerate(task.writes):
                for mutation in list_mutations(action, task, snapshot):
                    _try(found, sandbox, task, mutation, number)
    return found


def _try(found: Mutations, sandbox: Sandbox, task: Task, mutation: Mutation, number: int) -> None:
    """One attempt on a fresh shop in which the task's earlier actions have happened."""
    sandbox.shop.reset()
    sandbox.shop.give_card(task.user_id, EMPTY_CARD, 1)
    book = procedures.load_book()
    actor = Actor(task.user_id, book)
    run = f"mutation-{task.id}-{number}-{mutation.kind}-{found.tried.total()}"
    for earlier in task.writes[: number + mutation.is_after]:
        actor.act(*actor.translated(earlier), run)
    name, arguments = actor.translated(mutation.action)
    before = sandbox.shop.fingerprint()
    acting = actor if mutation.is_identified else Actor("", book)
    verdict = acting.attempt(name, arguments, f"{run}-x", is_confirmed=mutation.is_confirmed)
    found.tried[mutation.kind] += 1
    is_named = not verdict.is_permitted and bool(verdict.rule)
    is_unchanged = sandbox.shop.fingerprint() == before
    found.refused[mutation.kind] += is_named
    found.unchanged[mutation.kind] += is_unchanged
    found.rules.setdefault(mutation.kind, Counter())[verdict.rule or "permitted"] += 1
    if not (is_named and is_unchanged):
        found.escaped.append({"task": task.id, "kind": mutation.kind, "action": name, "arguments": arguments})


def list_mutations(action: TaskAction, task: Task, snapshot: JsonDict) -> Iterator[Mutation]:
    """The illegal attempts that can be made of one legal action."""
    yield Mutation("not_confirmed", action, is_confirmed=False)
    yield Mutation("not_identified", action, is_identified=False)
    order = snapshot["orders"].get(action.arguments.get("order_id", ""))
    if order is None:
        return
    yield from _orders(action, order, task, snapshot)
    if action.name in ONCE:
        yield Mutation("second_time", action, is_after=True)
    if action.name == "modify_pending_order_items":
        cancel = {"order_id": order["order_id"], "reason": "no longer needed"}
        yield Mutation("cancel_after_modification", TaskAction("cancel_pending_order", cancel), is_after=True)
    if action.name == "cancel_pending_order":
        for reason in ("found it cheaper", "", "other"):
            yield _with(action, "reason_not_allowed", reason=reason)
    if "item_ids" in action.arguments:
        yield from _items(action, order, snapshot)
    if "payment_method_id" in action.arguments:
        yield from _methods(action, order, task, snapshot)


def _with(action: TaskAction, kind: str, **changes: object) -> Mutation:
    return Mutation(kind, TaskAction(action.name, {**action.arguments, **changes}))


def _orders(action: TaskAction, order: JsonDict, task: Task, snapshot: JsonDict) -> Iterator[Mutation]:
    """Somebody else's order in the right status; an order of one's own in the wrong one; one that is not."""
    others = (o for o in snapshot["orders"].values() if o["user_id"] != order["user_id"])
    theirs = next((o for o in others if o["status"] == order["status"]), None)
    if theirs is not None:
        yield _elsewhere(action, "other_customers_order", theirs)
    own = [o for o in snapshot["orders"].values() if o["user_id"] == task.user_id]
    for wrong in [o for o in own if o["status"] != order["status"] and o["order_id"] not in _used(task)][:2]:
        yield _elsewhere(action, "wrong_status", wrong)
    is_delivered = action.name in DELIVERED
    arguments: JsonDict = {"order_id": order["order_id"], "reason": "no longer needed"}
    swapped = TaskAction("cancel_pending_order", arguments)
    if not is_delivered:
        paid_by = order["payment_history"][0]["payment_method_id"]
        items = [order["items"][0]["item_id"]]
        arguments = {"order_id": order["order_id"], "item_ids": items, "payment_method_id": paid_by}
        swapped = TaskAction("return_delivered_order_items", arguments)
    yield Mutation("wrong_status", swapped)
    yield _with(action, "unknown_order", order_id="#W0000000")


def _used(task: Task) -> set[str]:
    return {str(a.arguments.get("order_id")) for a in task.writes}


def _elsewhere(action: TaskAction, kind: str, order: JsonDict) -> Mutation:
    """The same action on another order, with items and payment that fit that order."""
    changes: JsonDict = {"order_id": order["order_id"]}
    if "item_ids" in action.arguments:
        changes["item_ids"] = [order["items"][0]["item_id"]]
    if "new_item_ids" in action.arguments:
        changes["new_item_ids"] = action.arguments["new_item_ids"][:1]
    return _with(action, kind, **changes)


def _items(action: TaskAction, order: JsonDict, snapshot: JsonDict) -> Iterator[Mutation]:
    item_ids = list(action.arguments["item_ids"])
    held = {i["item_id"]: i for i in order["items"]}
    strange = next(
        v for p in snapshot["products"].values() for v in p["variants"] if v not in held and v not in item_ids
    )
    yield _with(action, "item_not_in_order", item_ids=[strange, *item_ids[1:]])
    yield _with(action, "item_twice_too_often", item_ids=item_ids * (len(order["items"]) + 1))
    if action.name not in REPLACING:
        return
    new_ids = list(action.arguments["new_item_ids"])
    product_id = held[item_ids[0]]["product_id"]
    variants = snapshot["products"][product_id]["variants"].values()
    other = next(p for p in snapshot["products"].values() if p["product_id"] != product_id)
    wrong = next(v["item_id"] for v in other["variants"].values())
    yield _with(action, "other_product", new_item_ids=[wrong, *new_ids[1:]])
    sold_out = next((v["item_id"] for v in variants if not v["available"]), None)
    if sold_out is not None:
        yield _with(action, "unavailable_item", new_item_ids=[sold_out, *new_ids[1:]])
    yield _with(action, "same_item", new_item_ids=[item_ids[0], *new_ids[1:]])
    yield _with(action, "too_few_new_items", new_item_ids=new_ids[1:])


def _methods(action: TaskAction, order: JsonDict, task: Task, snapshot: JsonDict) -> Iterator[Mutation]:
    user = snapshot["users"][task.user_id]
    others = (u for key, u in snapshot["users"].items() if key != task.user_id and u["payment_methods"])
    yield _with(
        action, "other_customers_payment", payment_method_id=next(iter(next(others)["payment_methods"]))
    )
    paid_by = order["payment_history"][0]["payment_method_id"]
    if action.name == "return_delivered_order_items":
        for method in user["payment_methods"].values():
            if method["id"] != paid_by and method["source"] != "gift_card":
                yield _with(action, "wrong_refund_method", payment_method_id=method["id"])
        return
    if action.name == "modify_pending_order_payment":
        yield _with(action, "same_payment_method", payment_method_id=paid_by)
        yield _with(action, "gift_card_too_small", payment_method_id=EMPTY_CARD)
        return
    dearer = _dearer(action, order, snapshot)
    if dearer is not None:
        yield _with(action, "gift_card_too_small", new_item_ids=dearer, payment_method_id=EMPTY_CARD)


def _dearer(action: TaskAction, order: JsonDict, snapshot: JsonDict) -> list[str] | None:
    """The dearest available variants for the items; None when they cost no more."""
    held = {i["item_id"]: i for i in order["items"]}
    found: list[str] = []
    difference = 0.0
    for item_id in action.arguments["item_ids"]:
        item = held[item_id]
        variants = snapshot["products"][item["product_id"]]["variants"].values()
        free = [v for v in variants if v["available"] and v["item_id"] != item_id]
        if not free:
            return None
        best = max(free, key=lambda v: float(v["price"]))
        difference += best["price"] - item["price"]
        found.append(str(best["item_id"]))
    return found if difference > 1 else None
