"""Somebody proposes calls for a customer; the policy decides, and only what it permits reaches the shop."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field

from rapport.connectors import api as connectors
from rapport.connectors.contracts import CallOutcome, Principal
from rapport.procedures import api as procedures
from rapport.procedures.contracts import Need, Option, World
from rapport.testing.retail.tasks import JsonDict, TaskAction

ACTIONS = {
    "cancel_pending_order": "shop.cancel_order",
    "exchange_delivered_order_items": "shop.exchange_items",
    "modify_pending_order_address": "shop.change_address",
    "modify_pending_order_items": "shop.change_items",
    "modify_pending_order_payment": "shop.change_payment",
    "modify_user_address": "shop.change_customer_address",
    "return_delivered_order_items": "shop.return_items",
}
"""The benchmark's writes → the shop connector's actions."""
ADDRESS = ("address1", "address2", "city", "state", "country", "zip")


class NoReader:
    """A proposal names values, not words: there is nothing to read."""

    def resolve(self, *_: object, many: bool) -> tuple[tuple[Option, ...], bool]:
        """Nothing, be it one or many."""
        return (), many and False

    def address(self, *_: object) -> dict[str, str]:
        """Nothing."""
        return {}

    def number(self, *_: object) -> float | None:
        """Nothing."""
        return None

    def amount(self, *_: object) -> float | None:
        """Nothing."""
        return None


@dataclass(slots=True)
class Actor:
    """Acts for one verified customer, or for nobody."""

    customer_ref: str
    book: procedures.ProcedureBook
    _keys: itertools.count[int] = field(default_factory=itertools.count)

    @property
    def principal(self) -> Principal:
        """The customer as verified."""
        return Principal(self.customer_ref, "check")

    def judge(self, action: str, arguments: JsonDict, *, is_confirmed: bool = True) -> procedures.Verdict:
        """What the policy says of a call."""
        found = connectors.find_shop_customer(customer_ref=self.customer_ref) if self.customer_ref else None
        proposal = procedures.Proposal(action, arguments, is_confirmed)
        return procedures.judge(self.book, proposal, World("en", NoReader(), found, "USD"), self._look_up)

    def _look_up(self, need: Need) -> tuple[Option, ...]:
        found = connectors.list_records(need.type, self.principal, need.of)
        return tuple(Option(r.value, r.title, r.description, r.data, r.aliases, r.attributes) for r in found)

    def act(self, action: str, arguments: JsonDict, run: str) -> CallOutcome:
        """Call the shop."""
        return connectors.call_action(
            action,
            arguments,
            key=f"{run}:{next(self._keys)}",
            principal=self.principal,
            conversation_id=None,
            actor="check",
        )

    def attempt(
        self, action: str, arguments: JsonDict, run: str, *, is_confirmed: bool = True
    ) -> procedures.Verdict:
        """Judge a call, and make it only if it is permitted."""
        verdict = self.judge(action, arguments, is_confirmed=is_confirmed)
        if verdict.is_permitted:
            self.act(action, arguments, run)
        return verdict

    def translated(self, action: TaskAction) -> tuple[str, JsonDict]:
        """A benchmark's action as a call of the shop connector; items become lines of the order."""
        given = action.arguments
        if action.name == "modify_user_address":
            return ACTIONS[action.name], {"address": {n: given[n] for n in ADDRESS}}
        arguments: JsonDict = {"order_id": given["order_id"]}
        if action.name == "modify_pending_order_address":
            arguments["address"] = {n: given[n] for n in ADDRESS}
        if "reason" in given:
            arguments["reason"] = given["reason"]
        if "item_ids" in given:
            arguments["item_ids"] = self._lines(given["order_id"], given["item_ids"])
        if "new_item_ids" in given:
            arguments["variant_ids"] = list(given["new_item_ids"])
        if "payment_method_id" in given:
            arguments["payment_method_id"] = given["payment_method_id"]
        return ACTIONS[action.name], arguments

    def _lines(self, order_id: str, item_ids: list[str]) -> list[str]:
        """Lines of an order that hold these items; an item that is not there stays as it is."""
        free = [
            (r.value, r.data["variant_id"])
            for r in connectors.list_records("shop.order_item", self.principal, {"order": {"id": order_id}})
        ]
        lines: list[str] = []
        for item_id in item_ids:
            found = next((pair for pair in free if pair[1] == item_id), None)
            if found is not None:
                free.remove(found)
            lines.append(found[0] if found else str(item_id))
        return lines
