"""A shop in memory: the `ShopSystem` port without a shop, for tests of procedures and of what goes wrong.

    shop = TwinShop()
    shop.add_customer("ada_1", "Ada Young", "ada@example.com")
    shop.add_order("ada_1", "#W1000001", "pending", ("Lamp", 10.0))
    shop.lose_answers = 1        # the next write happens, and its answer is lost

It keeps the rules every shop must keep (own records only, each key once, refusals change nothing) and knows one
variant of each product unless `add_variants` names more; `tests/contract/test_shop_systems.py` holds it and the
HTTP adapter together.
"""
# ruff: noqa: SLF001 - the table of writes stands below the class it belongs to

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from rapport.connectors.contracts import (
    CallOutcome,
    ConnectorDown,
    JsonDict,
    Principal,
    Record,
    UnknownOutcome,
)
from rapport.connectors.selling.records import is_same_zip

ADDRESS = {
    "address1": "1 Elm Street",
    "address2": "",
    "city": "Leeds",
    "country": "GB",
    "state": "",
    "zip": "LS1 4DY",
}
MONEY_BACK_METHODS = {"gift_card"}


@dataclass
class TwinShop:
    """Customers and orders in dictionaries."""

    currency: str = "EUR"
    is_down: bool = False
    """Nothing answers: every call raises ConnectorDown."""
    lose_answers: int = 0
    """So many writes happen without their answer arriving (UnknownOutcome)."""
    customers: dict[str, JsonDict] = field(default_factory=dict)
    orders: dict[str, JsonDict] = field(default_factory=dict)
    """As conditions see them, with ``customer_ref``; the newest last."""
    claims: list[JsonDict] = field(default_factory=list)
    operations: dict[str, tuple[str, JsonDict, CallOutcome]] = field(default_factory=dict)
    """Key → (action, arguments, outcome) of every write that happened."""
    variants: dict[str, list[JsonDict]] = field(default_factory=dict)
    """Product → what else there is of it than the orders show."""

    # ── making it ──────────────────────────────────────────────────────────────────────────────────

    def add_customer(self, ref: str, name: str, email: str) -> None:
        """A customer with one card and one gift card."""
        first, _, last = name.partition(" ")
        self.customers[ref] = {
            "id": ref,
            "name": name,
            "first_name": first,
            "last_name": last,
            "email": email,
            "language": "en",
            "country": ADDRESS["country"],
            "address": dict(ADDRESS),
            "currency": self.currency,
            "payment_methods": [
                self._method("card_1", "credit_card", "Visa card ending 0042", 0.0),
                self._method("gift_1", "gift_card", "gift card", 25.0),
            ],
        }

    def _method(self, id_: str, kind: str, title: str, balance: float) -> JsonDict:
        return {"id": id_, "kind": kind, "title": title, "balance": balance, "currency": self.currency}

    def add_order(self, ref: str, order_id: str, status: str, *items: tuple[str, float]) -> None:
        """An order of items (name, price), paid by the customer's card."""
        lines = [self._item(str(n), name, price) for n, (name, price) in enumerate(items, start=1)]
        method = self.customers[ref]["payment_methods"][0]
        self.orders[order_id] = {
            "customer_ref": ref,
            "id": order_id,
            "status": status,
            "status_title": status.capitalize(),
            "total": round(sum(price for _, price in items), 2),
            "currency": self.currency,
            "placed_at": "",
            "delivered_at": "",
            "promised_at": "",
            "item_count": len(lines),
            "items": lines,
            "payment_method_id": method["id"],
            "payment_method": method,
            "address": dict(self.customers[ref]["address"]),
            "was_modified": False,
            "tracking_ids": [],
            "latest_event": {},
            "refunds": [],
            "has_claim": False,
        }

    def add_method(self, ref: str, method: str, kind: str, title: str, balance: float = 0.0) -> None:
        """One more way to pay."""
        self.customers[ref]["payment_methods"].append(self._method(method, kind, title, balance))

    def add_variants(self, name: str, *variants: tuple[str, float, bool]) -> None:
        """Other variants of a product: (colour, price, whether it is in stock)."""
        product = name.lower().replace(" ", "-")
        known = self.variants.setdefault(product, [])
        for colour, price, is_available in variants:
            item = self._item(f"{product}-{colour}", name, price)
            options = {"color": colour}
            known.append(
                {
                    **item,
                    "variant_id": item["id"],
                    "title": colour,
                    "options": options,
                    "available": is_available,
                }
            )

    def _item(self, line: str, name: str, price: float) -> JsonDict:
        key = name.lower().replace(" ", "-")
        return {
            "id": line,
            "variant_id": f"{key}-1",
            "product_id": key,
            "name": name,
            "title": name,
            "price": price,
            "currency": self.currency,
            "options": {},
        }

    # ── the port ───────────────────────────────────────────────────────────────────────────────────

    def find_customer(
        self, *, email: str = "", order_id: str = "", customer_ref: str = "", zip_code: str = ""
    ) -> JsonDict | None:
        """A customer by reference, by e-mail, or by order number together with e-mail or postal code."""
        self._answer()
        wanted = email.strip().lower()
        if customer_ref:
            found = self.customers.get(customer_ref)
        elif order_id:
            order = self.orders.get(order_id)
            found = self.customers[order["customer_ref"]] if order else None
            is_theirs = found is not None and (
                is_same_zip(found["address"], zip_code) if zip_code else found["email"].lower() == wanted
            )
            found = found if is_theirs else None
        else:
            matches = [c for c in self.customers.values() if c["email"].lower() == wanted]
            found = matches[0] if len(matches) == 1 else None
        return copy.deepcopy(found)

    def find_customer_by_name(self, first_name: str, last_name: str, zip_code: str) -> JsonDict | None:
        """The one customer of that name at that postal code."""
        self._answer()
        wanted = f"{first_name} {last_name}".strip().lower()
        matches = [
            c
            for c in self.customers.values()
            if c["name"].lower() == wanted and c["address"]["zip"] == zip_code.strip()
        ]
        return copy.deepcopy(matches[0]) if len(matches) == 1 else None

    def list_records(self, type_: str, principal: Principal, of: JsonDict) -> list[Record]:
        """The records of a slot type; personal ones only of the principal."""
        self._answer()
        match type_:
            case "shop.order":
                own = [
                    o for o in reversed(self.orders.values()) if o["customer_ref"] == principal.customer_ref
                ]
                return [
                    _record(_shown(o), o["id"], (o["id"].lstrip("#"), *(i["name"] for i in o["items"])))
                    for o in own
                ]
            case "shop.order_item":
                order = self._own(str(of["order"]["id"]), principal)
                return [_record(i, i["title"], (i["name"],)) for i in order["items"]] if order else []
            case "shop.payment_method":
                customer = self.customers.get(principal.customer_ref, {"payment_methods": []})
                return [_record(m, m["title"], (m["id"],)) for m in customer["payment_methods"]]
            case "shop.variant" | "shop.product":
                items = {i["product_id"]: i for o in self.orders.values() for i in o["items"]}
                wanted = {v["product_id"] for v in of.values() if isinstance(v, dict) and "product_id" in v}
                more = [
                    v for key, known in self.variants.items() if not wanted or key in wanted for v in known
                ]
                if more and type_ == "shop.variant":
                    return [
                        Record(v["id"], v["title"], "", copy.deepcopy(v), (), dict(v["options"]))
                        for v in more
                    ]
                return [
                    _record({**i, "id": i["variant_id"], "available": True}, i["title"], ())
                    for key, i in items.items()
                    if not wanted or key in wanted
                ]
        raise KeyError(type_)

    def call(self, action: str, arguments: JsonDict, principal: Principal | None, key: str) -> CallOutcome:
        """Perform an action exactly once per key. Raises ConnectorDown, UnknownOutcome."""
        self._answer()
        if action == "shop.find_product":
            return CallOutcome(ok=True, data={"products": [], "query": str(arguments.get("query", ""))})
        assert principal is not None, "personal actions need a verified customer"
        reads = {"shop.get_order", "shop.list_orders", "shop.list_gift_cards"}
        if action in reads:
            return self._read(action, arguments, principal)
        if key in self.operations:
            known_action, known_arguments, outcome = self.operations[key]
            is_same = (known_action, known_arguments) == (action, arguments)
            return outcome if is_same else CallOutcome(ok=False, code="idempotency_key_reused")
        outcome = self._write(action, arguments, principal)
        if outcome.ok:
            self.operations[key] = (action, copy.deepcopy(arguments), outcome)
        if self.lose_answers:
            self.lose_answers -= 1
            raise UnknownOutcome("the answer was lost")
        return outcome

    def find_outcome(self, key: str) -> CallOutcome | None:
        """What the shop remembers of a key. Raises ConnectorDown."""
        self._answer()
        known = self.operations.get(key)
        return known[2] if known else None

    # ── inside ─────────────────────────────────────────────────────────────────────────────────────

    def _answer(self) -> None:
        if self.is_down:
            raise ConnectorDown("the shop is down")

    def _own(self, order_id: str, principal: Principal) -> JsonDict | None:
        order = self.orders.get(order_id)
        return order if order and order["customer_ref"] == principal.customer_ref else None

    def _read(self, action: str, arguments: JsonDict, principal: Principal) -> CallOutcome:
        if action == "shop.list_orders":
            found = self.list_records("shop.order", principal, {})
            return CallOutcome(ok=True, data={"orders": [{**r.data, "title": r.title} for r in found]})
        if action == "shop.list_gift_cards":
            methods = self.customers[principal.customer_ref]["payment_methods"]
            return CallOutcome(
                ok=True, data={"gift_cards": [m for m in methods if m["kind"] in MONEY_BACK_METHODS]}
            )
        order = self._own(str(arguments["order_id"]), principal)
        if order is None:
            return CallOutcome(ok=False, code="not_owner")
        return CallOutcome(ok=True, data={**_shown(order), "shipments": []})

    def _write(self, action: str, arguments: JsonDict, principal: Principal) -> CallOutcome:
        if action == "shop.change_customer_address":
            self.customers[principal.customer_ref]["address"] = dict(arguments["address"])
            return CallOutcome(ok=True, data={"address": dict(arguments["address"])})
        order = self._own(str(arguments["order_id"]), principal)
        if order is None:
            return CallOutcome(ok=False, code="not_owner")
        refused = self._refusal(action, order)
        if refused:
            return CallOutcome(ok=False, code=refused)
        _WRITES[action](self, order, arguments)
        return CallOutcome(ok=True, data=_shown(order))

    def _refusal(self, action: str, order: JsonDict) -> str:
        if action in {"shop.return_items", "shop.exchange_items"}:
            if order["status"] in {"return requested", "exchange requested"}:
                return "already_requested"
            return "" if order["status"] == "delivered" else "order_not_delivered"
        if action == "shop.report_problem":
            return "claim_too_early" if order["status"].startswith("pending") else ""
        return "" if order["status"] == "pending" else "order_not_pending"

    def _cancel(self, order: JsonDict, _: JsonDict) -> None:
        order["status"] = "cancelled"

    def _return(self, order: JsonDict, _: JsonDict) -> None:
        order["status"] = "return requested"

    def _exchange(self, order: JsonDict, _: JsonDict) -> None:
        order["status"] = "exchange requested"

    def _address(self, order: JsonDict, arguments: JsonDict) -> None:
        order["address"] = dict(arguments["address"])

    def _items(self, order: JsonDict, _: JsonDict) -> None:
        order["status"], order["was_modified"] = "pending (item modified)", True

    def _payment(self, order: JsonDict, arguments: JsonDict) -> None:
        order["payment_method_id"] = arguments["payment_method_id"]

    def _claim(self, order: JsonDict, arguments: JsonDict) -> None:
        order["has_claim"] = True
        self.claims.append(copy.deepcopy(arguments))


_WRITES: dict[str, Callable[[TwinShop, JsonDict, JsonDict], None]] = {
    "shop.cancel_order": TwinShop._cancel,
    "shop.return_items": TwinShop._return,
    "shop.exchange_items": TwinShop._exchange,
    "shop.change_address": TwinShop._address,
    "shop.change_items": TwinShop._items,
    "shop.change_payment": TwinShop._payment,
    "shop.report_problem": TwinShop._claim,
}


def _shown(order: JsonDict) -> JsonDict:
    return copy.deepcopy({k: v for k, v in order.items() if k != "customer_ref"})


def _record(data: JsonDict, title: str, aliases: tuple[Any, ...]) -> Record:
    return Record(str(data["id"]), title, "", copy.deepcopy(data), aliases)
